package dev.sluice.benchmarks.load;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/**
 * HTTP/2 over TLS: a JDK client for each player, since one client has one connection for an origin.
 * Each takes a thread and some four descriptors.
 */
final class Http2Transport implements Transport {
  private final HttpClient client;
  private final Duration timeout;
  private final ScheduledExecutorService watch;

  /**
   * @param executor on which the client works
   * @param watch on which waits that take too long are ended
   */
  Http2Transport(
      SSLContext tls, Duration timeout, Executor executor, ScheduledExecutorService watch) {
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_2)
            .followRedirects(HttpClient.Redirect.NEVER)
            .sslContext(tls)
            .connectTimeout(timeout)
            .executor(executor)
            .build();
    this.timeout = timeout;
    this.watch = watch;
  }

  @Override
  public Answer send(LoadRequest request) throws IOException, InterruptedException {
    var builder =
        HttpRequest.newBuilder(request.uri()).timeout(timeout).header("User-Agent", "sluice-load");
    request.fields().forEach(builder::header);
    request.body().ifPresent(body -> builder.POST(BodyPublishers.ofByteArray(body)));
    var response = client.send(builder.build(), BodyHandlers.ofInputStream());
    return new Http2Answer(response, System.nanoTime(), new WatchedBody(response.body()));
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private record Http2Answer(
      HttpResponse<InputStream> response, long firstByteNanos, InputStream body) implements Answer {
    @Override
    public int status() {
      return response.statusCode();
    }

    @Override
    public Optional<String> field(String name) {
      return response.headers().firstValue(name);
    }

    @Override
    public void close() {
      try {
        body.close();
      } catch (IOException _) {
        // Its stream is reset, if it was not at its end.
      }
    }
  }

  /** A body each of whose waits ends in time: the JDK's own time-out ends with the head. */
  private final class WatchedBody extends FilterInputStream {
    private final ScheduledFuture<?> check;
    private volatile boolean reading;
    private volatile boolean timedOut;
    private volatile long deadlineNanos;

    WatchedBody(InputStream body) {
      super(body);
      long periodMs = Math.max(1, timeout.toMillis() / 4);
      this.check =
          watch.scheduleWithFixedDelay(this::endIfLate, periodMs, periodMs, TimeUnit.MILLISECONDS);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      deadlineNanos = System.nanoTime() + timeout.toNanos();
      reading = true;
      try {
        int count = super.read(target, offset, length);
        if (timedOut) {
          throw new HttpTimeoutException("body");
        }
        return count;
      } catch (IOException e) {
        if (timedOut) {
          throw new HttpTimeoutException("body");
        }
        throw e;
      } finally {
        reading = false;
      }
    }

    @Override
    public void close() throws IOException {
      check.cancel(false);
      super.close();
    }

    private void endIfLate() {
      if (reading && System.nanoTime() - deadlineNanos > 0) {
        timedOut = true;
        try {
          in.close(); // wakes the reader
        } catch (IOException _) {
          // The reader learns of it by itself.
        }
      }
    }
  }
}
