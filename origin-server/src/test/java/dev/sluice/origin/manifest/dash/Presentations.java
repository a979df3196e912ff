package dev.sluice.origin.manifest.dash;

import dev.sluice.origin.drm.ContentProtection;
import dev.sluice.origin.drm.SegmentEncryption;
import dev.sluice.origin.drm.Signalling;
import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.key.PlayReadyChecksum;
import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.manifest.Presentation.PresentedTrack;
import dev.sluice.origin.manifest.Tracks;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.route.Format;
import dev.sluice.origin.route.StreamTags;
import dev.sluice.origin.track.FragmentIndex;
import dev.sluice.origin.track.Track;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The presentations that golden MPDs are kept of. */
enum Presentations {
  CLEAR {
    @Override
    Presentation presentation() {
      return of(Optional.empty(), List.of(clear(LOW), clear(HIGH), clear(ENGLISH)));
    }
  },
  ONE_KEY {
    @Override
    Presentation presentation() {
      return of(
          Optional.of(StreamTags.Encryption.CENC),
          Stream.of(LOW, HIGH, ENGLISH).map(t -> with(t, ALL, HD_KEY)).toList());
    }
  },
  TWO_KEYS {
    @Override
    Presentation presentation() {
      return of(
          Optional.empty(),
          List.of(
              with(LOW, CLEAR_KEY_ONLY, SD_KEY),
              with(HIGH, CLEAR_KEY_ONLY, HD_KEY),
              clear(ENGLISH)));
    }
  },
  CBCS {
    @Override
    Presentation presentation() {
      return of(
          Optional.of(StreamTags.Encryption.CBCS),
          Stream.of(LOW, ENGLISH).map(t -> with(t, ALL, Scheme.CBCS, HD_KEY)).toList());
    }
  },
  ENVELOPE {
    @Override
    Presentation presentation() {
      var envelope = new SegmentEncryption(HD_KEY, IV, LICENSE.orElseThrow());
      return of(
          Optional.of(StreamTags.Encryption.CBC),
          Stream.of(LOW, ENGLISH).map(t -> new PresentedTrack(t, Optional.of(envelope))).toList());
    }
  },
  TWO_LANGUAGES {
    @Override
    Presentation presentation() {
      return of(
          Optional.empty(),
          Stream.of(LATE_ENGLISH, LATE_VIDEO, GERMAN).map(Presentations::clear).toList());
    }
  };

  static final KeyId SD_KEY = KeyId.parse("339c45b5-fb6d-4bd9-994c-eabd9d41c95b").orElseThrow();
  static final KeyId HD_KEY = KeyId.parse("8ba94ade-6eb9-449d-b44f-a5beefaf43b0").orElseThrow();

  /** 4 s each, the last of 2.56 s. */
  private static final FragmentIndex VIDEO_TIMES =
      Tracks.fragmentsOfSize(300_000, 0, 360_000, 360_000, 360_000, 230_400);

  private static final Track LOW = Tracks.video(640_000, 640, 360, VIDEO_TIMES);
  private static final Track HIGH = Tracks.video(1_500_000, 1280, 720, VIDEO_TIMES);

  /** As long as AAC frames allow: durations that alternate. */
  private static final Track ENGLISH =
      Tracks.audio(
          "audio_eng",
          128_000,
          "eng",
          Tracks.fragmentsOfSize(64_000, 0, 191_488, 192_512, 191_488, 123_904));

  private static final Track GERMAN =
      Tracks.audio(
          "audio_deu",
          128_001,
          "deu",
          Tracks.fragmentsOfSize(64_000, 480_001, 191_488, 191_488, 191_488));

  /** Starts at 10 s, before all others. */
  private static final Track LATE_ENGLISH =
      Tracks.audio(
          "audio_eng",
          128_000,
          "eng",
          Tracks.fragmentsOfSize(64_000, 480_000, 191_488, 192_512, 191_488));

  /** Starts three ticks behind 10 s. */
  private static final Track LATE_VIDEO =
      Tracks.video("video", 700_000, 640, 360, 90_000, Tracks.fragments(900_003, 360_000, 360_000));

  private static final Bytes IV =
      Bytes.copyOf(HexFormat.of().parseHex("000102030405060708090a0b0c0d0eff"));
  private static final Optional<String> LICENSE = Optional.of("https://x/?a=1&b=<2>");
  private static final Signalling ALL =
      new Signalling(LICENSE, true, LICENSE, true, LICENSE, Optional.empty());
  private static final Signalling CLEAR_KEY_ONLY =
      new Signalling(
          Optional.of("https://l.example/keys/ClearKey/?kid={ContentKeyId}"),
          false,
          Optional.empty(),
          false,
          Optional.empty(),
          Optional.empty());

  abstract Presentation presentation();

  static Presentation of(Optional<StreamTags.Encryption> encryption, List<PresentedTrack> tracks) {
    return new Presentation(
        tracks,
        new StreamTags(
            Format.DASH_CMAF, encryption, List.of(), Optional.empty(), false, false, List.of()));
  }

  static PresentedTrack clear(Track track) {
    return new PresentedTrack(track, Optional.empty());
  }

  /** The same track without one of its systems. */
  static PresentedTrack without(PresentedTrack presented, Class<?> system) {
    return new PresentedTrack(
        presented.track(),
        presented
            .protection()
            .map(ContentProtection.class::cast)
            .map(p ->
                new ContentProtection(
                    p.scheme(),
                    p.keyId(),
                    p.constantIv(),
                    p.systems().stream().filter(s -> !system.isInstance(s)).toList())));
  }

  private static PresentedTrack with(Track track, Signalling signalling, KeyId keyId) {
    return with(track, signalling, Scheme.CENC, keyId);
  }

  private static PresentedTrack with(
      Track track, Signalling signalling, Scheme scheme, KeyId keyId) {
    byte[] key = HexFormat.of().parseHex("dbfd6922c321c4bb486f4a1c44097ed6");
    try (var contentKey = ContentKey.taking(keyId, key)) {
      var checksum = PlayReadyChecksum.of(contentKey);
      ContentProtection protection =
          signalling.of(
              scheme, keyId, scheme == Scheme.CBCS ? Optional.of(IV) : Optional.empty(), checksum);
      return new PresentedTrack(track, Optional.of(protection));
    }
  }
}
