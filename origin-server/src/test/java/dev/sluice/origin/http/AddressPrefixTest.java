package dev.sluice.origin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPrefixTest {

  private static AddressPrefix prefix(String text) {
    return AddressPrefix.parse(text).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, 192.0.2.7, true",
    "192.0.2.7, 192.0.2.8, false",
    "192.0.2.1/24, 192.0.2.255, true",
    "192.0.2.1/24, 192.0.3.0, false",
    "0.0.0.0/0, 255.255.255.255, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "::/0, 2001:db8::1, true",
    "::/0, 192.0.2.7, false",
    "2001:db8::/32, 2001:db8:ffff::1, true",
    "2001:db8::/32, 2001:db9::1, false",
    "::1, ::1, true",
    "::ffff:192.0.2.7, 192.0.2.7, true",
    "::ffff:192.0.2.0/120, 192.0.2.200, true",
    "::ffff:192.0.2.0/120, 192.0.3.200, false",
    "::ffff:c000:207, 192.0.2.7, true",
  })
  void holdsWhatLiesInIt(String text, String address, boolean in) {
    assertThat(prefix(text).contains(InetAddress.ofLiteral(address))).isEqualTo(in);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " 192.0.2.7",
        "192.0.2",
        "192.0.2.256",
        "192.0.2.07",
        "0300.0.2.7",
        "3221225991",
        "192.0.2.0/33",
        "192.0.2.0/",
        "192.0.2.0/-1",
        "192.0.2.0/024",
        "192.0.2.0/24/24",
        "192.0.2.0/255.255.255.0",
        "2001:db8::/129",
        "2001:db8::g",
        "2001:db8",
        "::1::",
        "fe80::1%eth0",
        "[::1]",
        "::ffff:192.0.2.0/95",
        "localhost",
        "example.com",
        "*",
        "١٩٢.0.2.7",
      })
  void refusesWhatIsNoAddress(String text) {
    assertThat(AddressPrefix.parse(text)).isEmpty();
  }

  @Test
  void comparesEveryLengthAsNumbersDo() {
    var random = new Random(1);
    for (int size : List.of(4, 16)) {
      byte[] base = new byte[size];
      random.nextBytes(base);
      base[0] = 0x20;
      for (int bits = 0; bits <= size * 8; bits++) {
        var prefix = prefix(text(base) + "/" + bits);
        for (int flipped = 0; flipped < size * 8; flipped++) {
          byte[] other = base.clone();
          other[flipped / 8] ^= (byte) (0x80 >> (flipped % 8));
          boolean same =
              new BigInteger(1, base)
                  .shiftRight(size * 8 - bits)
                  .equals(new BigInteger(1, other).shiftRight(size * 8 - bits));
          assertThat(prefix.contains(InetAddress.ofLiteral(text(other)))).isEqualTo(same);
        }
      }
    }
  }

  private static String text(byte[] address) {
    try {
      return InetAddress.getByAddress(address).getHostAddress();
    } catch (java.net.UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
