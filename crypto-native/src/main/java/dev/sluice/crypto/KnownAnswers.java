package dev.sluice.crypto;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * What an engine must give before it is used: JDKs and compilers have been seen to corrupt AES-CTR
 * on some processors. Published vectors, and long pieces, whose digests OpenSSL has given.
 */
final class KnownAnswers {

  private static final HexFormat HEX = HexFormat.of();

  private static final List<KnownAnswer> KNOWN_ANSWERS =
      List.of(
          new KnownAnswer(
              "SP 800-38A F.5.1",
              "2b7e151628aed2a6abf7158809cf4f3c",
              0xf0f1f2f3f4f5f6f7L,
              0xf8f9fafbfcfdfeffL,
              List.of(0, 64),
              "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                  + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
              "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
                  + "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee"),
          new KnownAnswer(
              "a keystream that goes on in the middle of a block",
              "000102030405060708090a0b0c0d0e0f",
              0x0102030405060708L,
              0,
              List.of(5, 20, 3, 12),
              "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
                  + "2021222324252627",
              "00010203041dbc6eb34f6bf5e9aac291d1b623f16cda87ba86191a1bc1e4d07b"
                  + "7b707c00a6f4eeeb"),
          new KnownAnswer(
              "a block number that wraps without a carry",
              "000102030405060708090a0b0c0d0e0f",
              0xabL,
              -1,
              List.of(0, 48),
              "00".repeat(48),
              "51abd5eccee801ef853f84453744a574704d3851da27d37718592fe636de8216"
                  + "194bd1fae846f6b35db3b27ffa90f68a"));

  private static final List<CbcAnswer> CBC_ANSWERS =
      List.of(
          new CbcAnswer(
              "SP 800-38A F.2.1",
              "2b7e151628aed2a6abf7158809cf4f3c",
              "000102030405060708090a0b0c0d0e0f",
              CbcRanges.Pattern.ALL,
              List.of(0, 64),
              "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                  + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
              "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
                  + "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7"),
          new CbcAnswer(
              "a chain that passes over nine blocks, and another begun with the same IV",
              "000102030405060708090a0b0c0d0e0f",
              "d5fbd6b82ed93e4ef98ae40931ee33b7",
              CbcRanges.Pattern.ONE_OF_TEN,
              List.of(8, 181, 3, 33),
              rising(0, 225),
              rising(0, 8)
                  + "7d7f3d03acca794d3e8bdd5a4b31c398"
                  + rising(24, 168)
                  + "8ecd7d9de0cb0323726f97ec6cb5b02a"
                  + rising(184, 192)
                  + "06e4a0df54ce8e755e1bf875aa250629"
                  + rising(208, 225)),
          new CbcAnswer(
              "a rest below a block",
              "000102030405060708090a0b0c0d0e0f",
              "d5fbd6b82ed93e4ef98ae40931ee33b7",
              CbcRanges.Pattern.ALL,
              List.of(0, 40),
              rising(0, 40),
              "ce0c1cd026029aaedf22ef428a974fa1d869054a0c5f101ad9aaae16a49c1741"
                  + "2021222324252627"));

  private static final byte[] LONG_KEY = HEX.parseHex("000102030405060708090a0b0c0d0e0f");
  private static final int LONG_BYTES = 20_000;
  private static final long LONG_IV_LOW = 0xfedcba9876543210L;
  private static final int BATCH_JOBS = 9;

  private KnownAnswers() {}

  /** The same engine, once it has given the answers. */
  static MediaCipher require(MediaCipher engine) {
    for (Memory memory : Memory.values()) {
      for (KnownAnswer answer : KNOWN_ANSWERS) {
        requireAnswer(engine, answer, memory);
      }
      for (CbcAnswer answer : CBC_ANSWERS) {
        requireAnswer(engine, answer, memory);
      }
      requireLongAnswers(engine, memory);
      requireBatch(engine, memory);
    }
    return engine;
  }

  /** Where the bytes are. */
  private enum Memory {
    HEAP("heap buffers"),
    DIRECT("direct buffers"),
    HEAP_IN_PLACE("a heap buffer, in place"),
    DIRECT_IN_PLACE("a direct buffer, in place");

    private final String text;

    Memory(String text) {
      this.text = text;
    }

    ByteBuffer source(byte[] bytes) {
      return buffer(bytes.length).put(bytes).flip();
    }

    ByteBuffer target(ByteBuffer source) {
      boolean inPlace = this == HEAP_IN_PLACE || this == DIRECT_IN_PLACE;
      return inPlace ? source.duplicate() : buffer(source.remaining());
    }

    private ByteBuffer buffer(int size) {
      boolean direct = this == DIRECT || this == DIRECT_IN_PLACE;
      return direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
    }
  }

  private static void requireAnswer(MediaCipher engine, KnownAnswer answer, Memory memory) {
    var source = memory.source(HEX.parseHex(answer.plain));
    var target = memory.target(source);
    engine.ctr(HEX.parseHex(answer.key), answer.ranges(), source, target);
    requireEqual(engine, answer.name(), answer.cipher(), bytes(target), memory);
  }

  private static void requireAnswer(MediaCipher engine, CbcAnswer answer, Memory memory) {
    var source = memory.source(HEX.parseHex(answer.plain));
    var target = memory.target(source);
    engine.cbc(HEX.parseHex(answer.key), answer.ranges(), source, target);
    requireEqual(engine, answer.name(), answer.cipher(), bytes(target), memory);
  }

  private static void requireLongAnswers(MediaCipher engine, Memory memory) {
    var ctr = new CtrRanges();
    var cbcs = new CbcRanges();
    var cbc = new CbcRanges();
    int offset = 0;
    for (int i = 0; ; i++) {
      offset += i % 40;
      int length = 1 + i * i * 37 % 1500;
      if (offset + length > LONG_BYTES) {
        break;
      }
      ctr.add(offset, length, i, -(i % 4), 5L * i);
      cbcs.add(offset, length, CbcRanges.Pattern.ONE_OF_TEN, i % 10, i, LONG_IV_LOW);
      cbc.add(offset, length, CbcRanges.Pattern.ALL, 0, i, LONG_IV_LOW);
      offset += length;
    }
    var source = memory.source(longPlain(LONG_BYTES));
    var target = memory.target(source);
    engine.ctr(LONG_KEY, ctr, source, target);
    requireDigest(
        engine,
        "a long piece under CTR",
        "ac4eb5781fdec0e6b1b3769d67e22b5c0172db33c837ea5f82364e0c29e7e671",
        bytes(target),
        memory);
    source = memory.source(longPlain(LONG_BYTES));
    target = memory.target(source);
    engine.cbc(LONG_KEY, cbcs, source, target);
    requireDigest(
        engine,
        "a long piece under CBC, one block of ten",
        "a0ba5eb1cebe5df50b22b252ead1c4bb4f5485af9f9485327187d50dc968dfd9",
        bytes(target),
        memory);
    source = memory.source(longPlain(LONG_BYTES));
    target = memory.target(source);
    engine.cbc(LONG_KEY, cbc, source, target);
    requireDigest(
        engine,
        "a long piece under CBC",
        "8b7baeda91344698fe82b95d92ae8fa7890d6125bba84a82b94ba6dc5dbd462e",
        bytes(target),
        memory);
  }

  /** Pieces of different lengths under different keys. */
  private static void requireBatch(MediaCipher engine, Memory memory) {
    List<MediaCipher.CbcJob> jobs = new ArrayList<>();
    int sum = 0;
    for (int i = 0; i < BATCH_JOBS; i++) {
      int length = 1500 - 100 * i + i;
      byte[] key = new byte[LONG_KEY.length];
      for (int k = 0; k < key.length; k++) {
        key[k] = (byte) (k + i);
      }
      var ranges = new CbcRanges();
      ranges.add(0, length, CbcRanges.Pattern.ALL, 0, i, LONG_IV_LOW);
      var source = memory.source(longPlain(length));
      jobs.add(new MediaCipher.CbcJob(key, ranges, source, memory.target(source)));
      sum += length;
    }
    engine.cbc(jobs);
    var all = ByteBuffer.allocate(sum);
    for (MediaCipher.CbcJob job : jobs) {
      all.put(bytes(job.target()));
    }
    requireDigest(
        engine,
        "pieces under keys of their own",
        "788ba38bdd4ecece9973a0142a6440993388829074e1ac58c2b71dba7e799249",
        all.array(),
        memory);
  }

  private static byte[] longPlain(int length) {
    byte[] plain = new byte[length];
    for (int i = 0; i < length; i++) {
      plain[i] = (byte) (i * 7 + (i >> 8) * 13);
    }
    return plain;
  }

  /** All bytes of a target that has been filled. */
  private static byte[] bytes(ByteBuffer target) {
    byte[] bytes = new byte[target.flip().remaining()];
    target.get(bytes);
    return bytes;
  }

  private static void requireDigest(
      MediaCipher engine, String name, String expected, byte[] cipher, Memory memory) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(cipher);
      requireEqual(engine, name, expected, digest, memory);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256: absent (expected: in every JDK)", e);
    }
  }

  private static void requireEqual(
      MediaCipher engine, String name, String expected, byte[] given, Memory memory) {
    if (!Arrays.equals(given, HEX.parseHex(expected))) {
      throw new IllegalStateException(
          "cipher engine %s: wrong bytes for %s in %s (expected: the published vector)"
              .formatted(engine.engine(), name, memory.text));
    }
  }

  /** The bytes of these values, in hex. */
  private static String rising(int from, int to) {
    var hex = new StringBuilder();
    for (int value = from; value < to; value++) {
      hex.append(HEX.toHexDigits((byte) value));
    }
    return hex.toString();
  }

  /** A vector: a key, a counter block, protected lengths behind clear lengths, and the bytes. */
  private record KnownAnswer(
      String name,
      String key,
      long ivHigh,
      long ivLow,
      List<Integer> clearAndProtected,
      String plain,
      String cipher) {

    CtrRanges ranges() {
      var ranges = new CtrRanges();
      int offset = 0;
      long keystream = 0;
      for (int i = 0; i < clearAndProtected.size(); i += 2) {
        offset += clearAndProtected.get(i);
        int length = clearAndProtected.get(i + 1);
        ranges.add(offset, length, ivHigh, ivLow, keystream);
        offset += length;
        keystream += length;
      }
      return ranges;
    }
  }

  /** A vector: a key, an IV, clear lengths and protected ones behind them, and the bytes. */
  private record CbcAnswer(
      String name,
      String key,
      String iv,
      CbcRanges.Pattern pattern,
      List<Integer> clearAndProtected,
      String plain,
      String cipher) {

    CbcRanges ranges() {
      var start = ByteBuffer.wrap(HEX.parseHex(iv));
      var ranges = new CbcRanges();
      int offset = 0;
      for (int i = 0; i < clearAndProtected.size(); i += 2) {
        offset += clearAndProtected.get(i);
        int length = clearAndProtected.get(i + 1);
        ranges.add(offset, length, pattern, 0, start.getLong(0), start.getLong(Long.BYTES));
        offset += length;
      }
      return ranges;
    }
  }
}
