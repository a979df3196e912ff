package dev.sluice.origin.segment.ts;

import dev.sluice.origin.encrypt.SampleAes;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.mp4.BoxReader;
import dev.sluice.origin.mp4.TrackHeader.SampleEntry;
import dev.sluice.origin.storage.ObjectReader;
import dev.sluice.origin.track.FragmentSamples;
import dev.sluice.origin.track.Track;
import java.util.Optional;

/**
 * Part of a track that becomes an elementary stream of a segment.
 *
 * @param track whose samples they are
 * @param samples in decode order; may be none, so that a segment tells of a stream that has nothing
 *     for it
 * @param startTicks the decode time of the first sample in the track's timescale
 * @param object where the samples lie; belongs to the segment that is made of this
 * @param encryption under which the samples leave; belongs to the segment, too
 */
public record ElementaryStream(
    Track track,
    FragmentSamples samples,
    long startTicks,
    ObjectReader object,
    Optional<SampleAes> encryption)
    implements AutoCloseable {

  /** Where the samples lie, and how they leave. */
  SampleSource source() {
    return new SampleSource(object, encryption);
  }

  /** A child box of the sample entry that the samples refer to. */
  BoxReader configuration(String boxType) {
    var in = BoxReader.ofBox(sampleEntry().box().asBuffer(), 0);
    in.skip(sampleEntry().childrenOffset() - in.readBytes(), "sample entry");
    while (in.remaining() >= Long.BYTES) {
      var child = in.nextChild();
      if (child.isPresent() && child.get().type().equals(boxType)) {
        return child.get();
      }
    }
    throw in.malformed("%s: none (expected: one)".formatted(boxType), "");
  }

  private SampleEntry sampleEntry() {
    var entries = track.header().sampleEntries();
    int index = samples.count() == 0 ? 1 : samples.descriptionIndex();
    if (index < 1 || index > entries.size()) {
      throw new ContentFailure(
          FailureCode.MPE_INPUT_NOT_SUPPORTED,
          "sample_description_index: %d (expected: 1 to %d)".formatted(index, entries.size()),
          "tfhd");
    }
    return entries.get(index - 1);
  }

  @Override
  public void close() {
    source().close();
  }
}
