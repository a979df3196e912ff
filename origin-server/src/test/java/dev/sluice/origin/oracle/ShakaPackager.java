package dev.sluice.origin.oracle;

import dev.sluice.origin.media.KeyId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Shaka Packager: an independent encryptor and decryptor, from the npm package that {@code
 * bin/test} installs. Given the same key and constant IV, its cbcs samples equal ours byte for
 * byte.
 */
public final class ShakaPackager {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private ShakaPackager() {}

  /** One stream of a file decrypted into another; {@code stream} is audio, video or a number. */
  public static void decrypt(Path in, String stream, Path out, Map<KeyId, String> keysHex) {
    run(
        List.of(
            "in=%s,stream=%s,output=%s".formatted(in, stream, out),
            "--enable_raw_key_decryption",
            "--keys",
            keys(keysHex)));
  }

  /** One stream of a file encrypted into another, wholly, by a scheme such as {@code cbcs}. */
  public static void encrypt(
      Path in, String stream, Path out, KeyId keyId, String keyHex, String ivHex, String scheme) {
    run(
        List.of(
            "in=%s,stream=%s,output=%s".formatted(in, stream, out),
            "--enable_raw_key_encryption",
            "--keys",
            "key_id=%s:key=%s".formatted(hex(keyId), keyHex),
            "--iv",
            ivHex,
            "--protection_scheme",
            scheme,
            "--clear_lead",
            "0"));
  }

  /** Runs the packager with these arguments; it has to succeed. */
  public static void run(List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(binary().toString());
    command.addAll(arguments);
    var _ = Command.run(LIMIT, Optional.empty(), command).requireSuccess(command);
  }

  /** Keys as {@code --keys} takes them, each under a label of its own. */
  static String keys(Map<KeyId, String> keysHex) {
    return keysHex.entrySet().stream()
        .map(e -> "label=%1$s:key_id=%1$s:key=%2$s".formatted(hex(e.getKey()), e.getValue()))
        .collect(Collectors.joining(","));
  }

  /** The 32 hex digits of a key id. */
  static String hex(KeyId keyId) {
    return keyId.toString().replace("-", "");
  }

  private static Path binary() {
    boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
    boolean arm = System.getProperty("os.arch").equals("aarch64");
    String name = "packager-%s-%s".formatted(mac ? "osx" : "linux", arm ? "arm64" : "x64");
    Path binary = Players.FOLDER.resolve("node_modules/shaka-packager/bin").resolve(name);
    if (!binary.toFile().isFile()) {
      throw new AssertionError("%s: not there (run bin/test, which installs it)".formatted(binary));
    }
    if (!binary.toFile().canExecute() && !binary.toFile().setExecutable(true)) {
      throw new AssertionError("%s: not executable".formatted(binary));
    }
    return binary.toAbsolutePath();
  }
}
