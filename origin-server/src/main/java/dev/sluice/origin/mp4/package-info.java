/**
 * Boxes of ISOBMFF (ISO/IEC 14496-12:2022), CENC (ISO/IEC 23001-7:2016) and PIFF, one file a box,
 * read and written side by side. Pure: no files, no sockets, no time.
 */
@NullMarked
package dev.sluice.origin.mp4;

import org.jspecify.annotations.NullMarked;
