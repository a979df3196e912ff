package dev.sluice.origin.track;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.storage.FileObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a title in memory costs, all of it: names, headers and codec configuration too. */
final class TrackHeapTest {
  private static final int TITLES = 200;
  private static final int FRAGMENTS_OF_AN_HOUR = 1_800;
  private static final int FRAGMENT_BYTES = 32;
  private static final long MOST_BYTES = 100 << 10;

  @Test
  void keepsAnHourOfATrackInAHundredKibibytes(@TempDir Path media) throws IOException {
    Path folder = Files.createDirectory(media.resolve("hour"));
    Files.write(folder.resolve("video.mp4"), SyntheticTrackTest.ofFragments(FRAGMENTS_OF_AN_HOUR));
    var reader = new TitleReader(new FileObjectStore(media), 1);
    // What is made once for all titles is there before the first look at the heap.
    Title first = read(reader);
    long before = usedBytes();
    List<Title> titles = new ArrayList<>();
    for (int i = 0; i < TITLES; i++) {
      titles.add(read(reader));
    }
    long each = (usedBytes() - before) / TITLES;
    assertThat(titles).hasSize(TITLES).allMatch(title -> title.tracks().size() == 1);
    assertThat(first.tracks().getFirst().fragments().count()).isEqualTo(FRAGMENTS_OF_AN_HOUR);
    // It cannot be less than the arrays: that would be a measurement of nothing.
    assertThat(each).isBetween(FRAGMENTS_OF_AN_HOUR * FRAGMENT_BYTES * 9L / 10, MOST_BYTES);
  }

  private static Title read(TitleReader reader) {
    return reader.read("hour", Optional.empty(), "hour");
  }

  /** The heap in use once nothing can be collected any more; the least of a few looks. */
  private static long usedBytes() {
    long least = Long.MAX_VALUE;
    for (int look = 0; look < 4; look++) {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }
}
