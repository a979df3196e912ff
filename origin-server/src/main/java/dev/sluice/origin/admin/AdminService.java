package dev.sluice.origin.admin;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.http.HttpCall;
import dev.sluice.origin.http.HttpService;
import dev.sluice.origin.media.Answer;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.route.Query;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /healthz}, {@code /readyz}, {@code /metrics}, {@code /v1/{kind}[/{name}]}, and {@code POST
 * /v1} for many documents at once.
 */
public final class AdminService implements HttpService {
  private static final Pattern DOCUMENT =
      Pattern.compile("/v1/([A-Za-z]{1,64})(?:/([A-Za-z0-9._-]{1,128})?)?");
  private static final List<String> READ = List.of("GET", "HEAD");
  private static final List<String> WRITE = List.of("GET", "HEAD", "PUT", "DELETE");
  private static final List<String> APPLY = List.of("POST");
  private static final String TEXT = "text/plain; charset=utf-8";

  private final AdminDocuments documents;
  private final Supplier<String> metrics;
  private final BooleanSupplier ready;

  /**
   * @param metrics in Prometheus' text format
   * @param ready whether requests can be served; may block for a moment
   */
  public AdminService(AdminDocuments documents, Supplier<String> metrics, BooleanSupplier ready) {
    this.documents = documents;
    this.metrics = metrics;
    this.ready = ready;
  }

  @Override
  public Endpoint endpoint(String rawTarget) {
    if (path(rawTarget).equals("/v1")) {
      return new Endpoint("admin", APPLY, Cors.NONE);
    }
    Matcher document = DOCUMENT.matcher(path(rawTarget));
    boolean named = document.matches() && document.group(2) != null;
    return new Endpoint("admin", named ? WRITE : READ, Cors.NONE);
  }

  @Override
  public Answer serve(HttpCall call) {
    String path = path(call.rawTarget());
    return switch (path) {
      case "/healthz" -> text(200, TEXT, "ok\n");
      case "/readyz" ->
          ready.getAsBoolean() ? text(200, TEXT, "ready\n") : text(503, TEXT, "not ready\n");
      case "/metrics" -> text(200, "text/plain; version=0.0.4; charset=utf-8", metrics.get());
      case "/v1" -> json(documents.apply(utf8(call)));
      default -> document(call, path);
    };
  }

  private Answer document(HttpCall call, String path) {
    Matcher document = DOCUMENT.matcher(path);
    if (!document.matches()) {
      throw notFound();
    }
    String kind = document.group(1);
    String name = document.group(2);
    boolean secrets = Query.find(call.rawTarget(), "secrets").filter("true"::equals).isPresent();
    if (name == null) {
      return json(documents.listJson(kind, secrets));
    }
    return switch (call.method()) {
      case "GET" ->
          json(documents.findJson(kind, name, secrets).orElseThrow(AdminService::notFound));
      case "PUT" -> {
        documents.put(kind, name, utf8(call));
        yield text(204, TEXT, "");
      }
      case "DELETE" -> {
        if (!documents.delete(kind, name)) {
          throw notFound();
        }
        yield text(204, TEXT, "");
      }
      default -> throw new CallerFailure(FailureCode.METHOD_NOT_ALLOWED, "method: not allowed");
    };
  }

  private static String utf8(HttpCall call) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(call.body().toArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw new CallerFailure(FailureCode.BAD_REQUEST, "body: (expected: UTF-8)");
    }
  }

  private static String path(String rawTarget) {
    return rawTarget.substring(0, Query.pathEnd(rawTarget));
  }

  private static Answer json(String text) {
    return text(200, "application/json", text);
  }

  private static Answer text(int status, String contentType, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Answer(
        status,
        contentType,
        Optional.empty(),
        Answer.Cache.NO_STORE,
        false,
        Map.of(),
        () -> Body.of(bytes));
  }

  private static CallerFailure notFound() {
    return new CallerFailure(FailureCode.MPE_RESOURCE_NOT_FOUND, "no such document");
  }
}
