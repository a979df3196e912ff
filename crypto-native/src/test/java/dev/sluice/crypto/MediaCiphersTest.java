package dev.sluice.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MediaCiphersTest {
  private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

  @Test
  void givesTheJdkEngineWhereItIsAskedFor() {
    var choice = MediaCiphers.choose(settings(MediaCiphers.Wanted.JDK, TEMPORARY));
    assertThat(choice.cipher().engine()).isEqualTo("jdk");
    assertThat(choice.reason()).isEqualTo("sluice.crypto=jdk");
  }

  @Test
  void givesTheFastestNativeEngineUnlessAskedForAnother() throws Exception {
    Engines.assumeNative();
    var choice = MediaCiphers.choose(settings(MediaCiphers.Wanted.AUTO, TEMPORARY));
    var best = NativeLibrary.of(TEMPORARY).best();
    assertThat(choice.cipher().engine()).isEqualTo("native-" + best.lowerCase());
    assertThat(choice.reason()).isEqualTo("the fastest of this processor");
    assertThat(MediaCiphers.best().engine()).isEqualTo(choice.cipher().engine());
  }

  /** A load takes of what a thread has for libraries, which is enough for about a hundred. */
  @Test
  void givesTheNativeEngineHoweverOftenItIsAskedFor() {
    Engines.assumeNative();
    for (int i = 0; i < 500; i++) {
      var choice = MediaCiphers.choose(settings(MediaCiphers.Wanted.AUTO, TEMPORARY));
      assertThat(choice.cipher().engine()).as(choice.reason()).startsWith("native-");
    }
  }

  @Test
  void givesTheLevelThatIsAskedForOrSaysThatThereIsNone() throws Exception {
    Engines.assumeNative();
    var library = NativeLibrary.of(TEMPORARY);
    for (NativeLibrary.Level level : NativeLibrary.Level.values()) {
      var choice =
          MediaCiphers.choose(
              new MediaCiphers.Settings(MediaCiphers.Wanted.AUTO, Optional.of(level), TEMPORARY));
      if (library.has(level)) {
        assertThat(choice.cipher().engine()).isEqualTo("native-" + level.lowerCase());
        assertThat(choice.reason()).isEqualTo("sluice.crypto.level=" + level.lowerCase());
      } else {
        assertThat(choice.cipher().engine()).isEqualTo("jdk");
        assertThat(choice.reason())
            .isEqualTo(
                "no native engine: level: %s (expected: one of this processor)", level.lowerCase());
      }
    }
  }

  @Test
  void leavesNoFileBehind(@TempDir Path folder) throws Exception {
    Engines.assumeNative();
    MediaCiphers.choose(settings(MediaCiphers.Wanted.NATIVE, folder));
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void fallsBackToTheJdkWhereTheLibraryCannotLieAndSaysWhy(@TempDir Path folder) {
    Path absent = folder.resolve("absent");
    var choice = MediaCiphers.choose(settings(MediaCiphers.Wanted.AUTO, absent));
    assertThat(choice.cipher().engine()).isEqualTo("jdk");
    assertThat(choice.reason()).startsWith("no native engine: ").contains("absent");
  }

  @Test
  void fallsBackToTheJdkOnOtherSystemsAndSaysWhy(@TempDir Path folder) throws Exception {
    String system = System.getProperty("os.name");
    System.setProperty("os.name", "Windows 11");
    try {
      var choice = MediaCiphers.choose(settings(MediaCiphers.Wanted.AUTO, folder));
      assertThat(choice.cipher().engine()).isEqualTo("jdk");
      assertThat(choice.reason())
          .isEqualTo("no native engine: this is Windows 11 (expected: Linux)");
    } finally {
      System.setProperty("os.name", system);
    }
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void failsWhereTheNativeEngineIsAskedForAndThereIsNone(@TempDir Path folder) {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() ->
            MediaCiphers.choose(settings(MediaCiphers.Wanted.NATIVE, folder.resolve("absent"))))
        .withMessageStartingWith("sluice.crypto=native: ");
  }

  @Test
  void refusesPropertiesThatHaveNoneOfTheirValues() {
    System.setProperty("sluice.crypto", "fast");
    try {
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(MediaCiphers::choose)
          .withMessage("sluice.crypto: fast (expected: one of auto, native, jdk)");
      System.setProperty("sluice.crypto", "jdk");
      assertThat(MediaCiphers.best().engine()).isEqualTo("jdk");
    } finally {
      System.clearProperty("sluice.crypto");
    }
  }

  private static MediaCiphers.Settings settings(MediaCiphers.Wanted wanted, Path folder) {
    return new MediaCiphers.Settings(wanted, Optional.empty(), folder);
  }

  @Test
  void refusesAnEngineThatCarriesIntoTheIv() {
    var jdk = new JdkMediaCipher();
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> KnownAnswers.require(engine(jdk, true)))
        .withMessage(
            "cipher engine broken: wrong bytes for a block number that wraps without a carry in heap buffers"
                + " (expected: the published vector)");
  }

  @Test
  void refusesAnEngineThatEncryptsNothing() {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> KnownAnswers.require(engine(new JdkMediaCipher(), false)))
        .withMessage(
            "cipher engine broken: wrong bytes for SP 800-38A F.5.1 in heap buffers"
                + " (expected: the published vector)");
  }

  @Test
  void refusesAnEngineThatEncryptsEveryBlockOfAPattern() {
    var jdk = new JdkMediaCipher();
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> KnownAnswers.require(new WithoutPatterns(jdk)))
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
