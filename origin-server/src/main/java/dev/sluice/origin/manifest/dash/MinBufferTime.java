package dev.sluice.origin.manifest.dash;

import dev.sluice.origin.track.FragmentIndex;
import dev.sluice.origin.track.Track;
import java.util.List;

/**
 * The buffer that a client needs so that a channel of just {@code @bandwidth} never lets it run
 * dry, wherever it starts (ISO/IEC 23009-1 5.3.5.2).
 *
 * <p>A leaky bucket over whole segments: what has not arrived when a segment's time has come is
 * owed. The worst debt behind any segment, in time, is the answer. Sizes are those of the index and
 * an allowance for boxes and encryption. All in integers and rounded up, so that every server says
 * the same.
 */
final class MinBufferTime {
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long MIN_MICROS = 2 * MICROS_PER_SECOND;
  private static final long MAX_MICROS = 7 * MICROS_PER_SECOND;
  private static final long STEP_MICROS = MICROS_PER_SECOND / 10;
  private static final long BITS_PER_BYTE = 8;
  private static final long ALLOWANCE_PERCENT = 2;

  private MinBufferTime() {}

  /** In microseconds, a multiple of 0.1 s, from 2 s to 7 s. */
  static long micros(List<Track> tracks) {
    long most = tracks.stream().mapToLong(MinBufferTime::micros).max().orElse(0);
    long rounded = Math.ceilDiv(most, STEP_MICROS) * STEP_MICROS;
    return Math.clamp(rounded, MIN_MICROS, MAX_MICROS);
  }

  private static long micros(Track track) {
    FragmentIndex fragments = track.fragments();
    long owedMicros = 0;
    long mostMicros = 0;
    for (int i = 0; i < fragments.count() && mostMicros < MAX_MICROS; i++) {
      owedMicros += transferMicros(fragments.sampleBytes(i), Math.max(1, track.bitrate()));
      mostMicros = Math.max(mostMicros, owedMicros);
      owedMicros =
          Math.max(0, owedMicros - playMicros(fragments.durationTicks(i), track.timescale()));
    }
    return mostMicros;
  }

  private static long transferMicros(long bytes, long bitsPerSecond) {
    long bits = Math.ceilDiv(bytes * BITS_PER_BYTE * (100 + ALLOWANCE_PERCENT), 100);
    // Whole seconds apart: a large segment times a million is more than a long holds.
    long seconds = Math.min(bits / bitsPerSecond, MAX_MICROS);
    return seconds * MICROS_PER_SECOND
        + Math.ceilDiv(bits % bitsPerSecond * MICROS_PER_SECOND, bitsPerSecond);
  }

  private static long playMicros(long ticks, long timescale) {
    return ticks / timescale * MICROS_PER_SECOND
        + ticks % timescale * MICROS_PER_SECOND / timescale;
  }
}
