/** Byte ranges of stored objects, each bound to a revision of the object. */
@NullMarked
package dev.sluice.origin.storage;

import org.jspecify.annotations.NullMarked;
