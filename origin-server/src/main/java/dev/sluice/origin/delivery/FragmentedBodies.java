package dev.sluice.origin.delivery;

import dev.sluice.crypto.MediaCipher;
import dev.sluice.origin.encrypt.CbcsPass;
import dev.sluice.origin.encrypt.CencPass;
import dev.sluice.origin.encrypt.SamplePass;
import dev.sluice.origin.encrypt.SubsampleMap;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.policy.TrackProtection.Encrypted;
import dev.sluice.origin.segment.MediaSegment;
import dev.sluice.origin.segment.ProtectedSamples;
import dev.sluice.origin.segment.SegmentBoxes;
import dev.sluice.origin.storage.ObjectReader;
import dev.sluice.origin.storage.ObjectStore;
import dev.sluice.origin.track.FragmentSamples;
import java.util.Optional;

/** Makes segments of fragmented MP4. */
final class FragmentedBodies {
  private final ObjectStore store;
  private final Fragments fragments;
  private final KeyMaterial keys;
  private final MediaCipher cipher;

  FragmentedBodies(ObjectStore store, Fragments fragments, KeyMaterial keys, MediaCipher cipher) {
    this.store = store;
    this.fragments = fragments;
    this.keys = keys;
    this.cipher = cipher;
  }

  /**
   * Opens a segment.
   *
   * @param encrypted how its samples are, by {@code cenc} or {@code cbcs}; empty: they are clear
   */
  Body open(SegmentBoxes boxes, SegmentPart part, Optional<Encrypted> encrypted) {
    var object = OpenObjects.open(store, part.track());
    try {
      var all = fragments.samples(object, part.track(), part.fragment());
      var samples = part.keyframe() ? all.first() : all;
      return encrypted.isPresent()
          ? protectedSegment(boxes, part, encrypted.get(), samples, object)
          : segment(boxes, part, samples, object, Optional.empty());
    } catch (RuntimeException e) {
      object.close();
      throw e;
    }
  }

  /** Whether {@link #open} needs no wait for storage. */
  boolean isAtHand(SegmentPart part, Optional<Encrypted> encrypted) {
    var samples =
        fragments
            .findSamples(part.track(), part.fragment())
            .map(all -> part.keyframe() ? all.first() : all);
    return samples.isPresent()
        && OpenObjects.isOpen(store, part.track())
        && (encrypted.isEmpty()
            || fragments
                .findMap(part.track(), part.fragment(), samples.get(), encrypted.get().scheme())
                .isPresent());
  }

  private Body protectedSegment(
      SegmentBoxes boxes,
      SegmentPart part,
      Encrypted encrypted,
      FragmentSamples samples,
      ObjectReader object) {
    var map = fragments.map(object, part.track(), part.fragment(), samples, encrypted.scheme());
    var pass = pass(part, encrypted, map);
    try {
      return segment(boxes, part, samples, object, Optional.of(new ProtectedSamples(map, pass)));
    } catch (RuntimeException e) {
      pass.close();
      throw e;
    }
  }

  private static Body segment(
      SegmentBoxes boxes,
      SegmentPart part,
      FragmentSamples samples,
      ObjectReader object,
      Optional<ProtectedSamples> protection) {
    return MediaSegment.of(boxes, part.track(), part.fragment(), samples, object, protection);
  }

  private SamplePass pass(SegmentPart part, Encrypted encrypted, SubsampleMap map) {
    try (var key = keys.require(encrypted.keyId())) {
      return switch (encrypted.scheme()) {
        case CENC -> {
          var ivs = KeyMaterial.cencIvs(part.resolution(), part.track(), key);
          yield new CencPass(cipher, key, ivs, part.fragment(), map);
        }
        case CBCS -> {
          var iv = KeyMaterial.constantIv(part.resolution(), encrypted, key);
          yield new CbcsPass(cipher, key, iv, map);
        }
        case CBC, CLEAR ->
            throw new IllegalStateException(
                "scheme: %s (expected: one that encrypts samples)".formatted(encrypted.scheme()));
      };
    }
  }
}
