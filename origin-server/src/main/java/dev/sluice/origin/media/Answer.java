package dev.sluice.origin.media;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a request is answered with, before conditions and ranges are applied to it.
 *
 * @param status 200 nearly always
 * @param contentType the media type
 * @param etag the strong validator with its quotes; an answer that has one may be sliced and may be
 *     answered with 304
 * @param cache what a cache may do with it
 * @param compressible whether gzip may be applied
 * @param headers further header fields, lower-case names
 * @param body opened only when it is needed: neither for 304 nor before the preconditions hold
 * @param gzipped the whole body under {@link Gzip}, where that is at hand; empty where it is yet to
 *     be made, or the answer is not compressible
 */
public record Answer(
    int status,
    String contentType,
    Optional<String> etag,
    Cache cache,
    boolean compressible,
    Map<String, String> headers,
    Supplier<Body> body,
    Optional<Bytes> gzipped) {

  /**
   * The header field that names the segment which comes next, relative to the folder of the one
   * that was asked for. May always be given; it goes out only to a network that asks for it.
   */
  public static final String PREFETCH_PATH = "cdn-origin-assist-prefetch-path";

  /** What a cache may do with an answer. The seconds behind each are the server's setting. */
  public enum Cache {
    /** Init and media segments: they never change under their URL and ETag. */
    SEGMENT,
    /** Manifests of stored titles. */
    MANIFEST,
    /** Pages and scripts of the player. */
    PAGE,
    /** Keys, licences, and whatever belongs to one caller. */
    NO_STORE
  }

  public Answer {
    headers = Map.copyOf(headers);
  }

  /** An answer whose coded form is not at hand. */
  public Answer(
      int status,
      String contentType,
      Optional<String> etag,
      Cache cache,
      boolean compressible,
      Map<String, String> headers,
      Supplier<Body> body) {
    this(status, contentType, etag, cache, compressible, headers, body, Optional.empty());
  }

  /**
   * The same answer with its body in memory, and coded where it may be: for all who ask for it.
   *
   * @param bytes the whole body
   */
  public Answer shared(Bytes bytes) {
    Body shared = Body.of(bytes);
    return new Answer(
        status,
        contentType,
        etag,
        cache,
        compressible,
        headers,
        () -> shared,
        compressible && bytes.size() <= Gzip.MAX_BYTES
            ? Optional.of(Gzip.compress(bytes))
            : Optional.empty());
  }

  /** An answer of bytes that nobody may store. */
  public static Answer noStore(String contentType, byte[] bytes) {
    return new Answer(
        200, contentType, Optional.empty(), Cache.NO_STORE, false, Map.of(), () -> Body.of(bytes));
  }
}
