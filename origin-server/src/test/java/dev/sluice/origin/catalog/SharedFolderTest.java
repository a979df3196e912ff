package dev.sluice.origin.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.key.MasterKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SharedFolderTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @TempDir private Path folder;

  @Test
  void seesWhatAnotherAppliesWithinASecond() {
    try (var one = open();
        var other = open()) {
      new CatalogDocuments(one).applyJson(CatalogTexts.EXAMPLE);
      await().atMost(SECOND).until(() -> other.findAsset("bear").isPresent());
      new CatalogDocuments(other)
          .applyJson("{\"kind\": \"Asset\", \"name\": \"wolf\", \"container\": \"wolf\"}");
      await().atMost(SECOND).until(() -> one.findAsset("wolf").isPresent());
    }
  }

  @Test
  void keepsDocumentsWhenClosed() {
    try (var one = open()) {
      new CatalogDocuments(one).applyJson(CatalogTexts.EXAMPLE);
    }
    try (var again = open()) {
      assertThat(again.findAsset("bear")).isPresent();
    }
  }

  @Test
  void leavesNoLockWhenClosedDuringALook() throws Exception {
    for (int i = 0; i < 12; i++) {
      var catalog = open();
      // A look begins 250 ms after the last one ended.
      Thread.sleep(250);
      catalog.close();
      assertThat(folder.resolve("catalog.lock.db")).doesNotExist();
    }
  }

  @Test
  void knowsTheNewestMigration() throws Exception {
    Path migrations = Path.of(CatalogStore.class.getResource("/db/migration").toURI());
    try (var files = Files.list(migrations)) {
      assertThat(
              files
                  .map(file -> file.getFileName().toString())
                  .mapToInt(name -> Integer.parseInt(name.substring(1, name.indexOf("__"))))
                  .max())
          .hasValue(Integer.parseInt(CatalogStore.SCHEMA_VERSION));
    }
  }

  @Test
  void keepsNoSecretReadable() throws IOException {
    String token = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0MTI=";
    try (var one = open()) {
      var documents = new CatalogDocuments(one);
      documents.applyJson(CatalogTexts.EXAMPLE);
      documents.applyJson(
          """
          {"kind": "ContentKeyAuthorizationPolicy", "name": "token", "options": [
            {"keyDeliveryType": "BaselineHttp", "restriction": {"type": "TokenRestricted",
             "issuer": "i", "audience": "a", "primaryVerificationKey": {"symmetric": "%s"}}}]}
          """
              .formatted(token));
    }
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(content).doesNotContain("AAECAwQFBgcICQoLDA0ODw");
        assertThat(content).doesNotContain(token);
      }
    }
  }

  @Test
  void refusesAnotherMasterKey() {
    open().close();
    byte[] other = new byte[MasterKey.BYTES];
    assertThatExceptionOfType(ServerFailure.class)
        .isThrownBy(() -> StoredCatalog.open(folder, MasterKey.taking(other), new SecureRandom()))
        .withMessage(
            "catalog: it does not open with this master key (expected: the one it was made with)");
  }

  private StoredCatalog open() {
    var random = new SecureRandom();
    return StoredCatalog.open(folder, MasterKey.open(Optional.empty(), folder, random), random);
  }
}
