package dev.sluice.origin.track;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.ByteRange;
import dev.sluice.origin.mp4.BoxHeader;
import dev.sluice.origin.mp4.MovieFragmentBox;
import dev.sluice.origin.mp4.TrackFragmentBox;
import dev.sluice.origin.mp4.TrackHeader;
import dev.sluice.origin.storage.ObjectReader;
import java.util.Arrays;

/** Decodes the samples of one fragment of one track. */
public final class FragmentSamplesReader implements MoofSamples.Sink {
  private final TrackHeader track;
  private long[] offsets = new long[64];
  private int[] sizes = new int[64];
  private int[] durations = new int[64];
  private int[] flags = new int[64];
  private int[] compositionOffsets = new int[64];
  private int count;
  private int descriptionIndex;
  private int sequenceNumber;

  private FragmentSamplesReader(TrackHeader track) {
    this.track = track;
  }

  /**
   * Reads the {@code moof} boxes of a fragment, and nothing else.
   *
   * @param object the version that the track was indexed from
   * @param fragment from 0
   * @throws ContentFailure if a sample does not lie in the object
   */
  public static FragmentSamples read(ObjectReader object, Track track, int fragment) {
    var reader = new FragmentSamplesReader(track.header());
    FragmentIndex index = track.fragments();
    reader.collect(new BoxScanner(object), index.headerRange(fragment));
    reader.cutBeforeZero(index.durationTicks(fragment));
    return reader.build();
  }

  @Override
  public void sample(
      long offsetBytes, int sizeBytes, int durationTicks, int sampleFlags, int compositionOffset) {
    if (count == FragmentIndexBuilder.MAX_FRAGMENT_SAMPLES) {
      throw refused("samples of a fragment: more than %d (expected: fewer)".formatted(count));
    }
    if (count == sizes.length) {
      resize(count * 2);
    }
    offsets[count] = offsetBytes;
    sizes[count] = sizeBytes;
    durations[count] = durationTicks;
    flags[count] = sampleFlags;
    compositionOffsets[count] = compositionOffset;
    count++;
  }

  private void collect(BoxScanner scanner, ByteRange range) {
    boolean first = true;
    for (long at = range.offsetBytes(); at < range.endBytes(); ) {
      BoxHeader box = scanner.header(at);
      at = box.endBytes();
      if (!box.type().equals("moof")) {
        continue;
      }
      MovieFragmentBox moof = MovieFragmentBox.read(scanner.read(box, Mp4Reader.MAX_MOOF_BYTES));
      if (first) {
        sequenceNumber = moof.sequenceNumber();
        first = false;
      }
      requireOneDescription(moof);
      var moofRange = new ByteRange(box.offsetBytes(), box.sizeBytes());
      new MoofSamples(moof, moofRange, scanner.sizeBytes(), track).forEach(this);
    }
    if (count == 0) {
      throw refused("samples: none (expected: >= 1)");
    }
  }

  /**
   * Makes the durations add up to that of the fragment. They are longer only where priming was to
   * play before zero: its samples give way, so that the others keep their times.
   */
  private void cutBeforeZero(long durationTicks) {
    long excess = -durationTicks;
    for (int i = 0; i < count; i++) {
      excess += durations[i];
    }
    for (int i = 0; i < count && excess > 0; i++) {
      int cut = (int) Math.min(durations[i], excess);
      durations[i] -= cut;
      excess -= cut;
    }
  }

  private FragmentSamples build() {
    resize(count);
    return new FragmentSamples(
        offsets, sizes, durations, flags, compositionOffsets, descriptionIndex, sequenceNumber);
  }

  private void requireOneDescription(MovieFragmentBox moof) {
    for (TrackFragmentBox fragment : moof.trackFragments()) {
      if (fragment.header().trackId() != track.trackId()) {
        continue;
      }
      int index = fragment.header().descriptionIndex().orElse(track.defaults().descriptionIndex());
      if (index < 1 || index > track.sampleEntries().size()) {
        throw refused(
            "sample_description_index: %s (expected: 1 to %d)"
                .formatted(Integer.toUnsignedString(index), track.sampleEntries().size()));
      }
      if (descriptionIndex != 0 && descriptionIndex != index) {
        throw refused(
            "sample_description_index: %d (expected: %d, as before in the fragment)"
                .formatted(index, descriptionIndex));
      }
      descriptionIndex = index;
    }
  }

  private void resize(int capacity) {
    offsets = Arrays.copyOf(offsets, capacity);
    sizes = Arrays.copyOf(sizes, capacity);
    durations = Arrays.copyOf(durations, capacity);
    flags = Arrays.copyOf(flags, capacity);
    compositionOffsets = Arrays.copyOf(compositionOffsets, capacity);
  }

  private ContentFailure refused(String message) {
    return new ContentFailure(
        FailureCode.MPE_INPUT_NOT_SUPPORTED, message, "a fragment of track " + track.trackId());
  }
}
