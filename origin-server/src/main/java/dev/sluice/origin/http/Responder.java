package dev.sluice.origin.http;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.Answer;
import dev.sluice.origin.media.ByteRange;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers exchanges: serve, plan, write. What is at hand is answered on the event loop; what may
 * have to wait for storage is served and planned on a virtual thread, and written on the loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write or close ends in channelInactive.
final class Responder {
  private final HttpService service;
  private final HttpSettings settings;
  private final HttpMetrics metrics;
  private final AccessLog log;
  private final AnswerPlanner planner;
  private final Semaphore requests;
  private final InFlightBudget budget = new InFlightBudget();

  /** One for each event loop. */
  private final ConcurrentMap<EventLoop, PieceTurn> turns = new ConcurrentHashMap<>();

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
   * Answers, on the channel's loop but for what must wait for storage.
   *
   * @param keepAlive whether the head may promise that the connection stays
   * @param done told on the loop whether all of the answer was written
   */
  void answer(Channel channel, Exchange exchange, boolean keepAlive, Consumer<Boolean> done) {
    if (!requests.tryAcquire()) {
      send(
          channel,
          exchange,
          keepAlive,
          FailurePlanner.plan(FailureCode.OVERLOADED, "too many requests in progress"),
          done);
      return;
    }
    Consumer<Boolean> released =
        complete -> {
          requests.release();
          done.accept(complete);
        };
    Optional<ResponsePlan> atHand = planAtHand(exchange);
    if (atHand.isPresent()) {
      send(channel, exchange, keepAlive, atHand.get(), released);
    } else {
      planOnThread(channel, exchange, keepAlive, released);
    }
  }

  private void planOnThread(
      Channel channel, Exchange exchange, boolean keepAlive, Consumer<Boolean> done) {
    Thread.ofVirtual()
        .name("request")
        .start(() -> {
          ResponsePlan plan = plan(exchange);
          try {
            channel.eventLoop().execute(() -> send(channel, exchange, keepAlive, plan, done));
          } catch (RejectedExecutionException stopped) {
            plan.close();
            requests.release();
          }
        });
  }

  /** What needs no wait for storage. */
  private Optional<ResponsePlan> planAtHand(Exchange exchange) {
    try {
      Optional<ResponsePlan> refusal = refusal(exchange);
      if (refusal.isPresent()) {
        return refusal;
      }
    } catch (Throwable e) {
      return Optional.of(FailurePlanner.plan(e));
    }
    try {
      return service.atHand(exchange.call()).map(answer -> plan(exchange, answer));
    } catch (Throwable e) {
      // It is tried once more on a thread, where a failure may be logged: that may block.
      return Optional.empty();
    }
  }

  /** Whatever goes wrong, errors too: who asked is told, and the permit comes back. */
  private ResponsePlan plan(Exchange exchange) {
    try {
      return plan(exchange, service.serve(exchange.call()));
    } catch (Throwable e) {
      return FailurePlanner.plan(e);
    }
  }

  private ResponsePlan plan(Exchange exchange, Answer answer) {
    HttpHeaders conditions = exchange.headers();
    if (!exchange.method().equals("GET") && conditions.contains(HttpHeaderNames.RANGE)) {
      // RFC 9110 14.2: a range is defined for GET only.
      conditions = conditions.copy().remove(HttpHeaderNames.RANGE);
    }
    return planner.plan(answer, conditions, exchange.caller());
  }

  /** What is answered before the service is asked: a refusal, or what OPTIONS wants to know. */
  private Optional<ResponsePlan> refusal(Exchange exchange) {
    try {
      settings.edge().access().require(exchange, Instant.now());
    } catch (CallerFailure refused) {
      return Optional.of(FailurePlanner.plan(refused));
    }
    if (exchange.method().equals("OPTIONS")) {
      return Optional.of(
          CorsHeaders.preflight(exchange.endpoint(), exchange.headers(), settings.keyOrigins()));
    }
    if (!exchange.endpoint().methods().contains(exchange.method())) {
      ResponsePlan refused =
          FailurePlanner.plan(
              FailureCode.METHOD_NOT_ALLOWED,
              "method: (expected: " + CorsHeaders.allow(exchange.endpoint()) + ")");
      refused.headers().put("allow", CorsHeaders.allow(exchange.endpoint()));
      return Optional.of(refused);
    }
    PageGuard.require(exchange);
    return Optional.empty();
  }

  /** Sends a response. On the channel's loop. */
  private void send(
      Channel channel,
      Exchange exchange,
      boolean keepAlive,
      ResponsePlan response,
      Consumer<Boolean> done) {
    ResponsePlan plan = exchange.isHead() ? response.headOnly() : response;
    ByteRange part = plan.sendsBody() ? plan.part() : new ByteRange(0, 0);
    var sending = new Sending(exchange, plan, done);
    HttpResponse head;
    try {
      head = head(plan, exchange, keepAlive);
    } catch (RuntimeException e) {
      // A field that HTTP cannot hold.
      sending.ended(/* complete= */ false, Optional.of(e));
      return;
    }
    var pump =
        new BodyPump(
            channel,
            turns.computeIfAbsent(channel.eventLoop(), PieceTurn::new),
            budget,
            plan.body(),
            part,
            sendsFiles(channel),
            settings.limits().stallTime(),
            sending);
    sending.pump = pump;
    channel.write(head);
    pump.start();
  }

  private static boolean sendsFiles(Channel channel) {
    return !(channel instanceof Http2StreamChannel)
        && channel.pipeline().get(SslHandler.class) == null;
  }

  /** An answer on its way. */
  private final class Sending implements BodyPump.End {
    private final Exchange exchange;
    private final ResponsePlan plan;
    private final Consumer<Boolean> done;
    private @Nullable BodyPump pump;

    Sending(Exchange exchange, ResponsePlan plan, Consumer<Boolean> done) {
      this.exchange = exchange;
      this.plan = plan;
      this.done = done;
    }

    @Override
    public void ended(boolean complete, Optional<RuntimeException> failure) {
      try {
        plan.close();
      } catch (RuntimeException e) {
        tell(e);
      }
      failure.ifPresent(Sending::tell);
      record(exchange, plan.status(), pump == null ? 0 : pump.takenBytes(), complete);
      done.accept(complete);
    }

    /** Logs what is our fault. The log may be on a disk, and we are on an event loop. */
    private static void tell(RuntimeException e) {
      Thread.ofVirtual().name("failure").start(() -> FailurePlanner.plan(e).close());
    }
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
        .set(HttpHeaderNames.DATE, Now.httpDate())
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
    if (!log.isOn()) {
      return;
    }
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
    log.write(entry);
  }

  private void record(Exchange exchange, int status, long bytes, boolean complete) {
    Duration time = Duration.ofNanos(System.nanoTime() - exchange.startNanos());
    metrics.answered(exchange.endpoint().kind(), status, bytes, time, complete);
    if (!log.isOn()) {
      return;
    }
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
