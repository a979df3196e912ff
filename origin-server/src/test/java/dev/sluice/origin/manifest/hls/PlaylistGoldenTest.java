package dev.sluice.origin.manifest.hls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares whole playlists with kept ones. Run with {@code -Dgolden.update} to keep new ones. */
final class PlaylistGoldenTest {
  static final Path FOLDER = Path.of("src/test/resources/golden/hls");

  @ParameterizedTest
  @MethodSource("names")
  void rendersTheKeptPlaylists(String name) throws IOException {
    Path folder = FOLDER.resolve(name);
    for (Map.Entry<String, String> playlist : playlists(name).entrySet()) {
      Path file = folder.resolve(playlist.getKey() + ".m3u8");
      if (System.getProperty("golden.update") != null) {
        Files.createDirectories(folder);
        Files.writeString(file, playlist.getValue());
      }
      assertThat(playlist.getValue()).as(file.toString()).isEqualTo(Files.readString(file));
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void rendersTheSameInEveryLocale(String name) {
    var playlists = playlists(name);
    Locale before = Locale.getDefault();
    try {
      for (String tag : new String[] {"tr-TR", "de-DE", "ar-EG-u-nu-arab", "hi-IN-u-nu-deva"}) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        assertThat(playlists(name)).as(tag).isEqualTo(playlists);
      }
    } finally {
      Locale.setDefault(before);
    }
  }

  private static Set<String> names() {
    return HlsPresentations.all().keySet();
  }

  private static Map<String, String> playlists(String name) {
    return HlsPresentations.playlists(
        Objects.requireNonNull(HlsPresentations.all().get(name), name));
  }
}
