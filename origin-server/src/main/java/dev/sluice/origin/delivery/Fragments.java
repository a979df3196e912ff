package dev.sluice.origin.delivery;

import dev.sluice.origin.codec.AacConfig;
import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.encrypt.AvcSampleMap;
import dev.sluice.origin.encrypt.SubsampleMap;
import dev.sluice.origin.failure.Failure;
import dev.sluice.origin.media.CacheFigures;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.storage.ObjectReader;
import dev.sluice.origin.track.FragmentSamples;
import dev.sluice.origin.track.FragmentSamplesReader;
import dev.sluice.origin.track.Track;
import java.util.List;
import java.util.Optional;

/**
 * The sample tables and the clear/protected maps of fragments. Both depend on content alone, so
 * they are computed once for all requests and keys, and kept by their weight in bytes.
 */
public final class Fragments {
  private static final int SAMPLE_BYTES = 24;
  private static final int ENTRY_BYTES = 200;

  /**
   * A fragment.
   *
   * @param startTicks tells it apart in an index that filters have made shorter
   */
  private record Key(String path, String revision, int trackId, int fragment, long startTicks) {}

  /** A fragment's map, or, with a count of 1, that of its first sample alone. */
  private record MapKey(Key fragment, int sampleCount, Scheme scheme) {}

  private final LoadOnceCache<Key, FragmentSamples> samples;
  private final LoadOnceCache<MapKey, SubsampleMap> maps;

  /** Keeps at most {@code maxBytes} of sample tables, and as much of maps. */
  public Fragments(long maxBytes) {
    samples =
        new LoadOnceCache<>(
            "samples",
            maxBytes,
            (Key _, FragmentSamples s) -> ENTRY_BYTES + s.count() * SAMPLE_BYTES);
    maps =
        new LoadOnceCache<>(
            "maps", maxBytes, (MapKey _, SubsampleMap m) -> ENTRY_BYTES + m.weightBytes());
  }

  /** For metrics. */
  public List<CacheFigures> figures() {
    return List.of(samples, maps);
  }

  /** The samples of a fragment. */
  FragmentSamples samples(ObjectReader object, Track track, int fragment) {
    return samples.get(
        key(track, fragment), k -> FragmentSamplesReader.read(object, track, fragment));
  }

  /**
   * Which bytes of a fragment's samples a scheme protects.
   *
   * @param table of all samples of the fragment, or of its first alone
   * @param scheme {@code CENC} or {@code CBCS}
   */
  SubsampleMap map(
      ObjectReader object, Track track, int fragment, FragmentSamples table, Scheme scheme) {
    return maps.get(
        new MapKey(key(track, fragment), table.count(), scheme),
        _ -> plan(object, track, table, scheme));
  }

  /** The samples of a fragment, where they are kept. Does not block. */
  Optional<FragmentSamples> findSamples(Track track, int fragment) {
    return samples.find(key(track, fragment), Optional::of);
  }

  /** The same of {@link #map}. Does not block. */
  Optional<SubsampleMap> findMap(Track track, int fragment, FragmentSamples table, Scheme scheme) {
    return maps.find(new MapKey(key(track, fragment), table.count(), scheme), Optional::of);
  }

  /** What keeps a fragment from being served encrypted; empty if nothing does. */
  public static Optional<String> check(ObjectReader object, Track track, int fragment) {
    try {
      plan(object, track, FragmentSamplesReader.read(object, track, fragment), Scheme.CENC);
      return Optional.empty();
    } catch (Failure e) {
      return Optional.of("fragment %d: %s".formatted(fragment, e.detail()));
    }
  }

  private static SubsampleMap plan(
      ObjectReader object, Track track, FragmentSamples table, Scheme scheme) {
    return switch (track.codec()) {
      case AvcConfig avc -> AvcSampleMap.plan(table, avc, object::readFully, scheme);
      case AacConfig _ -> SubsampleMap.fullSamples(table);
    };
  }

  private static Key key(Track track, int fragment) {
    return new Key(
        track.object().path(),
        track.object().revision(),
        track.header().trackId(),
        fragment,
        track.fragments().startTicks(fragment));
  }
}
