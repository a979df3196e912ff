package dev.sluice.origin.http;

/**
 * What stands between the origin and the networks in front of it.
 *
 * @param access who may ask
 * @param cdnPrefetch whether an answer tells a content delivery network that asks for it what comes
 *     next
 * @param crossSite the policy files of old players
 */
public record Edge(AccessControl access, boolean cdnPrefetch, CrossSitePolicies crossSite) {
  /** Open to all, no hints, no policy files. */
  public static final Edge OPEN =
      new Edge(AccessControl.OPEN, /* cdnPrefetch= */ false, CrossSitePolicies.NONE);
}
