package dev.sluice.origin.manifest.smooth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Compares whole client manifests with kept ones. Run with {@code -Dgolden.update} to keep new
 * ones.
 */
final class ClientManifestGoldenTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden/smooth");

  @ParameterizedTest
  @EnumSource
  void rendersTheKeptManifest(Manifests kept) throws IOException {
    byte[] manifest = new ClientManifest().render(kept.presentation());
    Path file = FOLDER.resolve(kept.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".ismc");
    if (System.getProperty("golden.update") != null) {
      Files.createDirectories(FOLDER);
      Files.write(file, manifest);
    }

    assertThat(new String(manifest, StandardCharsets.UTF_8)).isEqualTo(Files.readString(file));
  }

  @ParameterizedTest
  @EnumSource
  void rendersTheSameInEveryLocale(Manifests kept) {
    byte[] manifest = new ClientManifest().render(kept.presentation());
    Locale before = Locale.getDefault();
    try {
      for (String tag : new String[] {"tr-TR", "de-DE", "ar-EG-u-nu-arab", "hi-IN-u-nu-deva"}) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        assertThat(new ClientManifest().render(kept.presentation())).as(tag).isEqualTo(manifest);
      }
    } finally {
      Locale.setDefault(before);
    }
  }
}
