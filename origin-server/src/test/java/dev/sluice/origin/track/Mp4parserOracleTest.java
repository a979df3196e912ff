package dev.sluice.origin.track;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.storage.FileObjectStore;
import dev.sluice.origin.storage.ObjectReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mp4parser.IsoFile;
import org.mp4parser.PropertyBoxParserImpl;
import org.mp4parser.boxes.iso14496.part12.MovieFragmentBox;
import org.mp4parser.boxes.iso14496.part12.TrackFragmentBox;
import org.mp4parser.boxes.iso14496.part12.TrackRunBox;

/** Sample tables, compared with what mp4parser reads. */
final class Mp4parserOracleTest {
  private final Path root = TestTitles.root();

  @ParameterizedTest
  @ValueSource(strings = {"ladder", "muxed", "legacy", "base", "ismv", "chunked"})
  void readsTheRunsThatMp4parserReads(String folder) throws IOException {
    var store = new FileObjectStore(root);
    Title title = new TitleReader(store, 8).read(folder, Optional.empty(), "show");
    for (Track track : title.tracks()) {
      List<String> ours = new ArrayList<>();
      try (ObjectReader reader = store.open(track.object())) {
        for (int i = 0; i < track.fragments().count(); i++) {
          FragmentSamples samples = FragmentSamplesReader.read(reader, track, i);
          for (int s = 0; s < samples.count(); s++) {
            ours.add(
                "%d %d %d"
                    .formatted(
                        samples.sizeBytes(s),
                        samples.durationTicks(s),
                        samples.compositionOffsetTicks(s)));
          }
        }
      }
      List<String> theirs = theirs(track);
      if (folder.equals("ismv") && track.kind() == TrackKind.AUDIO) {
        // Its first sample lies before zero, where there is no time to play it.
        theirs.set(0, theirs.getFirst().replaceFirst(" \\d+ ", " 0 "));
      }
      assertThat(ours).as(track.name()).isEqualTo(theirs);
    }
  }

  private List<String> theirs(Track track) throws IOException {
    List<String> lines = new ArrayList<>();
    try (var channel = FileChannel.open(root.resolve(track.object().path()));
        var file = new IsoFile(channel, new PropertyBoxParserImpl().skippingBoxes("mdat"))) {
      for (MovieFragmentBox moof : file.getBoxes(MovieFragmentBox.class)) {
        for (TrackFragmentBox traf : moof.getBoxes(TrackFragmentBox.class)) {
          var header = traf.getTrackFragmentHeaderBox();
          if (header.getTrackId() != track.header().trackId()) {
            continue;
          }
          for (TrackRunBox run : traf.getBoxes(TrackRunBox.class)) {
            for (TrackRunBox.Entry entry : run.getEntries()) {
              lines.add(
                  "%d %d %d"
                      .formatted(
                          run.isSampleSizePresent()
                              ? entry.getSampleSize()
                              : header.getDefaultSampleSize(),
                          run.isSampleDurationPresent()
                              ? entry.getSampleDuration()
                              : header.getDefaultSampleDuration(),
                          run.isSampleCompositionTimeOffsetPresent()
                              ? entry.getSampleCompositionTimeOffset()
                              : 0));
            }
          }
        }
      }
    }
    return lines;
  }
}
