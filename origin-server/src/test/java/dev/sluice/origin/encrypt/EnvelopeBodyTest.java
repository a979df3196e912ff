package dev.sluice.origin.encrypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sluice.crypto.MediaCiphers;
import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

final class EnvelopeBodyTest {
  private static final byte[] KEY = HexFormat.of().parseHex("2b7e151628aed2a6abf7158809cf4f3c");
  private static final byte[] IV = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");

  @Test
  void equalsTheJdksPaddingForEveryLength() {
    for (int length = 0; length <= 100; length++) {
      byte[] clear = bytes(length);
      byte[] expected = reference(clear);
      try (var body = envelope(Body.of(clear))) {
        assertThat(body.lengthBytes())
            .isEqualTo(expected.length)
            .isEqualTo(EnvelopeBody.lengthBytes(length));
        assertThat(read(body, 0, expected.length)).isEqualTo(expected);
        for (int from = 0; from <= expected.length; from++) {
          assertThat(read(body, from, expected.length - from))
              .isEqualTo(Arrays.copyOfRange(expected, from, expected.length));
        }
      }
    }
  }

  @Test
  void everyRangeIsASliceOfTheWhole() {
    byte[] clear = bytes(300_005);
    byte[] expected = reference(clear);
    var random = new Random(4);
    try (var body = envelope(Body.of(clear))) {
      for (int i = 0; i < 200; i++) {
        int from = random.nextInt(expected.length);
        int length = Math.min(expected.length - from, random.nextInt(i % 3 == 0 ? 200_000 : 40));
        assertThat(read(body, from, length))
            .isEqualTo(Arrays.copyOfRange(expected, from, from + length));
      }
    }
  }

  @Test
  void readsTheInnerBodyOnceInSequenceAndNoMoreThanIsAskedFor() {
    byte[] clear = bytes(500_000);
    var inner = new CountingBody(clear);
    byte[] out = new byte[(int) EnvelopeBody.lengthBytes(clear.length)];
    try (var body = envelope(inner)) {
      var random = new Random(5);
      for (int at = 0; at < out.length; ) {
        int length = Math.min(out.length - at, 1 + random.nextInt(100_000));
        System.arraycopy(read(body, at, length), 0, out, at, length);
        at += length;
      }
      assertThat(inner.readBytes).isEqualTo(clear.length);
      assertThat(inner.longestBytes).isLessThanOrEqualTo(100_000);
      assertThat(inner.closed).isFalse();
    }
    assertThat(out).isEqualTo(reference(clear));
    assertThat(inner.closed).isTrue();
  }

  @Test
  void readsNothingOnceClosed() {
    var body = envelope(Body.of(bytes(40)));
    body.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> read(body, 0, 16))
        .withMessage("key: wiped (expected: read before the body is closed)");
  }

  @Test
  void beginsAnewAfterAReadThatFailed() {
    byte[] clear = bytes(200);
    var inner = new CountingBody(clear);
    try (var body = envelope(inner)) {
      read(body, 0, 40);
      inner.fails = true;
      assertThatIllegalStateException().isThrownBy(() -> read(body, 40, 100)).withMessage("lost");
      inner.fails = false;
      assertThat(read(body, 40, 100)).isEqualTo(Arrays.copyOfRange(reference(clear), 40, 140));
    }
  }

  @Test
  void refusesRangesOutsideTheBody() {
    try (var body = envelope(Body.of(bytes(16)))) {
      for (long from : new long[] {-1, 23, 32, Long.MAX_VALUE - 5, Long.MIN_VALUE}) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> body.read(from, ByteBuffer.allocate(10)))
            .withMessageStartingWith("range: ");
      }
      body.read(32, ByteBuffer.allocate(0));
    }
  }

  @Test
  void refusesAnIvOfAnotherSize() {
    try (var key = key()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() ->
              new EnvelopeBody(
                  Body.of(new byte[0]),
                  key,
                  Bytes.copyOf(new byte[8]),
                  new EnvelopeCipher(MediaCiphers.best())))
          .withMessage("iv: 8 bytes (expected: 16)");
    }
  }

  private static EnvelopeBody envelope(Body inner) {
    try (var key = key()) {
      return new EnvelopeBody(
          inner, key, Bytes.copyOf(IV), new EnvelopeCipher(MediaCiphers.best()));
    }
  }

  private static ContentKey key() {
    return ContentKey.taking(
        KeyId.parse("8ba94ade-6eb9-449d-b44f-a5beefaf43b0").orElseThrow(), KEY.clone());
  }

  private static byte[] read(Body body, long from, int length) {
    var out = ByteBuffer.allocate(length);
    body.read(from, out);
    assertThat(out.hasRemaining()).isFalse();
    return out.array();
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static byte[] reference(byte[] clear) {
    try {
      var cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(KEY, "AES"), new IvParameterSpec(IV));
      return cipher.doFinal(clear);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static final class CountingBody implements Body {
    private final byte[] bytes;
    private long readBytes;
    private int longestBytes;
    private boolean closed;
    private boolean fails;

    CountingBody(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public long lengthBytes() {
      return bytes.length;
    }

    @Override
    public void read(long positionBytes, ByteBuffer out) {
      if (fails) {
        throw new IllegalStateException("lost");
      }
      readBytes += out.remaining();
      longestBytes = Math.max(longestBytes, out.remaining());
      out.put(bytes, (int) positionBytes, out.remaining());
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
