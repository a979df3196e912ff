package dev.sluice.origin.segment.ts;

import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.oracle.Ffmpeg;
import dev.sluice.origin.storage.FileObjectStore;
import dev.sluice.origin.track.FragmentSamples;
import dev.sluice.origin.track.FragmentSamplesReader;
import dev.sluice.origin.track.TitleReader;
import dev.sluice.origin.track.Track;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Titles that ffmpeg makes once below {@code target/ts-titles}, and how to read them. */
final class TsTitles {
  private static final Path ROOT = Path.of("target", "ts-titles").toAbsolutePath();
  private static final String FRAGMENTED = "+frag_keyframe+default_base_moof";

  /** Composition offsets below 0, no edit list; audio in fragments of a length of their own. */
  static final String NEGATIVE = "negative";

  /** Composition offsets of at least 0, and edit lists that take them back. */
  static final String EDITED = "edited";

  /** Both tracks in one file, without edit lists. */
  static final String MUXED = "muxed";

  /** Smooth Streaming: a timescale of 10 MHz. */
  static final String SMOOTH = "smooth";

  /** Five pictures a second, no reordering, audio of 44.1 kHz. */
  static final String SLOW = "slow";

  static final List<String> ALL = List.of(NEGATIVE, EDITED, MUXED, SMOOTH, SLOW);

  private TsTitles() {}

  static synchronized Path root() {
    String negative = FRAGMENTED + "+empty_moov+negative_cts_offsets";
    make(NEGATIVE, "video.mp4", "mp4", negative, "v", video(25, 3, "main"));
    make(
        NEGATIVE,
        "audio.mp4",
        "mp4",
        "+empty_moov+default_base_moof",
        "a",
        List.of("-ar", "48000", "-ac", "2", "-frag_duration", "1700000"));
    make(EDITED, "av.mp4", "mp4", FRAGMENTED + "+delay_moov", "va", video(25, 2, "high"));
    make(MUXED, "av.mp4", "mp4", FRAGMENTED + "+empty_moov", "va", video(30, 2, "high"));
    make(SMOOTH, "av.ismv", "ismv", "", "va", video(24, 2, "high"));
    var slow = new ArrayList<>(video(5, 0, "baseline"));
    slow.addAll(List.of("-ar", "44100", "-ac", "1"));
    make(SLOW, "av.mp4", "mp4", FRAGMENTED + "+empty_moov", "va", slow);
    return ROOT;
  }

  private static List<String> video(int rate, int reordered, String profile) {
    return List.of(
        "-r",
        "" + rate,
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-profile:v",
        profile,
        "-threads",
        "1",
        "-pix_fmt",
        "yuv420p",
        "-bf",
        "" + reordered,
        "-g",
        "" + 2 * rate,
        "-keyint_min",
        "" + 2 * rate,
        "-sc_threshold",
        "0",
        "-x264-params",
        "slices=3:b-adapt=0:aud=1",
        "-flags",
        "+cgop",
        "-crf",
        "26");
  }

  private static void make(
      String title, String name, String muxer, String flags, String kinds, List<String> codec) {
    Path file = ROOT.resolve(title).resolve(name);
    if (Files.exists(file)) {
      return;
    }
    var arguments = new ArrayList<String>();
    // Noise, so that payloads have emulation prevention bytes and no two slices are alike.
    arguments.addAll(
        List.of(
            "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=120:duration=7,noise=alls=20:allf=t"));
    arguments.addAll(List.of("-f", "lavfi", "-i", "anoisesrc=amplitude=0.3:seed=7:duration=7"));
    if (kinds.contains("v")) {
      arguments.addAll(List.of("-map", "0:v"));
    }
    if (kinds.contains("a")) {
      arguments.addAll(List.of("-map", "1:a", "-c:a", "aac", "-b:a", "96k"));
    }
    arguments.addAll(codec);
    if (!flags.isEmpty()) {
      arguments.addAll(List.of("-movflags", flags));
    }
    Path partial = ROOT.resolve(title + "-" + name + ".partial");
    arguments.addAll(List.of("-fflags", "+bitexact", "-f", muxer, partial.toString()));
    try {
      Files.createDirectories(file.getParent());
      Ffmpeg.make(arguments);
      Files.move(partial, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static FileObjectStore store() {
    return new FileObjectStore(root());
  }

  static List<Track> tracks(String title) {
    return new TitleReader(store(), 10).read(title, Optional.empty(), title).tracks();
  }

  static Track track(String title, TrackKind kind) {
    return tracks(title).stream().filter(t -> t.kind() == kind).findFirst().orElseThrow();
  }

  static Path file(Track track) {
    return root().resolve(track.object().path());
  }

  static FragmentSamples samples(Track track, int fragment) {
    try (var object = store().open(track.object())) {
      return FragmentSamplesReader.read(object, track, fragment);
    }
  }

  /** The bytes of a sample. */
  static byte[] bytes(Track track, FragmentSamples samples, int sample) {
    try (var object = store().open(track.object())) {
      byte[] bytes = new byte[samples.sizeBytes(sample)];
      object.readFully(samples.offsetBytes(sample), ByteBuffer.wrap(bytes));
      return bytes;
    }
  }
}
