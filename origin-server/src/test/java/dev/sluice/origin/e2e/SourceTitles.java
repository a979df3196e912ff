package dev.sluice.origin.e2e;

import dev.sluice.origin.oracle.Ffmpeg;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Titles that ffmpeg makes once below {@code target/e2e-media}, one folder for each way in which a
 * container can say where its fragments are.
 */
final class SourceTitles {
  private static final Path ROOT = Path.of("target", "e2e-media").toAbsolutePath();
  private static final String FRAGMENTED = "+empty_moov+default_base_moof";
  private static final String BY_KEYFRAME = FRAGMENTED + "+frag_keyframe";

  private SourceTitles() {}

  /** The folder of all titles. */
  static synchronized Path root() {
    separate("sidx", "+global_sidx+negative_cts_offsets");
    separate("mfra", "");
    separate("bare", "+skip_trailer");
    make("muxed", "av.mp4", List.of("v", "a"), "mp4", BY_KEYFRAME);
    make("other", "video.mp4", List.of("v"), "mp4", BY_KEYFRAME, "-vf", "negate");
    make("ismv", "show.ismv", List.of("v", "a"), "ismv", "");
    make("described", "show.ismv", List.of("v", "a"), "ismv", "");
    write(
        "described/show.ism",
        """
        <?xml version="1.0" encoding="utf-8"?>
        <smil xmlns="http://www.w3.org/2001/SMIL20/Language"><body><switch>
          <video src="show.ismv" systemBitrate="200000">
            <param name="trackID" value="1" valuetype="data"/>
            <param name="trackName" value="picture" valuetype="data"/>
          </video>
          <audio src="show.ismv" systemBitrate="96000" systemLanguage="eng">
            <param name="trackID" value="2" valuetype="data"/>
            <param name="trackName" value="sound" valuetype="data"/>
          </audio>
        </switch></body></smil>
        """);
    ladder();
    make("named", "av.mp4", List.of("v", "a"), "mp4", BY_KEYFRAME);
    write(
        "named/Linear Algebra.ism",
        """
        <smil xmlns="http://www.w3.org/2001/SMIL20/Language"><body><switch>
          <video src="av.mp4" systemBitrate="200000"/>
          <audio src="av.mp4" systemBitrate="96000"/>
        </switch></body></smil>
        """);
    return ROOT;
  }

  /** Two qualities of the picture, two languages of the sound. */
  private static void ladder() {
    make("ladder", "high.mp4", List.of("v"), "mp4", BY_KEYFRAME + "+global_sidx");
    make(
        "ladder",
        "low.mp4",
        List.of("v"),
        "mp4",
        BY_KEYFRAME + "+global_sidx",
        "-vf",
        "scale=160:90",
        "-b:v",
        "80k");
    for (String language : List.of("eng", "deu")) {
      make(
          "ladder",
          language + ".m4a",
          List.of("a"),
          "mp4",
          FRAGMENTED,
          "-frag_duration",
          "2000000",
          "-metadata:s:a:0",
          "language=" + language,
          "-af",
          language.equals("eng") ? "volume=1" : "volume=0.5");
    }
    write(
        "ladder/ladder.ism",
        """
        <?xml version="1.0" encoding="utf-8"?>
        <smil xmlns="http://www.w3.org/2001/SMIL20/Language"><body><switch>
          <video src="high.mp4" systemBitrate="200000"/>
          <video src="low.mp4" systemBitrate="80000"/>
          <audio src="eng.m4a" systemBitrate="96000" systemLanguage="eng">
            <param name="trackName" value="english" valuetype="data"/>
          </audio>
          <audio src="deu.m4a" systemBitrate="64000" systemLanguage="deu">
            <param name="trackName" value="deutsch" valuetype="data"/>
          </audio>
        </switch></body></smil>
        """);
  }

  private static void separate(String title, String flags) {
    make(title, "video.mp4", List.of("v"), "mp4", BY_KEYFRAME + flags);
    make(title, "audio.mp4", List.of("a"), "mp4", FRAGMENTED + flags, "-frag_duration", "2000000");
  }

  private static void make(
      String title, String name, List<String> streams, String muxer, String flags, String... more) {
    Path file = ROOT.resolve(title).resolve(name);
    if (Files.exists(file)) {
      return;
    }
    Path partial = ROOT.resolve(title + "-" + name + ".partial");
    var arguments =
        new ArrayList<>(
            List.of(
                "-f",
                "lavfi",
                "-i",
                "testsrc2=size=320x180:rate=25:duration=6",
                "-f",
                "lavfi",
                "-i",
                "sine=frequency=440:sample_rate=48000:duration=6"));
    if (streams.contains("v")) {
      arguments.addAll(
          List.of(
              "-map",
              "0:v",
              "-c:v",
              "libx264",
              "-preset",
              "veryfast",
              "-threads",
              "1",
              "-pix_fmt",
              "yuv420p",
              "-bf",
              "2",
              "-g",
              "50",
              "-keyint_min",
              "50",
              "-sc_threshold",
              "0",
              "-flags",
              "+cgop",
              "-b:v",
              "200k"));
    }
    if (streams.contains("a")) {
      arguments.addAll(
          List.of(
              "-map",
              "1:a",
              "-c:a",
              "aac",
              "-b:a",
              "96k",
              "-ac",
              "2",
              "-metadata:s:a:0",
              "language=eng"));
    }
    if (!flags.isEmpty()) {
      arguments.addAll(List.of("-movflags", flags));
    }
    arguments.addAll(List.of(more));
    arguments.addAll(List.of("-fflags", "+bitexact", "-f", muxer, partial.toString()));
    try {
      Files.createDirectories(file.getParent());
      Ffmpeg.make(arguments);
      Files.move(partial, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(String name, String text) {
    try {
      if (!Files.exists(ROOT.resolve(name))) {
        Files.writeString(ROOT.resolve(name), text);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
