package dev.sluice.origin.manifest.hls;

import dev.sluice.origin.drm.ContentProtection;
import dev.sluice.origin.drm.ContentProtection.SystemSignal;
import dev.sluice.origin.drm.Protection;
import dev.sluice.origin.drm.SegmentEncryption;
import dev.sluice.origin.drm.SystemIds;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.Scheme;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The attributes of EXT-X-KEY and EXT-X-SESSION-KEY.
 *
 * <p>Spec: RFC 8216bis 4.4.4.4; the KEYFORMATs of Apple, Google and Microsoft.
 */
final class KeyTags {

  /** The systems that {@code system=} names, in the order of their tags. */
  private enum KeySystem {
    FAIRPLAY,
    WIDEVINE,
    PLAYREADY,
    CLEARKEY,
    /** Last: ffmpeg takes the last tag, and knows no other system. */
    IDENTITY;

    static KeySystem named(String lowerCase) {
      return switch (lowerCase) {
        case "fairplay" -> FAIRPLAY;
        case "widevine" -> WIDEVINE;
        case "playready" -> PLAYREADY;
        case "clearkey" -> CLEARKEY;
        case "identity" -> IDENTITY;
        default ->
            throw new IllegalArgumentException(
                "system: %s (expected: one of the grammar)".formatted(lowerCase));
      };
    }

    static KeySystem of(SystemSignal signal) {
      return switch (signal) {
        case SystemSignal.FairPlay _ -> FAIRPLAY;
        case SystemSignal.Widevine _ -> WIDEVINE;
        case SystemSignal.PlayReady _ -> PLAYREADY;
        case SystemSignal.ClearKey _ -> CLEARKEY;
        case SystemSignal.Identity _ -> IDENTITY;
      };
    }
  }

  private KeyTags() {}

  /**
   * The attribute lists of the tags for one protection, at least one.
   *
   * @param systems as the request names them; empty for the default: FairPlay, Widevine and
   *     PlayReady where they are signalled, else the key itself, else ClearKey
   * @throws CallerFailure if a system is asked for that is not signalled, or none is, or the format
   *     cannot carry the scheme: there is never a playlist of encrypted segments without a key
   */
  static List<String> of(Protection protection, HlsFormat format, List<String> systems) {
    return switch (protection) {
      case SegmentEncryption segments -> List.of(aes128(segments, systems));
      case ContentProtection samples -> ofSamples(samples, format, systems);
    };
  }

  private static String aes128(SegmentEncryption encryption, List<String> systems) {
    for (String system : systems) {
      if (KeySystem.named(system) != KeySystem.IDENTITY) {
        throw notSignalled(system, List.of(KeySystem.IDENTITY));
      }
    }
    return new AttributeList()
        .plain("METHOD", "AES-128")
        .uri("URI", encryption.keyUrl())
        .hex("IV", encryption.iv().toArray())
        .toString();
  }

  private static List<String> ofSamples(
      ContentProtection protection, HlsFormat format, List<String> systems) {
    if (format.isTransportStream() && protection.scheme() == Scheme.CENC) {
      throw new CallerFailure(
          FailureCode.MPE_ENC_ENCRYPTION_NOT_SUPPORTED,
          "encryption: cenc (expected: cbcs or cbc, or format=m3u8-cmaf; a transport stream has no"
              + " cenc)");
    }
    List<KeySystem> signalled =
        Stream.of(KeySystem.values()).filter(s -> find(protection, s).isPresent()).toList();
    return chosen(signalled, systems).stream()
        .map(system -> write(protection, find(protection, system).orElseThrow()))
        .toList();
  }

  /** FairPlay has no {@code cenc}. */
  private static Optional<SystemSignal> find(ContentProtection protection, KeySystem system) {
    if (system == KeySystem.FAIRPLAY && protection.scheme() != Scheme.CBCS) {
      return Optional.empty();
    }
    return protection.systems().stream().filter(s -> KeySystem.of(s) == system).findFirst();
  }

  private static List<KeySystem> chosen(List<KeySystem> signalled, List<String> systems) {
    if (!systems.isEmpty()) {
      for (String system : systems) {
        if (!signalled.contains(KeySystem.named(system))) {
          throw notSignalled(system, signalled);
        }
      }
      return systems.stream().map(KeySystem::named).sorted().toList();
    }
    List<KeySystem> licensed =
        signalled.stream().filter(system -> system.compareTo(KeySystem.CLEARKEY) < 0).toList();
    if (!licensed.isEmpty()) {
      return licensed;
    }
    if (signalled.isEmpty()) {
      throw new CallerFailure(
          FailureCode.MPE_ENC_ENCRYPTION_NOT_SET_IN_DELIVERY_POLICY,
          "system: none that HLS can use with this scheme (expected: one in the delivery policy or"
              + " the key's authorization policy)");
    }
    return List.of(signalled.getLast());
  }

  private static CallerFailure notSignalled(String system, List<KeySystem> signalled) {
    String expected =
        signalled.isEmpty()
            ? "none is signalled for this scheme"
            : String.join(
                ", ", signalled.stream().map(s -> s.name().toLowerCase(Locale.ROOT)).toList());
    return new CallerFailure(
        FailureCode.MPE_ENC_ENCRYPTION_NOT_SET_IN_DELIVERY_POLICY,
        "system: %s (expected: %s)".formatted(system, expected));
  }

  private static String write(ContentProtection protection, SystemSignal signal) {
    boolean pattern = protection.scheme() == Scheme.CBCS;
    var tag = new AttributeList().plain("METHOD", pattern ? "SAMPLE-AES" : "SAMPLE-AES-CTR");
    byte[] keyId = protection.keyId().bytes();
    return switch (signal) {
      // No IV: it comes with the key.
      case SystemSignal.FairPlay(var uri) ->
          keyFormat(tag.uri("URI", uri), "com.apple.streamingkeydelivery").toString();
      case SystemSignal.Widevine(var pssh, _) ->
          keyFormat(
                  tag.uri("URI", "data:text/plain;base64," + base64(pssh)).hex("KEYID", keyId),
                  "urn:uuid:" + SystemIds.WIDEVINE)
              .toString();
      case SystemSignal.PlayReady(var object, _) ->
          keyFormat(
                  tag.uri("URI", "data:text/plain;charset=UTF-16;base64," + base64(object)),
                  "com.microsoft.playready")
              .toString();
      case SystemSignal.ClearKey _ ->
          keyFormat(
                  tag.uri("URI", "data:text/plain;base64," + base64(Bytes.copyOf(keyId))),
                  "org.w3.clearkey")
              .toString();
      case SystemSignal.Identity(var keyUrl) -> {
        tag.uri("URI", keyUrl);
        // Without it the media sequence number would be the IV; with SAMPLE-AES-CTR it is
        // forbidden.
        protection.constantIv().ifPresent(iv -> tag.hex("IV", iv.toArray()));
        yield keyFormat(tag, "identity").toString();
      }
    };
  }

  private static AttributeList keyFormat(AttributeList tag, String format) {
    return tag.text("KEYFORMAT", format).text("KEYFORMATVERSIONS", "1");
  }

  private static String base64(Bytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.toArray());
  }
}
