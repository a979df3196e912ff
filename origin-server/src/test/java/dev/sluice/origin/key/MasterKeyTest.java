package dev.sluice.origin.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.failure.ServerFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MasterKeyTest {
  private final SecureRandom random = new SecureRandom();
  @TempDir private Path folder;

  @Test
  void makesAFileThatOnlyItsOwnerReads() throws IOException {
    byte[] first = MasterKey.open(Optional.empty(), folder, random).derive("test");
    byte[] second = MasterKey.open(Optional.empty(), folder, random).derive("test");
    assertThat(second).isEqualTo(first);
    assertThat(Files.getPosixFilePermissions(folder.resolve("master.key")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("master.key"));
    }
  }

  @Test
  void refusesAFileThatOthersRead() throws IOException {
    MasterKey.open(Optional.empty(), folder, random);
    Files.setPosixFilePermissions(
        folder.resolve("master.key"), PosixFilePermissions.fromString("rw-r-----"));
    assertRefused(
        Optional.empty(),
        "master.key: rw-r----- (expected: rw-------, readable by its owner alone)");
  }

  @Test
  void prefersTheEnvironment() {
    String base64 = Base64.getEncoder().encodeToString(new byte[MasterKey.BYTES]);
    MasterKey key = MasterKey.open(Optional.of(base64), folder, random);
    assertThat(key.derive("test"))
        .isEqualTo(MasterKey.taking(new byte[MasterKey.BYTES]).derive("test"));
    assertThat(folder.resolve("master.key")).doesNotExist();
  }

  @Test
  void refusesAKeyOfAnotherLength() {
    assertRefused(Optional.of("AAAA"), "SLUICE_MASTER_KEY: 3 bytes (expected: base64 of 32 bytes)");
    assertRefused(
        Optional.of("not base64"), "SLUICE_MASTER_KEY: not base64 (expected: base64 of 32 bytes)");
  }

  private void assertRefused(Optional<String> environment, String message) {
    assertThatExceptionOfType(ServerFailure.class)
        .isThrownBy(() -> MasterKey.open(environment, folder, random))
        .withMessage(message);
  }
}
