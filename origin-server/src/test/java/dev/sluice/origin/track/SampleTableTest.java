package dev.sluice.origin.track;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.storage.FileObjectStore;
import dev.sluice.origin.storage.ObjectReader;
import dev.sluice.origin.storage.ObjectStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sample tables, compared with what ffprobe finds in the same files. */
final class SampleTableTest {
  private final Path root = TestTitles.root();
  private final ObjectStore store = new FileObjectStore(root);

  @ParameterizedTest
  @ValueSource(strings = {"ladder", "muxed", "legacy", "base", "ismv", "chunked"})
  void findsTheSamplesThatFfprobeFinds(String folder) {
    Title title = new TitleReader(store, 8).read(folder, Optional.empty(), "show");
    assertThat(title.tracks()).isNotEmpty();
    for (Track track : title.tracks()) {
      assertThat(positionsAndSizes(track))
          .as(track.name())
          .isEqualTo(ffprobe(track, "packet=pos,size"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ladder", "muxed", "legacy", "base", "chunked"})
  void findsTheTimesThatFfprobeFinds(String folder) {
    Title title = new TitleReader(store, 8).read(folder, Optional.empty(), "show");
    for (Track track : title.tracks()) {
      // ffprobe applies the edit list, whose start it makes the zero of its times.
      assertThat(times(track)).as(track.name()).isEqualTo(ffprobe(track, "packet=pts,dts"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ladder", "muxed", "legacy", "base", "ismv", "chunked"})
  void beginsEveryVideoFragmentWithASyncSample(String folder) {
    Title title = new TitleReader(store, 8).read(folder, Optional.empty(), "show");
    for (Track track : title.of(TrackKind.VIDEO)) {
      assertThat(track.fragments().count()).isEqualTo(3);
      try (ObjectReader reader = store.open(track.object())) {
        for (int i = 0; i < track.fragments().count(); i++) {
          FragmentSamples samples = FragmentSamplesReader.read(reader, track, i);
          assertThat(samples.flags(0) & 0x10000).isZero();
          assertThat(samples.totalBytes()).isEqualTo(track.fragments().sampleBytes(i));
          assertThat(samples.count()).isEqualTo(50);
        }
      }
    }
  }

  private List<String> positionsAndSizes(Track track) {
    List<String> lines = new ArrayList<>();
    try (ObjectReader reader = store.open(track.object())) {
      for (int i = 0; i < track.fragments().count(); i++) {
        FragmentSamples samples = FragmentSamplesReader.read(reader, track, i);
        for (int s = 0; s < samples.count(); s++) {
          lines.add(samples.sizeBytes(s) + "," + samples.offsetBytes(s));
        }
      }
    }
    return lines;
  }

  private List<String> times(Track track) {
    List<FragmentSamples> fragments = new ArrayList<>();
    int lowest = 0;
    try (ObjectReader reader = store.open(track.object())) {
      for (int i = 0; i < track.fragments().count(); i++) {
        FragmentSamples samples = FragmentSamplesReader.read(reader, track, i);
        fragments.add(samples);
        for (int s = 0; s < samples.count(); s++) {
          lowest = Math.min(lowest, samples.compositionOffsetTicks(s));
        }
      }
    }
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < fragments.size(); i++) {
      FragmentSamples samples = fragments.get(i);
      long time = track.fragments().startTicks(i) - track.header().editMediaTimeTicks();
      for (int s = 0; s < samples.count(); s++) {
        // ffprobe shifts all presentation times by the most negative composition offset.
        lines.add((time + samples.compositionOffsetTicks(s) - lowest) + "," + time);
        time += samples.durationTicks(s);
      }
    }
    return lines;
  }

  private List<String> ffprobe(Track track, String entries) {
    String stream = track.kind() == TrackKind.VIDEO ? "v:0" : "a:0";
    String file = root.resolve(track.object().path()).toString();
    List<String> lines =
        TestTitles.run(
            List.of(
                "ffprobe",
                "-v",
                "error",
                "-select_streams",
                stream,
                "-show_entries",
                entries,
                "-of",
                "csv=p=0",
                file));
    return lines.stream()
        .map(line -> line.replaceAll(",$", ""))
        .filter(line -> !line.isBlank())
        .map(line -> line.split(",", -1))
        .map(fields -> fields[0] + "," + fields[1])
        .toList();
  }
}
