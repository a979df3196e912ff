/**
 * Clear and protected ranges of samples, IVs, and the pass over the bytes (ISO/IEC 23001-7:2016).
 */
@NullMarked
package dev.sluice.origin.encrypt;

import org.jspecify.annotations.NullMarked;
