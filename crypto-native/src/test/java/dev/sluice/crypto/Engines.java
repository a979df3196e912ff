package dev.sluice.crypto;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The engines that can run here: the JDK's, and the native one at every level. */
final class Engines {
  private Engines() {}

  /** All, the JDK's first. */
  static List<MediaCipher> all() {
    List<MediaCipher> engines = new ArrayList<>();
    engines.add(new JdkMediaCipher());
    if (isBuilt()) {
      engines.addAll(natives());
    }
    return engines;
  }

  /** The native ones. */
  static List<MediaCipher> natives() {
    try {
      var library = NativeLibrary.of(Path.of(System.getProperty("java.io.tmpdir")));
      List<MediaCipher> engines = new ArrayList<>();
      for (NativeLibrary.Level level : NativeLibrary.Level.values()) {
        if (library.has(level)) {
          engines.add(new NativeMediaCipher(library, level));
        }
      }
      return engines;
    } catch (NoNativeEngineException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Skips a test where the build had no C compiler. What was built has to run. */
  static void assumeNative() {
    assumeTrue(isBuilt(), "native ciphers were not built: no C compiler");
  }

  private static boolean isBuilt() {
    return Engines.class.getResource("/META-INF/native") != null;
  }
}
