package dev.sluice.origin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardedForTest {
  private static final AddressList TRUSTED =
      new AddressList(
          Stream.of("10.0.0.0/8", "fd00::/8")
              .map(text -> AddressPrefix.parse(text).orElseThrow())
              .toList());

  private static String client(String peer, String... fields) {
    return ForwardedFor.client(InetAddress.ofLiteral(peer), List.of(fields), TRUSTED)
        .map(InetAddress::getHostAddress)
        .orElse("refused");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.1|10.0.0.1|192.0.2.1",
        "192.0.2.1|unknown|192.0.2.1",
        "10.0.0.1||10.0.0.1",
        "10.0.0.1|192.0.2.7|192.0.2.7",
        "10.0.0.1|198.51.100.1, 192.0.2.7|192.0.2.7",
        "10.0.0.1|garbage, 192.0.2.7|192.0.2.7",
        "10.0.0.1|192.0.2.7, 10.0.0.2|192.0.2.7",
        "10.0.0.1|192.0.2.7,fd00::2 ,  10.0.0.2|192.0.2.7",
        "10.0.0.1|10.0.0.3, 10.0.0.2|10.0.0.3",
        "10.0.0.1|::ffff:192.0.2.7|192.0.2.7",
        "10.0.0.1|192.0.2.7:4711|192.0.2.7",
        "10.0.0.1|[2001:db8::1]:4711|2001:db8:0:0:0:0:0:1",
        "10.0.0.1|2001:db8::1|2001:db8:0:0:0:0:0:1",
        "fd00::1|192.0.2.7|192.0.2.7",
      })
  void findsTheRightMostThatIsNotTrusted(String peer, String field, String client) {
    assertThat(client(peer, field == null ? "" : field)).isEqualTo(client);
  }

  @Test
  void readsFieldsAsOneList() {
    assertThat(client("10.0.0.1", "192.0.2.7", "10.0.0.2")).isEqualTo("192.0.2.7");
    assertThat(client("10.0.0.1", "10.0.0.2", "192.0.2.7")).isEqualTo("192.0.2.7");
    assertThat(client("10.0.0.1")).isEqualTo("10.0.0.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unknown",
        "_hidden",
        "192.0.2.7,",
        "192.0.2.7, ,10.0.0.2",
        "192.0.2.7:port",
        "192.0.2.7 10.0.0.2",
        "[192.0.2.7]",
        "[2001:db8::1",
        "fe80::1%eth0",
        "localhost",
        "\"192.0.2.7\"",
      })
  void refusesWhatATrustedProxyGarbles(String field) {
    assertThat(client("10.0.0.1", field)).isEqualTo("refused");
  }

  @Test
  void refusesMoreTrustedProxiesThanThereMayBe() {
    String proxies = ", 10.0.0.2".repeat(31);
    assertThat(client("10.0.0.1", "192.0.2.7" + proxies)).isEqualTo("192.0.2.7");
    assertThat(client("10.0.0.1", "192.0.2.7" + proxies + ", 10.0.0.2")).isEqualTo("refused");
  }
}
