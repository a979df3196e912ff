package dev.sluice.origin.manifest.hls;

import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.drm.Protection;
import dev.sluice.origin.manifest.Presentation.PresentedTrack;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.track.FragmentIndex;
import java.util.Optional;

/**
 * How large the segments of a track are as they are served: what the index says of the samples, and
 * an estimate of what container and encryption add. A little too much rather than too little, since
 * a player that believes a rate must be able to rely on it.
 *
 * <p>The index does not count samples, so a fragment is taken to have its share of the largest one.
 */
final class ServedSizes {
  private static final int PACKET_BYTES = 188;
  private static final int PACKET_PAYLOAD_BYTES = 184;

  /** styp, moof with one run, and the header of mdat; each in its longest form. */
  private static final int FMP4_BYTES = 140;

  /** Of trun: size, composition offset, and flags or duration. */
  private static final int VIDEO_RUN_BYTES = 12;

  /** Of trun: size, and in many files duration, which rounding makes differ. */
  private static final int AUDIO_RUN_BYTES = 8;

  /** saiz, saio and senc without their entries. */
  private static final int AUXILIARY_BYTES = 56;

  private static final int IV_BYTES = 8;

  /**
   * Size in saiz, subsample count, and four subsamples, for encoders that cut pictures in slices.
   */
  private static final int SUBSAMPLES_BYTES = 1 + 2 + 4 * 6;

  /** Header with both times and the access unit delimiter, behind a clock reference. */
  private static final int VIDEO_PES_BYTES = 8 + 19 + 6;

  /** Header with one time, behind a clock reference. */
  private static final int AUDIO_PES_BYTES = 8 + 14;

  private static final int ADTS_BYTES = 7;
  private static final int AUDIO_PES_PER_SECOND = 10;
  private static final int TABLE_PACKETS = 2;
  private static final int CLOCKS_PER_SECOND = 10;
  private static final int MAX_CLOCK_PACKETS = 100;

  /** The packets of each stream of a segment are a multiple of it, as its counter is. */
  private static final int COUNTER_CYCLE = 16;

  /** What stuffs the last packet of a picture: half of it, and some more against bad luck. */
  private static final int STUFFING_BYTES = 110;

  /** How far sizes of groups of audio frames lie apart: a seventh to either side, in steps. */
  private static final int SPREAD = 7;

  /** How much longer a start code can be than the length field that it replaces, in two units. */
  private static final int START_CODES_BYTES = 4;

  private static final int CIPHER_BLOCK_BYTES = 16;

  private final FragmentIndex fragments;
  private final HlsFormat format;
  private final boolean video;
  private final boolean keyframes;
  private final Optional<Scheme> scheme;
  private final long parameterSetBytes;
  private final long longestTicks;
  private final long timescale;

  /** What lasts 100 ms. */
  private final long framesPerPes;

  /** Of the segments of a media playlist. */
  ServedSizes(PresentedTrack presented, HlsFormat format) {
    this(presented, format, /* keyframes= */ false);
  }

  /** Of the segments of a media playlist, or of an I-frame playlist, each of one frame. */
  ServedSizes(PresentedTrack presented, HlsFormat format, boolean keyframes) {
    this.keyframes = keyframes;
    this.fragments = presented.track().fragments();
    this.format = format;
    this.video = presented.track().kind() == TrackKind.VIDEO;
    this.scheme = presented.protection().map(Protection::scheme);
    this.parameterSetBytes = presented.track().codec() instanceof AvcConfig avc ? bytesOf(avc) : 0;
    this.longestTicks = fragments.maxDurationTicks();
    this.timescale = presented.track().timescale();
    long groupTicks = timescale / AUDIO_PES_PER_SECOND;
    this.framesPerPes =
        longestTicks == 0 ? 1 : Math.max(1, groupTicks * fragments.maxSampleCount() / longestTicks);
  }

  /** The size of a segment. */
  long bytes(int segment) {
    long clear = format.isTransportStream() ? transportBytes(segment) : fragmentBytes(segment);
    return scheme.filter(Scheme.CBC::equals).isPresent()
        ? (clear / CIPHER_BLOCK_BYTES + 1) * CIPHER_BLOCK_BYTES
        : clear;
  }

  private long fragmentBytes(int segment) {
    long sampleBytes = video ? VIDEO_RUN_BYTES : AUDIO_RUN_BYTES;
    long boxBytes = FMP4_BYTES;
    boolean perSampleIv = scheme.filter(Scheme.CENC::equals).isPresent();
    boolean subsamples = video && (perSampleIv || scheme.filter(Scheme.CBCS::equals).isPresent());
    if (perSampleIv || subsamples) {
      boxBytes += AUXILIARY_BYTES;
      sampleBytes += (perSampleIv ? IV_BYTES : 0) + (subsamples ? SUBSAMPLES_BYTES : 0);
    }
    return boxBytes + samples(segment) * sampleBytes + sampleBytes(segment);
  }

  private long transportBytes(int segment) {
    long packets = video ? videoPackets(segment) : audioPackets(segment);
    long cycles = (packets + COUNTER_CYCLE - 1) / COUNTER_CYCLE;
    return (TABLE_PACKETS + cycles * COUNTER_CYCLE + clockPackets(segment)) * PACKET_BYTES;
  }

  /** What carries only a clock reference, behind pictures that last longer than its interval. */
  private long clockPackets(int segment) {
    long samples = samples(segment);
    if (!video || samples == 0) {
      return 0;
    }
    long ticks = fragments.durationTicks(segment) / samples;
    return samples * Math.clamp((ticks - 1) * CLOCKS_PER_SECOND / timescale, 0, MAX_CLOCK_PACKETS);
  }

  private long videoPackets(int segment) {
    // The last packet of a lone picture is the last one of all, which are rounded up anyway.
    int stuffingBytes = keyframes ? 0 : STUFFING_BYTES;
    long pictureBytes = (long) VIDEO_PES_BYTES + START_CODES_BYTES + stuffingBytes;
    long bytes = sampleBytes(segment) + parameterSetBytes + samples(segment) * pictureBytes;
    return (bytes + PACKET_PAYLOAD_BYTES - 1) / PACKET_PAYLOAD_BYTES;
  }

  /**
   * The sizes of a track's audio frames differ little, so that how much of a group's last packet is
   * stuffed is no chance: it is the mean over sizes around that of the average group. Nor is it
   * less than that of the average group, which is what all have where they hardly differ at all.
   */
  private long audioPackets(int segment) {
    long samples = samples(segment);
    long groups = (samples + framesPerPes - 1) / framesPerPes;
    if (groups == 0) {
      return 0;
    }
    long groupBytes = (sampleBytes(segment) + samples * ADTS_BYTES) / groups;
    long packets = 0;
    for (int step = -SPREAD; step <= SPREAD; step++) {
      long bytes = AUDIO_PES_BYTES + groupBytes + groupBytes * step / (SPREAD * SPREAD);
      packets += (bytes + PACKET_PAYLOAD_BYTES - 1) / PACKET_PAYLOAD_BYTES;
    }
    int steps = 2 * SPREAD + 1;
    long ofAverage =
        (AUDIO_PES_BYTES + groupBytes + PACKET_PAYLOAD_BYTES - 1) / PACKET_PAYLOAD_BYTES;
    return Math.max((packets * groups + steps - 1) / steps, ofAverage * groups);
  }

  private long sampleBytes(int segment) {
    return keyframes ? fragments.firstSampleBytes(segment) : fragments.sampleBytes(segment);
  }

  /** How many samples a segment has: exact where all samples last equally long. */
  private long samples(int segment) {
    if (keyframes) {
      return 1;
    }
    long most = fragments.maxSampleCount();
    if (longestTicks == 0) {
      return most;
    }
    long ticks = fragments.durationTicks(segment);
    return Math.min(most, (long) Math.ceil((double) most * ticks / longestTicks));
  }

  private static long bytesOf(AvcConfig avc) {
    long bytes = 0;
    for (byte[] set : avc.sps()) {
      bytes += set.length + START_CODES_BYTES;
    }
    for (byte[] set : avc.pps()) {
      bytes += set.length + START_CODES_BYTES;
    }
    return bytes;
  }
}
