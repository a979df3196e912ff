package dev.sluice.origin.catalog;

/**
 * The JSON text of one document. Prints nothing of the text, which may hold keys.
 *
 * @param json an object
 */
public record DocumentText(Kind kind, String name, String json) {
  @Override
  public String toString() {
    return "%s \"%s\"".formatted(kind.word(), name);
  }
}
