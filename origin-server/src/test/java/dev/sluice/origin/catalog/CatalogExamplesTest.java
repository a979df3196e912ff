package dev.sluice.origin.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.key.MasterKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class CatalogExamplesTest {
  private static final Path DOCUMENTATION = Path.of("..", "docs", "CATALOG.md");
  private static final Pattern EXAMPLE = Pattern.compile("(?s)```json\n(.*?)```");

  @Test
  void appliesEveryExampleOfTheDocumentation() throws IOException {
    var masterKey = MasterKey.taking(new byte[MasterKey.BYTES]);
    try (var catalog = StoredCatalog.inMemory(masterKey, new SecureRandom())) {
      var examples = EXAMPLE.matcher(Files.readString(DOCUMENTATION));
      while (examples.find()) {
        byte[] json = examples.group(1).getBytes(StandardCharsets.UTF_8);
        catalog.apply(DocumentReader.read(json));
      }
      for (Kind kind : Kind.values()) {
        assertThat(catalog.all(kind)).as(kind.word()).isNotEmpty();
      }
    }
  }
}
