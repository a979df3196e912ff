package dev.sluice.origin.delivery;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Protocol;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.policy.DeliveryDecision;
import dev.sluice.origin.policy.TrackProtection;
import dev.sluice.origin.route.Format;
import dev.sluice.origin.route.OriginRequest;
import dev.sluice.origin.route.StreamTags.Encryption;
import java.util.Optional;
import java.util.stream.Collectors;
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
          "encryption: cenc (expected: cbc or cbcs with MPEG-2 TS, which has no cenc)");
    }
    boolean smooth = tags.format().protocol() == Protocol.SMOOTH_STREAMING;
    if (!smooth && tags.encryption().equals(Optional.of(Encryption.PIFF))) {
      throw notSupported("encryption: piff (expected: with Smooth Streaming only)");
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
   * Refuses manifests of Smooth Streaming with tracks of different keys: they hold one. A filter
   * may leave tracks of one key, and the URLs of their fragments do not name it, so fragments are
   * not refused.
   *
   * @throws CallerFailure {@code MPE_ENC_ENCRYPTION_NOT_SUPPORTED}
   */
  static void requireOneKeyInSmooth(
      OriginRequest.OfPresentation request, Resolver.Resolution resolution) {
    if (request.tags().format().protocol() != Protocol.SMOOTH_STREAMING
        || !(request instanceof OriginRequest.Manifest)) {
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
          "keys of the tracks: %s (expected: one, Smooth Streaming has one key for all tracks)"
              .formatted(keys.stream().collect(Collectors.joining(", "))));
    }
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
