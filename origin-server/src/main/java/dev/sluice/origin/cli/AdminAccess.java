package dev.sluice.origin.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.origin.catalog.DocumentReader;
import dev.sluice.origin.catalog.DocumentText;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.StoreFailure;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The catalog of a running server, by its admin listener. */
final class AdminAccess implements CatalogAccess {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
  private static final int ANSWER_MAX_BYTES = 64 << 20;
  private static final int NOT_FOUND = 404;
  private static final int FIRST_ERROR = 400;

  private final String base;
  private final HttpClient client;

  private AdminAccess(String base, HttpClient client) {
    this.base = base;
    this.client = client;
  }

  /** The listener at this address, for example {@code http://127.0.0.1:8081}. */
  static AdminAccess open(URI admin) {
    String scheme = String.valueOf(admin.getScheme());
    if (!(scheme.equals("http") || scheme.equals("https")) || admin.getHost() == null) {
      throw new CallerFailure(
          FailureCode.BAD_REQUEST,
          "--admin: %s (expected: a URL such as http://127.0.0.1:8081)".formatted(admin));
    }
    String text = admin.toString();
    return new AdminAccess(
        text.endsWith("/") ? text.substring(0, text.length() - 1) : text,
        HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build());
  }

  @Override
  public List<String> apply(List<DocumentSource> sources) {
    List<DocumentText> texts = new ArrayList<>();
    for (DocumentSource source : sources) {
      texts.addAll(
          DocumentReader.split(source.json().toArray(), sources.size() == 1 ? "" : source.name()));
    }
    // Several go together, so that all or none counts.
    if (texts.size() == 1) {
      put(texts.getFirst());
    } else if (!texts.isEmpty()) {
      applyTogether(texts);
    }
    return texts.stream().map(text -> "applied " + text).toList();
  }

  private void applyTogether(List<DocumentText> texts) {
    String array =
        texts.stream().map(DocumentText::json).collect(Collectors.joining(",", "[", "]"));
    requireDone(send("POST", "/v1", Optional.of(array)));
  }

  private void put(DocumentText text) {
    requireDone(send("PUT", path(text.kind().word(), text.name()), Optional.of(text.json())));
  }

  @Override
  public Optional<String> find(String kind, String name, boolean secrets) {
    HttpResponse<String> answer =
        send("GET", path(kind, name) + (secrets ? "?secrets=true" : ""), Optional.empty());
    return answer.statusCode() == NOT_FOUND ? Optional.empty() : Optional.of(requireDone(answer));
  }

  @Override
  public String list(String kind, boolean secrets) {
    return requireDone(
        send("GET", "/v1/" + encode(kind) + (secrets ? "?secrets=true" : ""), Optional.empty()));
  }

  @Override
  public void delete(String kind, String name) {
    requireDone(send("DELETE", path(kind, name), Optional.empty()));
  }

  private HttpResponse<String> send(String method, String path, Optional<String> json) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(REQUEST_TIMEOUT)
            .header("Content-Type", "application/json")
            .method(method, json.map(BodyPublishers::ofString).orElse(BodyPublishers.noBody()))
            .build();
    try {
      return client.send(
          request,
          BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), ANSWER_MAX_BYTES));
    } catch (IOException e) {
      throw new StoreFailure(
          FailureCode.MPE_STORAGE_INTERNAL_ERROR,
          "%s: no answer (expected: a running server's admin listener)".formatted(base));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreFailure(FailureCode.MPE_STORAGE_INTERNAL_ERROR, "interrupted");
    }
  }

  private static String requireDone(HttpResponse<String> answer) {
    if (answer.statusCode() < FIRST_ERROR) {
      return answer.body();
    }
    throw new CallerFailure(
        FailureCode.BAD_REQUEST,
        detail(answer.body()).orElse("the server answered %d".formatted(answer.statusCode())));
  }

  /** The sentence of a problem document. */
  private static Optional<String> detail(String body) {
    try {
      JsonNode detail = JsonMapper.builder().build().readTree(body).path("detail");
      return detail.isTextual() ? Optional.of(detail.textValue()) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static String path(String kind, String name) {
    return "/v1/" + encode(kind) + "/" + encode(name);
  }

  private static String encode(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {
    client.close();
  }
}
