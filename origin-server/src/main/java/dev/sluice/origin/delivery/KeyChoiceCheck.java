package dev.sluice.origin.delivery;

import dev.sluice.origin.catalog.AssetCheck;
import dev.sluice.origin.catalog.Document;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.Failure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.policy.DeliveryDecision;
import dev.sluice.origin.policy.DeliveryPolicies;
import dev.sluice.origin.policy.TrackKeys;
import dev.sluice.origin.track.Track;
import java.util.List;

/**
 * Refuses an asset of whose tracks two keys would protect one. Says nothing of an asset whose media
 * is not there yet: its tracks are looked at when they are asked for.
 */
public final class KeyChoiceCheck implements AssetCheck {
  private final Titles titles;

  /** Looks at the tracks of these titles. */
  public KeyChoiceCheck(Titles titles) {
    this.titles = titles;
  }

  @Override
  public boolean concerns(Candidate candidate) {
    return !decisions(candidate).isEmpty();
  }

  @Override
  public void check(Candidate candidate) {
    List<Track> tracks = tracks(candidate.asset());
    for (var decision : decisions(candidate)) {
      tracks.forEach(track -> check(track, decision, candidate));
    }
  }

  /** Those for which the asset has several keys. */
  private static List<DeliveryDecision.Encrypted> decisions(Candidate candidate) {
    return candidate.policies().stream()
        .flatMap(policy -> DeliveryPolicies.encryption(policy).stream())
        .filter(decision -> TrackKeys.hasSeveral(decision.scheme(), candidate.keys()))
        .toList();
  }

  private static void check(Track track, DeliveryDecision.Encrypted decision, Candidate candidate) {
    try {
      TrackKeys.requireNoTwo(TrackTraitsReader.traits(track), decision, candidate.keys());
    } catch (ContentFailure e) {
      throw new CallerFailure(
          FailureCode.BAD_REQUEST,
          "Asset \"%s\": %s".formatted(candidate.asset().name(), e.detail()));
    }
  }

  private List<Track> tracks(Document.Asset asset) {
    try {
      return titles.require(asset).tracks();
    } catch (Failure e) {
      return List.of();
    }
  }
}
