package dev.sluice.origin.manifest.hls;

import dev.sluice.origin.codec.AacConfig;
import dev.sluice.origin.drm.CommonPssh;
import dev.sluice.origin.drm.ContentProtection;
import dev.sluice.origin.drm.ContentProtection.SystemSignal;
import dev.sluice.origin.drm.Protection;
import dev.sluice.origin.drm.SegmentEncryption;
import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.manifest.Presentation.PresentedTrack;
import dev.sluice.origin.manifest.Tracks;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.route.Format;
import dev.sluice.origin.route.StreamTags;
import dev.sluice.origin.route.StreamTags.Encryption;
import dev.sluice.origin.track.FragmentIndex;
import dev.sluice.origin.track.Track;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Tracks, protections and presentations of them, for playlists. */
final class HlsTracks {
  static final KeyId SD_KEY = KeyId.parse("339c45b5-fb6d-4bd9-994c-eabd9d41c95b").orElseThrow();
  static final KeyId HD_KEY = KeyId.parse("8ba94ade-6eb9-449d-b44f-a5beefaf43b0").orElseThrow();
  static final Bytes IV = bytes("sixteen bytes iv");

  /** 2 s each at 25 frames a second, the last of 1.44 s. */
  private static final FragmentIndex GOPS =
      Tracks.fragmentsOfSizes(
          new long[] {160_000, 190_000, 140_000, 100_000}, 0, 180_000, 180_000, 180_000, 129_600);

  private static final FragmentIndex LARGE_GOPS =
      Tracks.fragmentsOfSizes(
          new long[] {400_000, 480_000, 350_000, 250_000}, 0, 180_000, 180_000, 180_000, 129_600);

  static final Track LOW = Tracks.video(640_000, 640, 360, GOPS);
  static final Track HIGH = Tracks.video(1_600_000, 1280, 720, LARGE_GOPS);

  /** As long as AAC frames allow: 94, 94, 93 and 68 of them. */
  static final Track ENGLISH = audio("audio_eng", 128_000, "eng", 2);

  static final Track GERMAN = audio("audio_deu", 128_001, "de-AT", 2);
  static final Track ENGLISH_HE = audio("audio_eng", 64_000, "en", 5);
  static final Track GERMAN_HE = audio("audio_deu", 64_001, "de-AT", 5);

  private HlsTracks() {}

  private static Track audio(String name, long bitrate, String language, int objectType) {
    long bytes = bitrate / 4;
    var fragments =
        Tracks.fragmentsOfSizes(
            new long[] {bytes, bytes, bytes, bytes * 7 / 10}, 0, 96_256, 96_256, 95_232, 69_632);
    return Tracks.audio(name, bitrate, language, new AacConfig(objectType, 48_000, 2), fragments);
  }

  /** Whole segments under AES-128. */
  static Protection cbc() {
    return new SegmentEncryption(SD_KEY, IV, "https://keys.example/keys/?kid=" + SD_KEY);
  }

  /** {@code cenc} with every system; FairPlay too, which cannot do it. */
  static Protection cenc(KeyId keyId) {
    return protection(Scheme.CENC, keyId, all(keyId));
  }

  /** {@code cbcs} with every system. */
  static Protection cbcs(KeyId keyId) {
    return protection(Scheme.CBCS, keyId, all(keyId));
  }

  static Protection protection(Scheme scheme, KeyId keyId, List<SystemSignal> systems) {
    return new ContentProtection(
        scheme, keyId, scheme == Scheme.CBCS ? Optional.of(IV) : Optional.empty(), systems);
  }

  /** Every system, in another order than that of the tags. */
  static List<SystemSignal> all(KeyId keyId) {
    return List.of(
        new SystemSignal.ClearKey("https://l.example", CommonPssh.of(List.of(keyId))),
        new SystemSignal.Identity("https://keys.example/keys/?kid=" + keyId),
        new SystemSignal.PlayReady(bytes("PlayReady " + keyId), bytes("a pssh box of PlayReady")),
        new SystemSignal.Widevine(bytes("Widevine " + keyId), Optional.of("https://l.example")),
        new SystemSignal.FairPlay("skd://keys.example/keys/FairPlay/?kid=" + keyId));
  }

  static PresentedTrack clear(Track track) {
    return new PresentedTrack(track, Optional.empty());
  }

  static PresentedTrack with(Protection protection, Track track) {
    return new PresentedTrack(track, Optional.of(protection));
  }

  /** Two video tracks and one of audio, in the clear. */
  static Presentation ladder(Format format) {
    return of(tags(format), Stream.of(LOW, HIGH, ENGLISH).map(HlsTracks::clear));
  }

  /** The same under one protection. */
  static Presentation ladder(StreamTags tags, Protection protection) {
    return of(tags, Stream.of(LOW, HIGH, ENGLISH).map(track -> with(protection, track)));
  }

  static Presentation of(StreamTags tags, Stream<PresentedTrack> tracks) {
    return new Presentation(tracks.toList(), tags);
  }

  static StreamTags tags(Format format) {
    return new StreamTags(
        format, Optional.empty(), List.of(), Optional.empty(), false, false, List.of());
  }

  static StreamTags tags(Format format, Encryption encryption, String... systems) {
    return new StreamTags(
        format,
        Optional.of(encryption),
        List.of(),
        Optional.empty(),
        false,
        false,
        Arrays.asList(systems));
  }

  /** The same for the I-frame playlist. */
  static Presentation keyframes(Presentation of) {
    var tags = of.tags();
    return new Presentation(
        of.tracks(),
        new StreamTags(
            tags.format(),
            tags.encryption(),
            tags.filters(),
            tags.audioTrack(),
            false,
            true,
            tags.systems()));
  }

  private static Bytes bytes(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.US_ASCII));
  }
}
