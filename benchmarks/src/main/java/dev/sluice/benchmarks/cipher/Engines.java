package dev.sluice.benchmarks.cipher;

import dev.sluice.crypto.JdkMediaCipher;
import dev.sluice.crypto.MediaCipher;
import dev.sluice.crypto.MediaCiphers;

/** The engines by the names that benchmarks are given. The only place that knows them. */
public final class Engines {

  /** What a server takes on this machine. */
  public static final String BEST = "best";

  /** The one on the JDK's ciphers, which every machine has. */
  public static final String JDK = "jdk";

  private Engines() {}

  /**
   * The engine of this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static MediaCipher require(String name) {
    return switch (name) {
      case BEST -> MediaCiphers.best();
      case JDK -> new JdkMediaCipher();
      default ->
          throw new IllegalArgumentException(
              "engine: %s (expected: %s or %s)".formatted(name, BEST, JDK));
    };
  }

  /** Prints which engine is the best one here. */
  public static void main(String[] args) {
    System.out.println(require(BEST).engine());
  }
}
