package dev.sluice.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Of every engine that can run here. */
@ParameterizedClass
@MethodSource("dev.sluice.crypto.Engines#all")
final class MediaCipherCbcTest {
  private static final byte[] KEY = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");
  private static final byte UNTOUCHED = 0x5a;

  private final MediaCipher cipher;

  MediaCipherCbcTest(MediaCipher cipher) {
    this.cipher = cipher;
  }

  @Test
  void encryptsASampleOfTwoSubsamplesToThePublishedDigest() throws Exception {
    byte[] plain = new byte[225];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = (byte) i;
    }
    var ranges = new CbcRanges();
    for (int[] range : new int[][] {{8, 181}, {192, 33}}) {
      ranges.add(
          range[0],
          range[1],
          CbcRanges.Pattern.ONE_OF_TEN,
          0,
          0xd5fbd6b82ed93e4eL,
          0xf98ae40931ee33b7L);
    }
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(encrypt(ranges, plain, false, false));
    assertThat(HexFormat.of().formatHex(digest))
        .isEqualTo("a23ebf3ecb100bae2bd539be6bf223671c6c8bf9155c4489ff1cc64a8b708e2c");
  }

  @ParameterizedTest
  @CsvSource({"1,0", "1,9", "5,5", "10,0", "2,3"})
  void encryptsEveryLengthAsTheReference(int crypt, int skip) {
    var pattern = new CbcRanges.Pattern(crypt, skip);
    for (int length = 0; length <= 400; length++) {
      byte[] plain = bytes(length, length);
      encryptsAsTheReference(
          () -> {
            var ranges = new CbcRanges();
            ranges.add(0, plain.length, pattern, 0, 1, 2);
            return ranges;
          },
          plain);
    }
  }

  @Test
  void encryptsRandomRangesAsTheReferenceInEveryKindOfBuffer() {
    for (int round = 0; round < 150; round++) {
      int seed = round;
      byte[] plain = bytes(new Random(round).nextInt(round % 10 == 0 ? 70_000 : 4000), round);
      encryptsAsTheReference(() -> randomRanges(new Random(seed), plain.length), plain);
    }
  }

  @Test
  void givesTheSameBytesInAnySplitAtBlocks() {
    byte[] plain = bytes(16 * 43 + 5, 4);
    for (var pattern : List.of(CbcRanges.Pattern.ALL, CbcRanges.Pattern.ONE_OF_TEN)) {
      var whole = new CbcRanges();
      whole.add(0, plain.length, pattern, 0, 5, -2);
      byte[] expected = encrypt(whole, plain, false, false);
      for (int cut = 0; cut <= 43; cut++) {
        var first = new CbcRanges();
        first.add(0, 16 * cut, pattern, 0, 5, -2);
        byte[] front = encrypt(first, Arrays.copyOf(plain, 16 * cut), false, false);
        var second = new CbcRanges();
        second.add(
            0,
            plain.length - 16 * cut,
            pattern,
            cut % pattern.periodBlocks(),
            first.endHigh(0),
            first.endLow(0));
        byte[] back =
            encrypt(second, Arrays.copyOfRange(plain, 16 * cut, plain.length), false, false);
        assertThat(front).isEqualTo(Arrays.copyOf(expected, 16 * cut));
        assertThat(back).isEqualTo(Arrays.copyOfRange(expected, 16 * cut, plain.length));
        assertThat(List.of(second.endHigh(0), second.endLow(0)))
            .isEqualTo(List.of(whole.endHigh(0), whole.endLow(0)));
      }
    }
  }

  @Test
  void leavesTheStartWhereARangeHasNoEncryptedBlock() {
    var ranges = new CbcRanges();
    ranges.add(0, 15, CbcRanges.Pattern.ALL, 0, 7, 8);
    ranges.add(15, 100, CbcRanges.Pattern.ONE_OF_TEN, 1, 9, 10);
    byte[] plain = bytes(115, 5);
    assertThat(encrypt(ranges, plain, false, false)).isEqualTo(plain);
    assertThat(List.of(ranges.endHigh(0), ranges.endLow(0))).containsExactly(7L, 8L);
    assertThat(List.of(ranges.endHigh(1), ranges.endLow(1))).containsExactly(9L, 10L);
  }

  @Test
  void givesTheSameBytesOn64Threads() throws Exception {
    byte[] plain = bytes(30_000, 5);
    byte[] expected = encrypt(randomRanges(new Random(6), plain.length), plain, false, false);
    try (var threads = Executors.newFixedThreadPool(64)) {
      List<Callable<byte[]>> tasks = new ArrayList<>();
      for (int i = 0; i < 256; i++) {
        boolean direct = i % 2 == 0;
        var ranges = randomRanges(new Random(6), plain.length);
        tasks.add(() -> encrypt(ranges, plain, direct, !direct));
      }
      for (var result : threads.invokeAll(tasks)) {
        assertThat(result.get()).isEqualTo(expected);
      }
    }
  }

  @Test
  void movesBothPositionsToTheirLimitsAndStaysWithinThem() {
    var ranges = new CbcRanges();
    ranges.add(1, 17, CbcRanges.Pattern.ALL, 0, 0, 0);
    var source = ByteBuffer.allocate(40).position(4).limit(24).slice();
    byte[] out = new byte[40];
    Arrays.fill(out, UNTOUCHED);
    var target = ByteBuffer.wrap(out).position(6).limit(26);
    cipher.cbc(KEY, ranges, source.asReadOnlyBuffer(), target);
    assertThat(target.position()).isEqualTo(26);
    assertThat(Arrays.copyOfRange(out, 0, 6)).containsOnly(UNTOUCHED);
    assertThat(Arrays.copyOfRange(out, 26, 40)).containsOnly(UNTOUCHED);
    assertThat(out[6]).isZero();
    assertThat(HexFormat.of().formatHex(out, 7, 23)).isEqualTo("c6a13b37878f5b826f4f8162a1c8d879");
    assertThat(Arrays.copyOfRange(out, 23, 26)).containsOnly(0);
  }

  @Test
  void refusesRangesPhasesKeysAndBuffersThatDoNotFit() {
    refuses(range(0, 11, 0), KEY, 10, "range 0: 0+11 (expected: from 0 on, end <= 10)");
    refuses(range(-1, 2, 0), KEY, 10, "range 0: -1+2 (expected: from 0 on, end <= 10)");
    refuses(range(2, -1, 0), KEY, 10, "range 0: 2+-1 (expected: from 0 on, end <= 10)");
    var ranges = range(0, 5, 0);
    ranges.add(4, 2, CbcRanges.Pattern.ALL, 0, 0, 0);
    refuses(ranges, KEY, 10, "range 1: 4+2 (expected: from 5 on, end <= 10)");
    refuses(range(0, 5, 10), KEY, 10, "range 0: phase 10 (expected: from 0 on, < 10)");
    refuses(range(0, 5, -1), KEY, 10, "range 0: phase -1 (expected: from 0 on, < 10)");
    refuses(range(0, 5, 0), new byte[32], 10, "key: 32 bytes (expected: 16)");
    refuses(range(0, 5, 0), KEY, 9, "target: 9 bytes (expected: 10, as the source)");
  }

  @ParameterizedTest
  @CsvSource({"0,9", "-1,0", "1,-1", "65537,0", "1,65537"})
  void refusesPatternsThatAreNone(int crypt, int skip) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new CbcRanges.Pattern(crypt, skip))
        .withMessage(
            "pattern: %d:%d (expected: 1 or more : 0 or more, at most 65536)", crypt, skip);
  }

  private void encryptsAsTheReference(
      java.util.function.Supplier<CbcRanges> makeRanges, byte[] plain) {
    CbcRanges untouched = makeRanges.get();
    byte[][] ends = new byte[untouched.count()][];
    byte[] expected = ReferenceCbc.encrypt(KEY, untouched, plain, ends);
    for (boolean directSource : new boolean[] {false, true}) {
      for (boolean directTarget : new boolean[] {false, true}) {
        CbcRanges ranges = makeRanges.get();
        assertThat(encrypt(ranges, plain, directSource, directTarget)).isEqualTo(expected);
        for (int i = 0; i < ranges.count(); i++) {
          byte[] end =
              ByteBuffer.allocate(16).putLong(ranges.endHigh(i)).putLong(ranges.endLow(i)).array();
          assertThat(end).isEqualTo(ends[i]);
        }
      }
    }
  }

  private void refuses(CbcRanges ranges, byte[] key, int targetBytes, String message) {
    byte[] out = new byte[targetBytes];
    Arrays.fill(out, UNTOUCHED);
    var source = ByteBuffer.allocate(10);
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> cipher.cbc(key, ranges, source, ByteBuffer.wrap(out)))
        .withMessage(message);
    assertThat(out).containsOnly(UNTOUCHED);
    assertThat(source.position()).isZero();
  }

  private static CbcRanges range(int offset, int length, int phase) {
    var ranges = new CbcRanges();
    ranges.add(offset, length, CbcRanges.Pattern.ONE_OF_TEN, phase, 0, 0);
    return ranges;
  }

  private static CbcRanges randomRanges(Random random, int size) {
    var ranges = new CbcRanges();
    int offset = random.nextInt(20);
    while (offset < size) {
      int length = Math.min(size - offset, random.nextInt(size > 4000 ? 40_000 : 600));
      var pattern =
          switch (random.nextInt(3)) {
            case 0 -> CbcRanges.Pattern.ALL;
            case 1 -> CbcRanges.Pattern.ONE_OF_TEN;
            default -> new CbcRanges.Pattern(1 + random.nextInt(4), random.nextInt(4));
          };
      int phase = random.nextInt(pattern.periodBlocks());
      ranges.add(offset, length, pattern, phase, random.nextLong(), random.nextLong());
      offset += length + random.nextInt(30);
    }
    return ranges;
  }

  private byte[] encrypt(
      CbcRanges ranges, byte[] plain, boolean directSource, boolean directTarget) {
    var source = buffer(plain.length, directSource).put(plain).flip();
    var target = buffer(plain.length, directTarget);
    cipher.cbc(KEY, ranges, source, target);
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
