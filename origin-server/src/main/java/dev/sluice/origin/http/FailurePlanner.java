package dev.sluice.origin.http;

import dev.sluice.origin.failure.Failure;
import dev.sluice.origin.failure.FailureCode;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Failures to responses. The only place that logs them, and only those that we are at fault for.
 */
final class FailurePlanner {
  private static final Logger LOG = LoggerFactory.getLogger(FailurePlanner.class);
  private static final int NOT_FOUND_MAX_AGE_SECONDS = 1;
  private static final int RETRY_AFTER_SECONDS = 1;

  private FailurePlanner() {}

  static ResponsePlan plan(Throwable failure) {
    if (failure instanceof Failure known) {
      if (known.code() == FailureCode.INTERNAL_ERROR) {
        LOG.error("request failed: {}", known.detail(), known);
      } else if (known.code().status() >= 500) {
        LOG.warn("request failed: {}: {}", known.code(), known.detail());
      }
      return plan(known.code(), known.detail());
    }
    String requestId = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    LOG.error("request {} failed", requestId, failure);
    return plan(FailureCode.INTERNAL_ERROR, "internal error, request " + requestId);
  }

  static ResponsePlan plan(FailureCode code, String detail) {
    var headers = new LinkedHashMap<String, String>();
    headers.put(
        "cache-control",
        code.status() == 404 ? "max-age=" + NOT_FOUND_MAX_AGE_SECONDS : "no-store");
    headers.put("content-type", Problem.CONTENT_TYPE);
    if (code.status() == 401) {
      headers.put("www-authenticate", "Bearer");
    }
    if (code.status() == 503) {
      headers.put("retry-after", Integer.toString(RETRY_AFTER_SECONDS));
    }
    return ResponsePlan.ofBytes(code.status(), headers, Problem.render(code, detail));
  }
}
