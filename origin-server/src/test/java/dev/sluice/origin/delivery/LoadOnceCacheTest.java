package dev.sluice.origin.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class LoadOnceCacheTest {
  private final LoadOnceCache<String, Integer> cache =
      new LoadOnceCache<>("test", 1 << 20, (_, _) -> 1);
  private final AtomicInteger loads = new AtomicInteger();

  @Test
  void loadsOnceForAllWhoWait() throws Exception {
    var go = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        answers.add(CompletableFuture.supplyAsync(() -> cache.get("a", _ -> slow(go)), threads));
      }
      TimeUnit.MILLISECONDS.sleep(50);
      go.countDown();
      for (var answer : answers) {
        assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(1);
      }
    }
    assertThat(loads).hasValue(1);
  }

  @Test
  void letsNobodyWaitForAnotherKey() throws Exception {
    var go = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var slow = CompletableFuture.supplyAsync(() -> cache.get("slow", _ -> slow(go)), threads);
      for (int i = 0; i < 1_000; i++) {
        int value = i;
        assertThat(cache.get("key" + i, _ -> value)).isEqualTo(value);
      }
      assertThat(slow).isNotDone();
      go.countDown();
      assertThat(slow.get(10, TimeUnit.SECONDS)).isEqualTo(1);
    }
  }

  @Test
  void keepsNoFailure() {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() ->
            cache.get(
                "a",
                _ -> {
                  throw new IllegalStateException("not there");
                }));
    assertThat(cache.get("a", _ -> 2)).isEqualTo(2);
  }

  @Test
  void loadsAnewWhatIsNotGoodAnyMore() {
    assertThat(cache.get("a", _ -> 1)).isEqualTo(1);
    assertThat(cache.get("a", value -> value > 1, old -> old.orElseThrow() + 1)).isEqualTo(2);
    assertThat(cache.get("a", _ -> 7)).isEqualTo(2);
  }

  private int slow(CountDownLatch go) {
    try {
      assertThat(go.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return loads.incrementAndGet();
  }
}
