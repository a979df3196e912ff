package dev.sluice.origin.http;

import dev.sluice.origin.media.Body;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Where the answers of one event loop wait for their next piece. Pieces are made in turn, so that
 * no reader, however fast, keeps the others waiting; those that are made in less time together are
 * made together. Between turns the loop looks after its sockets.
 *
 * <p>Confined to its loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // It runs, or the loop has ended.
final class PieceTurn implements Runnable {

  /** How many pieces a turn makes. */
  private static final int MAX_PIECES = 16;

  private final EventExecutor loop;
  private final Queue<BodyPump> waiting = new ArrayDeque<>();
  private final List<BodyPump> together = new ArrayList<>();
  private boolean scheduled;

  PieceTurn(EventExecutor loop) {
    this.loop = loop;
  }

  /** This answer can take a piece. */
  void add(BodyPump pump) {
    waiting.add(pump);
    schedule();
  }

  private void schedule() {
    if (!scheduled) {
      scheduled = true;
      // A task that is due, and not one to execute: the loop goes on with those until there are no
      // more, for up to a second, before it looks after its sockets.
      loop.schedule(this, 0, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void run() {
    scheduled = false;
    for (int left = Math.min(waiting.size(), MAX_PIECES); left > 0; left--) {
      BodyPump pump = waiting.remove();
      if (pump.together().isPresent()) {
        gather(pump);
      } else {
        pump.makePiece();
      }
    }
    makeTogether();
    if (!waiting.isEmpty()) {
      schedule();
    }
  }

  private void gather(BodyPump pump) {
    Body.Together maker = pump.together().orElseThrow();
    boolean fits = together.isEmpty() || together.getFirst().together().orElseThrow().equals(maker);
    if (!fits) {
      makeTogether();
    }
    together.add(pump);
    if (together.size() >= maker.piecesAtOnce()) {
      makeTogether();
    }
  }

  private void makeTogether() {
    if (together.isEmpty()) {
      return;
    }
    Body.Together maker = together.getFirst().together().orElseThrow();
    var pumps = new ArrayList<BodyPump>(together.size());
    var pieces = new ArrayList<Body.Piece>(together.size());
    for (BodyPump pump : together) {
      pump.beginPiece(pieces.size())
          .ifPresent(piece -> {
            pumps.add(pump);
            pieces.add(piece);
          });
    }
    together.clear();
    try {
      if (!pieces.isEmpty()) {
        maker.readNow(pieces);
      }
    } catch (Throwable e) {
      RuntimeException failure = BodyPump.asException(e);
      pieces.forEach(piece -> piece.fail(failure));
    }
    for (int i = 0; i < pumps.size(); i++) {
      pumps.get(i).endPiece(pieces.get(i));
    }
  }
}
