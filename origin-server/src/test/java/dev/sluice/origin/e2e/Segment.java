package dev.sluice.origin.e2e;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * A media segment as a player's parser reads it, written apart from the server's own reader:
 * offsets are followed, sizes are checked against each other, and samples are decrypted block by
 * block with AES in ECB mode.
 *
 * @param tfdt baseMediaDecodeTime
 * @param durationTicks the samples' durations, added up
 * @param samples as they are in the segment
 */
record Segment(long tfdt, long durationTicks, List<Sample> samples) {

  /**
   * @param iv 8 bytes, empty in a clear segment
   * @param subsamples pairs of clear and protected bytes; empty for a sample that is all protected
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Sample(Optional<byte[]> iv, List<int[]> subsamples, byte[] bytes) {

    /** The protected ranges, as offset and length. */
    List<int[]> protectedRanges() {
      if (iv.isEmpty()) {
        return List.of();
      }
      if (subsamples.isEmpty()) {
        return List.of(new int[] {0, bytes.length});
      }
      var ranges = new ArrayList<int[]>();
      int at = 0;
      for (int[] subsample : subsamples) {
        ranges.add(new int[] {at + subsample[0], subsample[1]});
        at += subsample[0] + subsample[1];
      }
      if (at != bytes.length) {
        throw new AssertionError("subsamples span %d of %d bytes".formatted(at, bytes.length));
      }
      return ranges;
    }

    /**
     * The sample in the clear: one keystream a sample, running on through its ranges (CENC 9.2).
     */
    byte[] decrypt(byte[] key) {
      byte[] clear = bytes.clone();
      if (iv.isEmpty()) {
        return clear;
      }
      try {
        var ecb = Cipher.getInstance("AES/ECB/NoPadding");
        ecb.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
        byte[] counter = Arrays.copyOf(iv.get(), 16);
        long used = 0;
        byte[] keystream = new byte[0];
        for (int[] range : protectedRanges()) {
          for (int i = 0; i < range[1]; i++, used++) {
            if (used % 16 == 0) {
              ByteBuffer.wrap(counter).putLong(8, used / 16);
              keystream = ecb.doFinal(counter);
            }
            clear[range[0] + i] ^= keystream[(int) (used % 16)];
          }
        }
        return clear;
      } catch (GeneralSecurityException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** The default_KID of an init segment; empty if its track is clear. */
  static Optional<String> keyIdOf(byte[] init) {
    int at = indexOf(init, "tenc");
    return at < 0
        ? Optional.empty()
        : Optional.of(
            HexFormat.of()
                .formatHex(init, at + 12, at + 28)
                .replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"));
  }

  static Segment parse(byte[] bytes) {
    var in = ByteBuffer.wrap(bytes);
    var moof = child(in, 0, bytes.length, "moof");
    var traf = child(in, moof[0] + 8, moof[1], "traf");
    var tfhd = child(in, traf[0] + 8, traf[1], "tfhd");
    int tfhdFlags = in.getInt(tfhd[0] + 8) & 0xFFFFFF;
    check((tfhdFlags & 0x20000) != 0, "default-base-is-moof");
    int at = tfhd[0] + 16 + ((tfhdFlags & 2) != 0 ? 4 : 0);
    int defaultDuration = 0;
    int defaultSize = -1;
    if ((tfhdFlags & 8) != 0) {
      defaultDuration = in.getInt(at);
      at += 4;
    }
    if ((tfhdFlags & 0x10) != 0) {
      defaultSize = in.getInt(at);
    }
    var tfdt = child(in, traf[0] + 8, traf[1], "tfdt");
    check(in.get(tfdt[0] + 8) == 1, "tfdt version 1");
    var trun = child(in, traf[0] + 8, traf[1], "trun");
    int flags = in.getInt(trun[0] + 8) & 0xFFFFFF;
    int count = in.getInt(trun[0] + 12);
    int data = moof[0] + in.getInt(trun[0] + 16);
    at = trun[0] + 20 + ((flags & 4) != 0 ? 4 : 0);
    var information = auxiliary(in, moof[0], traf, count);
    var samples = new ArrayList<Sample>();
    long duration = 0;
    for (int i = 0; i < count; i++) {
      int size = defaultSize;
      int sampleDuration = defaultDuration;
      if ((flags & 0x100) != 0) {
        sampleDuration = in.getInt(at);
        at += 4;
      }
      if ((flags & 0x200) != 0) {
        size = in.getInt(at);
        at += 4;
      }
      at += ((flags & 0x400) != 0 ? 4 : 0) + ((flags & 0x800) != 0 ? 4 : 0);
      duration += sampleDuration;
      byte[] sample = Arrays.copyOfRange(bytes, data, data + size);
      data += size;
      samples.add(
          information.isEmpty()
              ? new Sample(Optional.empty(), List.of(), sample)
              : new Sample(information.get(i).iv(), information.get(i).subsamples(), sample));
    }
    check(at == trun[1], "trun holds its samples and nothing else");
    var mdat = child(in, 0, bytes.length, "mdat");
    check(data == mdat[1] && data == bytes.length, "the samples fill mdat, which ends the segment");
    return new Segment(in.getLong(tfdt[0] + 12), duration, samples);
  }

  /** Reads {@code senc} from where {@code saio} points, in steps that {@code saiz} states. */
  private static List<Sample> auxiliary(ByteBuffer in, int moof, int[] traf, int count) {
    var saiz = find(in, traf[0] + 8, traf[1], "saiz");
    if (saiz.isEmpty()) {
      return List.of();
    }
    int sizes = saiz.get()[0];
    int uniform = in.get(sizes + 12) & 0xFF;
    check(in.getInt(sizes + 13) == count, "saiz covers every sample");
    var saio = child(in, traf[0] + 8, traf[1], "saio");
    check(in.getInt(saio[0] + 12) == 1, "one entry in saio");
    var senc = child(in, traf[0] + 8, traf[1], "senc");
    check(senc[1] == traf[1], "senc is last in traf");
    check(in.getInt(senc[0] + 12) == count, "senc covers every sample");
    boolean subsamples = (in.getInt(senc[0] + 8) & 2) != 0;
    int at = moof + in.getInt(saio[0] + 16);
    check(at == senc[0] + 16, "saio points at the first IV");
    var list = new ArrayList<Sample>();
    for (int i = 0; i < count; i++) {
      int size = uniform != 0 ? uniform : in.get(sizes + 17 + i) & 0xFF;
      byte[] iv = new byte[8];
      in.get(at, iv);
      var map = new ArrayList<int[]>();
      int n = subsamples ? in.getShort(at + 8) & 0xFFFF : 0;
      for (int k = 0; k < n; k++) {
        int entry = at + 10 + 6 * k;
        map.add(new int[] {in.getShort(entry) & 0xFFFF, in.getInt(entry + 2)});
      }
      check(size == 8 + (subsamples ? 2 + 6 * n : 0), "saiz states the size of each entry");
      list.add(new Sample(Optional.of(iv), map, new byte[0]));
      at += size;
    }
    check(at == senc[1], "senc holds its entries and nothing else");
    return list;
  }

  private static int[] child(ByteBuffer in, int from, int to, String type) {
    return find(in, from, to, type).orElseThrow(() -> new AssertionError("no " + type));
  }

  /** The first box of this type, as its start and end. */
  private static Optional<int[]> find(ByteBuffer in, int from, int to, String type) {
    int at = from;
    while (at < to) {
      int size = in.getInt(at);
      byte[] name = new byte[4];
      in.get(at + 4, name);
      check(size >= 8 && at + size <= to, "boxes fit their parent");
      if (new String(name, StandardCharsets.ISO_8859_1).equals(type)) {
        return Optional.of(new int[] {at, at + size});
      }
      at += size;
    }
    return Optional.empty();
  }

  private static int indexOf(byte[] bytes, String fourCc) {
    return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(fourCc);
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError("expected: " + what);
    }
  }
}
