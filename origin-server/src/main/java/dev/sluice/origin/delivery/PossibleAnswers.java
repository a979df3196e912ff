package dev.sluice.origin.delivery;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.manifest.hls.MuxedAudio;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Protocol;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.policy.DeliveryDecision;
import dev.sluice.origin.policy.TrackProtection;
import dev.sluice.origin.route.Format;
import dev.sluice.origin.route.OriginRequest;
import dev.sluice.origin.route.StreamTags.Encryption;
import java.util.Optional;
import java.util.stream.Stream;

/** What formats and schemes do not go together, whatever the policies allow. */
final class PossibleAnswers {
  private PossibleAnswers() {}

  /**
   * Refuses what no client could make use of.
   *
   * @throws CallerFailure {@code MPE_ENC_ENCRYPTION_NOT_SUPPORTED}, {@code MPE_BAD_URL_SYNTAX}
   */
  static void require(OriginRequest.OfPresentation request, DeliveryDecision decision) {
    var tags = request.tags();
    Scheme scheme = scheme(decision);
    if (isTransportStream(tags.format()) && scheme == Scheme.CENC) {
      throw notSupported(
          "encryption: cenc, by delivery %s (expected: cbc or cbcs with MPEG-2 TS, which has no cenc)"
              .formatted(policy(decision)));
    }
    boolean smooth = tags.format().protocol() == Protocol.SMOOTH_STREAMING;
    if (!smooth && tags.encryption().equals(Optional.of(Encryption.PIFF))) {
      throw notSupported(
          "encryption: piff, by delivery %s (expected: with Smooth Streaming only)"
              .formatted(policy(decision)));
    }
    if (smooth && tags.keyframes()) {
      throw badUrl("type: keyframes (expected: with HLS or DASH, Smooth Streaming has none)");
    }
    if (tags.format() == Format.HLS_TS_V3 && tags.keyframes()) {
      throw badUrl(
          "type: keyframes (expected: with m3u8-aapl or m3u8-cmaf, not with m3u8-aapl-v3)");
    }
    boolean hasInit = !smooth && !isTransportStream(tags.format());
    if (!hasInit && request instanceof OriginRequest.InitSegment) {
      throw badUrl("time: i (expected: a time, since this format has no init segments)");
    }
    if (request instanceof OriginRequest.MediaPlaylist
        && tags.format().protocol() != Protocol.HLS) {
      throw badUrl("Manifest: (expected: a format of HLS, only it has media playlists)");
    }
  }

  /**
   * Refuses manifests of Smooth Streaming of tracks with different keys: they hold one. A fragment
   * has one whatever the others have, and its URL does not name the filter that left its track.
   *
   * @throws CallerFailure {@code MPE_ENC_ENCRYPTION_NOT_SUPPORTED}
   */
  static void requireOneKeyInSmooth(Format format, Resolver.Resolution resolution) {
    if (format.protocol() != Protocol.SMOOTH_STREAMING) {
      return;
    }
    var keys =
        resolution.presentedTracks().stream()
            .map(resolution::protectionOf)
            .flatMap(PossibleAnswers::keyId)
            .distinct()
            .map(KeyId::toString)
            .sorted()
            .toList();
    if (keys.size() > 1) {
      throw notSupported(
          "keys of the tracks: %s, by delivery %s (expected: one, Smooth Streaming has one key for all"
                  .formatted(String.join(", ", keys), policy(resolution.decision()))
              + " tracks)");
    }
  }

  /**
   * Refuses playlists of segments that hold video and audio which are not protected alike: a
   * segment has one key.
   *
   * @throws CallerFailure {@code MPE_ENC_ENCRYPTION_NOT_SUPPORTED}
   */
  static void requireOneKeyInMuxed(
      Format format, Optional<String> audioTrack, Resolver.Resolution resolution) {
    if (format == Format.HLS_TS_V3 && !canMux(resolution, audioTrack)) {
      throw notAlike(resolution.decision());
    }
  }

  /** The refusal of video and audio in one segment that are not protected alike. */
  static CallerFailure notAlike(DeliveryDecision decision) {
    return notSupported(
        "format: m3u8-aapl-v3: delivery %s does not protect video and audio alike (expected:"
                .formatted(policy(decision))
            + " m3u8-aapl or m3u8-cmaf, whose segments hold one track)");
  }

  /** Whether video and the audio in its segments are protected alike: a segment has one key. */
  static boolean canMux(Resolver.Resolution resolution, Optional<String> audioTrack) {
    var tracks = resolution.presentedTracks();
    var audio = MuxedAudio.choose(tracks, audioTrack);
    return audio.isEmpty()
        || tracks.stream()
            .filter(track -> track.kind() == TrackKind.VIDEO)
            .map(resolution::protectionOf)
            .allMatch(resolution.protectionOf(audio.get())::equals);
  }

  /** Whether the segments of a format are MPEG-2 transport streams. */
  static boolean isTransportStream(Format format) {
    return switch (format) {
      case HLS_TS, HLS_TS_V4, HLS_TS_V3 -> true;
      case HLS_CMAF, DASH_CSF, DASH_CMAF, SMOOTH, SMOOTH_20 -> false;
    };
  }

  private static Stream<KeyId> keyId(TrackProtection protection) {
    return switch (protection) {
      case TrackProtection.Clear() -> Stream.empty();
      case TrackProtection.Encrypted(_, var keyId) -> Stream.of(keyId);
    };
  }

  private static String policy(DeliveryDecision decision) {
    return switch (decision) {
      case DeliveryDecision.Clear() -> "in the clear";
      case DeliveryDecision.Encrypted(_, var policy) -> "policy \"%s\"".formatted(policy.name());
    };
  }

  private static Scheme scheme(DeliveryDecision decision) {
    return switch (decision) {
      case DeliveryDecision.Clear() -> Scheme.CLEAR;
      case DeliveryDecision.Encrypted(var scheme, _) -> scheme;
    };
  }

  private static CallerFailure notSupported(String message) {
    return new CallerFailure(FailureCode.MPE_ENC_ENCRYPTION_NOT_SUPPORTED, message);
  }

  private static CallerFailure badUrl(String message) {
    return new CallerFailure(FailureCode.MPE_BAD_URL_SYNTAX, message);
  }
}
