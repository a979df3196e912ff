package dev.sluice.crypto;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** The engines there are, each only after it has given {@linkplain KnownAnswers known answers}. */
public final class MediaCiphers {

  /**
   * Which engine runs, and why this one.
   *
   * @param reason for the log: what was asked for, or why there is no native engine
   */
  public record Choice(MediaCipher cipher, String reason) {}

  /** What is wanted: {@code sluice.crypto}. */
  enum Wanted {
    /** The native engine where there is one. */
    AUTO,
    /** The native engine, or nothing. */
    NATIVE,
    /** The ciphers of the JDK. */
    JDK
  }

  /**
   * Settings of the choice.
   *
   * @param level the one that the native engine has to use, for tests; else the fastest
   * @param folder where the library may lie while it is loaded
   */
  record Settings(Wanted wanted, Optional<NativeLibrary.Level> level, Path folder) {

    static Settings ofSystemProperties() {
      return new Settings(
          one(Wanted.class, "sluice.crypto").orElse(Wanted.AUTO),
          one(NativeLibrary.Level.class, "sluice.crypto.level"),
          Path.of(System.getProperty("sluice.native.dir", System.getProperty("java.io.tmpdir"))));
    }

    private static <E extends Enum<E>> Optional<E> one(Class<E> values, String property) {
      String text = System.getProperty(property);
      if (text == null || text.isEmpty()) {
        return Optional.empty();
      }
      var names = new StringBuilder();
      for (E value : values.getEnumConstants()) {
        String name = value.name().toLowerCase(Locale.ROOT);
        if (name.equals(text)) {
          return Optional.of(value);
        }
        names.append(names.isEmpty() ? "" : ", ").append(name);
      }
      throw new IllegalArgumentException(
          "%s: %s (expected: one of %s)".formatted(property, text, names));
    }
  }

  private MediaCiphers() {}

  /**
   * The fastest engine of this machine, or what system properties ask for.
   *
   * @throws IllegalStateException as {@link #choose}
   */
  public static MediaCipher best() {
    return choose().cipher();
  }

  /**
   * The fastest engine of this machine, or what these system properties ask for, and why it is.
   *
   * <ul>
   *   <li>{@code sluice.crypto}: {@code auto}, {@code native} or {@code jdk}
   *   <li>{@code sluice.crypto.level}: {@code aesni}, {@code vaes512} or {@code armv8}, for tests
   *   <li>{@code sluice.native.dir}: where the library is loaded from, else the folder of temporary
   *       files
   * </ul>
   *
   * @throws IllegalStateException if the native engine is asked for and there is none, or if the
   *     one that is left gives a wrong answer; nothing may be encrypted then
   * @throws IllegalArgumentException if a property has none of its values
   */
  public static Choice choose() {
    return choose(Settings.ofSystemProperties());
  }

  static Choice choose(Settings settings) {
    if (settings.wanted() == Wanted.JDK) {
      return jdk("sluice.crypto=jdk");
    }
    try {
      var library = NativeLibrary.of(settings.folder());
      return new Choice(
          KnownAnswers.require(new NativeMediaCipher(library, level(library, settings))),
          settings.level().isPresent()
              ? "sluice.crypto.level=" + settings.level().get().lowerCase()
              : "the fastest of this processor");
    } catch (NoNativeEngineException | IllegalStateException e) {
      if (settings.wanted() == Wanted.NATIVE) {
        throw new IllegalStateException("sluice.crypto=native: " + e.getMessage(), e);
      }
      return jdk("no native engine: " + e.getMessage());
    }
  }

  private static NativeLibrary.Level level(NativeLibrary library, Settings settings)
      throws NoNativeEngineException {
    if (settings.level().isEmpty()) {
      return library.best();
    }
    NativeLibrary.Level level = settings.level().get();
    if (!library.has(level)) {
      throw new NoNativeEngineException(
          "level: %s (expected: one of this processor)".formatted(level.lowerCase()));
    }
    return level;
  }

  private static Choice jdk(String reason) {
    return new Choice(KnownAnswers.require(new JdkMediaCipher()), reason);
  }
}
