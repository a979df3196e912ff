package dev.sluice.origin.catalog;

/**
 * Stands for one value of a content key: equal while the key is stored as it is. A key that was
 * deleted and made again is another, whatever its value. Prints nothing.
 */
public final class KeyVersion {
  private final String wrapped;

  /**
   * A version.
   *
   * @param wrapped the key as it is stored
   */
  KeyVersion(String wrapped) {
    this.wrapped = wrapped;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeyVersion that && wrapped.equals(that.wrapped);
  }

  @Override
  public int hashCode() {
    return wrapped.hashCode();
  }

  @Override
  public String toString() {
    return "KeyVersion";
  }
}
