package dev.sluice.origin.codec;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Writes the bits of a NAL unit, and its emulation prevention bytes. */
public final class NalWriter {
  private final StringBuilder bits = new StringBuilder();

  /** A unit with this nal_ref_idc and nal_unit_type. */
  public NalWriter(int refIdc, int type) {
    u(1, 0).u(2, refIdc).u(5, type);
  }

  public NalWriter u(int count, long value) {
    for (int i = count - 1; i >= 0; i--) {
      bits.append(value >> i & 1);
    }
    return this;
  }

  public NalWriter flag(boolean value) {
    return u(1, value ? 1 : 0);
  }

  public NalWriter ue(long value) {
    int length = Long.SIZE - Long.numberOfLeadingZeros(value + 1);
    return u(length - 1, 0).u(length, value + 1);
  }

  public NalWriter se(long value) {
    return ue(value > 0 ? 2 * value - 1 : -2 * value);
  }

  /** The bits, without emulation prevention, as zeros and ones. */
  String bits() {
    return bits.toString();
  }

  /** How many bits there are, without emulation prevention. */
  public int bitCount() {
    return bits.length();
  }

  /** What there is so far, zero bits up to the byte, with emulation prevention. */
  public byte[] toNal() {
    return escape(rbsp());
  }

  /** What there is so far and this many bytes of payload behind it. */
  public byte[] toNal(int payloadBytes, int payload) {
    byte[] header = rbsp();
    byte[] rbsp = Arrays.copyOf(header, header.length + payloadBytes);
    Arrays.fill(rbsp, header.length, rbsp.length, (byte) payload);
    return escape(rbsp);
  }

  private byte[] rbsp() {
    var out = new byte[(bits.length() + 7) / 8];
    for (int i = 0; i < bits.length(); i++) {
      if (bits.charAt(i) == '1') {
        out[i / 8] |= (byte) (0x80 >> i % 8);
      }
    }
    return out;
  }

  private static byte[] escape(byte[] rbsp) {
    var out = new ByteArrayOutputStream();
    int zeros = 0;
    for (byte b : rbsp) {
      if (zeros == 2 && (b & 0xff) <= 3) {
        out.write(3);
        zeros = 0;
      }
      out.write(b);
      zeros = b == 0 ? zeros + 1 : 0;
    }
    return out.toByteArray();
  }
}
