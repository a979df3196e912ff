package dev.sluice.benchmarks.load;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** The requests of one player: sent, measured, counted. For one thread. */
final class Fetcher implements AutoCloseable {
  private static final int MAX_REDIRECTS = 5;

  /** Of an error's body, in which a code is looked for. */
  private static final int MAX_PROBLEM_BYTES = 4096;

  /** A body may take this many time-outs in all, beside what the rate limit gives it. */
  private static final int BODY_TIMEOUTS = 10;

  private static final Pattern CODE =
      Pattern.compile("\"code\"\\s*:\\s*\"([A-Za-z0-9_.-]{1,64})\"");

  private final Transport transport;
  private final LoadStats stats;
  private final RateLimit limit;
  private final Duration timeout;
  private final BooleanSupplier stopped;
  private final byte[] buffer;

  /**
   * @param bufferBytes that are read at once
   * @param stopped whether the run has ended: what fails then is no error
   */
  Fetcher(
      Transport transport,
      LoadStats stats,
      RateLimit limit,
      Duration timeout,
      int bufferBytes,
      BooleanSupplier stopped) {
    this.transport = transport;
    this.stats = stats;
    this.limit = limit;
    this.timeout = timeout;
    this.stopped = stopped;
    this.buffer = new byte[bufferBytes];
  }

  /**
   * Asks for a resource, or a part of it.
   *
   * @return the URL of the answer, which a redirect may have changed
   * @throws LoadFailure if the answer is not what was asked for; it has been counted
   */
  URI fetch(RequestKind kind, LoadRequest request, Optional<ByteRange> range, BodySink sink)
      throws LoadFailure, InterruptedException {
    var asked = range.map(r -> request.with("Range", r.field())).orElse(request);
    long started = System.nanoTime();
    try {
      return follow(kind, asked, range, sink, started);
    } catch (IOException e) {
      if (stopped.getAsBoolean()) {
        throw new InterruptedException("the run has ended");
      }
      var failure = LoadFailure.of(e);
      stats.error(kind, request.uri(), failure);
      throw failure;
    }
  }

  /** Counts something that is wrong with an answer once it was read. */
  LoadFailure refuse(RequestKind kind, URI uri, LoadFailure failure) {
    stats.error(kind, uri, failure);
    return failure;
  }

  @Override
  public void close() {
    transport.close();
  }

  private URI follow(
      RequestKind kind, LoadRequest first, Optional<ByteRange> range, BodySink sink, long started)
      throws IOException, InterruptedException {
    var request = first;
    for (int i = 0; i <= MAX_REDIRECTS; i++) {
      try (var answer = transport.send(request)) {
        var place = redirect(answer);
        if (place.isEmpty()) {
          read(kind, answer, range, sink, started);
          return request.uri();
        }
        drain(answer);
        request = request.redirectedTo(Urls.resolve(request.uri(), place.get()));
      }
    }
    throw new LoadFailure(
        "redirects", "redirects: > %d (expected: fewer)".formatted(MAX_REDIRECTS));
  }

  private static Optional<String> redirect(Transport.Answer answer) {
    return switch (answer.status()) {
      case 301, 302, 303, 307, 308 -> answer.field("Location");
      default -> Optional.empty();
    };
  }

  private void read(
      RequestKind kind,
      Transport.Answer answer,
      Optional<ByteRange> range,
      BodySink sink,
      long started)
      throws IOException, InterruptedException {
    int expected = range.isPresent() ? 206 : 200;
    if (answer.status() != expected) {
      throw new LoadFailure(
          "status %d".formatted(answer.status()),
          "status: %d%s (expected: %d)".formatted(answer.status(), problem(answer), expected));
    }
    var ofKind = stats.of(kind);
    var raw = new CountingStream(answer.body(), ofKind.bytes);
    boolean zipped = answer.field("Content-Encoding").filter("gzip"::equalsIgnoreCase).isPresent();
    var in = zipped ? new GZIPInputStream(raw) : raw;
    long stated = statedLength(answer, range);
    long deadline =
        System.nanoTime()
            + BODY_TIMEOUTS * timeout.toNanos()
            + 2 * limit.nanosFor(Math.max(0, stated));
    long passed = 0;
    int count = in.read(buffer, 0, limit.readBytes(buffer.length));
    while (count >= 0) {
      sink.accept(buffer, 0, count);
      limit.pass(raw.count - passed); // as they came: unpacked they are more
      passed = raw.count;
      if (System.nanoTime() - deadline > 0) {
        throw new SocketTimeoutException("body");
      }
      count = in.read(buffer, 0, limit.readBytes(buffer.length));
    }
    if (zipped && raw.read() >= 0) {
      throw new LoadFailure("length", "body: goes on after its gzip stream (expected: its end)");
    }
    if (stated >= 0 && raw.count != stated) {
      throw new LoadFailure(
          "length", "length: %d bytes (expected: %d, as stated)".formatted(raw.count, stated));
    }
    sink.end();
    long ended = System.nanoTime();
    ofKind.answers.increment();
    ofKind.firstByte.record(answer.firstByteNanos() - started);
    ofKind.total.record(ended - started);
  }

  /** What the answer says of its length; -1: nothing. */
  private static long statedLength(Transport.Answer answer, Optional<ByteRange> range)
      throws LoadFailure {
    long stated =
        answer
            .field("Content-Length")
            .filter(text -> text.matches("[0-9]{1,18}"))
            .map(Long::parseLong)
            .orElse(-1L);
    if (range.isPresent() && stated >= 0 && stated != range.get().length()) {
      throw new LoadFailure(
          "length",
          "length: %d bytes (expected: %d, the range)".formatted(stated, range.get().length()));
    }
    return stated;
  }

  /** The code of a problem document, as far as it is one. */
  private String problem(Transport.Answer answer) {
    try {
      var code = CODE.matcher(new String(drain(answer), StandardCharsets.UTF_8));
      return code.find() ? " " + code.group(1) : "";
    } catch (IOException _) {
      return "";
    }
  }

  /** The first bytes of a body, and no more; a longer one costs its connection. */
  private static byte[] drain(Transport.Answer answer) throws IOException {
    byte[] head = answer.body().readNBytes(MAX_PROBLEM_BYTES);
    answer.body().skip(MAX_PROBLEM_BYTES);
    return head;
  }

  /** Counts bytes as they came, before they are unpacked. */
  private static final class CountingStream extends FilterInputStream {
    private final LongAdder total;
    private long count;

    CountingStream(InputStream in, LongAdder total) {
      super(in);
      this.total = total;
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      add(b < 0 ? 0 : 1);
      return b;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int got = super.read(target, offset, length);
      add(Math.max(0, got));
      return got;
    }

    private void add(int bytes) {
      count += bytes;
      total.add(bytes);
    }
  }
}
