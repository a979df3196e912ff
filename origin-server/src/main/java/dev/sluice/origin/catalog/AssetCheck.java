package dev.sluice.origin.catalog;

import java.util.List;

/** What else is asked of an asset before documents come into force: what only its media tells. */
public interface AssetCheck {

  /** Asks nothing. */
  AssetCheck NONE =
      new AssetCheck() {
        @Override
        public boolean concerns(Candidate candidate) {
          return false;
        }

        @Override
        public void check(Candidate candidate) {}
      };

  /** Whether there is something to check. Does not block. */
  boolean concerns(Candidate candidate);

  /**
   * Checks an asset as it would be. May block.
   *
   * @throws dev.sluice.origin.failure.CallerFailure that says why the documents are refused
   */
  void check(Candidate candidate);

  /**
   * An asset as it would be, with what it names; what is not there is left out.
   *
   * @param policies its delivery policies
   * @param keys its content keys, without their values
   */
  record Candidate(
      Document.Asset asset,
      List<Document.AssetDeliveryPolicy> policies,
      List<Document.ContentKey> keys) {

    public Candidate {
      policies = List.copyOf(policies);
      keys = List.copyOf(keys);
    }
  }
}
