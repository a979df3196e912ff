/** HLS playlists (RFC 8216 and its second edition's draft). */
@NullMarked
package dev.sluice.origin.manifest.hls;

import org.jspecify.annotations.NullMarked;
