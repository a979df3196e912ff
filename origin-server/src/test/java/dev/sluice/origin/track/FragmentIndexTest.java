package dev.sluice.origin.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FragmentIndexTest {
  private static final int COUNT = 5;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void slicesAreWhatTheWholeSays(boolean gaps) {
    FragmentIndex whole = index(gaps);
    for (int first = 0; first < COUNT; first++) {
      for (int end = first + 1; end <= COUNT; end++) {
        FragmentIndex slice = whole.slice(first, end);
        assertThat(slice.count()).isEqualTo(end - first);
        assertThat(slice.maxSampleCount()).isEqualTo(50);
        for (int i = 0; i < slice.count(); i++) {
          assertThat(slice.startTicks(i)).isEqualTo(whole.startTicks(first + i));
          assertThat(slice.durationTicks(i)).isEqualTo(whole.durationTicks(first + i));
          assertThat(slice.headerRange(i)).isEqualTo(whole.headerRange(first + i));
          assertThat(slice.sampleBytes(i)).isEqualTo(whole.sampleBytes(first + i));
          assertThat(slice.find(whole.startTicks(first + i))).isEqualTo(i);
        }
        assertThat(slice.endTicks())
            .isEqualTo(whole.startTicks(end - 1) + whole.durationTicks(end - 1));
      }
    }
  }

  @Test
  void findsTimesOfAnotherTimescaleWithoutConvertingAll() {
    for (var index : new FragmentIndex[] {index(true), index(false)}) {
      for (long timescale : new long[] {600, 44_100, 10_000_000, 90_000_000}) {
        var scales = new Timescales(timescale, 10_000_000);
        var converted = index.in(scales);
        for (int i = 0; i < index.count(); i++) {
          long start = converted.startTicks(i);
          assertThat(converted.startTicks(index.find(start, scales))).isEqualTo(start);
          assertThat(index.find(start + 1, scales)).isEqualTo(converted.find(start + 1));
        }
        assertThat(index.find(-1, scales)).isEqualTo(-1);
        assertThat(index.find(Long.MAX_VALUE, scales)).isEqualTo(-1);
      }
    }
  }

  @Test
  void endsWhereTheWholeEnds() {
    assertThat(index(false).slice(2, COUNT).endTicks()).isEqualTo(index(false).endTicks());
    assertThat(index(true).slice(2, COUNT).endTicks()).isEqualTo(index(true).endTicks());
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "2, 2", "3, 2", "-1, 2", "0, 6", "5, 6"})
  void refusesWhatIsNoPart(int first, int end) {
    assertThatIllegalArgumentException().isThrownBy(() -> index(false).slice(first, end));
  }

  /** Fragments of 100 ticks; with gaps each lasts 90 of them. */
  private static FragmentIndex index(boolean gaps) {
    long[] starts = IntStream.range(0, COUNT).mapToLong(i -> 1000 + i * 100L).toArray();
    long[] offsets = IntStream.range(0, COUNT).mapToLong(i -> i * 7L).toArray();
    int[] lengths = IntStream.range(0, COUNT).map(i -> i + 1).toArray();
    long[] bytes = IntStream.range(0, COUNT).mapToLong(i -> i * 3L).toArray();
    if (!gaps) {
      return new FragmentIndex(starts, 1450, offsets, lengths, bytes, 50);
    }
    long[] durations = IntStream.range(0, COUNT).mapToLong(_ -> 90).toArray();
    return new FragmentIndex(starts, 1490, offsets, lengths, bytes, 50, durations);
  }
}
