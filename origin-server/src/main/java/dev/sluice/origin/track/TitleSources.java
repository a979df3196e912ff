package dev.sluice.origin.track;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.storage.ObjectReader;
import dev.sluice.origin.storage.ObjectStore;
import dev.sluice.origin.storage.StoredObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The objects that one title is read from, each read once. */
final class TitleSources {
  private static final Set<String> MEDIA_EXTENSIONS =
      Set.of("mp4", "m4v", "m4a", "cmfv", "cmfa", "ismv", "isma");

  private final ObjectStore store;
  private final String container;
  private final int maxTracks;
  private final TrackProblems problems;
  private final Map<String, Source> sources = new HashMap<>();
  private final TreeMap<String, String> revisions = new TreeMap<>();
  private final List<SelectedTrack> selected = new ArrayList<>();

  /** A file and what it holds. */
  private record Source(StoredObject object, Mp4File file) {}

  TitleSources(ObjectStore store, String container, int maxTracks, TrackProblems problems) {
    this.store = store;
    this.container = container;
    this.maxTracks = maxTracks;
    this.problems = problems;
  }

  /** The tracks that a server manifest names, in its order. */
  List<SelectedTrack> named(StoredObject manifest) {
    for (ServerManifest.Entry entry : manifest(manifest).tracks()) {
      String path = container + "/" + entry.src();
      StoredObject object = store.find(path).orElseThrow(TitleReader::notThere);
      Source source = source(object);
      if (!source.file().fragmented()) {
        throw progressive(object);
      }
      List<Mp4File.Mp4Track> tracks =
          source.file().tracks().stream()
              .filter(t -> t.kind() == entry.kind())
              .filter(
                  t -> entry.trackId().isEmpty() || entry.trackId().get() == t.header().trackId())
              .toList();
      if (tracks.isEmpty()) {
        throw ServerManifest.malformed(
            "track %s of %s: none (expected: one of its kind)"
                .formatted(
                    entry.trackId().map(Integer::toUnsignedString).orElse("of any id"),
                    TitleReader.fileName(object)));
      }
      for (Mp4File.Mp4Track track : tracks) {
        select(track, object, Optional.of(entry));
      }
    }
    return selected;
  }

  /** Every track of every file, in the order of names. */
  List<SelectedTrack> found(List<StoredObject> files) {
    List<StoredObject> progressive = new ArrayList<>();
    for (StoredObject object : files) {
      String name = TitleReader.fileName(object).toLowerCase(Locale.ROOT);
      if (!MEDIA_EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1))) {
        continue;
      }
      Source source = source(object);
      if (!source.file().fragmented()) {
        progressive.add(object);
        continue;
      }
      for (Mp4File.Mp4Track track : source.file().tracks()) {
        if (track.fragments().isPresent()) {
          select(track, object, Optional.empty());
        } else {
          problems.add(
              "track %d of %s is left out: it has no fragments"
                  .formatted(track.header().trackId(), TitleReader.fileName(object)));
        }
      }
    }
    if (selected.isEmpty() && !progressive.isEmpty()) {
      throw progressive(progressive.getFirst());
    }
    for (StoredObject object : progressive) {
      problems.add(
          "progressive MP4 %s is left out (expected: fragmented MP4)"
              .formatted(TitleReader.fileName(object)));
    }
    return selected;
  }

  /** A digest over the paths and revisions of all objects read. */
  String revision() {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      // A path holds no line feed, so that no two sets of objects give the same text.
      revisions.forEach((path, revision) ->
          digest.update((path + "\n" + revision + "\n").getBytes(StandardCharsets.UTF_8)));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void select(
      Mp4File.Mp4Track track, StoredObject object, Optional<ServerManifest.Entry> entry) {
    if (selected.size() == maxTracks) {
      throw new ContentFailure(
          FailureCode.MPE_INPUT_NOT_SUPPORTED,
          "tracks: more than %d (expected: fewer)".formatted(maxTracks),
          "");
    }
    FragmentIndex fragments =
        track
            .fragments()
            .orElseThrow(() ->
                new ContentFailure(
                    FailureCode.MPE_INPUT_NOT_SUPPORTED,
                    "track %d: no fragments (expected: >= 1)".formatted(track.header().trackId()),
                    TitleReader.fileName(object)));
    selected.add(new SelectedTrack(track, object, fragments, entry));
  }

  private ServerManifest manifest(StoredObject object) {
    revisions.put(object.path(), object.revision());
    if (object.sizeBytes() > ServerManifest.MAX_BYTES) {
      throw ServerManifest.malformed(
          "size: %d bytes (expected: <= %d)"
              .formatted(object.sizeBytes(), ServerManifest.MAX_BYTES));
    }
    ByteBuffer document = ByteBuffer.allocate((int) object.sizeBytes());
    try (ObjectReader reader = store.open(object)) {
      reader.readFully(0, document);
    }
    return ServerManifestReader.read(document.array());
  }

  private Source source(StoredObject object) {
    Source known = sources.get(object.path());
    if (known != null) {
      return known;
    }
    try (ObjectReader reader = store.open(object)) {
      var source = new Source(object, Mp4Reader.read(reader, problems));
      sources.put(object.path(), source);
      revisions.put(object.path(), object.revision());
      return source;
    }
  }

  private static ContentFailure progressive(StoredObject object) {
    return new ContentFailure(
        FailureCode.MPE_INPUT_NOT_SUPPORTED,
        "progressive MP4 %s (expected: fragmented MP4)".formatted(TitleReader.fileName(object)),
        "");
  }
}
