package dev.sluice.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class MediaCiphersTest {
  @Test
  void givesTheJdkEngineOnceItHasGivenThePublishedAnswers() {
    assertThat(MediaCiphers.best().engine()).isEqualTo("jdk");
  }

  @Test
  void refusesAnEngineThatCarriesIntoTheIv() {
    var jdk = new JdkMediaCipher();
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> MediaCiphers.requireKnownAnswers(engine(jdk, true)))
        .withMessage(
            "cipher engine broken: wrong bytes for a block number that wraps without a carry in heap buffers"
                + " (expected: the published vector)");
  }

  @Test
  void refusesAnEngineThatEncryptsNothing() {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> MediaCiphers.requireKnownAnswers(engine(new JdkMediaCipher(), false)))
        .withMessage(
            "cipher engine broken: wrong bytes for SP 800-38A F.5.1 in heap buffers"
                + " (expected: the published vector)");
  }

  @Test
  void refusesAnEngineThatEncryptsEveryBlockOfAPattern() {
    var jdk = new JdkMediaCipher();
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> MediaCiphers.requireKnownAnswers(new WithoutPatterns(jdk)))
        .withMessage(
            "cipher engine broken: wrong bytes for a chain that passes over nine blocks, and another"
                + " begun with the same IV in heap buffers (expected: the published vector)");
  }

  private record WithoutPatterns(MediaCipher real) implements MediaCipher {
    @Override
    public String engine() {
      return "broken";
    }

    @Override
    public void ctr(byte[] key, CtrRanges ranges, ByteBuffer source, ByteBuffer target) {
      real.ctr(key, ranges, source, target);
    }

    @Override
    public void cbc(byte[] key, CbcRanges ranges, ByteBuffer source, ByteBuffer target) {
      var all = new CbcRanges();
      for (int i = 0; i < ranges.count(); i++) {
        all.add(
            ranges.offsetBytes(i),
            ranges.lengthBytes(i),
            CbcRanges.Pattern.ALL,
            0,
            ranges.startHigh(i),
            ranges.startLow(i));
      }
      real.cbc(key, all, source, target);
    }
  }

  private static MediaCipher engine(MediaCipher real, boolean encrypts) {
    return new MediaCipher() {
      @Override
      public String engine() {
        return "broken";
      }

      @Override
      public void ctr(byte[] key, CtrRanges ranges, ByteBuffer source, ByteBuffer target) {
        boolean wraps = ranges.ivLow(0) == -1;
        if (encrypts && !wraps) {
          real.ctr(key, ranges, source, target);
        } else {
          target.put(source);
        }
      }

      @Override
      public void cbc(byte[] key, CbcRanges ranges, ByteBuffer source, ByteBuffer target) {
        real.cbc(key, ranges, source, target);
      }
    };
  }
}
