package dev.sluice.origin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fields that are read at every request, without regular expressions. */
final class RequestFieldsTest {
  private static final Pattern TAG = Pattern.compile("(W/)?(\"[\\x21\\x23-\\x7e\\x80-\\xff]*\")");
  private static final List<String> CURRENT = List.of("\"a-gzip\"", "\"a\"");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gzip",
        "GZIP",
        "x-gzip",
        "*",
        "br, gzip;q=0.5",
        " gzip ; q=1",
        "identity;q=0, gzip",
        "*;q=0.001",
        "gzip;q=0.0001",
        "gzip;level=0",
        "\tgzip\t",
        "gzip;q=0.5;q=0"
      })
  void takesGzip(String field) {
    assertThat(AcceptEncoding.acceptsGzip(List.of("deflate", field))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "br",
        "gzip;q=0",
        "gzip; Q = 0.000",
        "gzip;q=0., br",
        "x-gzip;q=0.0",
        "*;q=0",
        "gzi, p",
        "gzipped",
        "*, gzip;q=0",
        "br;gzip"
      })
  void takesNoGzip(String field) {
    assertThat(AcceptEncoding.acceptsGzip(List.of(field))).isFalse();
  }

  @Test
  void readsAtMost64Codings() {
    assertThat(AcceptEncoding.acceptsGzip(List.of("a,".repeat(63) + "gzip"))).isTrue();
    assertThat(AcceptEncoding.acceptsGzip(List.of("a,".repeat(64) + "gzip"))).isFalse();
  }

  @Test
  void findsTheTagsThatTheGrammarHas() {
    var random = new Random(5);
    String letters = "\"\"\"aaW/, -gzip\u00e9\t";
    int found = 0;
    for (int i = 0; i < 200_000; i++) {
      var field = new StringBuilder();
      int length = random.nextInt(16);
      for (int j = 0; j < length; j++) {
        field.append(letters.charAt(random.nextInt(letters.length())));
      }
      if (random.nextInt(4) == 0) {
        field.insert(random.nextInt(field.length() + 1), CURRENT.get(random.nextInt(2)));
      }
      var expected = byPattern(field.toString());
      found += expected.isPresent() ? 1 : 0;
      assertThat(EntityTags.findMatch(List.of(field.toString()), CURRENT))
          .as(field.toString())
          .isEqualTo(expected);
    }
    assertThat(found).isGreaterThan(1_000);
  }

  private static Optional<String> byPattern(String field) {
    if (field.strip().equals("*")) {
      return Optional.of(CURRENT.getFirst());
    }
    return TAG.matcher(field)
        .results()
        .map(match -> match.group(2))
        .filter(CURRENT::contains)
        .findFirst();
  }

  @Test
  void readsAtMost64Tags() {
    assertThat(EntityTags.findMatch(List.of("\"b\",".repeat(63) + "\"a\""), CURRENT)).isPresent();
    assertThat(EntityTags.findMatch(List.of("\"b\",".repeat(64) + "\"a\""), CURRENT)).isEmpty();
  }
}
