package dev.sluice.origin.app;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A part that is made on a thread of its own while others are. */
final class Ahead<T> implements AutoCloseable {
  private final FutureTask<T> task;
  private final Thread thread;

  private Ahead(String name, Callable<T> make) {
    this.task = new FutureTask<>(make);
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(task);
  }

  /** Begins to make a part. */
  static <T> Ahead<T> start(String name, Callable<T> make) {
    var ahead = new Ahead<>(name, make);
    ahead.thread.start();
    return ahead;
  }

  /** The part, once it is made; fails as its making did. */
  T get() throws IOException, GeneralSecurityException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException io -> throw io;
        case GeneralSecurityException security -> throw security;
        case RuntimeException other -> throw other;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted at the start", e);
    }
  }

  /** Waits for its end, so that nothing is written once a start has failed. */
  @Override
  public void close() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
