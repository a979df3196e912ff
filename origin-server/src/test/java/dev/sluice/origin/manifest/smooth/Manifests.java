package dev.sluice.origin.manifest.smooth;

import dev.sluice.origin.codec.AacConfig;
import dev.sluice.origin.drm.ContentProtection;
import dev.sluice.origin.drm.ContentProtection.SystemSignal;
import dev.sluice.origin.drm.Protection;
import dev.sluice.origin.drm.SegmentEncryption;
import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.manifest.Presentation.PresentedTrack;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.route.Format;
import dev.sluice.origin.route.StreamTags;
import dev.sluice.origin.route.StreamTags.Encryption;
import dev.sluice.origin.track.FragmentIndex;
import dev.sluice.origin.track.Track;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The presentations that golden client manifests are kept of. */
enum Manifests {
  CLEAR {
    @Override
    Presentation presentation() {
      return of(Format.SMOOTH, Optional.empty(), Optional.empty(), LOW, HIGH, ENGLISH);
    }
  },
  CLEAR_20 {
    @Override
    Presentation presentation() {
      return of(Format.SMOOTH_20, Optional.empty(), Optional.empty(), LOW, HIGH, ENGLISH);
    }
  },
  PLAY_READY {
    @Override
    Presentation presentation() {
      return of(Format.SMOOTH, Optional.of(PLAY_READY_KEY), Optional.empty(), LOW, HIGH, ENGLISH);
    }
  },
  PIFF {
    @Override
    Presentation presentation() {
      return of(
          Format.SMOOTH_20,
          Optional.of(PLAY_READY_KEY),
          Optional.of(Encryption.PIFF),
          LOW,
          ENGLISH);
    }
  },
  ENVELOPE {
    @Override
    Presentation presentation() {
      return of(
          Format.SMOOTH, Optional.of(ENVELOPE_KEY), Optional.of(Encryption.CBC), LOW, ENGLISH);
    }
  },
  /** Late starts, a gap, times that differ within a kind, HE-AAC, short NAL lengths. */
  ODD {
    @Override
    Presentation presentation() {
      return of(
          Format.SMOOTH, Optional.empty(), Optional.empty(), LATE, UNALIGNED, GERMAN, LATE_ENGLISH);
    }
  };

  static final KeyId KEY = KeyId.parse("8ba94ade-6eb9-449d-b44f-a5beefaf43b0").orElseThrow();
  static final KeyId OTHER_KEY = KeyId.parse("339c45b5-fb6d-4bd9-994c-eabd9d41c95b").orElseThrow();

  /** Written by hand, with the key id as GUIDs have their bytes. */
  static final String WRM_HEADER =
      "<WRMHEADER xmlns=\"http://schemas.microsoft.com/DRM/2007/03/PlayReadyHeader\""
          + " version=\"4.0.0.0\"><DATA><PROTECTINFO><KEYLEN>16</KEYLEN><ALGID>AESCTR</ALGID>"
          + "</PROTECTINFO><KID>3kqpi7lunUS0T6W+769DsA==</KID><CHECKSUM>Me48z71nuqY=</CHECKSUM>"
          + "</DATA></WRMHEADER>";

  static final ContentProtection PLAY_READY_KEY = playReady(KEY);
  static final SegmentEncryption ENVELOPE_KEY =
      new SegmentEncryption(
          KEY,
          Bytes.copyOf(HexFormat.of().parseHex("d7d7d7d7d7d7d7d7d7d7d7d7d7d7d701")),
          "https://keys.example/keys/?kid=8ba94ade-6eb9-449d-b44f-a5beefaf43b0&a=<1>");

  private static final FragmentIndex VIDEO_TIMES =
      SmoothTracks.fragments(0, 360_000, 360_000, 360_000, 230_400);
  private static final Track LOW = SmoothTracks.video("video", 640_000, 640, 360, 4, VIDEO_TIMES);
  private static final Track HIGH =
      SmoothTracks.video("video", 1_500_000, 1280, 720, 4, VIDEO_TIMES);
  private static final Track ENGLISH =
      SmoothTracks.audio(
          "audio_eng",
          128_000,
          "en",
          "1190",
          new AacConfig(2, 48_000, 2),
          SmoothTracks.fragments(0, 191_488, 192_512, 191_488, 191_488, 123_904));

  /** Begins at 10 s; has a gap of 4 s behind the second fragment. */
  private static final Track LATE =
      SmoothTracks.video(
          "video",
          640_000,
          640,
          360,
          2,
          SmoothTracks.fragments(
              new long[] {900_000, 1_260_000, 1_980_000, 2_340_000},
              360_000,
              360_000,
              360_000,
              360_000));

  private static final Track UNALIGNED =
      SmoothTracks.video(
          "video", 640_001, 640, 360, 4, SmoothTracks.fragments(900_003, 540_000, 540_000));
  private static final Track GERMAN =
      SmoothTracks.audio(
          "audio_deu",
          64_000,
          "de",
          "2B118800",
          new AacConfig(5, 48_000, 2),
          SmoothTracks.fragments(480_001, 191_488, 191_488));
  private static final Track LATE_ENGLISH =
      SmoothTracks.audio(
          "audio_deu",
          64_001,
          "und",
          "1188",
          new AacConfig(2, 48_000, 1),
          SmoothTracks.fragments(480_001, 191_488, 191_488));

  abstract Presentation presentation();

  static Presentation of(
      Format format,
      Optional<Protection> protection,
      Optional<Encryption> encryption,
      Track... tracks) {
    return of(
        format,
        encryption,
        Stream.of(tracks).map(track -> new PresentedTrack(track, protection)).toList());
  }

  static Presentation of(
      Format format, Optional<Encryption> encryption, List<PresentedTrack> tracks) {
    return new Presentation(
        tracks,
        new StreamTags(format, encryption, List.of(), Optional.empty(), false, false, List.of()));
  }

  static ContentProtection playReady(KeyId keyId) {
    byte[] text = WRM_HEADER.getBytes(StandardCharsets.UTF_16LE);
    var object = ByteBuffer.allocate(10 + text.length).order(ByteOrder.LITTLE_ENDIAN);
    object.putInt(object.capacity()).putShort((short) 1).putShort((short) 1);
    object.putShort((short) text.length).put(text);
    return new ContentProtection(
        Scheme.CENC,
        keyId,
        Optional.empty(),
        List.of(
            new SystemSignal.Identity("https://keys.example/"),
            new SystemSignal.PlayReady(Bytes.copyOf(object.array()), Bytes.copyOf())));
  }
}
