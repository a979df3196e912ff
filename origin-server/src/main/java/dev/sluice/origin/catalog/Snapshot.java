package dev.sluice.origin.catalog;

import dev.sluice.origin.media.KeyId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** All documents of the catalog at one revision. Does not change. */
final class Snapshot {
  private final Edition edition = new Edition();
  private final long revision;
  private final Map<Kind, NavigableMap<String, Document>> documents = new EnumMap<>(Kind.class);
  private final Map<String, List<Document.StreamingLocator>> locators = new HashMap<>();
  private final Map<KeyId, String> wrappedKeys;
  private final Map<KeyId, KeyVersion> keyVersions;

  Snapshot(long revision, Collection<Document> all, Map<KeyId, String> wrappedKeys) {
    this.revision = revision;
    this.wrappedKeys = Map.copyOf(wrappedKeys);
    var versions = new HashMap<KeyId, KeyVersion>();
    wrappedKeys.forEach((id, wrapped) -> versions.put(id, new KeyVersion(wrapped)));
    this.keyVersions = Map.copyOf(versions);
    for (Kind kind : Kind.values()) {
      documents.put(kind, new TreeMap<>());
    }
    for (Document document : all) {
      ofKind(Kind.of(document)).put(document.name(), document);
    }
    for (Document document : ofKind(Kind.STREAMING_LOCATOR).values()) {
      var locator = (Document.StreamingLocator) document;
      locators.computeIfAbsent(locator.asset(), _ -> new ArrayList<>()).add(locator);
    }
  }

  Edition edition() {
    return edition;
  }

  long revision() {
    return revision;
  }

  Optional<Document> find(Kind kind, String name) {
    return Optional.ofNullable(ofKind(kind).get(name));
  }

  <D extends Document> Optional<D> find(Class<D> type, Kind kind, String name) {
    return find(kind, name).map(type::cast);
  }

  Collection<Document> all(Kind kind) {
    return Collections.unmodifiableCollection(ofKind(kind).values());
  }

  /** The assets whose names come behind this one. */
  Collection<Document> assetsAfter(String name) {
    return Collections.unmodifiableCollection(ofKind(Kind.ASSET).tailMap(name, false).values());
  }

  List<Document.StreamingLocator> locatorsOf(String asset) {
    return Collections.unmodifiableList(locators.getOrDefault(asset, List.of()));
  }

  Optional<String> wrappedKey(KeyId id) {
    return Optional.ofNullable(wrappedKeys.get(id));
  }

  Optional<KeyVersion> keyVersion(KeyId id) {
    return Optional.ofNullable(keyVersions.get(id));
  }

  private NavigableMap<String, Document> ofKind(Kind kind) {
    NavigableMap<String, Document> ofKind = documents.get(kind);
    if (ofKind == null) {
      throw new IllegalStateException("every kind has its map");
    }
    return ofKind;
  }
}
