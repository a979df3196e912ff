package dev.sluice.origin.catalog;

import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Protocol;
import dev.sluice.origin.media.TrackKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A catalog document, checked by itself. Whether what it names exists is checked for the whole
 * catalog when documents are applied.
 */
public sealed interface Document {

  /** What identifies it among those of its kind: its name, or the printed GUID. */
  String name();

  /**
   * An asset: a container of media, and how it may be delivered.
   *
   * @param container a folder below the media root, or a storage URL
   * @param manifest the server manifest in it; absent: its only {@code .ism}, else {@code NAME.ism}
   * @param deliveryPolicies names; none: served in the clear by every streaming protocol
   */
  record Asset(
      String name,
      String container,
      Optional<String> manifest,
      List<String> deliveryPolicies,
      List<KeyId> contentKeys,
      List<String> filters,
      List<String> accessPolicies)
      implements Document {}

  /**
   * A content key without its value, which the catalog keeps wrapped.
   *
   * @param iv 16 bytes, for cbcs and envelope keys only
   * @param tracks which tracks it protects: selectors ORed; none: all
   */
  record ContentKey(
      KeyId id,
      KeyType type,
      Optional<Bytes> iv,
      List<TrackSelector> tracks,
      Optional<String> authorizationPolicy)
      implements Document {
    @Override
    public String name() {
      return id.toString();
    }
  }

  /** What a key is for. One key never serves both CTR and CBC. */
  enum KeyType {
    COMMON_ENCRYPTION,
    COMMON_ENCRYPTION_CBCS,
    ENVELOPE_ENCRYPTION,
    STORAGE_ENCRYPTION
  }

  /** Conditions on a track, ANDed. A range's ends are inclusive. */
  record TrackSelector(
      Optional<TrackKind> type,
      Optional<String> name,
      Optional<String> language,
      Optional<String> fourCc,
      Optional<Range> bitrate,
      Optional<Range> height) {

    /** From {@code first} to {@code last}, both included. */
    public record Range(long first, long last) {
      /** Whether the value lies within. */
      public boolean contains(long value) {
        return first <= value && value <= last;
      }
    }
  }

  /**
   * How an asset is delivered by some protocols.
   *
   * @param systems the DRM systems to signal; none: those that the key's authorization policy or
   *     the configuration can license
   * @param configuration by the service's names in lower camel case
   */
  record AssetDeliveryPolicy(
      String name,
      Set<Protocol> protocols,
      DeliveryType type,
      Set<DrmSystem> systems,
      Map<String, String> configuration)
      implements Document {}

  /** What a delivery policy does. */
  enum DeliveryType {
    BLOCKED,
    NO_DYNAMIC_ENCRYPTION,
    DYNAMIC_ENVELOPE_ENCRYPTION,
    DYNAMIC_COMMON_ENCRYPTION,
    DYNAMIC_COMMON_ENCRYPTION_CBCS
  }

  /** The DRM systems that a policy can name. */
  enum DrmSystem {
    PLAY_READY,
    WIDEVINE,
    FAIR_PLAY,
    CLEAR_KEY
  }

  /** Who gets a key: options tried in order, the first whose restriction passes decides. */
  record ContentKeyAuthorizationPolicy(String name, List<Option> options) implements Document {}

  /**
   * One way to get a key.
   *
   * @param configuration JSON text of the licence template; none for ClearKey and BaselineHttp
   */
  record Option(
      String name,
      KeyDeliveryType keyDeliveryType,
      Optional<String> configuration,
      Restriction restriction) {}

  /** How a key is delivered. */
  enum KeyDeliveryType {
    CLEAR_KEY,
    BASELINE_HTTP,
    PLAY_READY_LICENSE,
    WIDEVINE,
    FAIR_PLAY
  }

  /** Who may have a key. */
  sealed interface Restriction {
    /** Everybody. */
    record Open() implements Restriction {}

    /** The holder of a token. The lists are alternatives for keys, all of them for claims. */
    record TokenRestricted(
        TokenType tokenType,
        String issuer,
        String audience,
        List<VerificationKey> verificationKeys,
        Optional<String> openIdConnectDiscoveryDocument,
        List<RequiredClaim> requiredClaims)
        implements Restriction {}
  }

  /** The form of a token. */
  enum TokenType {
    JWT,
    SWT
  }

  /** A key that verifies tokens. */
  sealed interface VerificationKey {
    /** HMAC. Prints nothing of the key. */
    record Symmetric(Bytes key) implements VerificationKey {
      @Override
      public String toString() {
        return "Symmetric";
      }
    }

    /** A certificate, DER. */
    record X509(Bytes certificate) implements VerificationKey {}

    /** A JSON Web Key, as JSON text. Prints nothing of the key, which may be symmetric. */
    record Jwk(String json) implements VerificationKey {
      @Override
      public String toString() {
        return "Jwk";
      }
    }
  }

  /**
   * A claim that a token must have. Without a value it must only be there; the content key
   * identifier claim must equal the key asked for.
   */
  record RequiredClaim(String type, Optional<String> value) {}

  /** Publishes an asset under a GUID, from a time and to a time. */
  record StreamingLocator(
      UUID id,
      String asset,
      Optional<Instant> startTime,
      Optional<Instant> endTime,
      List<String> filters,
      Optional<String> alternativeMediaId)
      implements Document {
    @Override
    public String name() {
      return id.toString();
    }
  }

  /**
   * A dynamic manifest's filter: what of an asset a manifest presents.
   *
   * @param asset the asset it belongs to; absent: all
   * @param firstQuality bits a second of the quality that a player shall begin with
   * @param tracks which tracks are kept: selections ORed; none: all
   */
  record Filter(
      String name,
      Optional<String> asset,
      Optional<PresentationTimeRange> presentationTimeRange,
      Optional<Long> firstQuality,
      List<TrackSelection> tracks)
      implements Document {}

  /**
   * The part of the presentation that a filter keeps. Window, back-off and the forced end only make
   * sense live; they are kept, and change nothing of a stored title.
   *
   * @param startTimestamp where it begins; absent: at the beginning
   * @param endTimestamp behind what is kept; absent: at the end
   * @param timescale ticks a second of all of them; absent: {@link #TICKS_PER_SECOND}
   */
  record PresentationTimeRange(
      Optional<Long> startTimestamp,
      Optional<Long> endTimestamp,
      Optional<Long> presentationWindowDuration,
      Optional<Long> liveBackoffDuration,
      Optional<Long> timescale,
      Optional<Boolean> forceEndTimestamp) {
    /** The timescale of a range that states none. */
    public static final long TICKS_PER_SECOND = 10_000_000;
  }

  /** Conditions on a track, ANDed; at least one. */
  record TrackSelection(List<TrackCondition> conditions) {}

  /**
   * A condition on a track.
   *
   * @param value a bitrate as {@code n}, {@code a-b} or {@code a-}; a kind as the service writes it
   */
  record TrackCondition(TrackProperty property, Operation operation, String value) {
    /** The bitrates that a condition on the bitrate names, both ends included. */
    public TrackSelector.Range bitrates() {
      return ContentKeyReader.parseRange(value)
          .orElseThrow(() -> new IllegalStateException("a bitrate was read as a range"));
    }

    /** The kind that a condition on the type names. */
    public TrackKind kind() {
      return Words.parse(TrackKind.class, value)
          .orElseThrow(() -> new IllegalStateException("a type was read as one"));
    }
  }

  /** What of a track a condition looks at. */
  enum TrackProperty {
    TYPE,
    NAME,
    LANGUAGE,
    FOUR_CC,
    BITRATE
  }

  /** How a condition compares. */
  enum Operation {
    EQUAL,
    NOT_EQUAL
  }

  /** An access policy, kept as the JSON text of its members until it is used. */
  record AccessPolicy(String name, String json) implements Document {}
}
