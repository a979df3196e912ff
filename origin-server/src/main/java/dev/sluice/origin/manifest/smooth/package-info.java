/** The client manifest of Smooth Streaming ([MS-SSTR] 2.2.2). */
@NullMarked
package dev.sluice.origin.manifest.smooth;

import org.jspecify.annotations.NullMarked;
