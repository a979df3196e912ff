package dev.sluice.benchmarks.origin;

import dev.sluice.benchmarks.media.MemoryStore;
import dev.sluice.benchmarks.media.SyntheticFiles;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.storage.FileObjectStore;
import dev.sluice.origin.storage.ObjectReader;
import dev.sluice.origin.storage.ObjectStore;
import dev.sluice.origin.track.FragmentSamples;
import dev.sluice.origin.track.FragmentSamplesReader;
import dev.sluice.origin.track.Title;
import dev.sluice.origin.track.TitleReader;
import dev.sluice.origin.track.Track;
import java.nio.file.Path;
import java.util.Optional;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The first fragment of a track, whose object is open. */
@State(Scope.Thread)
public class TitleState {
  private static final String SYNTHETIC = "synthetic";
  private static final int MAX_TRACKS = 10;

  /**
   * {@value #SYNTHETIC}: made here, in memory, of 50 pictures (1,491,000 bytes) and 94 frames of
   * AAC (34,780 bytes). Else a folder of fragmented MP4, which is read from the page cache.
   */
  @Param(SYNTHETIC)
  public String media = SYNTHETIC;

  /** How many slices the synthetic pictures have. */
  @Param("1")
  public int slices = 1;

  /** Which track: {@code VIDEO} or {@code AUDIO}. */
  @Param({"VIDEO", "AUDIO"})
  public TrackKind kind = TrackKind.VIDEO;

  private Optional<Opened> opened = Optional.empty();

  private record Opened(ObjectStore store, Track track, FragmentSamples samples) {}

  /** Reads the title. */
  @Setup
  public void open() {
    ObjectStore store;
    String folder;
    if (media.equals(SYNTHETIC)) {
      store = new MemoryStore(SyntheticFiles.title(slices));
      folder = "title";
    } else {
      Path path = Path.of(media).toAbsolutePath().normalize();
      store = new FileObjectStore(path.resolveSibling("."));
      folder = path.getName(path.getNameCount() - 1).toString();
    }
    Title title = new TitleReader(store, MAX_TRACKS).read(folder, Optional.empty(), "title");
    Track track = title.of(kind).getFirst();
    try (ObjectReader object = store.open(track.object())) {
      opened = Optional.of(new Opened(store, track, FragmentSamplesReader.read(object, track, 0)));
    }
  }

  Track track() {
    return opened.orElseThrow().track();
  }

  FragmentSamples samples() {
    return opened.orElseThrow().samples();
  }

  /** Ownership: the caller closes it. */
  ObjectReader reader() {
    return opened.orElseThrow().store().open(track().object());
  }
}
