package dev.sluice.benchmarks.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.encrypt.AvcSampleMap;
import dev.sluice.origin.encrypt.SubsampleMap;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.storage.FileObjectStore;
import dev.sluice.origin.storage.ObjectStore;
import dev.sluice.origin.track.FragmentSamplesReader;
import dev.sluice.origin.track.Title;
import dev.sluice.origin.track.TitleReader;
import dev.sluice.origin.track.Track;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server reads the media as what it is meant to be. */
final class SyntheticFilesTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void eachSliceIsProtectedBehindItsHeader(int slices) {
    var store = new MemoryStore(SyntheticFiles.title(slices));
    Track track = title(store, "title").of(TrackKind.VIDEO).getFirst();
    try (var object = store.open(track.object())) {
      var samples = FragmentSamplesReader.read(object, track, 0);
      assertThat(samples.count()).isEqualTo(50);
      assertThat(samples.totalBytes()).isEqualTo(1_491_000);
      SubsampleMap map =
          AvcSampleMap.plan(samples, (AvcConfig) track.codec(), object::readFully, Scheme.CBCS);
      assertThat(map.totalEntryCount()).isEqualTo(50 * slices);
      for (int i = 0; i < 50; i++) {
        // Delimiter and SEI with their lengths are 70 bytes, a slice's length and header 8 to 15.
        assertThat(map.clearBytes(i, 0)).as("sample %d", i).isBetween(78, 85);
        for (int k = 1; k < slices; k++) {
          assertThat(map.clearBytes(i, k)).as("sample %d", i).isBetween(8, 15);
        }
      }
    }
  }

  @Test
  void audioHasWholeFrames() {
    var store = new MemoryStore(SyntheticFiles.title(1));
    Track track = title(store, "title").of(TrackKind.AUDIO).getFirst();
    try (var object = store.open(track.object())) {
      var samples = FragmentSamplesReader.read(object, track, 0);
      assertThat(samples.count()).isEqualTo(94);
      assertThat(samples.totalBytes()).isEqualTo(34_780);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sparseFilesHaveTheirFragments(boolean sidx, @TempDir Path folder) throws Exception {
    Path file = folder.resolve("hour/video.mp4");
    SyntheticFiles.writeSparse(file, 30, sidx);
    assertThat(Files.size(file)).isGreaterThan(30 * 1_491_000L);
    var index =
        title(new FileObjectStore(folder), "hour").of(TrackKind.VIDEO).getFirst().fragments();
    assertThat(index.count()).isEqualTo(30);
    assertThat(index.endTicks()).isEqualTo(30 * 180_000L);
    assertThat(index.sampleBytes(29)).isEqualTo(1_491_000);
    var report =
        new TitleReader(new FileObjectStore(folder), 10).check("hour", Optional.empty(), "hour");
    assertThat(report.problems()).isEmpty();
  }

  private static Title title(ObjectStore store, String folder) {
    return new TitleReader(store, 10).read(folder, Optional.empty(), folder);
  }
}
