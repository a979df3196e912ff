package dev.sluice.origin.delivery;

import dev.sluice.origin.encrypt.SampleAes;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.policy.TrackProtection.Encrypted;
import dev.sluice.origin.segment.ts.ElementaryStream;
import dev.sluice.origin.segment.ts.MuxedAudio;
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
  private final ObjectStore store;
  private final Fragments fragments;
  private final KeyMaterial keys;

  TransportBodies(ObjectStore store, Fragments fragments, KeyMaterial keys) {
    this.store = store;
    this.fragments = fragments;
    this.keys = keys;
  }

  /**
   * Opens a segment.
   *
   * @param audio that is muxed into it, under the same key
   * @param encrypted how its samples are, by {@code cbcs}; empty: they are clear
   */
  Body open(SegmentPart part, Optional<Track> audio, Optional<Encrypted> encrypted) {
    var streams = new ArrayList<ElementaryStream>();
    try {
      streams.add(stream(part, encrypted));
      audio.ifPresent(track -> streams.add(audioStream(part, track, encrypted)));
      return TransportStreamSegment.of(part.fragment(), streams);
    } catch (RuntimeException e) {
      streams.forEach(ElementaryStream::close);
      throw e;
    }
  }

  private ElementaryStream stream(SegmentPart part, Optional<Encrypted> encrypted) {
    var track = part.track();
    var object = store.open(track.object());
    try {
      var all = fragments.samples(object, track, part.fragment());
      return new ElementaryStream(
          track,
          part.keyframe() ? all.first() : all,
          track.fragments().startTicks(part.fragment()),
          object,
          encrypted.map(e -> sampleAes(part, e)));
    } catch (RuntimeException e) {
      object.close();
      throw e;
    }
  }

  private ElementaryStream audioStream(
      SegmentPart video, Track audio, Optional<Encrypted> encrypted) {
    var object = store.open(audio.object());
    try {
      var muxed = MuxedAudio.of(video.track(), video.fragment(), audio);
      var cut = muxed.cut(audio, samples(muxed, audio, object));
      return new ElementaryStream(
          audio, cut.samples(), cut.startTicks(), object, encrypted.map(e -> sampleAes(video, e)));
    } catch (RuntimeException e) {
      object.close();
      throw e;
    }
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
      return new SampleAes(key, KeyMaterial.constantIv(part.resolution(), encrypted, key));
    }
  }
}
