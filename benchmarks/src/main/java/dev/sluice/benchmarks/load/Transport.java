package dev.sluice.benchmarks.load;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** One player's connections. For one thread; the thread may be virtual and is blocked. */
interface Transport extends AutoCloseable {
  /**
   * Sends a request and waits for the head of its answer. The answer before must be closed.
   *
   * @throws IOException if there is no answer in time
   */
  Answer send(LoadRequest request) throws IOException, InterruptedException;

  @Override
  void close();

  /**
   * An answer whose body is read as it comes. Closed before its end, its connection is given up.
   */
  interface Answer extends AutoCloseable {
    /** The status code. */
    int status();

    /** A field's value, the first if there are several. */
    Optional<String> field(String name);

    /** {@link System#nanoTime} when its head, or the first byte of it, was there. */
    long firstByteNanos();

    /** Ends where the body ends; an end before the stated length is an IOException. */
    InputStream body();

    @Override
    void close();
  }
}
