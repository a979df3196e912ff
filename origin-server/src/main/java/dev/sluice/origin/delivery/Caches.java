package dev.sluice.origin.delivery;

/**
 * What may be kept in memory of what requests were answered with.
 *
 * @param answerBytes of manifests, playlists and init segments; 0 for none
 * @param segmentBytes of encrypted segments; 0 for none
 */
public record Caches(long answerBytes, long segmentBytes) {
  /** What is kept unless told. */
  public static final Caches DEFAULT = new Caches(32 << 20, 0);
}
