package dev.sluice.benchmarks.cipher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.crypto.MediaCiphers;
import org.junit.jupiter.api.Test;

final class EnginesTest {

  @Test
  void theBestIsTheServers() {
    assertThat(Engines.require(Engines.BEST).engine()).isEqualTo(MediaCiphers.best().engine());
    assertThat(Engines.require(Engines.JDK).engine()).isEqualTo("jdk");
  }

  @Test
  void anEngineIsHadByItsOwnName() {
    String best = MediaCiphers.best().engine();
    assertThat(Engines.require(best).engine()).isEqualTo(best);
    assertThat(System.getProperty("sluice.crypto")).isNull();
    assertThat(System.getProperty("sluice.crypto.level")).isNull();
  }

  @Test
  void refusesAnotherName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Engines.require("openssl"))
        .withMessage("engine: openssl (expected: best, jdk or native-LEVEL)");
  }
}
