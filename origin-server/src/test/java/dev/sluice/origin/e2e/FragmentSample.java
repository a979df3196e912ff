package dev.sluice.origin.e2e;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A sample of a fragmented segment in the boxes of CMAF or of Smooth Streaming, with what the
 * auxiliary information says of it.
 *
 * @param iv 8 bytes with {@code cenc}; empty with a constant IV or in the clear
 * @param subsamples pairs of clear and protected bytes; empty where all is one
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FragmentSample(Optional<byte[]> iv, List<int[]> subsamples, byte[] bytes) {
  private static final String PIFF_SENC = "a2394f525a9b4f14a2446c427c648df4";

  /**
   * The samples of a segment.
   *
   * @param ivBytes how long the IV of a sample is, which nothing in the segment says: 8 or 0
   */
  static List<FragmentSample> of(byte[] segment, int ivBytes) {
    var in = ByteBuffer.wrap(segment);
    var moof = only(segment, "moof");
    var trun = only(segment, "moof", "traf", "trun");
    int flags = in.getInt(trun.payload()) & 0xFF_FFFF;
    int count = in.getInt(trun.payload() + 4);
    int data = moof.start() + in.getInt(trun.payload() + 8);
    check(data == only(segment, "mdat").payload(), "data_offset leads to mdat");
    int at = trun.payload() + 12 + ((flags & 4) != 0 ? 4 : 0);
    var information = auxiliary(segment, count, ivBytes);
    var samples = new ArrayList<FragmentSample>();
    for (int i = 0; i < count; i++) {
      at += (flags & 0x100) != 0 ? 4 : 0;
      int size = (flags & 0x200) != 0 ? in.getInt(at) : defaultSize(segment);
      at += ((flags & 0x200) != 0 ? 4 : 0) + 4 * Integer.bitCount(flags & 0xC00);
      byte[] bytes = Arrays.copyOfRange(segment, data, data + size);
      data += size;
      samples.add(
          information.isEmpty()
              ? new FragmentSample(Optional.empty(), List.of(), bytes)
              : new FragmentSample(information.get(i).iv(), information.get(i).subsamples, bytes));
    }
    check(at == trun.end(), "trun holds its samples and nothing else");
    check(data == segment.length, "the samples fill mdat, which ends the segment");
    return samples;
  }

  /** The protected ranges that the subsamples state, as offset and length. */
  List<int[]> protectedRanges() {
    return toCenc().protectedRanges();
  }

  /** The same for one who knows {@code cenc} alone. */
  Segment.Sample toCenc() {
    return new Segment.Sample(iv.or(() -> Optional.of(new byte[8])), subsamples, bytes);
  }

  private static int defaultSize(byte[] segment) {
    var in = ByteBuffer.wrap(segment);
    var tfhd = only(segment, "moof", "traf", "tfhd");
    int flags = in.getInt(tfhd.payload());
    check((flags & 0x10) != 0, "a size of samples");
    int at = tfhd.payload() + 8 + ((flags & 1) != 0 ? 8 : 0);
    return in.getInt(at + ((flags & 2) != 0 ? 4 : 0) + ((flags & 8) != 0 ? 4 : 0));
  }

  /** The entries of {@code senc}, or of the box that Smooth Streaming has for it. */
  private static List<FragmentSample> auxiliary(byte[] segment, int count, int ivBytes) {
    var box = BoxWalk.all(segment, "moof", "traf", "senc").stream().findFirst();
    int skipped = 0;
    if (box.isEmpty()) {
      box =
          BoxWalk.all(segment, "moof", "traf", "uuid").stream()
              .filter(b -> isPiff(segment, b))
              .findFirst();
      skipped = 16;
    }
    return box.isEmpty() ? List.of() : entries(segment, box.get(), skipped, count, ivBytes);
  }

  private static boolean isPiff(byte[] segment, BoxWalk.Box uuid) {
    return HexFormat.of().formatHex(segment, uuid.payload(), uuid.payload() + 16).equals(PIFF_SENC);
  }

  private static List<FragmentSample> entries(
      byte[] segment, BoxWalk.Box box, int skipped, int count, int ivBytes) {
    var in = ByteBuffer.wrap(segment).position(box.payload() + skipped);
    int flags = in.getInt();
    check((flags & ~2) == 0, "no flags but for subsamples");
    check(in.getInt() == count, "an entry for every sample");
    var entries = new ArrayList<FragmentSample>();
    for (int i = 0; i < count; i++) {
      byte[] iv = new byte[ivBytes];
      in.get(iv);
      var subsamples = new ArrayList<int[]>();
      int subsampleCount = flags == 2 ? in.getShort() & 0xFFFF : 0;
      for (int k = 0; k < subsampleCount; k++) {
        subsamples.add(new int[] {in.getShort() & 0xFFFF, in.getInt()});
      }
      entries.add(
          new FragmentSample(
              Optional.of(iv).filter(bytes -> bytes.length > 0), subsamples, new byte[0]));
    }
    check(in.position() == box.end(), "entries and nothing else");
    return entries;
  }

  private static BoxWalk.Box only(byte[] segment, String... path) {
    var found = BoxWalk.all(segment, path);
    check(found.size() == 1, "one " + String.join("/", path));
    return found.getFirst();
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError("expected: " + what);
    }
  }
}
