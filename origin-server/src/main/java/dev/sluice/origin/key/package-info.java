/** Content keys: make, derive, wrap, unwrap, wipe. */
@NullMarked
package dev.sluice.origin.key;

import org.jspecify.annotations.NullMarked;
