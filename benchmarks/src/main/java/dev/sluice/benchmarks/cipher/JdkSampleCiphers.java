package dev.sluice.benchmarks.cipher;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The JDK's cipher as anybody would use it first: made once, set to each sample's IV, and given the
 * sample in one call. Under {@code cbcs} each encrypted block is a call.
 */
final class JdkSampleCiphers implements SampleCiphers {
  private static final int BLOCK_BYTES = 16;
  private static final int PERIOD_BYTES = 10 * BLOCK_BYTES;

  private final Cipher ctr = cipher("AES/CTR/NoPadding");
  private final Cipher cbc = cipher("AES/CBC/NoPadding");

  @Override
  public Work cenc() {
    return (shape, keyBytes, in, inOffset, out, outOffset) -> {
      var key = new SecretKeySpec(keyBytes, "AES");
      for (int i = 0; i < shape.samples(); i++) {
        int sample = i * shape.sampleBytes();
        int range = sample + shape.clearBytes();
        System.arraycopy(in, inOffset + sample, out, outOffset + sample, shape.clearBytes());
        byte[] iv = ByteBuffer.allocate(BLOCK_BYTES).putLong(i).array();
        try {
          ctr.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(iv));
          requireAll(
              ctr.doFinal(in, inOffset + range, shape.protectedBytes(), out, outOffset + range),
              shape.protectedBytes());
        } catch (GeneralSecurityException e) {
          throw new IllegalStateException(e);
        }
      }
    };
  }

  @Override
  public Work cbcs() {
    return (shape, keyBytes, in, inOffset, out, outOffset) -> {
      var key = new SecretKeySpec(keyBytes, "AES");
      System.arraycopy(in, inOffset, out, outOffset, shape.sizeBytes());
      for (int i = 0; i < shape.samples(); i++) {
        int range = i * shape.sampleBytes() + shape.clearBytes();
        try {
          cbc.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(new byte[BLOCK_BYTES]));
          for (int at = 0; at + BLOCK_BYTES <= shape.protectedBytes(); at += PERIOD_BYTES) {
            int block = range + at;
            requireAll(
                cbc.update(in, inOffset + block, BLOCK_BYTES, out, outOffset + block), BLOCK_BYTES);
          }
        } catch (GeneralSecurityException e) {
          throw new IllegalStateException(e);
        }
      }
    };
  }

  @Override
  public Work cbc() {
    return (shape, keyBytes, in, inOffset, out, outOffset) -> {
      var key = new SecretKeySpec(keyBytes, "AES");
      int whole = shape.protectedBytes() - shape.protectedBytes() % BLOCK_BYTES;
      for (int i = 0; i < shape.samples(); i++) {
        int sample = i * shape.sampleBytes();
        int range = sample + shape.clearBytes();
        int rest = range + whole;
        System.arraycopy(in, inOffset + sample, out, outOffset + sample, shape.clearBytes());
        try {
          cbc.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(new byte[BLOCK_BYTES]));
          requireAll(cbc.doFinal(in, inOffset + range, whole, out, outOffset + range), whole);
        } catch (GeneralSecurityException e) {
          throw new IllegalStateException(e);
        }
        System.arraycopy(
            in, inOffset + rest, out, outOffset + rest, shape.protectedBytes() - whole);
      }
    };
  }

  private static void requireAll(int written, int expected) {
    if (written != expected) {
      throw new IllegalStateException("written: %d (expected: %d)".formatted(written, expected));
    }
  }

  private static Cipher cipher(String transformation) {
    try {
      return Cipher.getInstance(transformation);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
