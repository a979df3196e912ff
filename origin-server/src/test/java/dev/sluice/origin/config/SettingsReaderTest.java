package dev.sluice.origin.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.origin.http.AddressPrefix;
import dev.sluice.origin.http.AkamaiKey;
import dev.sluice.origin.http.Edge;
import dev.sluice.origin.http.HttpLimits;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
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
            .filter(line -> line.matches("#[A-Za-z0-9.-]+: .*"))
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
        "media:|media: (expected: a value) at sluice.yaml, line 2",
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

  @Test
  void readsWhoMayAskFlatAndNested() throws IOException {
    String flat =
        """
        access-control.ip-allow: [192.0.2.1/24, "::1"]
        access-control.trusted-proxies: 10.0.0.0/8
        access-control.akamai-keys:
          - {identifier: k1, base64-key: MDdiZjg0NjI5YmU4NWQ2OGEzZWYzNDNk, expiration: 2030-01-01T00:00:00Z}
          - identifier: 17
            expiration: 2030-01-01T02:00:00+02:00
            base64-key: AAAAAAAAAAAAAAAAAAAAAA==
        key-delivery.ip-allow: ["2001:db8::/32"]
        cdn-prefetch: true
        """;
    String nested =
        """
        key-delivery: {ip-allow: ["2001:db8::/32"]}
        cdn-prefetch: true
        access-control:
          trusted-proxies: [10.0.0.0/8]
          ip-allow:
            - 192.0.2.1/24
            - ::1
          akamai-keys:
            - identifier: k1
              base64-key: MDdiZjg0NjI5YmU4NWQ2OGEzZWYzNDNk
              expiration: 2030-01-01T00:00:00Z
            - identifier: "17"
              base64-key: AAAAAAAAAAAAAAAAAAAAAA==
              expiration: "2030-01-01T00:00:00Z"
        """;
    Edge edge = read(flat).edge();
    assertThat(read(nested).edge()).isEqualTo(edge);
    assertThat(edge.cdnPrefetch()).isTrue();
    assertThat(edge.access().streaming().orElseThrow().prefixes())
        .extracting(AddressPrefix::bits)
        .containsExactly(24, 128);
    assertThat(edge.access().keyDelivery().orElseThrow().prefixes()).hasSize(1);
    assertThat(edge.access().trustedProxies().prefixes()).hasSize(1);
    assertThat(edge.access().akamaiKeys())
        .extracting(AkamaiKey::identifier)
        .containsExactly("k1", "17");
    assertThat(edge.access().akamaiKeys().getFirst().secret().toArray())
        .isEqualTo("07bf84629be85d68a3ef343d".getBytes(StandardCharsets.US_ASCII));
    assertThat(Settings.defaults().edge()).isEqualTo(Edge.OPEN);
  }

  @Test
  void letsOneCacheAgeWinOverBoth() throws IOException {
    Settings.Caching caching = read("max-cache-age: 1h\nsegment-max-age: 2d").caching();
    assertThat(caching.manifestMaxAge()).isEqualTo(Duration.ofHours(1));
    assertThat(caching.segmentMaxAge()).isEqualTo(Duration.ofHours(1));
    assertThat(read("max-cache-age: 0s").caching().segmentMaxAge()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max-cache-age: 366d|max-cache-age: 366d (expected: a time such as 60s, at most 365d) at sluice.yaml, line 2",
        "max-cache-age: 60|max-cache-age: 60 (expected: a time such as 60s, at most 365d) at sluice.yaml, line 2",
        "cdn-prefetch: 1|cdn-prefetch: 1 (expected: true or false) at sluice.yaml, line 2",
        "access-control.ip-allow: []|access-control.ip-allow: none (expected: one or more, or not to be set) at sluice.yaml, line 2",
        "access-control.ip-allow: [10.0.0.0/33]|access-control.ip-allow: 10.0.0.0/33 (expected: an IPv4 or IPv6 address, or a network such as 192.0.2.0/24) at sluice.yaml, line 2",
        "access-control: {ip-allow: [all]}|access-control.ip-allow: all (expected: an IPv4 or IPv6 address, or a network such as 192.0.2.0/24) at sluice.yaml, line 2",
        "access-control: {ip-alow: [all]}|unknown setting: access-control.ip-alow (expected: one of",
        "media: {a: b}|unknown setting: media.a (expected: one of",
        "bind: [{a: b}]|unknown setting: bind.0.a (expected: one of",
        "a: {b: {c: {d: {e: f}}}}|a.b.c.d. (expected: at most 4 levels) at sluice.yaml, line 2",
        "access-control: {akamai-keys: []}|access-control.akamai-keys: none (expected: one or more, or not to be set) at sluice.yaml, line 2",
        "access-control: {akamai-keys: [k1]}|access-control.akamai-keys: a value (expected: mappings of identifier, base64-key, expiration) at sluice.yaml, line 2",
        "access-control: {akamai-keys: [{identifier: k1}]}|access-control.akamai-keys.0.base64-key: absent (expected: a value) at sluice.yaml, line 2",
        "access-control: {akamai-keys: [{identifier: 'a,b', base64-key: AAAAAAAAAAAAAAAAAAAAAA==, expiration: 2030-01-01T00:00:00Z}]}|access-control.akamai-keys.0: identifier: a,b (expected: 1 to 128 of A-Z, a-z, 0-9, '.', '_' and '-') at sluice.yaml, line 2",
        "access-control: {akamai-keys: [{identifier: k1, base64-key: c2VjcmV0, expiration: 2030-01-01T00:00:00Z}]}|access-control.akamai-keys.0: base64-key: (expected: base64 of 16 to 256 bytes) at sluice.yaml, line 2",
        "access-control: {akamai-keys: [{identifier: k1, base64-key: AAAAAAAAAAAAAAAAAAAAAA==, expiration: 2030}]}|access-control.akamai-keys.0: expiration: 2030 (expected: a time such as 2030-01-01T00:00:00Z) at sluice.yaml, line 2",
        "access-control: {akamai-keys: [{identifier: k1, base64-key: AAAAAAAAAAAAAAAAAAAAAA==, expiration: 2030-01-01T00:00:00Z, more: 1}]}|unknown setting: access-control.akamai-keys.0.more (expected: one of",
        "access-control: {akamai-keys: [{identifier: k1, base64-key: AAAAAAAAAAAAAAAAAAAAAA==, expiration: 2030-01-01T00:00:00Z},{identifier: k1, base64-key: AAAAAAAAAAAAAAAAAAAAAA==, expiration: 2031-01-01T00:00:00Z}]}|access-control.akamai-keys: identifier k1 twice (expected: once)",
      })
  void refusesWhoMayAskWithNameRuleAndLine(String line, String message) {
    assertThatThrownBy(() -> read("# first\n" + line)).hasMessageStartingWith(message);
  }

  @Test
  void readsPolicyFilesAsTheyStand() throws IOException {
    var crossSite =
        read("""
        cross-site-access:
          client-access-policy: <access-policy/>
          cross-domain-policy: |
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE cross-domain-policy SYSTEM
              "http://www.adobe.com/xml/dtds/cross-domain-policy.dtd">
            <!-- all -->
            <cross-domain-policy>
              <allow-access-from domain="*" secure="false"/>
            </cross-domain-policy>
        """)
            .edge()
            .crossSite();
    assertThat(crossSite.clientAccess()).contains("<access-policy/>");
    assertThat(crossSite.crossDomain().orElseThrow())
        .startsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE")
        .endsWith("</cross-domain-policy>\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<access-policy>|line 1 of it (expected: well-formed XML)",
        "<access-policy/>x|line 1 of it (expected: well-formed XML)",
        "text|line 1 of it (expected: well-formed XML)",
        "<a/>|root element: a (expected: access-policy)",
        "<?xml version=\"1.0\" encoding=\"utf-16\"?><access-policy/>|encoding: utf-16 (expected: utf-8)",
        "<!DOCTYPE access-policy [<!ENTITY a \"b\">]><access-policy>&a;</access-policy>|DOCTYPE: (expected: one without declarations)",
        "<!DOCTYPE access-policy SYSTEM \"http://127.0.0.1:1/x\" []><access-policy/>|DOCTYPE: (expected: one without declarations)",
      })
  void refusesPolicyFilesThatAreNoXml(String xml, String message) {
    assertThatThrownBy(() -> read("cross-site-access.client-access-policy: '" + xml + "'"))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "cross-site-access.client-access-policy: " + message + " at sluice.yaml, line 1");
  }

  @Test
  void refusesPolicyFilesThatAreTooLong() {
    String xml = "<access-policy>" + " ".repeat(64 << 10) + "</access-policy>";
    assertThatThrownBy(() -> read("cross-site-access.client-access-policy: '" + xml + "'"))
        .hasMessageContaining("too long (expected: at most 64 KiB)");
  }
}
