package dev.sluice.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every engine gives the bytes of the references, wherever source and target lie. */
@ParameterizedClass
@MethodSource("dev.sluice.crypto.Engines#all")
final class EnginesAgreeTest {
  private static final byte[] KEY = bytes(16, 1);
  private static final byte UNTOUCHED = 0x5a;
  private static final int ALIGNMENTS = 64;
  private static final int MAX_LENGTH = 4096;
  private static final List<Scheme> SCHEMES = List.of(Scheme.values());

  private final MediaCipher cipher;

  EnginesAgreeTest(MediaCipher cipher) {
    this.cipher = cipher;
  }

  /** What is done to a piece. */
  enum Scheme {
    CENC,
    CBCS,
    CBC
  }

  private record Range(
      int offset,
      int length,
      long high,
      long low,
      int keystream,
      CbcRanges.Pattern pattern,
      int phase) {}

  /** A piece, its ranges and what they give. */
  private static final class Plan {
    final Scheme scheme;
    final byte[] clear;
    private final List<Range> added = new ArrayList<>();

    Plan(Scheme scheme, int size, long seed) {
      this.scheme = scheme;
      this.clear = bytes(size, seed);
    }

    void add(int offset, int length, Random random) {
      boolean wraps = random.nextInt(3) == 0;
      var pattern =
          switch (scheme) {
            case CENC, CBC -> CbcRanges.Pattern.ALL;
            case CBCS ->
                random.nextInt(4) > 0
                    ? CbcRanges.Pattern.ONE_OF_TEN
                    : new CbcRanges.Pattern(1 + random.nextInt(6), random.nextInt(11));
          };
      added.add(
          new Range(
              offset,
              length,
              random.nextLong(),
              wraps ? -1L - random.nextInt(9) : random.nextLong(),
              random.nextInt(1 << 20),
              pattern,
              random.nextInt(pattern.periodBlocks())));
    }

    CtrRanges ctr() {
      var ranges = new CtrRanges();
      for (Range r : added) {
        ranges.add(r.offset, r.length, r.high, r.low, r.keystream);
      }
      return ranges;
    }

    CbcRanges cbc() {
      var ranges = new CbcRanges();
      for (Range r : added) {
        ranges.add(r.offset, r.length, r.pattern, r.phase, r.high, r.low);
      }
      return ranges;
    }

    /** The right bytes, and behind them the right chain blocks. */
    byte[] expected() {
      return expected(KEY);
    }

    byte[] expected(byte[] key) {
      if (scheme == Scheme.CENC) {
        return ReferenceCtr.encrypt(key, ctr(), clear);
      }
      byte[][] ends = new byte[added.size()][];
      var all = ByteBuffer.allocate(clear.length + 16 * ends.length);
      all.put(ReferenceCbc.encrypt(key, cbc(), clear, ends));
      for (byte[] end : ends) {
        all.put(end);
      }
      return all.array();
    }

    /** A piece that is protected but for its first bytes. */
    static Plan of(Scheme scheme, int size, long seed) {
      var plan = new Plan(scheme, size, seed);
      int clear = (int) Math.min(size, seed % 20);
      plan.add(clear, size - clear, new Random(seed));
      return plan;
    }

    static Plan random(Random random, int maxSize, int maxLength) {
      int size = random.nextInt(maxSize + 1);
      var scheme = SCHEMES.get(random.nextInt(SCHEMES.size()));
      var plan = new Plan(scheme, size, random.nextLong());
      boolean gaps = random.nextBoolean();
      int offset = 0;
      while (offset < size) {
        offset += gaps ? Math.min(size - offset, random.nextInt(100)) : 0;
        int length = Math.min(size - offset, random.nextInt(maxLength) + 1);
        plan.add(offset, length, random);
        offset += length;
      }
      return plan;
    }
  }

  /** Memory of a piece with untouched bytes around it. */
  private static final class Room {
    private final ByteBuffer all;
    private final int begin;
    private final int size;

    Room(boolean direct, int alignment, int size) {
      int room = 2 * ALIGNMENTS + size + ALIGNMENTS;
      all = direct ? ByteBuffer.allocateDirect(room) : ByteBuffer.allocate(room);
      this.begin =
          (direct ? all.alignmentOffset(0, ALIGNMENTS) : 0) == 0
              ? ALIGNMENTS + alignment
              : 2 * ALIGNMENTS - all.alignmentOffset(0, ALIGNMENTS) + alignment;
      this.size = size;
      while (all.hasRemaining()) {
        all.put(UNTOUCHED);
      }
    }

    ByteBuffer buffer() {
      return all.duplicate().clear().position(begin).limit(begin + size);
    }

    /** The bytes of the piece; all others have to be untouched. */
    byte[] bytes() {
      byte[] whole = new byte[all.capacity()];
      all.get(0, whole);
      for (int i = 0; i < whole.length; i++) {
        if ((i < begin || i >= begin + size) && whole[i] != UNTOUCHED) {
          throw new AssertionError("byte %d of %d is touched".formatted(i - begin, size));
        }
      }
      return Arrays.copyOfRange(whole, begin, begin + size);
    }
  }

  @ParameterizedTest
  @EnumSource
  void encryptsEveryLength(Scheme scheme) {
    for (int length = 0; length <= MAX_LENGTH; length++) {
      Plan plan = Plan.of(scheme, length, length);
      byte[] expected = plan.expected();
      boolean direct = length % 2 == 0;
      int from = length * 7 % ALIGNMENTS;
      int to = length * 29 % ALIGNMENTS;
      check(plan, expected, new Room(direct, from, length), new Room(!direct, to, length));
      check(plan, expected, new Room(direct, from, length), new Room(direct, to, length));
      checkInPlace(plan, expected, new Room(direct, to, length));
    }
  }

  @ParameterizedTest
  @EnumSource
  void encryptsAtEveryAlignmentOfSourceAndTarget(Scheme scheme) {
    for (int length : new int[] {31, 777}) {
      Plan plan = Plan.of(scheme, length, length);
      byte[] expected = plan.expected();
      for (int from = 0; from < ALIGNMENTS; from++) {
        for (int to = 0; to < ALIGNMENTS; to++) {
          check(plan, expected, new Room(true, from, length), new Room(true, to, length));
          check(plan, expected, new Room(false, from, length), new Room(false, to, length));
        }
        checkInPlace(plan, expected, new Room(true, from, length));
        checkInPlace(plan, expected, new Room(false, from, length));
      }
    }
  }

  @Test
  void encryptsRandomRanges() {
    var random = new Random(3);
    for (int round = 0; round < 400; round++) {
      checkEverywhere(Plan.random(random, 12_000, 1 + random.nextInt(2000)), random);
    }
  }

  @Test
  void encryptsPiecesThatAreDoneInManySteps() {
    var random = new Random(4);
    for (int round = 0; round < 8; round++) {
      checkEverywhere(Plan.random(random, 1_500_000, 700_000), random);
    }
    checkEverywhere(Plan.of(Scheme.CBC, 600_011, 5), random);
    checkEverywhere(Plan.of(Scheme.CENC, 1_200_011, 6), random);
  }

  @Test
  void encryptsManySmallRanges() {
    var random = new Random(5);
    for (int round = 0; round < 10; round++) {
      checkEverywhere(Plan.random(random, 40_000, 1 + round * 3), random);
    }
  }

  @Test
  void encryptsBatchesUnderDifferentKeys() {
    var random = new Random(6);
    for (int jobs = 0; jobs <= 20; jobs++) {
      for (int round = 0; round < 6; round++) {
        checkBatch(random, jobs, round == 0 && jobs < 10 ? 300_000 : 3000);
      }
    }
  }

  private void checkBatch(Random random, int count, int maxSize) {
    List<MediaCipher.CbcJob> jobs = new ArrayList<>();
    List<Room> targets = new ArrayList<>();
    List<byte[]> expected = new ArrayList<>();
    Scheme only = random.nextBoolean() ? Scheme.CBC : null;
    for (int i = 0; i < count; i++) {
      Plan plan;
      do {
        plan =
            only == null
                ? Plan.random(random, maxSize, maxSize)
                : Plan.of(only, random.nextInt(maxSize), random.nextInt(1000));
      } while (plan.scheme == Scheme.CENC);
      byte[] key = bytes(16, random.nextLong());
      int size = plan.clear.length;
      var source = new Room(random.nextBoolean(), random.nextInt(ALIGNMENTS), size);
      source.buffer().put(plan.clear);
      var target =
          random.nextBoolean()
              ? source
              : new Room(random.nextBoolean(), random.nextInt(ALIGNMENTS), size);
      jobs.add(new MediaCipher.CbcJob(key, plan.cbc(), source.buffer(), target.buffer()));
      targets.add(target);
      expected.add(plan.expected(key));
    }
    cipher.cbc(jobs);
    for (int i = 0; i < count; i++) {
      assertThat(given(targets.get(i), jobs.get(i).ranges())).isEqualTo(expected.get(i));
      assertThat(jobs.get(i).source().hasRemaining()).isFalse();
      assertThat(jobs.get(i).target().hasRemaining()).isFalse();
    }
  }

  @Test
  void writesNothingOfABatchWithAWrongJob() {
    for (int wrong = 0; wrong < 12; wrong++) {
      List<MediaCipher.CbcJob> jobs = new ArrayList<>();
      List<Room> targets = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        var ranges = new CbcRanges();
        ranges.add(0, i == wrong ? 101 : 100, CbcRanges.Pattern.ALL, 0, 1, 2);
        var target = new Room(true, i, 100);
        jobs.add(
            new MediaCipher.CbcJob(KEY, ranges, new Room(false, i, 100).buffer(), target.buffer()));
        targets.add(target);
      }
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> cipher.cbc(jobs))
          .withMessage("range 0: 0+101 (expected: from 0 on, end <= 100)");
      for (int i = 0; i < 12; i++) {
        assertThat(targets.get(i).bytes()).containsOnly(UNTOUCHED);
        assertThat(jobs.get(i).ranges().endHigh(0)).isEqualTo(1);
      }
    }
  }

  @Test
  void refusesBuffersThatShareSomeBytes() {
    for (boolean direct : new boolean[] {false, true}) {
      var room = direct ? ByteBuffer.allocateDirect(150) : ByteBuffer.allocate(150);
      for (int apart : new int[] {-50, -1, 1, 16, 49}) {
        var source = room.slice(50, 100 - Math.max(0, apart));
        var target = room.slice(50 + apart, source.remaining());
        var ctr = new CtrRanges();
        ctr.add(0, source.remaining(), 1, 2, 0);
        var cbc = new CbcRanges();
        cbc.add(0, source.remaining(), CbcRanges.Pattern.ALL, 0, 1, 2);
        int shared = source.remaining() - Math.abs(apart);
        String message =
            "target: shares %d bytes with the source (expected: all %d, or none)"
                .formatted(shared, source.remaining());
        assertThatExceptionOfType(IllegalArgumentException.class)
            .isThrownBy(() -> cipher.ctr(KEY, ctr, source, target))
            .withMessage(message);
        assertThatExceptionOfType(IllegalArgumentException.class)
            .isThrownBy(() -> cipher.cbc(KEY, cbc, source, target))
            .withMessage(message);
        byte[] bytes = new byte[150];
        room.get(0, bytes);
        assertThat(bytes).containsOnly(0);
      }
    }
  }

  @Test
  void encryptsABufferIntoItself() {
    Plan plan = Plan.of(Scheme.CENC, 1000, 9);
    var buffer = ByteBuffer.allocateDirect(1000).put(plan.clear).flip();
    cipher.ctr(KEY, plan.ctr(), buffer, buffer);
    byte[] given = new byte[1000];
    buffer.flip().get(given);
    assertThat(given).isEqualTo(plan.expected());
  }

  private void checkEverywhere(Plan plan, Random random) {
    byte[] expected = plan.expected();
    int size = plan.clear.length;
    for (boolean directSource : new boolean[] {false, true}) {
      for (boolean directTarget : new boolean[] {false, true}) {
        check(
            plan,
            expected,
            new Room(directSource, random.nextInt(ALIGNMENTS), size),
            new Room(directTarget, random.nextInt(ALIGNMENTS), size));
      }
      checkInPlace(plan, expected, new Room(directSource, random.nextInt(ALIGNMENTS), size));
    }
  }

  private void check(Plan plan, byte[] expected, Room source, Room target) {
    source.buffer().put(plan.clear);
    CbcRanges ranges = encrypt(plan, source.buffer().asReadOnlyBuffer(), target.buffer());
    requireEqual(plan, given(target, ranges), expected);
    requireEqual(plan, source.bytes(), plan.clear);
  }

  private void checkInPlace(Plan plan, byte[] expected, Room room) {
    room.buffer().put(plan.clear);
    CbcRanges ranges = encrypt(plan, room.buffer(), room.buffer());
    requireEqual(plan, given(room, ranges), expected);
  }

  /** The ranges of CBC, none with CTR. */
  private CbcRanges encrypt(Plan plan, ByteBuffer source, ByteBuffer target) {
    if (plan.scheme == Scheme.CENC) {
      cipher.ctr(KEY, plan.ctr(), source, target);
      return new CbcRanges();
    }
    CbcRanges ranges = plan.cbc();
    cipher.cbc(KEY, ranges, source, target);
    return ranges;
  }

  private static byte[] given(Room target, CbcRanges ranges) {
    byte[] bytes = target.bytes();
    var all = ByteBuffer.allocate(bytes.length + 16 * ranges.count()).put(bytes);
    for (int i = 0; i < ranges.count(); i++) {
      all.putLong(ranges.endHigh(i)).putLong(ranges.endLow(i));
    }
    return all.array();
  }

  /** As assertThat(given).isEqualTo(expected), without making a text of either for each check. */
  private static void requireEqual(Plan plan, byte[] given, byte[] expected) {
    int at = Arrays.mismatch(given, expected);
    if (at >= 0) {
      throw new AssertionError(
          "%s: byte %d of %d is wrong".formatted(plan.scheme, at, plan.clear.length));
    }
  }

  private static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
