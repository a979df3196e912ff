package dev.sluice.origin.track;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Titles that ffmpeg makes once, below {@code target/test-titles}. ffmpeg is required. */
public final class TestTitles {
  private static final Path ROOT = Path.of("target", "test-titles").toAbsolutePath();
  private static final List<String> SOURCES =
      List.of(
          "-f",
          "lavfi",
          "-i",
          "testsrc2=size=320x180:rate=25:duration=6",
          "-f",
          "lavfi",
          "-i",
          "sine=frequency=440:sample_rate=48000:duration=6");
  private static final List<String> VIDEO =
      List.of(
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
          "200k");
  private static final List<String> AUDIO = List.of("-c:a", "aac", "-b:a", "96k", "-ac", "2");

  private TestTitles() {}

  /** The folder of all titles: {@code ladder}, {@code muxed}, {@code plain} and others. */
  public static synchronized Path root() {
    make(
        "ladder",
        "video.mp4",
        true,
        false,
        "-f",
        "mp4",
        "-movflags",
        "+frag_keyframe+empty_moov+default_base_moof+global_sidx+negative_cts_offsets");
    make(
        "ladder",
        "audio.mp4",
        false,
        true,
        "-metadata:s:a:0",
        "language=eng",
        "-f",
        "mp4",
        "-frag_duration",
        "2000000",
        "-movflags",
        "+empty_moov+default_base_moof+global_sidx");
    make(
        "muxed",
        "av.mp4",
        true,
        true,
        "-f",
        "mp4",
        "-movflags",
        "+frag_keyframe+empty_moov+default_base_moof");
    make(
        "legacy",
        "av.mp4",
        true,
        true,
        "-f",
        "mp4",
        "-movflags",
        "+frag_keyframe+empty_moov+omit_tfhd_offset");
    make("base", "av.mp4", true, true, "-f", "mp4", "-movflags", "+frag_keyframe+empty_moov");
    make("hybrid", "av.mp4", true, true, "-f", "mp4", "-movflags", "+frag_keyframe");
    make("ismv", "show.ismv", true, true, "-f", "ismv");
    make(
        "chunked",
        "video.mp4",
        true,
        false,
        "-f",
        "mp4",
        "-frag_duration",
        "400000",
        "-movflags",
        "+empty_moov+default_base_moof");
    make(
        "small",
        "audio.mp4",
        false,
        true,
        "-b:a",
        "69k",
        "-ac",
        "1",
        "-f",
        "mp4",
        "-frag_duration",
        "2000000",
        "-movflags",
        "+empty_moov+default_base_moof+global_sidx");
    make("plain", "show.mp4", true, true, "-f", "mp4", "-movflags", "+faststart");
    return ROOT;
  }

  private static void make(
      String title, String name, boolean video, boolean audio, String... muxer) {
    Path file = ROOT.resolve(title).resolve(name);
    if (Files.exists(file)) {
      return;
    }
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-y", "-v", "error"));
    command.addAll(SOURCES);
    if (video) {
      command.addAll(List.of("-map", "0:v"));
      command.addAll(VIDEO);
    }
    if (audio) {
      command.addAll(List.of("-map", "1:a"));
      command.addAll(AUDIO);
    }
    command.addAll(List.of("-fflags", "+bitexact"));
    command.addAll(List.of(muxer));
    Path partial = ROOT.resolve(title + "-" + name + ".partial");
    command.add(partial.toString());
    try {
      Files.createDirectories(file.getParent());
      run(command);
      Files.move(partial, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command and returns what it prints. */
  static List<String> run(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      List<String> lines = process.inputReader().readAllLines();
      int status = process.waitFor();
      if (status != 0) {
        throw new IllegalStateException(command.getFirst() + ": status " + status);
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
