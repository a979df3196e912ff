package dev.sluice.origin.policy;

import dev.sluice.origin.catalog.Document.AssetDeliveryPolicy;
import dev.sluice.origin.catalog.Document.ContentKey;
import dev.sluice.origin.catalog.Document.KeyType;
import dev.sluice.origin.catalog.Document.TrackSelector;
import dev.sluice.origin.catalog.Words;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.LanguageTags;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.media.TrackKind;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The choice of a track's key: exactly one of the asset's keys of the wanted type selects it. A
 * track that none or several select is refused, never served clear, unless the policy names it
 * unencrypted. Text is always clear.
 */
public final class TrackKeys {

  /** The configuration key that lists sample entry types, with commas between them. */
  static final String UNENCRYPTED = "unencryptedTracksByFourCC";

  private TrackKeys() {}

  /**
   * How the track is delivered.
   *
   * @param keysOfAsset of any type
   * @throws ContentFailure {@code MPE_ENC_ENCRYPTION_NOT_SUPPORTED} if not exactly one selects it
   */
  public static TrackProtection protect(
      TrackTraits track, DeliveryDecision decision, List<ContentKey> keysOfAsset) {
    return switch (decision) {
      case DeliveryDecision.Clear() -> new TrackProtection.Clear();
      case DeliveryDecision.Encrypted encrypted ->
          staysClear(track, encrypted.policy())
              ? new TrackProtection.Clear()
              : new TrackProtection.Encrypted(
                  encrypted.scheme(), requireOne(track, encrypted, keysOfAsset));
    };
  }

  private static boolean staysClear(TrackTraits track, AssetDeliveryPolicy policy) {
    return track.kind() == TrackKind.TEXT || isUnencrypted(track, policy);
  }

  /** Whether there is more than one key of a scheme's type. */
  public static boolean hasSeveral(Scheme scheme, List<ContentKey> keysOfAsset) {
    KeyType type = keyType(scheme);
    return keysOfAsset.stream().filter(key -> key.type() == type).limit(2).count() > 1;
  }

  /**
   * Refuses a track that several keys would protect. One that none would is left to the request:
   * keys may come later.
   *
   * @throws ContentFailure {@code MPE_ENC_ENCRYPTION_NOT_SUPPORTED}
   */
  public static void requireNoTwo(
      TrackTraits track, DeliveryDecision.Encrypted decision, List<ContentKey> keysOfAsset) {
    var matching = matching(track, decision.scheme(), keysOfAsset);
    if (matching.size() > 1 && !staysClear(track, decision.policy())) {
      throw notOne(track, decision, matching);
    }
  }

  private static KeyId requireOne(
      TrackTraits track, DeliveryDecision.Encrypted decision, List<ContentKey> keysOfAsset) {
    var matching = matching(track, decision.scheme(), keysOfAsset);
    if (matching.size() != 1) {
      throw notOne(track, decision, matching);
    }
    return matching.getFirst();
  }

  private static List<KeyId> matching(
      TrackTraits track, Scheme scheme, List<ContentKey> keysOfAsset) {
    KeyType type = keyType(scheme);
    return keysOfAsset.stream()
        .filter(key -> key.type() == type && selects(key.tracks(), track))
        .map(ContentKey::id)
        .distinct()
        .sorted()
        .toList();
  }

  private static ContentFailure notOne(
      TrackTraits track, DeliveryDecision.Encrypted decision, List<KeyId> matching) {
    return new ContentFailure(
        FailureCode.MPE_ENC_ENCRYPTION_NOT_SUPPORTED,
        "track %s of %d bit/s: %s it (expected: one of type %s, since delivery policy \"%s\""
                .formatted(
                    track.name(),
                    track.bitrate(),
                    matching.isEmpty()
                        ? "no content key selects"
                        : "content keys %s select".formatted(joined(matching)),
                    Words.of(keyType(decision.scheme())),
                    decision.policy().name())
            + " encrypts it with %s)".formatted(Names.of(decision.scheme())),
        "");
  }

  private static String joined(List<KeyId> keys) {
    return String.join(" and ", keys.stream().map(KeyId::toString).toList());
  }

  private static KeyType keyType(Scheme scheme) {
    return switch (scheme) {
      case CENC -> KeyType.COMMON_ENCRYPTION;
      case CBCS -> KeyType.COMMON_ENCRYPTION_CBCS;
      case CBC -> KeyType.ENVELOPE_ENCRYPTION;
      case CLEAR ->
          throw new IllegalArgumentException("scheme: CLEAR (expected: one that has keys)");
    };
  }

  private static boolean isUnencrypted(TrackTraits track, AssetDeliveryPolicy policy) {
    return Optional.ofNullable(policy.configuration().get(UNENCRYPTED)).stream()
        .flatMap(list -> Arrays.stream(list.split(",", -1)))
        .anyMatch(fourCc -> fourCc.strip().equalsIgnoreCase(track.fourCc().strip()));
  }

  private static boolean selects(List<TrackSelector> selectors, TrackTraits track) {
    return selectors.isEmpty() || selectors.stream().anyMatch(selector -> selects(selector, track));
  }

  private static boolean selects(TrackSelector selector, TrackTraits track) {
    return selector.type().map(kind -> kind == track.kind()).orElse(true)
        && selector.name().map(name -> name.equals(track.name())).orElse(true)
        && selector.language().map(tag -> LanguageTags.areEqual(tag, track.language())).orElse(true)
        && selector.fourCc().map(type -> type.equalsIgnoreCase(track.fourCc())).orElse(true)
        && selector.bitrate().map(range -> range.contains(track.bitrate())).orElse(true)
        && selector
            .height()
            .map(range -> track.kind() == TrackKind.VIDEO && range.contains(track.height()))
            .orElse(true);
  }
}
