package dev.sluice.origin.mp4;

import dev.sluice.origin.media.Bytes;
import java.util.HexFormat;

/**
 * The {@code tfxd} box of Smooth Streaming, a {@code uuid} box: when a fragment begins and how long
 * it is.
 *
 * <p>Spec: MS-SSTR 2.2.4.4.
 *
 * @param startTicks below 0 where a writer put the encoder's priming before the zero of time
 */
public record FragmentTimeBox(long startTicks, long durationTicks) {

  /** The user type. */
  public static final Bytes USER_TYPE =
      Bytes.copyOf(HexFormat.of().parseHex("6d1d9b0542d544e680e2141daff757b2"));

  /** Reads the payload behind the user type, version 0 (32 bits) or 1 (64 bits). */
  public static FragmentTimeBox read(BoxReader in) {
    int version = in.uint8("version");
    in.skip(3, "flags");
    return switch (version) {
      case 0 ->
          new FragmentTimeBox(in.uint32("FragmentAbsoluteTime"), in.uint32("FragmentDuration"));
      case 1 ->
          new FragmentTimeBox(in.int64("FragmentAbsoluteTime"), in.uint64("FragmentDuration"));
      default ->
          throw in.malformed(
              "version: %d (expected: 0 or 1)".formatted(version), "MS-SSTR 2.2.4.4");
    };
  }
}
