package dev.sluice.origin.http;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An access log of JSON lines, written by a thread of its own. A log that cannot be written, or not
 * as fast as requests are answered, stops no answer: what finds no room is counted, and the log on
 * standard error says how much it was.
 */
public final class JsonAccessLog implements AccessLog, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JsonAccessLog.class);
  private static final JsonFactory JSON = new JsonFactory();

  /** How many entries wait for the disk. */
  private static final int CAPACITY = 16_384;

  /** How long what waits may take to be written when the log is closed. */
  private static final long CLOSE_MS = 5_000;

  private final OutputStream out;
  private final BlockingQueue<Entry> waiting = new ArrayBlockingQueue<>(CAPACITY);
  private final AtomicLong lost = new AtomicLong();
  private final Thread writer;
  private volatile boolean closing;
  private boolean failed;

  /** A log to this stream. Ownership: takes the stream. */
  public JsonAccessLog(OutputStream out) {
    this.out = out;
    this.writer = Thread.ofPlatform().daemon().name("access-log").start(this::writeAll);
  }

  /** A log that is appended to a file. */
  public static JsonAccessLog to(Path file) throws IOException {
    return new JsonAccessLog(
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  @Override
  public void write(Entry entry) {
    if (!waiting.offer(entry)) {
      lost.incrementAndGet();
    }
  }

  private void writeAll() {
    var batch = new ArrayList<Entry>();
    try {
      while (!closing || !waiting.isEmpty()) {
        Entry first = waiting.poll(100, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        batch.add(first);
        waiting.drainTo(batch, CAPACITY / 16);
        writeBatch(batch);
        batch.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void writeBatch(List<Entry> batch) {
    long missing = lost.getAndSet(0);
    if (missing > 0) {
      LOG.warn("access log: {} lines lost, since it was not written as fast as needed", missing);
    }
    var lines = new StringBuilder();
    for (Entry entry : batch) {
      lines.append(format(entry));
    }
    try {
      out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
      out.flush();
      failed = false;
    } catch (IOException e) {
      if (!failed) {
        LOG.warn("access log: cannot be written: {}", e.getClass().getSimpleName());
      }
      failed = true;
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
    closing = true;
    try {
      writer.join(CLOSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    out.close();
  }
}
