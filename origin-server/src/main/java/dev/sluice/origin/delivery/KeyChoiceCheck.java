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
  public void check(Candidate candidate) {
    if (candidate.keys().size() < 2) {
      return;
    }
    List<Track> tracks = tracks(candidate.asset());
    for (Document.AssetDeliveryPolicy policy : candidate.policies()) {
      DeliveryPolicies.encryption(policy)
          .ifPresent(decision -> tracks.forEach(track -> check(track, decision, candidate)));
    }
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
