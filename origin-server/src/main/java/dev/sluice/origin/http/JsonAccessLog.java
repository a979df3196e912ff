package dev.sluice.origin.http;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An access log of JSON lines. A log that cannot be written stops no answer. */
public final class JsonAccessLog implements AccessLog, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JsonAccessLog.class);
  private static final JsonFactory JSON = new JsonFactory();

  private final OutputStream out;
  private boolean failed;

  /** A log to this stream. Ownership: takes the stream. */
  public JsonAccessLog(OutputStream out) {
    this.out = out;
  }

  /** A log that is appended to a file. */
  public static JsonAccessLog to(Path file) throws IOException {
    return new JsonAccessLog(
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  @Override
  public void write(Entry entry) {
    byte[] line = format(entry).getBytes(StandardCharsets.UTF_8);
    synchronized (this) {
      try {
        out.write(line);
        out.flush();
        failed = false;
      } catch (IOException e) {
        if (!failed) {
          LOG.warn("access log: cannot be written: {}", e.getClass().getSimpleName());
        }
        failed = true;
      }
    }
  }

  private static String format(Entry entry) {
    var text = new StringWriter();
    try (var json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("time", entry.time().toString());
      json.writeStringField("method", entry.method());
      json.writeStringField("path", entry.path());
      json.writeNumberField("status", entry.status());
      json.writeNumberField("bytes", entry.bytes());
      json.writeNumberField("ms", entry.millis());
      json.writeStringField("protocol", entry.protocol());
      json.writeBooleanField("complete", entry.complete());
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    return text.append('\n').toString();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
