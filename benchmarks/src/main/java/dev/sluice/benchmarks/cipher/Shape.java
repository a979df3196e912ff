package dev.sluice.benchmarks.cipher;

import dev.sluice.crypto.CbcRanges;
import dev.sluice.crypto.CtrRanges;

/**
 * A fragment of two seconds: so many samples of one size, whose first bytes stay clear and whose
 * others are one protected range.
 */
public enum Shape {
  /** One range of 1.5 MB: nothing but the cipher. */
  RANGE(1, 1_500_000, 0),

  /** 50 pictures of 30,000 bytes, 112 of them clear: 1.5 MB, H.264 of 6 Mbit/s. */
  VIDEO(50, 30_000, 112),

  /** 94 frames of 370 bytes: 34,780 bytes, AAC of 139 kbit/s. */
  AUDIO(94, 370, 0);

  private final int samples;
  private final int sampleBytes;
  private final int clearBytes;

  Shape(int samples, int sampleBytes, int clearBytes) {
    this.samples = samples;
    this.sampleBytes = sampleBytes;
    this.clearBytes = clearBytes;
  }

  int samples() {
    return samples;
  }

  int sampleBytes() {
    return sampleBytes;
  }

  /** How many bytes of a sample are clear. */
  int clearBytes() {
    return clearBytes;
  }

  /** How many bytes of a sample are protected, behind the clear ones. */
  int protectedBytes() {
    return sampleBytes - clearBytes;
  }

  /** The size of the fragment. */
  int sizeBytes() {
    return samples * sampleBytes;
  }

  /** Its ranges under {@code cenc}: a sample's number is its IV. */
  void fill(CtrRanges ranges) {
    ranges.clear();
    for (int i = 0; i < samples; i++) {
      ranges.add(i * sampleBytes + clearBytes, protectedBytes(), i, 0, 0);
    }
  }

  /** Its ranges under AES-CBC, each begun with an IV of zeros. */
  void fill(CbcRanges ranges, CbcRanges.Pattern pattern) {
    ranges.clear();
    for (int i = 0; i < samples; i++) {
      ranges.add(i * sampleBytes + clearBytes, protectedBytes(), pattern, 0, 0, 0);
    }
  }
}
