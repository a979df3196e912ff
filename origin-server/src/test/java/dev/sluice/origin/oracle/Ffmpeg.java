package dev.sluice.origin.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * FFmpeg: an independent demuxer, decryptor and decoder.
 *
 * <p>With a wrong key it ends with status 0 and garbage, so compare hashes, never its status. Its
 * release 5 reads an init segment and several fragments in one file wrongly when they are
 * encrypted, but the same bytes from a pipe rightly: use {@link Input#piped}.
 */
public final class Ffmpeg {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int HASH_COLUMN = 5;

  private Ffmpeg() {}

  /**
   * Where FFmpeg reads from.
   *
   * @param options that stand before {@code -i}
   * @param name a file, a URL, or {@code pipe:0}
   * @param standardInput the file to pipe in
   */
  public record Input(List<String> options, String name, Optional<Path> standardInput) {

    /** A file. */
    public static Input file(Path file) {
      return new Input(List.of(), file.toString(), Optional.empty());
    }

    /** A URL: of a manifest, for example. */
    public static Input url(String url) {
      return new Input(List.of(), url, Optional.empty());
    }

    /** Bytes, through a pipe: an init segment and the segments that follow it. */
    public static Input piped(byte[]... parts) {
      try {
        Path joined = Files.createTempFile("piped", ".mp4");
        joined.toFile().deleteOnExit();
        try (var out = Files.newOutputStream(joined)) {
          for (byte[] part : parts) {
            out.write(part);
          }
        }
        return new Input(List.of(), "pipe:0", Optional.of(joined));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The same, decrypted with a key of 32 hex digits. FFmpeg 5 takes one key for all tracks. */
    public Input decryptedWith(String keyHex) {
      boolean manifest = name.contains("://");
      return with(manifest ? "-cenc_decryption_key" : "-decryption_key", keyHex);
    }

    /** The same with two more options in front, such as {@code -f} and a demuxer. */
    public Input with(String option, String value) {
      var more = new ArrayList<>(options);
      more.add(option);
      more.add(value);
      return new Input(List.copyOf(more), name, standardInput);
    }
  }

  /** The MD5 of every packet, by stream number, in the order of the file. */
  public static SortedMap<Integer, List<String>> packetHashes(Input input) {
    return hashes(input, List.of("-map", "0", "-c", "copy", "-copyts"));
  }

  /** The MD5 of every packet of one stream, named as {@code -map} does, for example 0:v:1. */
  public static List<String> packetHashes(Input input, String stream) {
    return onlyStream(hashes(input, List.of("-map", stream, "-c", "copy", "-copyts")), stream);
  }

  /** The MD5 of every decoded picture or block of sound of one stream. */
  public static List<String> frameHashes(Input input, String stream) {
    return onlyStream(hashes(input, List.of("-map", stream)), stream);
  }

  private static List<String> onlyStream(SortedMap<Integer, List<String>> hashes, String stream) {
    if (hashes.size() != 1) {
      throw new AssertionError("%s: %d streams (expected: 1)".formatted(stream, hashes.size()));
    }
    return hashes.firstEntry().getValue();
  }

  /** The MD5 of every decoded picture and block of sound, by stream number. */
  public static SortedMap<Integer, List<String>> frameHashes(Input input) {
    return hashes(input, List.of("-map", "0"));
  }

  /** What FFmpeg complains of while it decodes everything; empty if of nothing. */
  public static String complaints(Input input) {
    List<String> command = command(input, List.of("-map", "0", "-f", "null", "-"));
    return Command.run(LIMIT, input.standardInput(), command).errors();
  }

  /** Runs {@code ffmpeg} with these arguments, overwriting its outputs; it has to succeed. */
  public static void make(List<String> arguments) {
    var command = new ArrayList<>(List.of("ffmpeg", "-nostdin", "-v", "error", "-y"));
    command.addAll(arguments);
    var _ = Command.run(LIMIT, Optional.empty(), command).requireSuccess(command);
  }

  private static SortedMap<Integer, List<String>> hashes(Input input, List<String> selection) {
    var output = new ArrayList<>(selection);
    output.addAll(List.of("-f", "framemd5", "-"));
    List<String> command = command(input, output);
    var ended = Command.run(LIMIT, input.standardInput(), command).requireSuccess(command);
    var hashes = new TreeMap<Integer, List<String>>();
    for (String line : ended.output().lines().filter(line -> !line.startsWith("#")).toList()) {
      String[] columns = line.split(",", -1);
      hashes
          .computeIfAbsent(Integer.valueOf(columns[0].strip()), _ -> new ArrayList<>())
          .add(columns[HASH_COLUMN].strip());
    }
    return hashes;
  }

  private static List<String> command(Input input, List<String> output) {
    var command = new ArrayList<>(List.of("ffmpeg", "-v", "error"));
    command.addAll(input.options());
    command.addAll(List.of("-i", input.name()));
    command.addAll(output);
    return command;
  }
}
