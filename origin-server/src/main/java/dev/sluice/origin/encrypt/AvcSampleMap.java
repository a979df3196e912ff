package dev.sluice.origin.encrypt;

import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.codec.AvcNalType;
import dev.sluice.origin.codec.AvcParameterSets;
import dev.sluice.origin.codec.AvcSliceHeader;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.track.FragmentSamples;
import java.nio.ByteBuffer;

/**
 * Plans what is protected in the samples of an AVC fragment: of each slice what lies behind its
 * header, as far as the {@linkplain SliceRule scheme's rule} goes. Length fields, headers and all
 * other NAL units stay clear.
 *
 * <p>Depends on the fragment and the decoder configuration only, so every fragment can be planned
 * alone: parameter sets in the samples count from where they stand to the end of the fragment.
 *
 * <p>Spec: CENC 9.5.2, 10.4.2.
 */
public final class AvcSampleMap {

  private static final int WINDOW_BYTES = 65_536;

  /** Nearly every slice header is shorter. */
  private static final int FIRST_LOOK_BYTES = 256;

  /** More than pictures have; bounds the work on a sample that is full of empty units. */
  private static final int MAX_NALS_PER_SAMPLE = 8192;

  private final FragmentSamples samples;
  private final int lengthFieldBytes;
  private final SampleWindow window;
  private final SliceRule rule;
  private final SubsampleMap.Builder map;
  private AvcParameterSets sets;

  private AvcSampleMap(
      FragmentSamples samples, AvcConfig config, SampleBytes source, SliceRule rule) {
    this.samples = samples;
    this.lengthFieldBytes = config.nalLengthBytes();
    this.window = new SampleWindow(source, WINDOW_BYTES);
    this.rule = rule;
    this.map = new SubsampleMap.Builder(samples.count(), rule.maxSubsamples());
    this.sets = AvcParameterSets.of(config);
  }

  /**
   * Reads the headers in the samples and plans what to protect.
   *
   * @param scheme {@code CENC} or {@code CBCS}
   * @throws ContentFailure if NAL units do not fill their sample exactly, a slice header cannot be
   *     read with the parameter sets at hand, a NAL unit is of a type that we cannot protect, or a
   *     sample needs more subsamples than an entry of {@code saiz} can count: 40 under {@code
   *     cenc}, 42 under {@code cbcs}
   */
  public static SubsampleMap plan(
      FragmentSamples samples, AvcConfig config, SampleBytes source, Scheme scheme) {
    int length = config.nalLengthBytes();
    if (length != 1 && length != 2 && length != 4) {
      throw new ContentFailure(
          FailureCode.MPE_INPUT_NOT_SUPPORTED,
          "NAL length field: %d bytes (expected: 1, 2 or 4)".formatted(length),
          "avcC");
    }
    return new AvcSampleMap(samples, config, source, SliceRule.of(scheme)).plan();
  }

  private SubsampleMap plan() {
    long readAheadEnd = 0;
    for (int sample = 0; sample < samples.count(); sample++) {
      if (sample == 0 || samples.offsetBytes(sample) != endBytes(sample - 1)) {
        readAheadEnd = adjacentEndBytes(sample);
      }
      planSample(sample, readAheadEnd);
    }
    return map.build();
  }

  private void planSample(int sample, long readAheadEnd) {
    long position = samples.offsetBytes(sample);
    long end = endBytes(sample);
    int nals = 0;
    while (position < end) {
      nals++;
      if (nals > MAX_NALS_PER_SAMPLE) {
        throw refused(
            FailureCode.MPE_NAL_NOT_SUPPORTED,
            "NAL units in a sample: more than %d (expected: fewer)".formatted(MAX_NALS_PER_SAMPLE),
            sample,
            position);
      }
      position = planNal(sample, position, end, readAheadEnd);
    }
    int entries = map.endSample(samples.sizeBytes(sample));
    if (entries > rule.maxSubsamples()) {
      throw refused(
          FailureCode.MPE_ENC_ENCRYPTION_NOT_SUPPORTED,
          "subsamples: %d (expected: <= %d)".formatted(entries, rule.maxSubsamples()),
          sample,
          end);
    }
  }

  /** Plans one NAL unit. Where the next one begins. */
  private long planNal(int sample, long position, long end, long readAheadEnd) {
    if (end - position < lengthFieldBytes) {
      throw refused(
          FailureCode.MPE_INPUT_NOT_SUPPORTED,
          "bytes behind the last NAL unit: %d (expected: 0)".formatted(end - position),
          sample,
          position);
    }
    long nalBytes = readLength(window.view(position, lengthFieldBytes, readAheadEnd));
    long nal = position + lengthFieldBytes;
    if (nalBytes > end - nal) {
      throw refused(
          FailureCode.MPE_INPUT_NOT_SUPPORTED,
          "NAL length: %d (expected: <= %d, the rest of the sample)".formatted(nalBytes, end - nal),
          sample,
          position);
    }
    map.addClear(lengthFieldBytes);
    if (nalBytes > 0) {
      try {
        planPayload(nal, (int) nalBytes, readAheadEnd);
      } catch (ContentFailure failure) {
        throw refused(failure.code(), failure.detail(), sample, nal);
      }
    }
    return nal + nalBytes;
  }

  private void planPayload(long nal, int nalBytes, long readAheadEnd) {
    switch (AvcNalType.require(window.view(nal, 1, readAheadEnd).get(0))) {
      case SLICE -> {
        int header = headerBytes(nal, nalBytes, readAheadEnd);
        int protectedBytes = rule.protectedBytes(nalBytes - header);
        map.addClear(nalBytes - protectedBytes);
        map.addProtected(protectedBytes);
      }
      case PARAMETER_SET -> {
        if (nalBytes > window.capacityBytes()) {
          throw new ContentFailure(
              FailureCode.MPE_INPUT_NOT_SUPPORTED,
              "parameter set: %d bytes (expected: <= %d)"
                  .formatted(nalBytes, window.capacityBytes()),
              "");
        }
        sets = sets.accept(window.view(nal, nalBytes, readAheadEnd));
        map.addClear(nalBytes);
      }
      case OTHER -> map.addClear(nalBytes);
    }
  }

  private int headerBytes(long nal, int nalBytes, long readAheadEnd) {
    if (nalBytes > FIRST_LOOK_BYTES) {
      var found =
          AvcSliceHeader.findLengthBytes(window.view(nal, FIRST_LOOK_BYTES, readAheadEnd), sets);
      if (found.isPresent()) {
        return found.getAsInt();
      }
    }
    // The bounds on a header's lists keep it far below the window.
    int look = Math.min(nalBytes, window.capacityBytes());
    return AvcSliceHeader.lengthBytes(window.view(nal, look, readAheadEnd), sets);
  }

  private static long readLength(ByteBuffer field) {
    long length = 0;
    while (field.hasRemaining()) {
      length = (length << Byte.SIZE) | (field.get() & 0xff);
    }
    return length;
  }

  private long endBytes(int sample) {
    return samples.offsetBytes(sample) + samples.sizeBytes(sample);
  }

  /** Where the samples end that follow each other without a gap from this one on. */
  private long adjacentEndBytes(int sample) {
    long end = endBytes(sample);
    for (int i = sample + 1; i < samples.count() && samples.offsetBytes(i) == end; i++) {
      end = endBytes(i);
    }
    return end;
  }

  private ContentFailure refused(FailureCode code, String message, int sample, long position) {
    return new ContentFailure(
        code,
        message,
        "sample %d, byte %d".formatted(sample, position - samples.offsetBytes(sample)));
  }
}
