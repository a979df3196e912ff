package dev.sluice.origin.manifest.dash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xml.sax.SAXException;

/** Compares whole MPDs with kept ones. Run with {@code -Dgolden.update} to keep new ones. */
final class MpdGoldenTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden/dash");

  @ParameterizedTest
  @EnumSource
  void rendersTheKeptMpd(Presentations kept) throws IOException {
    byte[] mpd = new MpdRenderer().render(kept.presentation());
    Path file = FOLDER.resolve(kept.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".mpd");
    if (System.getProperty("golden.update") != null) {
      Files.createDirectories(FOLDER);
      Files.write(file, mpd);
    }

    assertThat(new String(mpd, StandardCharsets.UTF_8)).isEqualTo(Files.readString(file));
  }

  @ParameterizedTest
  @EnumSource
  void rendersTheSameInEveryLocale(Presentations kept) {
    byte[] mpd = new MpdRenderer().render(kept.presentation());
    Locale before = Locale.getDefault();
    try {
      for (String tag : new String[] {"tr-TR", "de-DE", "ar-EG-u-nu-arab", "hi-IN-u-nu-deva"}) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        assertThat(new MpdRenderer().render(kept.presentation())).as(tag).isEqualTo(mpd);
      }
    } finally {
      Locale.setDefault(before);
    }
  }

  @ParameterizedTest
  @EnumSource
  @EnabledIfEnvironmentVariable(named = "SLUICE_MPD_SCHEMA", matches = ".+")
  void isValidAgainstTheSchema(Presentations kept) throws IOException, SAXException {
    Path folder = Path.of(Optional.ofNullable(System.getenv("SLUICE_MPD_SCHEMA")).orElseThrow());
    byte[] mpd = new MpdRenderer().render(kept.presentation());

    SchemaFactory.newDefaultInstance()
        .newSchema(folder.resolve("DASH-MPD.xsd").toFile())
        .newValidator()
        .validate(new StreamSource(new ByteArrayInputStream(mpd)));
  }
}
