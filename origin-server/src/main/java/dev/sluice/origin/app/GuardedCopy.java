package dev.sluice.origin.app;

import dev.sluice.crypto.MediaCipher;
import dev.sluice.crypto.SourceGoneException;
import dev.sluice.origin.storage.MappedCopy;
import java.nio.ByteBuffer;

/**
 * Copies by a cipher engine.
 *
 * @param cipher that reads mappings
 */
record GuardedCopy(MediaCipher cipher) implements MappedCopy {
  @Override
  public boolean copy(ByteBuffer source, ByteBuffer target) {
    try {
      cipher.copy(source, target);
      return true;
    } catch (SourceGoneException e) {
      return false;
    }
  }
}
