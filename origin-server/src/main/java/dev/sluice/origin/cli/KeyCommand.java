package dev.sluice.origin.cli;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.key.ContentKeys;
import dev.sluice.origin.key.KeySeed;
import dev.sluice.origin.key.PlayReadyChecksum;
import dev.sluice.origin.media.KeyId;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice key}: makes content keys. */
@Command(name = "key", description = "Makes content keys.", mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets it
final class KeyCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command: new");
  }

  /** Prints a new key, at random or from a seed. */
  @Command(
      name = "new",
      description = "Makes a content key, at random or from a PlayReady key seed.",
      mixinStandardHelpOptions = true)
  int create(
      @Option(
              names = "--seed",
              paramLabel = "BASE64",
              description = "The key seed, at least 30 bytes; needs --kid.")
          @Nullable String seed,
      @Option(
              names = "--kid",
              paramLabel = "GUID",
              description = "The key's id; at random without.")
          @Nullable String kid) {
    Optional<String> givenId = Optional.ofNullable(kid);
    Optional<String> givenSeed = Optional.ofNullable(seed);
    if (givenSeed.isPresent() && givenId.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--seed needs --kid");
    }
    KeyId id = givenId.map(KeyCommand::parseId).orElseGet(() -> new KeyId(UUID.randomUUID()));
    try (ContentKey key =
        givenSeed
            .map(text -> derive(text, id))
            .orElseGet(() -> ContentKeys.random(id, new SecureRandom()))) {
      print(key);
    }
    return SluiceCommand.DONE;
  }

  private static KeyId parseId(String guid) {
    return KeyId.parse(guid)
        .orElseThrow(() ->
            new CallerFailure(
                FailureCode.BAD_REQUEST, "--kid: %s (expected: a GUID)".formatted(guid)));
  }

  private static ContentKey derive(String base64, KeyId id) {
    byte[] seed;
    try {
      seed = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new CallerFailure(
          FailureCode.BAD_REQUEST, "--seed: not base64 (expected: base64 of at least 30 bytes)");
    }
    try {
      return KeySeed.derive(seed, id);
    } finally {
      Arrays.fill(seed, (byte) 0);
    }
  }

  private void print(ContentKey key) {
    byte[] value = key.copyValue();
    PrintWriter out = spec.commandLine().getOut();
    out.println("kid:      " + key.id());
    out.println("key:      " + Base64.getEncoder().encodeToString(value));
    out.println("hex:      " + HexFormat.of().formatHex(value));
    out.println(
        "checksum: " + Base64.getEncoder().encodeToString(PlayReadyChecksum.of(key).toArray()));
    out.flush();
    Arrays.fill(value, (byte) 0);
  }
}
