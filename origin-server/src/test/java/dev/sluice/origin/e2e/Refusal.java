package dev.sluice.origin.e2e;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/**
 * What an answer refuses, and why.
 *
 * @param code the service's, for example {@code MPE_OUTPUT_FORMAT_BLOCKED}
 * @param detail the sentence
 */
record Refusal(int status, String code, String detail) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of an answer that must be a problem document (RFC 9457) about its own status. */
  static Refusal of(HttpResponse<byte[]> response) {
    String type = response.headers().firstValue("content-type").orElse("none");
    try {
      var problem = JSON.readTree(response.body());
      if (type.equals("application/problem+json")
          && problem.path("status").asInt() == response.statusCode()) {
        return new Refusal(
            response.statusCode(), problem.path("code").asText(), problem.path("detail").asText());
      }
    } catch (JacksonException e) {
      throw new AssertionError(
          "%d %s: no problem document: %s"
              .formatted(
                  response.statusCode(),
                  type,
                  new String(response.body(), StandardCharsets.ISO_8859_1)
                      .substring(0, Math.min(200, response.body().length))),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError("%d %s: no problem document".formatted(response.statusCode(), type));
  }

  static Refusal of(RunningServer server, String path) {
    return of(server.send("GET", path));
  }

  /** Status and code. */
  String brief() {
    return status + " " + code;
  }
}
