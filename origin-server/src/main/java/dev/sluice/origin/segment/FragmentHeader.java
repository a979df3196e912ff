package dev.sluice.origin.segment;

import dev.sluice.origin.encrypt.SubsampleMap;
import dev.sluice.origin.mp4.BoxWriter;
import dev.sluice.origin.track.FragmentSamples;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * Everything of a media segment that stands before its samples: {@code styp}, a {@code moof} of one
 * track and one run, and the header of {@code mdat}. Written anew from the model, so nothing of the
 * source's boxes can be wrong in it.
 *
 * <pre>
 *   styp
 *   moof
 *     mfhd
 *     traf
 *       tfhd   default-base-is-moof; what all samples share
 *       tfdt   version 1
 *       trun   data_offset; what differs from sample to sample
 *       saiz   sizes of the entries of senc            encrypted segments only
 *       saio   one offset, from moof to the first IV
 *       senc   an IV for each sample, and its subsamples
 *   mdat
 * </pre>
 *
 * <p>Spec: ISOBMFF 8.8, 8.7.8, 8.7.9; CENC 7.2.
 */
final class FragmentHeader {
  private static final int TFHD_DESCRIPTION_INDEX = 0x2;
  private static final int TFHD_DEFAULT_DURATION = 0x8;
  private static final int TFHD_DEFAULT_SIZE = 0x10;
  private static final int TFHD_DEFAULT_FLAGS = 0x20;
  private static final int TFHD_DEFAULT_BASE_IS_MOOF = 0x2_0000;
  private static final int TRUN_DATA_OFFSET = 0x1;
  private static final int TRUN_FIRST_FLAGS = 0x4;
  private static final int TRUN_DURATION = 0x100;
  private static final int TRUN_SIZE = 0x200;
  private static final int TRUN_FLAGS = 0x400;
  private static final int TRUN_COMPOSITION_OFFSET = 0x800;
  private static final int SENC_SUBSAMPLES = 0x2;
  private static final int FULL_BOX_HEADER_BYTES = 12;
  private static final int SUBSAMPLE_BYTES = 6;

  /** A sample's IV and the map of the fragment. */
  record Encryption(SubsampleMap map, SampleIvs ivs) {}

  /** The 8-byte IV of each sample of the fragment. */
  interface SampleIvs {
    long iv(int sample);
  }

  private final BoxWriter out = new BoxWriter();
  private final FragmentSamples samples;

  private FragmentHeader(FragmentSamples samples) {
    this.samples = samples;
  }

  /**
   * Writes the header.
   *
   * @param sequenceNumber of {@code mfhd}
   * @param startTicks of {@code tfdt}
   */
  static byte[] write(
      int trackId,
      long sequenceNumber,
      long startTicks,
      FragmentSamples samples,
      Optional<Encryption> encryption) {
    return new FragmentHeader(samples).write(trackId, sequenceNumber, startTicks, encryption);
  }

  private byte[] write(
      int trackId, long sequenceNumber, long startTicks, Optional<Encryption> encryption) {
    out.begin("styp").fourCc("msdh").uint32(0).fourCc("msdh").fourCc("iso6").end();
    int moof = out.size();
    out.begin("moof").begin("mfhd", 0, 0).uint32(sequenceNumber).end();
    out.begin("traf");
    trackFragmentHeader(trackId);
    out.begin("tfdt", 1, 0).uint64(startTicks).end();
    int dataOffsetAt = trackRun();
    encryption.ifPresent(e -> auxiliaryInformation(e, moof));
    out.end().end();
    long payload = samples.totalBytes();
    boolean large = payload + 8 > 0xFFFF_FFFFL;
    out.set32(dataOffsetAt, out.size() - moof + (large ? 16L : 8L));
    if (large) {
      out.uint32(1).fourCc("mdat").uint64(payload + 16);
    } else {
      out.uint32(payload + 8).fourCc("mdat");
    }
    return out.toByteArray();
  }

  private void trackFragmentHeader(int trackId) {
    int flags =
        TFHD_DEFAULT_BASE_IS_MOOF
            | TFHD_DESCRIPTION_INDEX
            | (uniform(samples::durationTicks, 0) ? TFHD_DEFAULT_DURATION : 0)
            | (uniform(samples::sizeBytes, 0) ? TFHD_DEFAULT_SIZE : 0)
            | TFHD_DEFAULT_FLAGS;
    out.begin("tfhd", 0, flags).uint32(trackId).uint32(samples.descriptionIndex());
    if ((flags & TFHD_DEFAULT_DURATION) != 0) {
      out.uint32(samples.durationTicks(0));
    }
    if ((flags & TFHD_DEFAULT_SIZE) != 0) {
      out.uint32(samples.sizeBytes(0));
    }
    out.uint32(samples.flags(samples.count() - 1)).end();
  }

  /** Writes {@code trun} and says where its data_offset stands. */
  private int trackRun() {
    int last = samples.count() - 1;
    boolean flagsDiffer = !uniform(samples::flags, 1);
    boolean firstDiffers = !flagsDiffer && samples.flags(0) != samples.flags(last);
    boolean offsets =
        samples.compositionOffsetTicks(0) != 0 || !uniform(samples::compositionOffsetTicks, 0);
    int flags =
        TRUN_DATA_OFFSET
            | (uniform(samples::durationTicks, 0) ? 0 : TRUN_DURATION)
            | (uniform(samples::sizeBytes, 0) ? 0 : TRUN_SIZE)
            | (flagsDiffer ? TRUN_FLAGS : 0)
            | (firstDiffers ? TRUN_FIRST_FLAGS : 0)
            | (offsets ? TRUN_COMPOSITION_OFFSET : 0);
    out.begin("trun", 1, flags).uint32(samples.count());
    int dataOffsetAt = out.size();
    out.uint32(0);
    if (firstDiffers) {
      out.uint32(samples.flags(0));
    }
    for (int i = 0; i < samples.count(); i++) {
      if ((flags & TRUN_DURATION) != 0) {
        out.uint32(samples.durationTicks(i));
      }
      if ((flags & TRUN_SIZE) != 0) {
        out.uint32(samples.sizeBytes(i));
      }
      if ((flags & TRUN_FLAGS) != 0) {
        out.uint32(samples.flags(i));
      }
      if ((flags & TRUN_COMPOSITION_OFFSET) != 0) {
        out.uint32(samples.compositionOffsetTicks(i));
      }
    }
    out.end();
    return dataOffsetAt;
  }

  private void auxiliaryInformation(Encryption encryption, int moof) {
    var map = encryption.map();
    IntUnaryOperator entryBytes = i -> entryBytes(map, i);
    boolean uniform = uniform(entryBytes, 0);
    out.begin("saiz", 0, 0).uint8(uniform ? entryBytes.applyAsInt(0) : 0).uint32(samples.count());
    for (int i = 0; !uniform && i < samples.count(); i++) {
      out.uint8(entryBytes.applyAsInt(i));
    }
    out.end();
    out.begin("saio", 0, 0).uint32(1);
    int firstIv = out.size() + 4 + FULL_BOX_HEADER_BYTES + 4;
    out.uint32(firstIv - moof).end();
    out.begin("senc", 0, map.hasSubsamples() ? SENC_SUBSAMPLES : 0).uint32(samples.count());
    for (int i = 0; i < samples.count(); i++) {
      out.uint64(encryption.ivs().iv(i));
      if (map.hasSubsamples()) {
        out.uint16(map.entryCount(i));
        for (int k = 0; k < map.entryCount(i); k++) {
          out.uint16(map.clearBytes(i, k)).uint32(map.protectedBytes(i, k));
        }
      }
    }
    out.end();
  }

  private static int entryBytes(SubsampleMap map, int sample) {
    int bytes =
        TrackEncryption.IV_BYTES
            + (map.hasSubsamples() ? 2 + SUBSAMPLE_BYTES * map.entryCount(sample) : 0);
    if (bytes > 255) {
      throw new IllegalStateException(
          "auxiliary information: %d bytes (expected: <= 255, the field has 8 bits)"
              .formatted(bytes));
    }
    return bytes;
  }

  private boolean uniform(IntUnaryOperator value, int from) {
    for (int i = from + 1; i < samples.count(); i++) {
      if (value.applyAsInt(i) != value.applyAsInt(from)) {
        return false;
      }
    }
    return true;
  }
}
