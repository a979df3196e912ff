package dev.sluice.origin.storage;

/** The rule for paths below the media root. */
public final class ObjectPath {

  /** How long a path may be, in characters. */
  public static final int MAX_LENGTH = 1024;

  private ObjectPath() {}

  /**
   * Whether a path is safe: names with {@code /} between them, none of them empty, {@code .} or
   * {@code ..}, none with a backslash or a control character.
   */
  public static boolean isSafe(String path) {
    if (path.isEmpty() || path.length() > MAX_LENGTH) {
      return false;
    }
    for (String name : path.split("/", -1)) {
      if (name.isEmpty() || name.equals(".") || name.equals("..")) {
        return false;
      }
    }
    return path.chars().noneMatch(c -> c == '\\' || Character.isISOControl(c));
  }
}
