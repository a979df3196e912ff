package dev.sluice.origin.codec;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import java.nio.ByteBuffer;

/**
 * Reads the bits of a NAL unit, or of the first part of one, without its emulation prevention
 * bytes, and says how many bytes of the unit they took with them.
 *
 * <p>Spec: AVC 7.3.1 (NAL units), 9.1 (exp-Golomb).
 */
final class BitReader {

  /** The bytes end before the syntax does. */
  static final class CutShort extends RuntimeException {
    private static final long serialVersionUID = 1;

    CutShort() {
      super("the NAL unit is cut short", null, false, false);
    }
  }

  private static final int EMULATION_PREVENTION = 3;
  private static final int MAX_LEADING_ZEROS = 31;

  private final ByteBuffer nal;
  private final int begin;
  private final int end;
  private int next;
  private int zeroBytes;
  private int current;
  private int bitsLeft;
  private long bit;
  private long fieldBit;

  /** A reader from the NAL header on. Borrows the buffer and leaves its position alone. */
  BitReader(ByteBuffer nal) {
    this.nal = nal;
    this.begin = nal.position();
    this.end = nal.limit();
    this.next = begin;
  }

  /** How many bytes the bits so far lie in, the last one and emulation prevention included. */
  int consumedBytes() {
    return next - begin;
  }

  /** An unsigned number of this many bits. */
  int bits(int count) {
    fieldBit = bit;
    return Math.toIntExact(readBits(count));
  }

  /** One bit. */
  boolean flag() {
    fieldBit = bit;
    return readBit() == 1;
  }

  /** An exp-Golomb code {@code ue(v)} of at most this value. */
  int ue(String name, int max) {
    long value = readGolomb(name);
    if (value > max) {
      throw malformed("%s: %d (expected: <= %d)".formatted(name, value, max));
    }
    return (int) value;
  }

  /** An exp-Golomb code {@code ue(v)} whose value does not matter here. */
  void skipUe(String name) {
    readGolomb(name);
  }

  /** A signed exp-Golomb code {@code se(v)} within these bounds. */
  int se(String name, int min, int max) {
    long code = readGolomb(name);
    long value = (code & 1) == 1 ? (code + 1) / 2 : -(code / 2);
    if (value < min || value > max) {
      throw malformed("%s: %d (expected: %d to %d)".formatted(name, value, min, max));
    }
    return (int) value;
  }

  /** A signed exp-Golomb code {@code se(v)} whose value does not matter here. */
  void skipSe(String name) {
    readGolomb(name);
  }

  /** The failure that this message describes, at the field that was read last. */
  ContentFailure malformed(String message) {
    return new ContentFailure(FailureCode.MPE_INPUT_NOT_SUPPORTED, message, place());
  }

  /** Where the field that was read last begins, in bits without emulation prevention. */
  String place() {
    return begin == end
        ? "an empty NAL unit"
        : "NAL type %d, bit %d".formatted(AvcNalType.of(nal.get(begin)), fieldBit);
  }

  private long readGolomb(String name) {
    fieldBit = bit;
    int zeros = 0;
    while (readBit() == 0) {
      zeros++;
      if (zeros > MAX_LEADING_ZEROS) {
        throw malformed(
            "%s: an exp-Golomb code of more than 63 bits (expected: less)".formatted(name));
      }
    }
    return (1L << zeros) - 1 + readBits(zeros);
  }

  private long readBits(int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 1 | readBit();
    }
    return value;
  }

  private int readBit() {
    if (bitsLeft == 0) {
      current = nextByte();
      bitsLeft = Byte.SIZE;
    }
    bitsLeft--;
    bit++;
    return current >> bitsLeft & 1;
  }

  private int nextByte() {
    int value = rawByte();
    if (zeroBytes == 2) {
      if (value < EMULATION_PREVENTION) {
        throw malformed(
            "bytes in a NAL unit: 0000%02x (expected: 03 after two zero bytes)".formatted(value));
      }
      if (value == EMULATION_PREVENTION) {
        zeroBytes = 0;
        value = rawByte();
      }
    }
    zeroBytes = value == 0 ? zeroBytes + 1 : 0;
    return value;
  }

  private int rawByte() {
    if (next == end) {
      throw new CutShort();
    }
    int value = nal.get(next) & 0xff;
    next++;
    return value;
  }
}
