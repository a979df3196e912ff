package dev.sluice.origin.segment.ts;

import java.util.Arrays;

/** Numbers that are appended to, in an array that grows. */
final class Longs {
  private long[] values = new long[64];
  private int count;

  void add(long value) {
    if (count == values.length) {
      values = Arrays.copyOf(values, Math.multiplyExact(count, 2));
    }
    values[count] = value;
    count++;
  }

  int count() {
    return count;
  }

  long get(int index) {
    return values[index];
  }

  void clear() {
    count = 0;
  }
}
