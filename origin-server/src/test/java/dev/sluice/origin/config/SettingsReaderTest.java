package dev.sluice.origin.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.origin.http.HttpLimits;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {
  private static final Path SHIPPED = Path.of("..", "conf", "sluice.yaml");
  @TempDir Path folder;

  private Settings read(String yaml, String... overrides) throws IOException {
    Path file = folder.resolve("sluice.yaml");
    Files.writeString(file, yaml);
    return SettingsReader.read(file, List.of(overrides));
  }

  @Test
  void shipsAFileOfDefaults() throws IOException {
    assertThat(SettingsReader.read(SHIPPED, List.of())).isEqualTo(Settings.defaults());
    String uncommented =
        Files.readString(SHIPPED)
            .lines()
            .filter(line -> line.matches("#[A-Za-z0-9-]+: .*"))
            .map(line -> line.substring(1))
            .reduce("", (all, line) -> all + line + "\n");
    assertThat(uncommented).contains("http-port: 8080");
    assertThat(read(uncommented)).isEqualTo(Settings.defaults());
  }

  @Test
  void namesEverySettingInTheShippedFile() throws IOException {
    String shipped = Files.readString(SHIPPED);
    assertThatThrownBy(() -> read("nope: 1"))
        .isInstanceOfSatisfying(
            SettingsException.class,
            e -> {
              String message = String.valueOf(e.getMessage());
              String known =
                  message.substring(message.indexOf("one of ") + 7, message.indexOf(")"));
              for (String key : known.split(", ", -1)) {
                assertThat(shipped).contains("\n#" + key + ":");
              }
            });
  }

  @Test
  void readsValuesAndLetsTheCommandLineWin() throws IOException {
    Settings settings =
        read(
            """
            http-port: 0
            bind: [127.0.0.1, "::1"]
            max-body: 1 MiB
            head-time: 500ms
            manifest-max-age: 2m
            allowHttpKeyDelivery: true
            public-url: http://old.example
            """,
            "http-port=9000",
            "public-url=http://a.example/",
            "public-url=https://a.example");
    assertThat(settings.httpPort()).isEqualTo(9000);
    assertThat(settings.bind()).containsExactly("127.0.0.1", "::1");
    assertThat(settings.limits().bodyBytes()).isEqualTo(1 << 20);
    assertThat(settings.limits().headTime()).isEqualTo(Duration.ofMillis(500));
    assertThat(settings.caching().manifestMaxAge()).isEqualTo(Duration.ofMinutes(2));
    assertThat(settings.allowHttpKeyDelivery()).isTrue();
    assertThat(settings.publicUrls())
        .containsExactly(URI.create("http://a.example"), URI.create("https://a.example"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http-port: 70000|http-port: 70000 (expected: -1 to 65535) at sluice.yaml, line 2",
        "head-time: 10|head-time: 10 (expected: a time such as 10s) at sluice.yaml, line 2",
        "max-body: 64KB|max-body: 64KB (expected: a size such as 64 KiB, at most 1 GiB) at sluice.yaml, line 2",
        "media: {a: b}|media: (expected: a value) at sluice.yaml, line 2",
        "public-url: 'ftp://x'|public-url: ftp://x (expected: http:// or https:// with a host)",
        "tls-key: a|tls-certificate: (expected: together with tls-key)",
      })
  void refusesWithNameRuleAndLine(String line, String message) {
    assertThatThrownBy(() -> read("# first\n" + line)).hasMessage(message);
  }

  @Test
  void sharesItsDefaultLimitsWithTheServer() {
    assertThat(Settings.defaults().limits()).isEqualTo(HttpLimits.DEFAULT);
  }

  @Test
  void refusesUnknownAndDoubleKeys() {
    assertThatThrownBy(() -> read("\nhttp-prot: 1"))
        .hasMessageStartingWith("unknown setting: http-prot (expected: one of ")
        .hasMessageEndingWith(" at sluice.yaml, line 2");
    assertThatThrownBy(() -> read("media: a\nmedia: b"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("media");
  }
}
