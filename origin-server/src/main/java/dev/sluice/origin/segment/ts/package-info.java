/**
 * Media segments as MPEG-2 transport streams, written on the fly from the model (ISO/IEC 13818-1).
 */
@NullMarked
package dev.sluice.origin.segment.ts;

import org.jspecify.annotations.NullMarked;
