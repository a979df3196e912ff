package dev.sluice.benchmarks.media;

import dev.sluice.origin.codec.AacConfig;
import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.storage.StoredObject;
import dev.sluice.origin.track.FragmentIndex;
import dev.sluice.origin.track.Track;
import java.util.ArrayList;
import java.util.List;

/**
 * The tracks of a film of two hours: six of video from 400 kbit/s to 6 Mbit/s, two of audio in two
 * languages, fragments of two seconds, and no media.
 */
public final class ManifestTitle {
  private static final int FRAGMENTS = 3600;
  private static final long VIDEO_TICKS = 2L * Headers.VIDEO_TIMESCALE;
  private static final long FRAME_TICKS = 1024;
  private static final int AUDIO_FRAMES = 94;
  private static final long[] BITRATES = {
    400_000, 800_000, 1_600_000, 2_500_000, 4_000_000, 6_000_000
  };
  private static final int[] HEIGHTS = {234, 360, 480, 540, 720, 1080};

  private ManifestTitle() {}

  /** The tracks, video first. */
  public static List<Track> tracks() {
    var tracks = new ArrayList<Track>();
    for (int i = 0; i < BITRATES.length; i++) {
      tracks.add(video(BITRATES[i], HEIGHTS[i] * 16 / 9 / 2 * 2, HEIGHTS[i]));
    }
    tracks.add(audio("audio_eng", 128_000, "en"));
    tracks.add(audio("audio_deu", 128_001, "de"));
    return tracks;
  }

  private static Track video(long bitrate, int width, int height) {
    long[] starts = new long[FRAGMENTS + 1];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = i * VIDEO_TICKS;
    }
    var codec =
        new AvcConfig(
            AvcPictures.PROFILE,
            0,
            AvcPictures.LEVEL,
            4,
            List.of(AvcPictures.sps()),
            List.of(AvcPictures.pps()));
    return new Track(
        "video",
        bitrate,
        TrackKind.VIDEO,
        "und",
        Headers.video(width, height, bitrate),
        codec,
        index(starts, bitrate / 4, AvcPictures.GROUP),
        new StoredObject("film/video-" + bitrate + ".mp4", 1, "1"));
  }

  /** Fragments of whole frames, cut at the first frame behind two seconds: 94 of them, or 93. */
  private static Track audio(String name, long bitrate, String language) {
    long[] starts = new long[FRAGMENTS + 1];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = Math.ceilDiv(2L * i * Headers.AUDIO_TIMESCALE, FRAME_TICKS) * FRAME_TICKS;
    }
    return new Track(
        name,
        bitrate,
        TrackKind.AUDIO,
        language,
        Headers.audio(bitrate),
        new AacConfig(2, Headers.AUDIO_TIMESCALE, 2),
        index(starts, bitrate / 4, AUDIO_FRAMES),
        new StoredObject("film/" + name + ".mp4", 1, "1"));
  }

  /** Fragments whose sizes differ by up to a tenth of {@code bytes}. */
  private static FragmentIndex index(long[] starts, long bytes, int maxSampleCount) {
    int count = starts.length - 1;
    long[] begin = new long[count];
    long[] sizes = new long[count];
    int[] firstSizes = new int[count];
    for (int i = 0; i < count; i++) {
      begin[i] = starts[i];
      sizes[i] = bytes + bytes * (i * 7 % 11 - 5) / 50;
      firstSizes[i] = (int) (sizes[i] / 10);
    }
    return new FragmentIndex(
        begin,
        starts[count],
        new long[count],
        new int[count],
        sizes,
        maxSampleCount,
        new long[0],
        firstSizes);
  }
}
