package dev.sluice.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

final class BoundedBodyTest {
  @Test
  void gathersUpToItsBound() throws Exception {
    try (var body = new BoundedBody(10_000, new MemoryBudget(10_000))) {
      for (int i = 0; i < 10; i++) {
        body.accept(new byte[1500], 250, 1000);
      }

      assertThat(body.toArray()).hasSize(10_000);
      assertThatExceptionOfType(LoadFailure.class)
          .isThrownBy(() -> body.accept(new byte[1], 0, 1))
          .withMessage("body: too large (expected: <= 10000 bytes)");
    }
  }

  @Test
  void sharesTheBudgetAndGivesItBack() throws Exception {
    var budget = new MemoryBudget(6000);
    try (var second = new BoundedBody(9000, budget)) {
      try (var first = new BoundedBody(9000, budget)) {
        first.accept(new byte[4500], 0, 4500);

        assertThatExceptionOfType(LoadFailure.class)
            .isThrownBy(() -> second.accept(new byte[4500], 0, 4500))
            .matches(failure -> failure.reason().equals("memory of the tool"));
      }
      second.accept(new byte[4500], 0, 4500);
      assertThat(second.toArray()).hasSize(4500);
    }
    budget.take(6000); // all of it is there again
  }
}
