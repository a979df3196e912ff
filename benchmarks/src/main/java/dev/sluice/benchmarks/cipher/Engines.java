package dev.sluice.benchmarks.cipher;

import dev.sluice.crypto.JdkMediaCipher;
import dev.sluice.crypto.MediaCipher;
import dev.sluice.crypto.MediaCiphers;
import org.jspecify.annotations.Nullable;

/**
 * The engines by the names that benchmarks are given. The only place that knows them.
 *
 * <pre>
 *   best             what a server takes on this machine
 *   jdk              the one on the JDK's ciphers, which every machine has
 *   native-LEVEL     the one in C with these instructions: aesni, vaes512 or armv8
 * </pre>
 */
public final class Engines {

  /** What a server takes on this machine. */
  public static final String BEST = "best";

  /** The one on the JDK's ciphers. */
  public static final String JDK = "jdk";

  private static final String NATIVE = "native-";
  private static final String WANTED = "sluice.crypto";
  private static final String LEVEL = "sluice.crypto.level";

  private Engines() {}

  /**
   * The engine of this name.
   *
   * @throws IllegalArgumentException if there is no such name
   * @throws IllegalStateException if this machine has no such engine
   */
  public static MediaCipher require(String name) {
    if (name.equals(BEST)) {
      return MediaCiphers.best();
    }
    if (name.equals(JDK)) {
      return new JdkMediaCipher();
    }
    if (name.startsWith(NATIVE)) {
      return requireNative(name.substring(NATIVE.length()));
    }
    throw new IllegalArgumentException(
        "engine: %s (expected: %s, %s or %sLEVEL)".formatted(name, BEST, JDK, NATIVE));
  }

  /** Levels are chosen by properties alone, which are as before afterwards. */
  private static MediaCipher requireNative(String level) {
    String wantedBefore = System.getProperty(WANTED);
    String levelBefore = System.getProperty(LEVEL);
    System.setProperty(WANTED, "native");
    System.setProperty(LEVEL, level);
    try {
      return MediaCiphers.best();
    } finally {
      restore(WANTED, wantedBefore);
      restore(LEVEL, levelBefore);
    }
  }

  private static void restore(String property, @Nullable String before) {
    if (before == null) {
      System.clearProperty(property);
    } else {
      System.setProperty(property, before);
    }
  }

  /** Prints which engine is the best one here, and why. */
  public static void main(String[] args) {
    MediaCiphers.Choice choice = MediaCiphers.choose();
    System.out.printf("%s, %s%n", choice.cipher().engine(), choice.reason());
  }
}
