package dev.sluice.origin.http;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import java.util.Set;

/** What a request's head must be before anything else looks at it. */
final class RequestCheck {
  private static final Set<HttpMethod> WITHOUT_BODY =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private RequestCheck() {}

  /**
   * Refuses a message that could not be decoded.
   *
   * @throws CallerFailure with 400, 414 or 431
   */
  static void requireDecoded(HttpObject message) {
    if (message.decoderResult().isSuccess()) {
      return;
    }
    throw switch (message.decoderResult().cause()) {
      case TooLongHttpLineException line ->
          new CallerFailure(FailureCode.URI_TOO_LONG, "request line: too long");
      case TooLongHttpHeaderException header ->
          new CallerFailure(FailureCode.HEADERS_TOO_LARGE, "header fields: too large");
      case null, default -> badRequest("malformed HTTP message");
    };
  }

  /**
   * Refuses a head that could mean two things, or too much.
   *
   * @param http1 whether it came over HTTP/1
   * @throws CallerFailure with 400, 413 or 414
   */
  static void requireSound(HttpRequest request, HttpLimits limits, boolean http1) {
    requireDecoded(request);
    HttpHeaders headers = request.headers();
    if (request.uri().length() > limits.requestLineBytes()) {
      throw new CallerFailure(FailureCode.URI_TOO_LONG, "request target: too long");
    }
    if (sizeBytes(headers) > limits.headerBytes()) {
      throw new CallerFailure(FailureCode.HEADERS_TOO_LARGE, "header fields: too large");
    }
    if (http1) {
      requireHttp1(request, headers);
    }
    List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
    if (lengths.size() > 1 || (lengths.size() == 1 && !lengths.getFirst().matches("[0-9]{1,18}"))) {
      throw badRequest("content-length: (expected: one decimal number)");
    }
    long length = lengths.isEmpty() ? 0 : Long.parseLong(lengths.getFirst());
    boolean body = length > 0 || headers.contains(HttpHeaderNames.TRANSFER_ENCODING);
    if (body && WITHOUT_BODY.contains(request.method())) {
      throw badRequest("body: (expected: none with " + request.method().name() + ")");
    }
    if (length > limits.bodyBytes()) {
      throw tooLarge(limits);
    }
    String coding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
    if (coding != null && !coding.equalsIgnoreCase("identity")) {
      throw badRequest("content-encoding: (expected: none)");
    }
  }

  /** As HTTP/1 writes them: each with a colon, a space and CRLF. */
  private static long sizeBytes(HttpHeaders headers) {
    long sum = 0;
    for (var fields = headers.iteratorCharSequence(); fields.hasNext(); ) {
      var field = fields.next();
      sum += field.getKey().length() + field.getValue().length() + 4L;
    }
    return sum;
  }

  private static void requireHttp1(HttpRequest request, HttpHeaders headers) {
    boolean old = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    if (!old && !request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      throw badRequest("version: (expected: HTTP/1.0 or HTTP/1.1)");
    }
    int hosts = headers.getAll(HttpHeaderNames.HOST).size();
    if (hosts > 1 || (hosts == 0 && !old)) {
      throw badRequest("host: (expected: once)");
    }
    List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (!codings.isEmpty()
        && (old || codings.size() > 1 || !codings.getFirst().strip().equalsIgnoreCase("chunked"))) {
      throw badRequest("transfer-encoding: (expected: chunked)");
    }
  }

  static CallerFailure tooLarge(HttpLimits limits) {
    return new CallerFailure(
        FailureCode.BODY_TOO_LARGE, "body: (expected: at most " + limits.bodyBytes() + " bytes)");
  }

  static CallerFailure badRequest(String message) {
    return new CallerFailure(FailureCode.BAD_REQUEST, message);
  }
}
