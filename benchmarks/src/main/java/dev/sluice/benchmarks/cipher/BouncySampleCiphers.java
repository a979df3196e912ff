package dev.sluice.benchmarks.cipher;

import java.nio.ByteBuffer;
import org.bouncycastle.crypto.BlockCipher;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.CBCBlockCipher;
import org.bouncycastle.crypto.modes.CTRModeCipher;
import org.bouncycastle.crypto.modes.SICBlockCipher;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/** BouncyCastle's engine, without the provider around it. */
final class BouncySampleCiphers implements SampleCiphers {
  private static final int BLOCK_BYTES = 16;
  private static final int PERIOD_BYTES = 10 * BLOCK_BYTES;

  private final CTRModeCipher ctr = SICBlockCipher.newInstance(AESEngine.newInstance());
  private final BlockCipher cbc = CBCBlockCipher.newInstance(AESEngine.newInstance());

  @Override
  public Work cenc() {
    return (shape, keyBytes, in, inOffset, out, outOffset) -> {
      var key = new KeyParameter(keyBytes);
      for (int i = 0; i < shape.samples(); i++) {
        int sample = i * shape.sampleBytes();
        int range = sample + shape.clearBytes();
        System.arraycopy(in, inOffset + sample, out, outOffset + sample, shape.clearBytes());
        byte[] iv = ByteBuffer.allocate(BLOCK_BYTES).putLong(i).array();
        ctr.init(true, new ParametersWithIV(key, iv));
        int written =
            ctr.processBytes(in, inOffset + range, shape.protectedBytes(), out, outOffset + range);
        if (written != shape.protectedBytes()) {
          throw new IllegalStateException(
              "written: %d (expected: %d)".formatted(written, shape.protectedBytes()));
        }
      }
    };
  }

  @Override
  public Work cbcs() {
    return (shape, key, in, inOffset, out, outOffset) ->
        chains(PERIOD_BYTES, shape, key, in, inOffset, out, outOffset);
  }

  @Override
  public Work cbc() {
    return (shape, key, in, inOffset, out, outOffset) ->
        chains(BLOCK_BYTES, shape, key, in, inOffset, out, outOffset);
  }

  private void chains(
      int periodBytes,
      Shape shape,
      byte[] keyBytes,
      byte[] in,
      int inOffset,
      byte[] out,
      int outOffset) {
    var key = new KeyParameter(keyBytes);
    System.arraycopy(in, inOffset, out, outOffset, shape.sizeBytes());
    for (int i = 0; i < shape.samples(); i++) {
      int range = i * shape.sampleBytes() + shape.clearBytes();
      cbc.init(true, new ParametersWithIV(key, new byte[BLOCK_BYTES]));
      for (int at = 0; at + BLOCK_BYTES <= shape.protectedBytes(); at += periodBytes) {
        cbc.processBlock(in, inOffset + range + at, out, outOffset + range + at);
      }
    }
  }
}
