package dev.sluice.benchmarks.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** All sessions, from the first start to the last end. Runs once. */
final class LoadRun {
  private static final Duration TICK = Duration.ofSeconds(1);

  /** After a player gave up, before the next takes its place. */
  private static final Duration BEFORE_NEXT_PLAY = Duration.ofSeconds(5);

  /** For sessions to notice that the run has ended. */
  private static final Duration STOP_WAIT = Duration.ofSeconds(5);

  /** Of the heap, so much may be manifests that are being read: one part in so many. */
  private static final int MANIFEST_HEAP_PART = 8;

  /** Of one session, if they are few, and if they are many. */
  private static final int BUFFER_BYTES = 65_536;

  private static final int SMALL_BUFFER_BYTES = 16_384;
  private static final int FEW_SESSIONS = 1000;

  /** So that a slow reader is felt by the server, and not taken up by the system's buffers. */
  private static final int LIMITED_RECEIVE_BYTES = 65_536;

  private final LoadSettings settings;
  private final LoadStats stats = new LoadStats();
  private final ManifestReader manifests = new ManifestReader();
  private final MemoryBudget memory =
      new MemoryBudget(Runtime.getRuntime().maxMemory() / MANIFEST_HEAP_PART);
  private final TlsTrust trust;
  private final CountDownLatch running;
  private final CountDownLatch stopAsked = new CountDownLatch(1);

  LoadRun(LoadSettings settings) {
    this.settings = settings;
    this.trust = settings.insecure() ? TlsTrust.ofAnybody() : TlsTrust.ofAuthorities();
    this.running = new CountDownLatch(settings.sessions());
  }

  /** What was met so far. */
  LoadStats stats() {
    return stats;
  }

  /** Ends the run early. Any thread may ask, any number of times. */
  void stop() {
    stopAsked.countDown();
  }

  /**
   * Plays, until the duration is over, all have played to the end, or {@link #stop} is called.
   *
   * @param everySecond takes the time since the start, in nanoseconds, while it runs
   * @return how long it took
   */
  Duration run(LongConsumer everySecond) throws InterruptedException {
    long started = System.nanoTime();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor();
        var watch = Executors.newScheduledThreadPool(1, Thread.ofPlatform().daemon().factory())) {
      var threads = start(executor, watch);
      long endNanos = settings.duration().map(Duration::toNanos).orElse(Long.MAX_VALUE);
      for (long tick = 1; running.getCount() > 0; tick++) {
        long elapsed = System.nanoTime() - started;
        long wait = Math.min(tick * TICK.toNanos(), endNanos) - elapsed;
        if (stopAsked.await(Math.min(wait, TICK.toNanos()), TimeUnit.NANOSECONDS)
            || System.nanoTime() - started >= endNanos) {
          break;
        }
        everySecond.accept(System.nanoTime() - started);
      }
      var took = Duration.ofNanos(System.nanoTime() - started);
      stop();
      threads.forEach(Thread::interrupt);
      running.await(STOP_WAIT.toMillis(), TimeUnit.MILLISECONDS);
      watch.shutdownNow();
      executor.shutdownNow();
      return took;
    }
  }

  private List<Thread> start(ExecutorService executor, ScheduledExecutorService watch) {
    var threads = new ArrayList<Thread>(settings.sessions());
    for (int i = 0; i < settings.sessions(); i++) {
      int index = i;
      threads.add(Thread.ofVirtual().start(() -> runSession(index, executor, watch)));
    }
    return threads;
  }

  private void runSession(int index, ExecutorService executor, ScheduledExecutorService watch) {
    try {
      TimeUnit.NANOSECONDS.sleep(settings.ramp().toNanos() / settings.sessions() * index);
      stats.active.incrementAndGet();
      try (var fetcher = newFetcher(executor, watch)) {
        playOn(new Session(index, settings, stats, manifests, memory, fetcher));
      } finally {
        stats.active.decrementAndGet();
      }
    } catch (InterruptedException _) {
      // The run has ended.
    } finally {
      running.countDown();
      if (running.getCount() == 0) {
        stop();
      }
    }
  }

  /** One play after another where the run has a duration, else one. */
  private void playOn(Session session) throws InterruptedException {
    boolean again = true;
    while (again && stopAsked.getCount() > 0) {
      boolean ended = session.play();
      again = settings.duration().isPresent();
      if (again && !ended) {
        Thread.sleep(BEFORE_NEXT_PLAY);
      }
    }
  }

  private Fetcher newFetcher(ExecutorService executor, ScheduledExecutorService watch) {
    var tls = trust.newContext();
    int buffer = settings.sessions() > FEW_SESSIONS ? SMALL_BUFFER_BYTES : BUFFER_BYTES;
    var transport =
        switch (settings.http()) {
          case HTTP_1_1 ->
              new Http1Transport(
                  tls,
                  !settings.insecure(),
                  settings.timeout(),
                  settings.rateLimitBits() > 0 ? LIMITED_RECEIVE_BYTES : 0,
                  stats.connects::record);
          case HTTP_2 -> new Http2Transport(tls, settings.timeout(), executor, watch);
        };
    return new Fetcher(
        transport,
        stats,
        new RateLimit(settings.rateLimitBits()),
        settings.timeout(),
        buffer,
        () -> stopAsked.getCount() == 0);
  }
}
