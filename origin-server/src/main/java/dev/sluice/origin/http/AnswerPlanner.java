package dev.sluice.origin.http;

import static java.util.Objects.requireNonNull;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.Answer;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.ByteRange;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.Gzip;
import dev.sluice.origin.route.Caller;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Applies conditions, ranges and codings to an answer. Decides only; sends nothing. */
final class AnswerPlanner {
  /** Of {@code Cache-Control}, by the answer's kind: for anybody, and for a caller with a token. */
  private final Map<Answer.Cache, String> ofAnybody = new EnumMap<>(Answer.Cache.class);

  private final Map<Answer.Cache, String> ofIdentified = new EnumMap<>(Answer.Cache.class);

  AnswerPlanner(HttpSettings settings) {
    for (Answer.Cache cache : Answer.Cache.values()) {
      ofAnybody.put(cache, cacheControl(cache, "public", settings));
      ofIdentified.put(cache, cacheControl(cache, "private", settings));
    }
  }

  /**
   * The response to a GET.
   *
   * @param caller no shared cache may keep an answer to one with a token
   */
  ResponsePlan plan(Answer answer, HttpHeaders request, Caller caller) {
    var headers = new LinkedHashMap<String, String>();
    if (!answer.headers().isEmpty()) {
      headers.putAll(new TreeMap<>(answer.headers()));
    }
    if (!caller.wantsPrefetchPath()) {
      headers.remove(Answer.PREFETCH_PATH);
    }
    var cacheControl = caller.token().isPresent() ? ofIdentified : ofAnybody;
    headers.put("cache-control", requireNonNull(cacheControl.get(answer.cache())));
    if (answer.status() != 200) {
      headers.put("content-type", answer.contentType());
      return whole(answer.status(), headers, answer.body().get());
    }
    boolean gzip =
        answer.compressible()
            && !request.contains(HttpHeaderNames.RANGE)
            && AcceptEncoding.acceptsGzip(request.getAll(HttpHeaderNames.ACCEPT_ENCODING));
    if (answer.compressible()) {
      headers.put("vary", "Accept-Encoding");
    }
    if (answer.etag().isPresent()) {
      if (request.contains(HttpHeaderNames.IF_NONE_MATCH)) {
        List<String> current = currentTags(answer, answer.etag().get(), gzip);
        Optional<String> match =
            EntityTags.findMatch(request.getAll(HttpHeaderNames.IF_NONE_MATCH), current);
        if (match.isPresent()) {
          headers.put("etag", match.get());
          return ResponsePlan.empty(304, headers);
        }
      }
      headers.put("etag", answer.etag().get());
      headers.put("accept-ranges", "bytes");
    }
    headers.put("content-type", answer.contentType());
    if (gzip && answer.gzipped().isPresent()) {
      return gzipped(headers, answer.gzipped().get());
    }
    Body body = answer.body().get();
    try {
      return gzip && body.lengthBytes() <= Gzip.MAX_BYTES
          ? gzip(headers, body)
          : identity(answer, request, headers, body);
    } catch (Throwable e) {
      body.close();
      throw e;
    }
  }

  private static List<String> currentTags(Answer answer, String etag, boolean gzip) {
    if (!answer.compressible()) {
      return List.of(etag);
    }
    String zipped = EntityTags.gzip(etag);
    return gzip ? List.of(zipped, etag) : List.of(etag);
  }

  private static ResponsePlan gzip(Map<String, String> headers, Body body) {
    byte[] plain = new byte[Math.toIntExact(body.lengthBytes())];
    try (body) {
      body.read(0, ByteBuffer.wrap(plain));
    }
    return gzipped(headers, Gzip.compress(Bytes.taking(plain)));
  }

  private static ResponsePlan gzipped(Map<String, String> headers, Bytes coded) {
    headers.put("content-encoding", "gzip");
    headers.computeIfPresent("etag", (name, etag) -> EntityTags.gzip(etag));
    headers.remove("accept-ranges");
    return ResponsePlan.ofBytes(200, headers, coded);
  }

  private static ResponsePlan identity(
      Answer answer, HttpHeaders request, Map<String, String> headers, Body body) {
    if (!request.contains(HttpHeaderNames.RANGE)) {
      return whole(200, headers, body);
    }
    List<String> ranges = request.getAll(HttpHeaderNames.RANGE);
    String ifRange = request.get(HttpHeaderNames.IF_RANGE);
    if (answer.etag().isEmpty()
        || ranges.size() != 1
        || (ifRange != null && !ifRange.strip().equals(answer.etag().get()))) {
      return whole(200, headers, body);
    }
    long length = body.lengthBytes();
    Optional<ByteRange> range;
    try {
      range = RangeHeader.parse(ranges.getFirst(), length);
    } catch (CallerFailure unsatisfiable) {
      body.close();
      return unsatisfiable(unsatisfiable.detail(), length);
    }
    if (range.isEmpty()) {
      return whole(200, headers, body);
    }
    ByteRange part = range.get();
    headers.put(
        "content-range",
        "bytes %d-%d/%d".formatted(part.offsetBytes(), part.endBytes() - 1, length));
    return new ResponsePlan(206, headers, body, part, /* sendsBody= */ true);
  }

  private static ResponsePlan unsatisfiable(String detail, long length) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("cache-control", "no-store");
    headers.put("content-type", Problem.CONTENT_TYPE);
    headers.put("content-range", "bytes */" + length);
    return ResponsePlan.ofBytes(
        416, headers, Problem.render(FailureCode.RANGE_NOT_SATISFIABLE, detail));
  }

  private static ResponsePlan whole(int status, Map<String, String> headers, Body body) {
    return new ResponsePlan(
        status, headers, body, new ByteRange(0, body.lengthBytes()), /* sendsBody= */ true);
  }

  private static String cacheControl(Answer.Cache cache, String reach, HttpSettings settings) {
    return switch (cache) {
      case SEGMENT -> reach + ", max-age=" + settings.segmentMaxAgeSeconds() + ", immutable";
      case MANIFEST -> reach + ", max-age=" + settings.manifestMaxAgeSeconds();
      case PAGE -> "no-cache";
      case NO_STORE -> "no-store";
    };
  }
}
