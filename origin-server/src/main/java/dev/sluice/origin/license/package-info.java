/** Keys and licences for those who may have them. */
@NullMarked
package dev.sluice.origin.license;

import org.jspecify.annotations.NullMarked;
