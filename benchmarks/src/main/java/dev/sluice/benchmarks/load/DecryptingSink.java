package dev.sluice.benchmarks.load;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Opens an envelope as it comes, and gives what is in it to a check. */
final class DecryptingSink implements BodySink {
  private final Cipher cipher;
  private final BodySink inner;
  private byte[] plain = new byte[0];

  /**
   * @param key 16 bytes, borrowed
   */
  DecryptingSink(Envelope envelope, byte[] key, BodySink inner) {
    try {
      cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
      cipher.init(
          Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(envelope.iv()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    this.inner = inner;
  }

  @Override
  public void accept(byte[] bytes, int offset, int length) throws LoadFailure {
    int room = cipher.getOutputSize(length);
    if (plain.length < room) {
      plain = new byte[room];
    }
    try {
      inner.accept(plain, 0, cipher.update(bytes, offset, length, plain));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // the output has room
    }
  }

  @Override
  public void end() throws LoadFailure {
    byte[] last;
    try {
      last = cipher.doFinal();
    } catch (GeneralSecurityException _) {
      throw new LoadFailure(
          "padding", "padding: wrong (expected: PKCS7 under the key that was had)");
    }
    inner.accept(last, 0, last.length);
    inner.end();
  }
}
