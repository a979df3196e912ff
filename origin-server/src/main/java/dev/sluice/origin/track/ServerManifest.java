package dev.sluice.origin.track;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.TrackKind;
import java.util.List;
import java.util.Optional;

/**
 * A server manifest ({@code .ism}): which tracks of which files make up a title.
 *
 * @param tracks in the order of the document, at least 1
 */
record ServerManifest(List<Entry> tracks) {

  /** The largest server manifest that is read. */
  static final int MAX_BYTES = 1024 * 1024;

  ServerManifest {
    tracks = List.copyOf(tracks);
  }

  /**
   * A {@code video}, {@code audio} or {@code textstream} element.
   *
   * @param src a path below the manifest's folder
   * @param systemBitrate bits a second
   * @param systemLanguage as written
   * @param trackId absent: all tracks of the kind in the file
   * @param trackName as URLs name it
   * @param purpose by its {@code role} and {@code accessibility}
   */
  record Entry(
      TrackKind kind,
      String src,
      Optional<Long> systemBitrate,
      Optional<String> systemLanguage,
      Optional<Integer> trackId,
      Optional<String> trackName,
      Purpose purpose) {}

  static ContentFailure malformed(String message) {
    return new ContentFailure(FailureCode.MPE_INPUT_NOT_SUPPORTED, message, "the server manifest");
  }
}
