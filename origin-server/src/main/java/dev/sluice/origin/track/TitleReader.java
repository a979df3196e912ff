package dev.sluice.origin.track;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.Failure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.storage.ObjectStore;
import dev.sluice.origin.storage.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the media of an asset: a folder of MP4 files, with or without a server manifest. */
public final class TitleReader {

  /** How many files a folder may hold. */
  public static final int MAX_FILES = 4096;

  private final ObjectStore store;
  private final int maxTracks;

  /**
   * A reader of the objects in this store.
   *
   * @param maxTracks how many tracks a title may have
   */
  public TitleReader(ObjectStore store, int maxTracks) {
    this.store = store;
    this.maxTracks = maxTracks;
  }

  /**
   * Reads a title.
   *
   * @param container a folder below the media root
   * @param manifestName the server manifest in it; absent: its only one, else none, and every track
   *     of every file is taken
   * @param assetName names the title where the folder has no server manifest
   * @throws CallerFailure if the media is not there yet
   * @throws dev.sluice.origin.failure.ContentFailure if it cannot be served
   */
  public Title read(String container, Optional<String> manifestName, String assetName) {
    return read(container, manifestName, assetName, new TrackProblems());
  }

  /** Reads a title as {@link #read} does, and tells what is wrong with it instead of throwing. */
  public TitleReport check(String container, Optional<String> manifestName, String assetName) {
    var problems = new TrackProblems();
    try {
      Title title = read(container, manifestName, assetName, problems);
      return new TitleReport(Optional.of(title), problems.all());
    } catch (Failure failure) {
      List<String> sentences = new ArrayList<>(problems.all());
      sentences.add(failure.detail());
      return new TitleReport(Optional.empty(), sentences);
    }
  }

  private Title read(
      String container, Optional<String> manifestName, String assetName, TrackProblems problems) {
    List<StoredObject> files = store.list(container, MAX_FILES);
    Optional<StoredObject> manifest = manifest(manifestName, files);
    var sources = new TitleSources(store, container, maxTracks, problems);
    List<SelectedTrack> selected =
        manifest.isPresent() ? sources.named(manifest.get()) : sources.found(files);
    if (selected.isEmpty()) {
      throw notThere();
    }
    List<Track> tracks = TitleAssembler.assemble(selected);
    String name = manifest.map(TitleReader::fileName).orElse(assetName + ".ism");
    return new Title(name, tracks, sources.revision());
  }

  private Optional<StoredObject> manifest(Optional<String> manifestName, List<StoredObject> files) {
    if (manifestName.isPresent()) {
      // Sources are relative to the folder, so its manifest lies directly in it.
      Optional<StoredObject> named =
          files.stream().filter(f -> fileName(f).equals(manifestName.get())).findFirst();
      if (named.isEmpty()) {
        throw notThere();
      }
      return named;
    }
    List<StoredObject> manifests =
        files.stream().filter(f -> fileName(f).toLowerCase(Locale.ROOT).endsWith(".ism")).toList();
    if (manifests.size() > 1) {
      throw ServerManifest.malformed(
          "server manifests: %d (expected: one, or the asset's manifest to name one)"
              .formatted(manifests.size()));
    }
    return manifests.stream().findFirst();
  }

  static String fileName(StoredObject object) {
    return object.path().substring(object.path().lastIndexOf('/') + 1);
  }

  static CallerFailure notThere() {
    return new CallerFailure(
        FailureCode.MPE_STORAGE_RESOURCE_NOT_FOUND, "the asset's media is not there yet");
  }
}
