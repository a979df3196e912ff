/** The MPD (ISO/IEC 23009-1:2022). */
@NullMarked
package dev.sluice.origin.manifest.dash;

import org.jspecify.annotations.NullMarked;
