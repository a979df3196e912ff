package dev.sluice.origin.delivery;

import dev.sluice.origin.codec.AacConfig;
import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.codec.CodecConfig;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.mp4.TrackHeader;
import dev.sluice.origin.mp4.TrackHeader.SampleEntry;
import dev.sluice.origin.storage.StoredObject;
import dev.sluice.origin.track.FragmentIndex;
import dev.sluice.origin.track.Track;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Tracks without media. */
final class MediaOfTests {
  private static final Bytes NONE = Bytes.copyOf();

  private MediaOfTests() {}

  static Track video(long bitrate, int height, FragmentIndex fragments) {
    return track(
        "video",
        bitrate,
        TrackKind.VIDEO,
        "und",
        height,
        90_000,
        new AvcConfig(0x64, 0, 0x1f, 4, List.of(), List.of()),
        fragments);
  }

  static Track audio(String language, FragmentIndex fragments) {
    return track(
        language,
        128_000,
        TrackKind.AUDIO,
        language,
        0,
        48_000,
        new AacConfig(2, 48_000, 2),
        fragments);
  }

  /** Fragments of equal length, one behind the other, from 0 on. */
  static FragmentIndex fragments(int count, long durationTicks) {
    long[] starts = IntStream.range(0, count).mapToLong(i -> i * durationTicks).toArray();
    return new FragmentIndex(
        starts, count * durationTicks, new long[count], new int[count], new long[count], 50);
  }

  private static Track track(
      String name,
      long bitrate,
      TrackKind kind,
      String language,
      int height,
      long timescale,
      CodecConfig codec,
      FragmentIndex fragments) {
    String fourCc = kind == TrackKind.VIDEO ? "avc1" : "mp4a";
    var header =
        new TrackHeader(
            1,
            timescale,
            language,
            kind == TrackKind.VIDEO ? "vide" : "soun",
            height,
            height,
            NONE,
            Optional.empty(),
            0,
            NONE,
            NONE,
            NONE,
            List.of(new SampleEntry(fourCc, NONE, 0, height, height, 0)),
            new TrackHeader.Defaults(1, 0, 0, 0));
    return new Track(
        name,
        bitrate,
        kind,
        language,
        header,
        codec,
        fragments,
        new StoredObject("bear/" + name + ".mp4", 1, "1"));
  }
}
