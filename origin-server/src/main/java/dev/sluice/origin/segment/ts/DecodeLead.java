package dev.sluice.origin.segment.ts;

import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.codec.AvcReordering;
import dev.sluice.origin.mp4.TrackHeader;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/**
 * Decode times of pictures that are not presented before they are decoded.
 *
 * <p>In MP4 a sample with a negative composition offset is presented before; in a transport stream
 * nothing may be (ISO/IEC 13818-1 2.4.3.7). One shift of all decode times of a track makes it
 * right, if it is as long as the most negative offset. That offset is not written anywhere, but it
 * is how long pictures wait to be reordered, which
 *
 * <ul>
 *   <li>is nothing in Baseline profile, which has no reordering;
 *   <li>is in the offsets already where an edit list takes it back, so they are not negative;
 *   <li>is told by the usability information of the sequence parameter set;
 *   <li>is otherwise taken to be a tenth of a second.
 * </ul>
 *
 * <p>So the shift depends on the header of the track only, and is the same in all segments. Where
 * it is too short after all (frames of unequal length, for one), single decode times are set
 * earlier still.
 */
final class DecodeLead {
  private static final int BASELINE = 66;
  private static final int UNTOLD_PARTS_OF_SECOND = 10;

  /** Half of what {@link StreamClock} leaves before the first picture. */
  private static final int MAX_SECONDS = 5;

  private DecodeLead() {}

  /** The shift in ticks of the track's timescale. */
  static long ticks(TrackHeader track, AvcConfig config) {
    if (config.profile() == BASELINE || track.editMediaTimeTicks() > 0) {
      return 0;
    }
    long told = -1;
    for (byte[] sps : config.sps()) {
      var reordering = AvcReordering.read(ByteBuffer.wrap(sps));
      if (reordering.isEmpty()) {
        return track.timescale() / UNTOLD_PARTS_OF_SECOND;
      }
      told = Math.max(told, ticks(reordering.get(), track.timescale()));
    }
    return told >= 0 ? told : track.timescale() / UNTOLD_PARTS_OF_SECOND;
  }

  /** Rounded up. */
  private static long ticks(AvcReordering reordering, long timescale) {
    var parts =
        BigInteger.valueOf(reordering.frameUnits())
            .multiply(BigInteger.valueOf(timescale))
            .multiply(BigInteger.valueOf(reordering.maxFrames()))
            .divideAndRemainder(BigInteger.valueOf(reordering.unitsPerSecond()));
    var ticks = parts[0].add(BigInteger.valueOf(parts[1].signum()));
    return ticks.min(BigInteger.valueOf(MAX_SECONDS * timescale)).longValueExact();
  }

  /**
   * Sets decode times earlier where a picture would be presented before, and keeps their order.
   * Those of the segments around stay in order, too: no picture of a segment is presented before
   * one of an earlier segment.
   */
  static void settle(long[] decode, long[] presentation) {
    long next = Long.MAX_VALUE;
    for (int i = presentation.length - 1; i >= 0; i--) {
      decode[i] = Math.min(decode[i], Math.min(presentation[i], next - 1));
      next = decode[i];
    }
  }
}
