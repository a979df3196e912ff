package dev.sluice.origin.delivery;

import dev.sluice.crypto.MediaCipher;
import dev.sluice.origin.encrypt.SampleAes;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.CacheFigures;
import dev.sluice.origin.policy.TrackProtection.Encrypted;
import dev.sluice.origin.segment.ts.ElementaryStream;
import dev.sluice.origin.segment.ts.MuxedAudio;
import dev.sluice.origin.segment.ts.SampleSource;
import dev.sluice.origin.segment.ts.SegmentPlan;
import dev.sluice.origin.segment.ts.TransportStreamSegment;
import dev.sluice.origin.storage.ObjectReader;
import dev.sluice.origin.storage.ObjectStore;
import dev.sluice.origin.track.FragmentSamples;
import dev.sluice.origin.track.Track;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes segments that are MPEG-2 transport streams. */
final class TransportBodies {

  /** The most bytes of plans in memory: some thousands of them. */
  private static final long MAX_PLAN_BYTES = 32 << 20;

  /**
   * How samples are encrypted, by {@code cbcs}.
   *
   * @param etag of the segment, which is another one under another key or IV
   * @param requireKeyOfTag fails where the key that was unwrapped may be another than the tag's
   */
  record EncryptedSamples(Encrypted how, String etag, Runnable requireKeyOfTag) {}

  private final ObjectStore store;
  private final Fragments fragments;
  private final KeyMaterial keys;
  private final MediaCipher cipher;
  private final TransportPlans plans = new TransportPlans(MAX_PLAN_BYTES);

  TransportBodies(ObjectStore store, Fragments fragments, KeyMaterial keys, MediaCipher cipher) {
    this.store = store;
    this.fragments = fragments;
    this.keys = keys;
    this.cipher = cipher;
  }

  /** For metrics. */
  CacheFigures figures() {
    return plans.figures();
  }

  /**
   * Opens a segment.
   *
   * @param audio that is muxed into it, under the same key
   * @param encrypted how its samples are; empty: they are clear
   */
  Body open(SegmentPart part, Optional<Track> audio, Optional<EncryptedSamples> encrypted) {
    var sources = new ArrayList<SampleSource>();
    try {
      sources.add(source(part.track(), part, encrypted));
      audio.ifPresent(track -> sources.add(source(track, part, encrypted)));
      encrypted.ifPresent(e -> e.requireKeyOfTag().run());
      var plan =
          plans.plan(
              part, audio, encrypted.map(EncryptedSamples::etag), () -> plan(part, audio, sources));
      return TransportStreamSegment.of(plan, sources);
    } catch (RuntimeException e) {
      sources.forEach(SampleSource::close);
      throw e;
    }
  }

  /** Whether {@link #open} needs no wait for storage. */
  boolean isAtHand(SegmentPart part, Optional<Track> audio, Optional<EncryptedSamples> encrypted) {
    return OpenObjects.isOpen(store, part.track())
        && audio.stream().allMatch(track -> OpenObjects.isOpen(store, track))
        && plans.has(part, audio, encrypted.map(EncryptedSamples::etag));
  }

  private SampleSource source(Track track, SegmentPart part, Optional<EncryptedSamples> encrypted) {
    var object = OpenObjects.open(store, track);
    try {
      return new SampleSource(object, encrypted.map(e -> sampleAes(part, e.how())));
    } catch (RuntimeException e) {
      object.close();
      throw e;
    }
  }

  private SegmentPlan plan(SegmentPart part, Optional<Track> audio, List<SampleSource> sources) {
    var streams = new ArrayList<ElementaryStream>();
    streams.add(stream(part, sources.getFirst()));
    audio.ifPresent(track -> streams.add(audioStream(part, track, sources.getLast())));
    return SegmentPlan.of(part.fragment(), streams);
  }

  private ElementaryStream stream(SegmentPart part, SampleSource source) {
    var track = part.track();
    var all = fragments.samples(source.object(), track, part.fragment());
    return new ElementaryStream(
        track,
        part.keyframe() ? all.first() : all,
        track.fragments().startTicks(part.fragment()),
        source.object(),
        source.encryption());
  }

  private ElementaryStream audioStream(SegmentPart video, Track audio, SampleSource source) {
    var muxed = MuxedAudio.of(video.track(), video.fragment(), audio);
    var cut = muxed.cut(audio, samples(muxed, audio, source.object()));
    return new ElementaryStream(
        audio, cut.samples(), cut.startTicks(), source.object(), source.encryption());
  }

  private List<FragmentSamples> samples(MuxedAudio muxed, Track audio, ObjectReader object) {
    var samples = new ArrayList<FragmentSamples>();
    for (int i = muxed.firstFragment(); i <= muxed.lastFragment(); i++) {
      samples.add(fragments.samples(object, audio, i));
    }
    return samples;
  }

  private SampleAes sampleAes(SegmentPart part, Encrypted encrypted) {
    try (var key = keys.require(encrypted.keyId())) {
      return new SampleAes(cipher, key, KeyMaterial.constantIv(part.resolution(), encrypted, key));
    }
  }
}
