package dev.sluice.origin.segment;

import dev.sluice.origin.media.Bytes;
import java.util.HexFormat;

/** The extended types of PIFF's and Smooth Streaming's boxes. */
final class PiffUuids {

  /** What CENC calls {@code tenc}. Spec: PIFF 1.1 5.3.3. */
  static final Bytes TRACK_ENCRYPTION = uuid("8974dbce-7be7-4c51-84f9-7148f9882554");

  /** What CENC calls {@code senc}. Spec: PIFF 1.1 5.3.2. */
  static final Bytes SAMPLE_ENCRYPTION = uuid("a2394f52-5a9b-4f14-a244-6c427c648df4");

  /** {@code tfxd}: the time and duration of a fragment. Spec: MS-SSTR 2.2.4.4. */
  static final Bytes FRAGMENT_TIME = uuid("6d1d9b05-42d5-44e6-80e2-141daff757b2");

  private PiffUuids() {}

  private static Bytes uuid(String text) {
    return Bytes.copyOf(HexFormat.of().parseHex(text.replace("-", "")));
  }
}
