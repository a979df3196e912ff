package dev.sluice.origin.manifest.hls;

import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.manifest.Presentation.PresentedTrack;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.track.Track;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * When the segments of a track begin and end, in microseconds. Each time is rounded by itself, and
 * durations are their differences, so that rounding never adds up.
 *
 * <p>A segment lasts until the next one begins, where there is a gap too: so the times of all
 * renditions stay together.
 *
 * @param track whose fragments the segments are
 */
record SegmentTimes(Track track) {
  private static final long MICROS = 1_000_000;
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxxx", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** The duration of a segment. */
  long micros(int segment) {
    var fragments = track.fragments();
    long end =
        segment + 1 < fragments.count() ? fragments.startTicks(segment + 1) : fragments.endTicks();
    return toMicros(end) - toMicros(fragments.startTicks(segment));
  }

  /** The duration of all segments. */
  long totalMicros() {
    return toMicros(track.fragments().endTicks()) - toMicros(track.fragments().startTicks(0));
  }

  /** Seconds, as EXTINF has them: {@code 6.006000}. */
  static String seconds(long micros) {
    String fraction = Long.toString(micros % MICROS);
    return micros / MICROS + "." + "0".repeat(6 - fraction.length()) + fraction;
  }

  /** The date of the first segment, if time 0 of the media is the beginning of 1970. */
  String date() {
    long micros = toMicros(track.fragments().startTicks(0));
    return DATE.format(Instant.ofEpochSecond(micros / MICROS, micros % MICROS * 1000));
  }

  /**
   * EXT-X-TARGETDURATION in seconds, one for all playlists of a presentation: the longest segment,
   * rounded to the nearest second (RFC 8216 4.3.3.1).
   */
  static long targetSeconds(Presentation presentation) {
    boolean muxed = HlsFormat.of(presentation.tags()).isMuxed();
    var tracks = presentation.tracks().stream().map(PresentedTrack::track).toList();
    boolean video = tracks.stream().anyMatch(track -> track.kind() == TrackKind.VIDEO);
    return tracks.stream()
        .filter(track -> track.kind() == TrackKind.VIDEO || !(muxed && video))
        .mapToLong(track -> (new SegmentTimes(track).longestMicros() + MICROS / 2) / MICROS)
        .reduce(1, Math::max);
  }

  private long longestMicros() {
    long longest = 0;
    for (int i = 0; i < track.fragments().count(); i++) {
      longest = Math.max(longest, micros(i));
    }
    return longest;
  }

  /** Rounded to the nearest. Whole seconds and the rest apart: the product would overflow. */
  private long toMicros(long ticks) {
    long timescale = track.timescale();
    return ticks / timescale * MICROS + (ticks % timescale * MICROS + timescale / 2) / timescale;
  }
}
