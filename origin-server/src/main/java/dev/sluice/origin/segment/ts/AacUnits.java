package dev.sluice.origin.segment.ts;

import dev.sluice.origin.codec.AacConfig;
import dev.sluice.origin.encrypt.SampleAes;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.mp4.ElementaryStreamBox;
import dev.sluice.origin.track.FragmentSamples;
import java.util.Optional;

/**
 * Frames of an AAC track behind ADTS headers, several in a PES packet: up to 100 ms, while their
 * durations are the same but for rounding, since only the first frame has a time.
 */
final class AacUnits implements UnitSource {
  private static final int GROUPS_PER_SECOND = 10;

  /** Bounds PES_packet_length, which has 16 bits. */
  private static final int MAX_GROUP_BYTES = 48 * 1024;

  private final ElementaryStream stream;
  private final FragmentSamples samples;
  private final Bytes audioSpecificConfig;
  private final Leads.Adts leads;
  private final Optional<SampleAes> encryption;

  AacUnits(ElementaryStream stream) {
    this.stream = stream;
    this.samples = stream.samples();
    this.audioSpecificConfig =
        ElementaryStreamBox.read(stream.configuration("esds")).decoderSpecificInfo();
    this.leads = new Leads.Adts(AdtsHeader.of(audioSpecificConfig));
    this.encryption = stream.encryption();
  }

  @Override
  public ProgramTables.Stream programMapEntry() {
    return encryption.isPresent()
        ? ProgramTables.Stream.encryptedAac(
            AacConfig.parse(audioSpecificConfig.asBuffer()), audioSpecificConfig)
        : ProgramTables.Stream.aac();
  }

  @Override
  public Leads leads() {
    return leads;
  }

  @Override
  public void plan(StreamPlan plan) {
    var header = stream.track().header();
    var clock = new StreamClock(header.timescale(), header.editMediaTimeTicks());
    long maxTicks = header.timescale() / GROUPS_PER_SECOND;
    long ticks = stream.startTicks();
    int first = 0;
    while (first < samples.count()) {
      plan.beginUnit(/* parameterSetsFirst= */ false);
      int end = first;
      int bytes = 0;
      long groupTicks = 0;
      do {
        int size = requireSizeBytes(end);
        bytes += AdtsHeader.BYTES + size;
        plan.addRun(
            samples.offsetBytes(end),
            size,
            encryption.isPresent() && SampleAes.Unit.FRAME.blocks(size) > 0);
        groupTicks += samples.durationTicks(end);
        end++;
      } while (end < samples.count()
          && Math.abs(samples.durationTicks(end - 1) - samples.durationTicks(first)) <= 1
          && groupTicks + samples.durationTicks(end) <= maxTicks
          && bytes + AdtsHeader.BYTES + samples.sizeBytes(end) <= MAX_GROUP_BYTES);
      long time = clock.at(ticks + samples.compositionOffsetTicks(first));
      plan.endUnit(
          new AccessUnit(
              plan.payloadBytes(),
              time,
              time,
              clock.at(ticks),
              clock.at(ticks + groupTicks) - clock.at(ticks),
              first == 0));
      ticks += groupTicks;
      first = end;
    }
  }

  private int requireSizeBytes(int sample) {
    int size = samples.sizeBytes(sample);
    if (size > AdtsHeader.MAX_FRAME_BYTES) {
      throw new ContentFailure(
          FailureCode.MPE_AUDIO_ENCODING_NOT_SUPPORTED,
          "frame: %d bytes (expected: <= %d in ADTS)".formatted(size, AdtsHeader.MAX_FRAME_BYTES),
          "sample " + sample);
    }
    return size;
  }
}
