package dev.sluice.origin.http;

import com.fasterxml.jackson.core.JsonFactory;
import dev.sluice.origin.failure.FailureCode;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** A refusal's body: a problem document. Spec: RFC 9457. */
final class Problem {
  static final String CONTENT_TYPE = "application/problem+json";
  private static final JsonFactory JSON = new JsonFactory();

  private Problem() {}

  static byte[] render(FailureCode code, String detail) {
    var out = new ByteArrayOutputStream();
    try (var json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("type", "about:blank");
      json.writeStringField("title", HttpResponseStatus.valueOf(code.status()).reasonPhrase());
      json.writeNumberField("status", code.status());
      json.writeStringField("detail", detail);
      json.writeStringField("code", code.name());
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    return out.toByteArray();
  }
}
