package dev.sluice.origin.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** Titles that ffmpeg makes once for tests of what leaves: {@code target/test-titles/leak}. */
final class TestMedia {
  private static final Path ROOT = Path.of("target", "test-titles", "leak").toAbsolutePath();

  private TestMedia() {}

  /**
   * The folder of {@code slices}, {@code muxed} and {@code show}, and of small ones of a second.
   */
  static synchronized Path root() {
    String fragmented = "+frag_keyframe+empty_moov+default_base_moof";
    make("slices", "video.mp4", true, false, 4, 320, "mp4", fragmented + "+global_sidx");
    make("slices", "audio.mp4", false, true, 4, 320, "mp4", "+empty_moov+default_base_moof");
    make("muxed", "av.mp4", true, true, 4, 320, "mp4", fragmented);
    make("show", "show.ismv", true, true, 4, 320, "ismv", "");
    make("small", "small.mp4", true, true, 1, 64, "mp4", fragmented);
    make("small-indexed", "v.mp4", true, false, 1, 64, "mp4", fragmented + "+global_sidx");
    make("small-smooth", "av.ismv", true, true, 1, 64, "ismv", "");
    return ROOT;
  }

  static List<Path> files(String title) {
    try (var files = Files.list(root().resolve(title))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void make(
      String title,
      String name,
      boolean video,
      boolean audio,
      int seconds,
      int width,
      String format,
      String flags) {
    Path file = ROOT.resolve(title).resolve(name);
    if (Files.exists(file)) {
      return;
    }
    // Noise: each slice has bytes that stand nowhere else.
    String picture =
        "testsrc2=size=%dx%d:rate=25:duration=%d,noise=alls=20:allf=t+u"
            .formatted(width, width / 16 * 9 / 4 * 4, seconds);
    String sound = "anoisesrc=amplitude=0.3:seed=7:sample_rate=48000:duration=" + seconds;
    var command = new ArrayList<String>(List.of("ffmpeg", "-y", "-v", "error"));
    command.addAll(List.of("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound));
    if (video) {
      command.addAll(List.of("-map", "0:v", "-c:v", "libx264", "-preset", "veryfast"));
      command.addAll(List.of("-threads", "1", "-pix_fmt", "yuv420p", "-bf", "2"));
      int gop = seconds == 1 ? 13 : 50;
      command.addAll(
          List.of("-g", "" + gop, "-keyint_min", "" + gop, "-sc_threshold", "0", "-crf", "30"));
      command.addAll(List.of("-x264-params", "slices=4:sliced-threads=0", "-flags", "+cgop"));
    }
    if (audio) {
      command.addAll(List.of("-map", "1:a", "-c:a", "aac", "-b:a", "64k", "-ac", "2"));
    }
    command.addAll(List.of("-fflags", "+bitexact", "-f", format));
    if (!flags.isEmpty()) {
      command.addAll(List.of("-movflags", flags));
    }
    if (!video) {
      command.addAll(List.of("-frag_duration", "2000000"));
    }
    try {
      Files.createDirectories(file.getParent());
      Path partial = ROOT.resolve(title + "-" + name + ".partial");
      command.add(partial.toString());
      run(command.toArray(String[]::new));
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command and returns the lines that it prints. */
  static List<String> run(String... command) {
    try {
      var process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      var lines = process.inputReader().readAllLines();
      int status = process.waitFor();
      if (status != 0) {
        throw new AssertionError(command[0] + ": status " + status);
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
