package dev.sluice.origin.media;

/** How an answer is encrypted. Clear counts as a scheme. */
public enum Scheme {
  /** Not at all. */
  CLEAR,
  /** CENC {@code cenc}: AES-128-CTR over subsamples. */
  CENC,
  /** CENC {@code cbcs}: AES-128-CBC by pattern, constant IV. */
  CBCS,
  /** AES-128-CBC over the whole answer. */
  CBC
}
