package dev.sluice.origin.manifest;

import dev.sluice.origin.codec.AacConfig;
import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.codec.CodecConfig;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.mp4.TrackHeader;
import dev.sluice.origin.mp4.TrackHeader.SampleEntry;
import dev.sluice.origin.storage.StoredObject;
import dev.sluice.origin.track.FragmentIndex;
import dev.sluice.origin.track.Purpose;
import dev.sluice.origin.track.Track;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Tracks without media, for what only looks at their descriptions and indexes. */
public final class Tracks {
  private static final Bytes NONE = Bytes.copyOf();

  private Tracks() {}

  public static Track video(long bitrate, int width, int height, FragmentIndex fragments) {
    return video("video", bitrate, width, height, 90_000, fragments);
  }

  public static Track video(
      String name, long bitrate, int width, int height, long timescale, FragmentIndex fragments) {
    var codec = new AvcConfig(0x64, 0, 0x1f, 4, List.of(), List.of());
    return track(
        name, bitrate, TrackKind.VIDEO, "und", "avc1", width, height, timescale, codec, fragments);
  }

  public static Track audio(String name, long bitrate, String language, FragmentIndex fragments) {
    return audio(name, bitrate, language, new AacConfig(2, 48_000, 2), fragments);
  }

  /** The same with another codec. */
  public static Track audio(
      String name, long bitrate, String language, AacConfig codec, FragmentIndex fragments) {
    return track(name, bitrate, TrackKind.AUDIO, language, "mp4a", 0, 0, 48_000, codec, fragments);
  }

  /** The same track with a purpose that its server manifest states. */
  public static Track meantFor(Purpose purpose, Track track) {
    return new Track(
        track.name(),
        track.bitrate(),
        track.kind(),
        track.language(),
        track.header(),
        track.codec(),
        track.fragments(),
        track.object(),
        purpose);
  }

  /** Fragments of these durations, each with samples of 1000 bytes. */
  public static FragmentIndex fragments(long startTicks, long... durationTicks) {
    return fragmentsOfSize(1000, startTicks, durationTicks);
  }

  public static FragmentIndex fragmentsOfSize(
      long sampleBytes, long startTicks, long... durationTicks) {
    long[] sizes = new long[durationTicks.length];
    Arrays.fill(sizes, sampleBytes);
    return fragmentsOfSizes(sizes, startTicks, durationTicks);
  }

  /** Fragments of these sizes, whose first samples have a quarter of them. */
  public static FragmentIndex fragmentsOfSizes(
      long[] sampleBytes, long startTicks, long... durationTicks) {
    int count = durationTicks.length;
    long[] starts = new long[count];
    long at = startTicks;
    for (int i = 0; i < count; i++) {
      starts[i] = at;
      at += durationTicks[i];
    }
    int[] firstSampleBytes = Arrays.stream(sampleBytes).mapToInt(b -> (int) (b / 4)).toArray();
    return new FragmentIndex(
        starts,
        at,
        new long[count],
        new int[count],
        sampleBytes,
        50,
        new long[0],
        firstSampleBytes);
  }

  private static Track track(
      String name,
      long bitrate,
      TrackKind kind,
      String language,
      String fourCc,
      int width,
      int height,
      long timescale,
      CodecConfig codec,
      FragmentIndex fragments) {
    var header =
        new TrackHeader(
            1,
            timescale,
            language,
            kind == TrackKind.VIDEO ? "vide" : "soun",
            width,
            height,
            NONE,
            Optional.empty(),
            0,
            NONE,
            NONE,
            NONE,
            List.of(new SampleEntry(fourCc, NONE, 0, width, height, 0)),
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
