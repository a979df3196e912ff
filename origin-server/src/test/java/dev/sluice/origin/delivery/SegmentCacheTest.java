package dev.sluice.origin.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.origin.media.Body;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SegmentCacheTest {
  private static final int LENGTH = 150_001;
  private static final String TAG = "\"a\"";

  private final SegmentCache cache = new SegmentCache(8 << 20);
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private final AtomicInteger readBytes = new AtomicInteger();

  @Test
  void makesASegmentOnceAndServesAnyPartOfIt() {
    assertThat(read(open(TAG), 0, LENGTH)).isEqualTo(expected(0, LENGTH));
    assertThat(readBytes).hasValue(LENGTH);
    for (int at : new int[] {0, 1, 65_535, 65_536, 65_537, LENGTH - 1}) {
      int length = Math.min(70_000, LENGTH - at);
      assertThat(read(open(TAG), at, length)).isEqualTo(expected(at, length));
    }
    assertThat(readBytes).hasValue(LENGTH);
    assertThat(opened).hasValue(1);
    assertThat(closed).hasValue(1);
  }

  @Test
  void servesWithoutAWaitOnlyWhatIsThere() {
    var out = ByteBuffer.allocate(10);
    try (var body = open(TAG)) {
      assertThat(body.readNow(0, out)).isFalse();
      assertThat(out.position()).isZero();
      body.read(0, out);
      assertThat(body.readNow(5, out.clear())).isTrue();
      assertThat(out.array()).isEqualTo(expected(5, 10));
    }
    try (var body = open(TAG)) {
      assertThat(body.readNow(0, out.clear())).isTrue();
      assertThat(out.array()).isEqualTo(expected(0, 10));
    }
  }

  @Test
  void makesNoWholeForAPartBehindTheStart() {
    assertThat(read(open(TAG), 100, 10)).isEqualTo(expected(100, 10));
    assertThat(readBytes).hasValue(10);
    assertThat(cache.figures().entries()).isZero();
  }

  @Test
  void keepsNothingThatIsNotComplete() {
    Body failing =
        new Counted() {
          @Override
          public void read(long positionBytes, ByteBuffer out) {
            if (positionBytes > 100_000) {
              throw new IllegalStateException("gone");
            }
            super.read(positionBytes, out);
          }
        };
    var body = cache.open(TAG, () -> failing, () -> TAG);
    assertThatThrownBy(() -> body.read(0, ByteBuffer.allocate(10))).hasMessage("gone");
    Body leaving =
        new Counted() {
          @Override
          public void read(long positionBytes, ByteBuffer out) {
            out.put((byte) 1);
          }
        };
    var shorter = cache.open(TAG, () -> leaving, () -> TAG);
    assertThatThrownBy(() -> shorter.read(0, ByteBuffer.allocate(10)))
        .hasMessageContaining("bytes missing");
    assertThat(cache.figures().entries()).isZero();
    assertThat(read(open(TAG), 0, 10)).isEqualTo(expected(0, 10));
  }

  @Test
  void keepsNothingWhoseTagChangedMeanwhile() {
    var body = cache.open(TAG, Counted::new, () -> "\"b\"");
    assertThat(read(body, 0, 10)).isEqualTo(expected(0, 10));
    assertThat(cache.figures().entries()).isZero();
  }

  @Test
  void keepsNoSegmentThatIsLargeForIt() {
    var small = new SegmentCache(8L * LENGTH - 8);
    assertThat(read(small.open(TAG, Counted::new, () -> TAG), 0, LENGTH))
        .isEqualTo(expected(0, LENGTH));
    assertThat(small.figures().entries()).isZero();
    var off = new SegmentCache(0);
    assertThat(read(off.open(TAG, Counted::new, () -> TAG), 0, 10)).isEqualTo(expected(0, 10));
    assertThat(off.figures().entries()).isZero();
  }

  @Test
  void keepsNoMoreThanTold() {
    for (int i = 0; i < 200; i++) {
      read(open("\"" + i + "\""), 0, 1);
      assertThat(cache.figures().weightBytes()).isLessThanOrEqualTo(8 << 20);
    }
    assertThat(cache.figures().evictions()).isPositive();
    assertThat(cache.figures().entries()).isBetween(40L, 60L);
  }

  @Test
  void makesItOnceForAllWhoAskAtATime() throws Exception {
    var go = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = new ArrayList<CompletableFuture<byte[]>>();
      for (int i = 0; i < 6; i++) {
        answers.add(
            CompletableFuture.supplyAsync(
                () -> {
                  var slow =
                      cache.open(
                          TAG,
                          () ->
                              new Counted() {
                                @Override
                                public void read(long positionBytes, ByteBuffer out) {
                                  await(go);
                                  super.read(positionBytes, out);
                                }
                              },
                          () -> TAG);
                  return read(slow, 0, LENGTH);
                },
                threads));
      }
      TimeUnit.MILLISECONDS.sleep(200);
      go.countDown();
      for (var answer : answers) {
        assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo(expected(0, LENGTH));
      }
    }
    assertThat(readBytes).hasValue(LENGTH);
    assertThat(closed.get()).isEqualTo(opened.get());
  }

  private Body open(String tag) {
    return cache.open(tag, Counted::new, () -> tag);
  }

  private static byte[] read(Body body, int at, int length) {
    try (body) {
      assertThat(body.lengthBytes()).isEqualTo(LENGTH);
      var out = ByteBuffer.allocate(length);
      body.read(at, out);
      assertThat(out.hasRemaining()).isFalse();
      return out.array();
    }
  }

  private static byte[] expected(int at, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = byteAt(at + i);
    }
    return bytes;
  }

  private static byte byteAt(long position) {
    return (byte) (position * 31 + (position >> 8));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A body of made-up bytes. */
  private class Counted implements Body {
    Counted() {
      opened.incrementAndGet();
    }

    @Override
    public long lengthBytes() {
      return LENGTH;
    }

    @Override
    public void read(long positionBytes, ByteBuffer out) {
      readBytes.addAndGet(out.remaining());
      for (long at = positionBytes; out.hasRemaining(); at++) {
        out.put(byteAt(at));
      }
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }
}
