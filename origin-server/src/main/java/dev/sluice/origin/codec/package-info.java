/**
 * AVC (ISO/IEC 14496-10:2020, 14496-15:2019) and AAC (ISO/IEC 14496-3:2019): codec strings, and
 * where headers end and payload begins. Pure.
 */
@NullMarked
package dev.sluice.origin.codec;

import org.jspecify.annotations.NullMarked;
