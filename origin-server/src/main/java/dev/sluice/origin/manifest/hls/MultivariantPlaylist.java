package dev.sluice.origin.manifest.hls;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.manifest.Presentation;

/**
 * Renders the multivariant playlist of a title: audio groups, a variant for each video track and
 * group by rising bitrate, and behind it the track's I-frame playlist.
 *
 * <p>Spec: RFC 8216 4.3.4; Apple's HLS Authoring Specification.
 */
public final class MultivariantPlaylist {

  /**
   * The playlist as UTF-8. The same presentation always gives the same bytes.
   *
   * @throws CallerFailure if it cannot be had in this format and encryption, or no tag can say
   *     where a key is
   */
  public byte[] render(Presentation presentation) {
    return new VariantWriter(presentation).write();
  }
}
