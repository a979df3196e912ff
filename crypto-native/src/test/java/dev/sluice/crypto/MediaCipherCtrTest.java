package dev.sluice.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Of every engine that can run here. */
@ParameterizedClass
@MethodSource("dev.sluice.crypto.Engines#all")
final class MediaCipherCtrTest {
  private static final byte[] KEY = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");
  private static final byte UNTOUCHED = 0x5a;

  private final MediaCipher cipher;

  MediaCipherCtrTest(MediaCipher cipher) {
    this.cipher = cipher;
  }

  @Test
  void encryptsEveryLengthAsTheReference() {
    for (int length = 0; length <= 600; length++) {
      var ranges = new CtrRanges();
      ranges.add(0, length, 0x0102030405060708L, 0, length % 40);
      byte[] plain = bytes(length, length);
      assertThat(heap(ranges, plain)).isEqualTo(ReferenceCtr.encrypt(KEY, ranges, plain));
    }
  }

  @Test
  void encryptsRandomRangesAsTheReferenceInEveryKindOfBuffer() {
    var random = new Random(20);
    for (int round = 0; round < 150; round++) {
      byte[] plain = bytes(random.nextInt(4000), round);
      CtrRanges ranges = randomRanges(random, plain.length);
      byte[] expected = ReferenceCtr.encrypt(KEY, ranges, plain);
      for (boolean directSource : new boolean[] {false, true}) {
        for (boolean directTarget : new boolean[] {false, true}) {
          assertThat(encrypt(ranges, plain, directSource, directTarget)).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void encryptsWhatIsLongerThanAStep() {
    var ranges = new CtrRanges();
    ranges.add(3, 40_000, 7, -2, 5);
    byte[] plain = bytes(40_010, 1);
    byte[] expected = ReferenceCtr.encrypt(KEY, ranges, plain);
    assertThat(heap(ranges, plain)).isEqualTo(expected);
    assertThat(encrypt(ranges, plain, true, true)).isEqualTo(expected);
  }

  @Test
  void readsReadOnlySources() {
    var ranges = new CtrRanges();
    ranges.add(0, 50, 1, 0, 0);
    byte[] plain = bytes(50, 2);
    var target = ByteBuffer.allocate(50);
    cipher.ctr(KEY, ranges, ByteBuffer.wrap(plain).asReadOnlyBuffer(), target);
    assertThat(target.array()).isEqualTo(ReferenceCtr.encrypt(KEY, ranges, plain));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, -2, -3, Long.MAX_VALUE, Long.MIN_VALUE, 0})
  void wrapsTheBlockNumberWithoutACarry(long low) {
    for (int keystream = 0; keystream < 70; keystream += 7) {
      var ranges = new CtrRanges();
      ranges.add(0, 100, -1, low, keystream);
      byte[] plain = bytes(100, keystream);
      assertThat(heap(ranges, plain)).isEqualTo(ReferenceCtr.encrypt(KEY, ranges, plain));
    }
  }

  @Test
  void startsFarIntoAKeystream() {
    var ranges = new CtrRanges();
    ranges.add(0, 40, 9, 3, Long.MAX_VALUE - 40);
    byte[] plain = bytes(40, 3);
    assertThat(heap(ranges, plain)).isEqualTo(ReferenceCtr.encrypt(KEY, ranges, plain));
  }

  @Test
  void givesTheSameBytesInAnySplit() {
    byte[] plain = bytes(90, 4);
    var whole = new CtrRanges();
    whole.add(0, 90, 5, -2, 0);
    byte[] expected = heap(whole, plain);
    for (int first = 0; first <= 90; first++) {
      for (int second = first; second <= 90; second += 11) {
        var pieces = new CtrRanges();
        pieces.add(0, first, 5, -2, 0);
        pieces.add(first, second - first, 5, -2, first);
        pieces.add(second, 90 - second, 5, -2, second);
        assertThat(heap(pieces, plain)).isEqualTo(expected);
      }
    }
  }

  @Test
  void givesTheSameBytesOn64Threads() throws Exception {
    byte[] plain = bytes(30_000, 5);
    CtrRanges ranges = randomRanges(new Random(6), plain.length);
    byte[] expected = heap(ranges, plain);
    try (var threads = Executors.newFixedThreadPool(64)) {
      List<Callable<byte[]>> tasks = new ArrayList<>();
      for (int i = 0; i < 256; i++) {
        boolean direct = i % 2 == 0;
        tasks.add(() -> encrypt(ranges, plain, direct, !direct));
      }
      for (var result : threads.invokeAll(tasks)) {
        assertThat(result.get()).isEqualTo(expected);
      }
    }
  }

  @Test
  void movesBothPositionsToTheirLimitsAndStaysWithinThem() {
    var ranges = new CtrRanges();
    ranges.add(1, 3, 1, 0, 0);
    var source = ByteBuffer.allocate(20).position(4).limit(9).slice();
    byte[] out = new byte[20];
    Arrays.fill(out, UNTOUCHED);
    var target = ByteBuffer.wrap(out).position(6).limit(11);
    cipher.ctr(KEY, ranges, source, target);
    assertThat(source.hasRemaining()).isFalse();
    assertThat(target.position()).isEqualTo(11);
    assertThat(Arrays.copyOfRange(out, 0, 6)).containsOnly(UNTOUCHED);
    assertThat(Arrays.copyOfRange(out, 11, 20)).containsOnly(UNTOUCHED);
    assertThat(out[6]).isZero();
    assertThat(out[10]).isZero();
  }

  @Test
  void refusesRangesOutsideTheSource() {
    refuses(range(0, 11, 0), KEY, 10, "range 0: 0+11 (expected: from 0 on, end <= 10)");
    refuses(range(-1, 2, 0), KEY, 10, "range 0: -1+2 (expected: from 0 on, end <= 10)");
    refuses(range(2, -1, 0), KEY, 10, "range 0: 2+-1 (expected: from 0 on, end <= 10)");
    refuses(
        range(Integer.MAX_VALUE, Integer.MAX_VALUE, 0),
        KEY,
        10,
        "range 0: 2147483647+2147483647 (expected: from 0 on, end <= 10)");
  }

  @Test
  void refusesRangesThatOverlap() {
    var ranges = range(0, 5, 0);
    ranges.add(4, 2, 0, 0, 0);
    refuses(ranges, KEY, 10, "range 1: 4+2 (expected: from 5 on, end <= 10)");
  }

  @Test
  void refusesKeystreamOffsetsThatAreNone() {
    refuses(
        range(0, 5, -1),
        KEY,
        10,
        "range 0: keystream offset -1 (expected: not negative, end within a long)");
  }

  @Test
  void refusesKeysOfAnotherLength() {
    refuses(range(0, 5, 0), new byte[32], 10, "key: 32 bytes (expected: 16)");
  }

  @Test
  void refusesTargetsOfAnotherLength() {
    refuses(range(0, 5, 0), KEY, 9, "target: 9 bytes (expected: 10, as the source)");
  }

  @Test
  void refusesReadOnlyTargets() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() ->
            cipher.ctr(
                KEY,
                range(0, 5, 0),
                ByteBuffer.allocate(10),
                ByteBuffer.allocate(10).asReadOnlyBuffer()))
        .withMessage("target: read-only (expected: writable)");
  }

  private void refuses(CtrRanges ranges, byte[] key, int targetBytes, String message) {
    byte[] out = new byte[targetBytes];
    Arrays.fill(out, UNTOUCHED);
    var source = ByteBuffer.allocate(10);
    var target = ByteBuffer.wrap(out);
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> cipher.ctr(key, ranges, source, target))
        .withMessage(message);
    assertThat(out).containsOnly(UNTOUCHED);
    assertThat(source.position()).isZero();
    assertThat(target.position()).isZero();
  }

  private static CtrRanges range(int offset, int length, long keystream) {
    var ranges = new CtrRanges();
    ranges.add(offset, length, 0, 0, keystream);
    return ranges;
  }

  private static CtrRanges randomRanges(Random random, int size) {
    var ranges = new CtrRanges();
    int offset = random.nextInt(20);
    while (offset < size) {
      int length = Math.min(size - offset, random.nextInt(200));
      long low = random.nextBoolean() ? random.nextLong() : -random.nextInt(8);
      ranges.add(offset, length, random.nextLong(), low, random.nextInt(100));
      offset += length + random.nextInt(30);
    }
    return ranges;
  }

  private byte[] heap(CtrRanges ranges, byte[] plain) {
    return encrypt(ranges, plain, false, false);
  }

  private byte[] encrypt(
      CtrRanges ranges, byte[] plain, boolean directSource, boolean directTarget) {
    var source = buffer(plain.length, directSource).put(plain).flip();
    var target = buffer(plain.length, directTarget);
    cipher.ctr(KEY, ranges, source, target);
    byte[] out = new byte[plain.length];
    target.flip().get(out);
    return out;
  }

  private static ByteBuffer buffer(int size, boolean direct) {
    return direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
  }

  private static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
