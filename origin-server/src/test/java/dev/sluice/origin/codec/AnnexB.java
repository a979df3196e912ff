package dev.sluice.origin.codec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Streams with start codes. */
public final class AnnexB {
  private AnnexB() {}

  /** The NAL units of a stream. */
  public static List<byte[]> units(byte[] stream) {
    var units = new ArrayList<byte[]>();
    int begin = -1;
    for (int i = 0; i + 2 < stream.length; i++) {
      if (stream[i] == 0 && stream[i + 1] == 0 && stream[i + 2] == 1) {
        if (begin >= 0) {
          units.add(Arrays.copyOfRange(stream, begin, stream[i - 1] == 0 ? i - 1 : i));
        }
        begin = i + 3;
      }
    }
    units.add(Arrays.copyOfRange(stream, begin, stream.length));
    return units;
  }
}
