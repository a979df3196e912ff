package dev.sluice.crypto;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The engines there are, each only after it has given known answers: JDKs and compilers have been
 * seen to corrupt AES-CTR on some processors.
 */
public final class MediaCiphers {

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

  private MediaCiphers() {}

  /**
   * The fastest engine of this machine.
   *
   * @throws IllegalStateException if it gives a wrong answer; nothing may be encrypted then
   */
  public static MediaCipher best() {
    return requireKnownAnswers(new JdkMediaCipher());
  }

  /** The same engine, once it has given the answers of published vectors. */
  static MediaCipher requireKnownAnswers(MediaCipher engine) {
    for (KnownAnswer answer : KNOWN_ANSWERS) {
      requireAnswer(engine, answer, false);
      requireAnswer(engine, answer, true);
    }
    for (CbcAnswer answer : CBC_ANSWERS) {
      requireAnswer(engine, answer, false);
      requireAnswer(engine, answer, true);
    }
    return engine;
  }

  private static void requireAnswer(MediaCipher engine, KnownAnswer answer, boolean direct) {
    byte[] plain = HEX.parseHex(answer.plain);
    var source = buffer(plain.length, direct).put(plain).flip();
    var target = buffer(plain.length, direct);
    engine.ctr(HEX.parseHex(answer.key), answer.ranges(), source, target);
    requireEqual(engine, answer.name(), answer.cipher(), target);
  }

  private static void requireAnswer(MediaCipher engine, CbcAnswer answer, boolean direct) {
    byte[] plain = HEX.parseHex(answer.plain);
    var source = buffer(plain.length, direct).put(plain).flip();
    var target = buffer(plain.length, direct);
    engine.cbc(HEX.parseHex(answer.key), answer.ranges(), source, target);
    requireEqual(engine, answer.name(), answer.cipher(), target);
  }

  private static void requireEqual(
      MediaCipher engine, String name, String expected, ByteBuffer target) {
    byte[] cipher = new byte[target.flip().remaining()];
    target.get(cipher);
    if (!Arrays.equals(cipher, HEX.parseHex(expected))) {
      throw new IllegalStateException(
          "cipher engine %s: wrong bytes for %s in %s buffers (expected: the published vector)"
              .formatted(engine.engine(), name, target.isDirect() ? "direct" : "heap"));
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

  private static ByteBuffer buffer(int size, boolean direct) {
    return direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
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
