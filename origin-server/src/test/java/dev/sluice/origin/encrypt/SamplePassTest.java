package dev.sluice.origin.encrypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sluice.crypto.MediaCipher;
import dev.sluice.crypto.MediaCiphers;
import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both schemes against a reference: any map, any cut, any range. */
final class SamplePassTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final byte[] KEY = HEX.parseHex("000102030405060708090a0b0c0d0e0f");
  private static final String CONSTANT_IV = "d5fbd6b82ed93e4ef98ae40931ee33b7";
  private static final MediaCipher CIPHER = MediaCiphers.best();
  private static final ReferencePass REFERENCE = new ReferencePass(KEY);

  /** What is encrypted, and how. */
  enum Kind {
    CENC_VIDEO,
    CENC_AUDIO,
    CBCS_VIDEO,
    CBCS_AUDIO;

    boolean divided() {
      return this == CENC_VIDEO || this == CBCS_VIDEO;
    }

    SamplePass pass(SubsampleMap map) {
      try (var key = key()) {
        return switch (this) {
          case CENC_VIDEO, CENC_AUDIO -> new CencPass(CIPHER, key, new CencIvs(-2), 0, map);
          case CBCS_VIDEO, CBCS_AUDIO ->
              new CbcsPass(CIPHER, key, Bytes.copyOf(HEX.parseHex(CONSTANT_IV)), map);
        };
      }
    }

    byte[] reference(byte[] sample, int[] clearAndProtected, int number) {
      return switch (this) {
        case CENC_VIDEO, CENC_AUDIO -> REFERENCE.cenc(sample, clearAndProtected, number - 2L);
        case CBCS_VIDEO, CBCS_AUDIO ->
            REFERENCE.cbcs(
                sample, clearAndProtected, HEX.parseHex(CONSTANT_IV), divided() ? 10 : 1);
      };
    }
  }

  /** A fragment with a random map, and what it has to become. */
  private static final class Case {
    final FragmentOfBytes object;
    final SubsampleMap map;
    final byte[] expected;

    Case(Kind kind, Random random, int maxBytes) {
      var samples = new ArrayList<byte[]>();
      var divisions = new ArrayList<int[]>();
      for (int i = random.nextInt(8); i >= 0; i--) {
        int[] division = new int[kind.divided() ? 2 * random.nextInt(5) : 2];
        for (int k = 0; k < division.length; k++) {
          division[k] = random.nextInt(random.nextInt(6) == 0 ? maxBytes : 200);
        }
        if (!kind.divided()) {
          division[0] = 0;
        }
        byte[] sample = new byte[Arrays.stream(division).sum()];
        random.nextBytes(sample);
        samples.add(sample);
        divisions.add(division);
      }
      object = new FragmentOfBytes(random.nextInt(2) * 7, samples);
      map = kind.divided() ? map(divisions) : SubsampleMap.fullSamples(object.samples());
      var out = new ByteArrayOutputStream();
      for (int i = 0; i < samples.size(); i++) {
        out.writeBytes(kind.reference(samples.get(i), divisions.get(i), i));
      }
      expected = out.toByteArray();
    }

    SampleBytes over(SamplePass pass) {
      return pass.over(new SamplePayload(object.samples(), object));
    }
  }

  @ParameterizedTest
  @EnumSource
  void encryptsAsTheReferenceInAnyCutAndRange(Kind kind) {
    var random = new Random(kind.name().length());
    for (int round = 0; round < 150; round++) {
      var media = new Case(kind, random, round % 15 == 0 ? 150_000 : 3000);
      try (var pass = kind.pass(media.map)) {
        var payload = media.over(pass);
        int size = media.expected.length;
        assertThat(read(payload, 0, size)).isEqualTo(media.expected);
        byte[] cut = new byte[size];
        for (int at = 0; at < size; ) {
          int length = Math.min(size - at, 1 + random.nextInt(size > 9000 ? 90_000 : 70));
          System.arraycopy(read(payload, at, length), 0, cut, at, length);
          at += length;
        }
        assertThat(cut).isEqualTo(media.expected);
        for (int i = 0; i < 30 && size > 0; i++) {
          int from = random.nextInt(size);
          int length = random.nextInt(Math.min(size - from, i % 2 == 0 ? 40 : size) + 1);
          assertThat(read(payload, from, length))
              .as("round %d, %d+%d of %d", round, from, length, size)
              .isEqualTo(Arrays.copyOfRange(media.expected, from, from + length));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void encryptsAsTheReferenceByteByByteFromEitherEnd(Kind kind) {
    var media = new Case(kind, new Random(77), 700);
    try (var pass = kind.pass(media.map)) {
      var payload = media.over(pass);
      for (int at = media.expected.length - 1; at >= 0; at--) {
        assertThat(read(payload, at, 1)).containsExactly(media.expected[at]);
      }
      for (int at = 0; at < media.expected.length; at++) {
        assertThat(read(payload, at, 1)).containsExactly(media.expected[at]);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void encryptsAsTheReferenceWhereStorageMakesItWaitNowAndThen(Kind kind) {
    var random = new Random(kind.name().hashCode());
    int now = 0;
    int later = 0;
    for (int round = 0; round < 100; round++) {
      var media = new Case(kind, random, round % 10 == 0 ? 150_000 : 3000);
      int size = media.expected.length;
      try (var pass = kind.pass(media.map)) {
        var payload =
            pass.over(
                new SamplePayload(media.object.samples(), new Unsteady(media.object, random)));
        int at = 0;
        while (at < size) {
          int length = Math.min(size - at, 1 + random.nextInt(size > 9000 ? 90_000 : 70));
          var out = ByteBuffer.allocateDirect(length + 2).position(1).limit(1 + length);
          if (payload.readNow(at, out)) {
            now++;
          } else {
            later++;
            assertThat(out.position()).isEqualTo(1);
            payload.read(at, out);
          }
          assertThat(out.hasRemaining()).isFalse();
          byte[] bytes = new byte[length];
          out.get(1, bytes);
          assertThat(bytes)
              .as("round %d, %d+%d of %d", round, at, length, size)
              .isEqualTo(Arrays.copyOfRange(media.expected, at, at + length));
          at = random.nextInt(20) == 0 ? random.nextInt(size) : at + length;
        }
      }
    }
    assertThat(now).isGreaterThan(later);
    assertThat(later).isGreaterThan(100);
  }

  /** An object that has its bytes in memory, mostly. */
  private record Unsteady(SampleBytes object, Random random) implements SampleBytes {
    @Override
    public void read(long offsetBytes, ByteBuffer out) {
      object.read(offsetBytes, out);
    }

    @Override
    public boolean readNow(long offsetBytes, ByteBuffer out) {
      if (random.nextInt(8) == 0) {
        // What it leaves there is undefined.
        out.put(out.position(), (byte) random.nextInt());
        return false;
      }
      object.read(offsetBytes, out);
      return true;
    }
  }

  @Test
  void carriesTheKeystreamOfCencOverSubsamples() {
    assertThat(
            encrypt(
                (map, key) -> new CencPass(CIPHER, key, new CencIvs(0x0102030405060708L), 0, map),
                rising(40),
                5,
                20,
                3,
                12))
        .isEqualTo(
            "00010203041dbc6eb34f6bf5e9aac291d1b623f16cda87ba86191a1bc1e4d07b7b707c00a6f4eeeb");
  }

  @Test
  void beginsTheChainOfCbcsAnewAtEachSubsample() {
    byte[] sample = rising(225);
    String expected =
        HEX.formatHex(sample, 0, 8)
            + "7d7f3d03acca794d3e8bdd5a4b31c398"
            + HEX.formatHex(sample, 24, 168)
            + "8ecd7d9de0cb0323726f97ec6cb5b02a"
            + HEX.formatHex(sample, 184, 192)
            + "06e4a0df54ce8e755e1bf875aa250629"
            + HEX.formatHex(sample, 208, 225);
    assertThat(encrypt(SamplePassTest::cbcs, sample, 8, 181, 3, 33)).isEqualTo(expected);
  }

  @Test
  void encryptsWholeBlocksOfAudioUnderCbcs() {
    assertThat(encrypt(SamplePassTest::cbcs, rising(40)))
        .isEqualTo(
            "ce0c1cd026029aaedf22ef428a974fa1d869054a0c5f101ad9aaae16a49c17412021222324252627");
    for (int length = 0; length < 16; length++) {
      assertThat(encrypt(SamplePassTest::cbcs, rising(length)))
          .isEqualTo(HEX.formatHex(rising(length)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16, 17, 31, 32, 159, 160, 161, 175, 176, 177, 320, 321})
  void encryptsOneWholeBlockOfEachTenToTheEndOfARange(int protectedBytes) {
    byte[] sample = rising(5 + protectedBytes);
    byte[] expected =
        REFERENCE.cbcs(sample, new int[] {5, protectedBytes}, HEX.parseHex(CONSTANT_IV), 10);
    assertThat(encrypt(SamplePassTest::cbcs, sample, 5, protectedBytes))
        .isEqualTo(HEX.formatHex(expected));
    int blocks = 0;
    for (int at = 5; at + 16 <= sample.length; at += 16) {
      blocks += Arrays.equals(expected, at, at + 16, sample, at, at + 16) ? 0 : 1;
    }
    assertThat(blocks).isEqualTo((protectedBytes / 16 + 9) / 10);
  }

  @ParameterizedTest
  @EnumSource
  void readsNothingTwiceInSequence(Kind kind) {
    var media = new Case(kind, new Random(5), 200_000);
    long[] read = new long[1];
    try (var pass = kind.pass(media.map)) {
      var payload = counting(media, pass, read);
      for (int at = 0; at < media.expected.length; at += 1777) {
        read(payload, at, Math.min(1777, media.expected.length - at));
      }
    }
    assertThat(read[0]).isEqualTo(media.expected.length);
  }

  @Test
  void readsAtMostASubsampleAgainUnderCbcs() {
    byte[] sample = new byte[3_000_000];
    var object = new FragmentOfBytes(0, List.of(sample));
    var map = map(List.of(new int[] {100, 1_000_000, 0, 1_999_900}));
    long[] read = new long[1];
    try (var pass = Kind.CBCS_VIDEO.pass(map)) {
      var payload =
          pass.over(
              new SamplePayload(
                  object.samples(),
                  (offset, out) -> {
                    assertThat(out.remaining()).isLessThanOrEqualTo(ChainReader.MAX_PIECE_BYTES);
                    read[0] += out.remaining();
                    object.read(offset, out);
                  }));
      read(payload, 1_500_000, 100);
      assertThat(read[0]).isBetween(499_900L, 500_100L);
      read[0] = 0;
      read(payload, 50, 50);
      assertThat(read[0]).isEqualTo(50);
      read[0] = 0;
      // Behind the last whole block nothing is encrypted.
      read(payload, 2_999_990, 5);
      assertThat(read[0]).isBetween(5L, 2_000_000L);
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesToReadOnceClosed(Kind kind) {
    var object = new FragmentOfBytes(0, List.of(new byte[100]));
    var map =
        kind.divided()
            ? map(List.of(new int[] {0, 100}))
            : SubsampleMap.fullSamples(object.samples());
    var pass = kind.pass(map);
    var payload = pass.over(new SamplePayload(object.samples(), object));
    pass.close();
    byte[] out = new byte[100];
    assertThatIllegalStateException()
        .isThrownBy(() -> payload.read(0, ByteBuffer.wrap(out)))
        .withMessage("key: wiped (expected: read before the body is closed)");
    assertThat(out).containsOnly(0);
  }

  @ParameterizedTest
  @EnumSource(names = {"CENC_VIDEO", "CBCS_VIDEO"})
  void refusesAMapOfOtherSamples(Kind kind) {
    var object = new FragmentOfBytes(0, List.of(new byte[100], new byte[100]));
    try (var pass = kind.pass(map(List.of(new int[] {0, 99}, new int[] {0, 100})))) {
      var payload = pass.over(new SamplePayload(object.samples(), object));
      assertThatIllegalStateException()
          .isThrownBy(() -> read(payload, 0, 200))
          .withMessage("subsamples of sample 0: 99 bytes (expected: 100, the sample)");
    }
    try (var pass = kind.pass(map(List.of(new int[] {0, 100})))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> pass.over(new SamplePayload(object.samples(), object)))
          .withMessage("subsample map: 1 samples (expected: 2, as the payload)");
    }
  }

  @Test
  void refusesConstantIvsOfAnotherSize() {
    try (var key = key()) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> new CbcsPass(CIPHER, key, Bytes.copyOf(new byte[8]), map(List.of(new int[0]))))
          .withMessage("constant IV: 8 bytes (expected: 16)");
    }
  }

  private interface PassOf {
    SamplePass pass(SubsampleMap map, ContentKey key);
  }

  private static SamplePass cbcs(SubsampleMap map, ContentKey key) {
    return new CbcsPass(CIPHER, key, Bytes.copyOf(HEX.parseHex(CONSTANT_IV)), map);
  }

  /** One sample, divided so, or not at all. */
  private static String encrypt(PassOf passOf, byte[] sample, int... division) {
    var object = new FragmentOfBytes(0, List.of(sample));
    var map =
        division.length > 0
            ? map(List.<int[]>of(division))
            : SubsampleMap.fullSamples(object.samples());
    try (var key = key();
        var pass = passOf.pass(map, key)) {
      var payload = pass.over(new SamplePayload(object.samples(), object));
      return HEX.formatHex(read(payload, 0, sample.length));
    }
  }

  private static SampleBytes counting(Case media, SamplePass pass, long[] read) {
    return pass.over(
        new SamplePayload(
            media.object.samples(),
            (offset, out) -> {
              read[0] += out.remaining();
              media.object.read(offset, out);
            }));
  }

  private static SubsampleMap map(List<int[]> divisions) {
    var map = new SubsampleMap.Builder(divisions.size(), 42);
    for (int[] division : divisions) {
      for (int i = 0; i < division.length; i += 2) {
        map.addClear(division[i]);
        map.addProtected(division[i + 1]);
      }
      map.endSample(Arrays.stream(division).sum());
    }
    return map.build();
  }

  private static byte[] read(SampleBytes payload, int from, int length) {
    var out = ByteBuffer.allocate(length + 2).position(1).limit(1 + length);
    payload.read(from, out);
    assertThat(out.position()).isEqualTo(1 + length);
    assertThat(out.limit()).isEqualTo(1 + length);
    return Arrays.copyOfRange(out.array(), 1, 1 + length);
  }

  private static byte[] rising(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  private static ContentKey key() {
    return ContentKey.taking(
        KeyId.parse("8ba94ade-6eb9-449d-b44f-a5beefaf43b0").orElseThrow(), KEY.clone());
  }
}
