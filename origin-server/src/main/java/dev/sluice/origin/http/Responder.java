package dev.sluice.origin.http;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import io.netty.channel.Channel;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Answers exchanges, each on a virtual thread: serve, plan, write. */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write or close ends in channelInactive.
final class Responder {
  private final HttpService service;
  private final HttpSettings settings;
  private final HttpMetrics metrics;
  private final AccessLog log;
  private final AnswerPlanner planner;
  private final Semaphore requests;
  private final InFlightBudget budget = new InFlightBudget();

  Responder(HttpService service, HttpSettings settings, HttpMetrics metrics, AccessLog log) {
    this.service = service;
    this.settings = settings;
    this.metrics = metrics;
    this.log = log;
    this.planner = new AnswerPlanner(settings);
    this.requests = new Semaphore(settings.limits().requests());
  }

  HttpService.Endpoint endpoint(String rawTarget) {
    return service.endpoint(rawTarget);
  }

  boolean cdnPrefetch() {
    return settings.edge().cdnPrefetch();
  }

  HttpLimits limits() {
    return settings.limits();
  }

  /**
   * Answers on a virtual thread.
   *
   * @param keepAlive whether the head may promise that the connection stays
   * @param done told on that thread whether all of the answer was written
   */
  void answer(Channel channel, Exchange exchange, boolean keepAlive, Consumer<Boolean> done) {
    Thread.ofVirtual()
        .name("request")
        .start(() -> {
          boolean complete = false;
          try {
            complete = respond(channel, exchange, keepAlive);
          } finally {
            done.accept(complete);
          }
        });
  }

  private boolean respond(Channel channel, Exchange exchange, boolean keepAlive) {
    if (!requests.tryAcquire()) {
      return send(
          channel,
          exchange,
          keepAlive,
          FailurePlanner.plan(FailureCode.OVERLOADED, "too many requests in progress"));
    }
    try {
      return send(channel, exchange, keepAlive, plan(exchange));
    } finally {
      requests.release();
    }
  }

  private ResponsePlan plan(Exchange exchange) {
    try {
      settings.edge().access().require(exchange, Instant.now());
    } catch (CallerFailure refused) {
      return FailurePlanner.plan(refused);
    }
    if (exchange.method().equals("OPTIONS")) {
      return CorsHeaders.preflight(exchange.endpoint(), exchange.headers(), settings.keyOrigins());
    }
    if (!exchange.endpoint().methods().contains(exchange.method())) {
      ResponsePlan refused =
          FailurePlanner.plan(
              FailureCode.METHOD_NOT_ALLOWED,
              "method: (expected: " + CorsHeaders.allow(exchange.endpoint()) + ")");
      refused.headers().put("allow", CorsHeaders.allow(exchange.endpoint()));
      return refused;
    }
    try {
      PageGuard.require(exchange);
      HttpHeaders conditions = exchange.headers();
      if (!exchange.method().equals("GET")) {
        // RFC 9110 14.2: a range is defined for GET only.
        conditions = conditions.copy().remove(HttpHeaderNames.RANGE);
      }
      return planner.plan(service.serve(exchange.call()), conditions, exchange.caller());
    } catch (RuntimeException | StackOverflowError e) {
      return FailurePlanner.plan(e);
    }
  }

  private boolean send(
      Channel channel, Exchange exchange, boolean keepAlive, ResponsePlan response) {
    var pump = new BodyPump(channel, budget, settings.limits().stallTime());
    boolean complete = false;
    try (ResponsePlan plan = exchange.isHead() ? response.headOnly() : response) {
      channel.write(head(plan, exchange, keepAlive));
      if (plan.sendsBody()) {
        pump.pump(plan.body(), plan.part());
      }
      // The end at once: a client that has all the bytes may hang up without waiting for it.
      channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
      pump.awaitTaken();
      complete = true;
    } catch (BodyPump.GoneException gone) {
      // Nobody is left to be told; the access log has it.
    } catch (RuntimeException | StackOverflowError e) {
      FailurePlanner.plan(e).close();
    } finally {
      record(exchange, response.status(), pump.takenBytes(), complete);
    }
    return complete;
  }

  private HttpResponse head(ResponsePlan plan, Exchange exchange, boolean keepAlive) {
    var fields = new LinkedHashMap<>(plan.headers());
    if (!exchange.method().equals("OPTIONS")) {
      CorsHeaders.add(
          fields, exchange.endpoint().cors(), exchange.headers(), settings.keyOrigins());
    }
    return head(plan.status(), fields, plan.part().lengthBytes(), keepAlive);
  }

  static HttpResponse head(
      int status, Map<String, String> fields, long lengthBytes, boolean keepAlive) {
    var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
    fields.forEach((name, value) -> head.headers().set(name, value));
    head.headers()
        .set(HttpHeaderNames.DATE, DateFormatter.format(Date.from(Instant.now())))
        .set("x-content-type-options", "nosniff");
    if (status != 204 && status != 304) {
      head.headers().set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(lengthBytes));
    }
    if (!keepAlive) {
      head.headers().set(HttpHeaderNames.CONNECTION, "close");
    }
    return head;
  }

  /**
   * Records a request that was refused before it was understood. Its target is not written down:
   * where a malformed one ends is not known.
   *
   * @param method empty where it was not read
   * @param startNanos of its head, 0 where that was not read
   */
  void refused(String method, int status, boolean http1, long startNanos) {
    Duration time =
        startNanos == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - startNanos);
    metrics.answered("refused", status, 0, time, true);
    var entry =
        new AccessLog.Entry(
            Instant.now(),
            method,
            "",
            status,
            0,
            time.toMillis(),
            http1 ? "HTTP/1.1" : "HTTP/2",
            /* complete= */ true);
    // We are on an event loop, and the log may be on a disk.
    Thread.ofVirtual().name("refused").start(() -> log.write(entry));
  }

  private void record(Exchange exchange, int status, long bytes, boolean complete) {
    Duration time = Duration.ofNanos(System.nanoTime() - exchange.startNanos());
    metrics.answered(exchange.endpoint().kind(), status, bytes, time, complete);
    log.write(
        new AccessLog.Entry(
            Instant.now(),
            exchange.method(),
            exchange.path(),
            status,
            bytes,
            time.toMillis(),
            exchange.protocol(),
            complete));
  }
}
