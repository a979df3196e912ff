package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.storage.FileObjectStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No answer of a protected title holds 32 bytes of its media in the clear. */
final class ClearLeakTest {

  @ParameterizedTest
  @ValueSource(strings = {"slices", "muxed", "show"})
  void noProtectedAnswerHoldsClearMediaOfAnyTrack(String title) {
    var secrets = secretsOf(title);
    var scanner = new ClearScanner(secrets);
    assertThat(scanner.size()).isGreaterThan(50_000);
    try (var origin = InProcessOrigin.of(List.of(title))) {
      var node = origin.node(new FileObjectStore(TestMedia.root()));
      for (String format : InProcessOrigin.FORMATS) {
        assertThat(scanner.leakIn(node.manifest(title, format))).isEmpty();
        var everything = node.everything(title, format);
        assertThat(everything).hasSize(2);
        long samples = 0;
        for (var served : everything) {
          assertThat(Segment.keyIdOf(served.init())).contains(InProcessOrigin.KEY_ID);
          assertThat(scanner.leakIn(served.init())).isEmpty();
          for (byte[] segment : served.segments()) {
            assertThat(scanner.leakIn(segment)).isEmpty();
            samples += Segment.parse(segment).samples().size();
          }
        }
        assertThat(samples).isEqualTo(allSamplesOf(title).size());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"slices", "muxed", "show"})
  void everyAnswerDecryptsToTheSamplesOfItsSource(String title) {
    var expected = new ArrayList<String>();
    allSamplesOf(title).forEach(s -> expected.add(hex(s.bytes())));
    try (var origin = InProcessOrigin.of(List.of(title))) {
      var node = origin.node(new FileObjectStore(TestMedia.root()));
      var decrypted = new ArrayList<String>();
      for (var served : node.everything(title, "mpd-time-cmaf")) {
        for (byte[] segment : served.segments()) {
          Segment.parse(segment)
              .samples()
              .forEach(s -> decrypted.add(hex(s.decrypt(InProcessOrigin.KEY))));
        }
      }
      assertThat(decrypted).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Test
  void theScannerFindsALeakOf32BytesAnywhere() {
    var secrets = secretsOf("muxed");
    var scanner = new ClearScanner(secrets);
    byte[] secret = secrets.stream().filter(s -> s.length > 200).findFirst().orElseThrow();
    for (int at : new int[] {0, 1, 77, 968}) {
      byte[] answer = new byte[1000];
      System.arraycopy(secret, 101, answer, at, 32);
      assertThat(scanner.leakIn(answer)).isPresent();
      answer[at + 16] ^= 1;
      assertThat(scanner.leakIn(answer)).isEmpty();
    }
  }

  @Test
  void theScannerFindsTheSourceFileAndNothingInText() {
    var scanner = new ClearScanner(secretsOf("muxed"));
    byte[] file = TestMedia.read(TestMedia.files("muxed").getFirst());
    assertThat(scanner.leakIn(file)).isPresent();
    assertThat(scanner.leakIn(Arrays.copyOf(file, 600))).isEmpty();
    assertThat(scanner.leakIn("no media in here at all".repeat(9).getBytes(StandardCharsets.UTF_8)))
        .isEmpty();
  }

  private static List<ClearSource.Sample> allSamplesOf(String title) {
    return TestMedia.files(title).stream()
        .flatMap(file -> ClearSource.of(file).samples().stream())
        .toList();
  }

  private static List<byte[]> secretsOf(String title) {
    return new ClearSource(allSamplesOf(title)).secrets(ClearSource.HEADER_BYTES);
  }

  private static String hex(byte[] bytes) {
    return java.util.HexFormat.of().formatHex(bytes);
  }
}
