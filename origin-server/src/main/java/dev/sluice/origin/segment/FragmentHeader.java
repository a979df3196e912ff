package dev.sluice.origin.segment;

import dev.sluice.origin.encrypt.CencIvs;
import dev.sluice.origin.encrypt.SubsampleMap;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.mp4.BoxWriter;
import dev.sluice.origin.track.FragmentSamples;
import java.util.Optional;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;

/**
 * Everything of a media segment that stands before its samples: a {@code moof} of one track and one
 * run, and the header of {@code mdat}. Written anew from the model, so nothing of the source's
 * boxes can be wrong in it.
 *
 * <pre>
 *   CMAF                                  PIFF
 *   styp
 *   moof                                  moof
 *     mfhd                                  mfhd
 *     traf                                  traf
 *       tfhd                                  tfhd   what all samples share
 *       tfdt   version 1
 *       trun                                  trun   data_offset; what differs between samples
 *       saiz   sizes of the entries of senc
 *       saio   from moof to the first entry
 *       senc                                  uuid   senc's content
 *                                             uuid   tfxd: time and duration
 *   mdat                                  mdat
 * </pre>
 *
 * <p>Smooth Streaming's clients make their own {@code moov}, so nothing may be left to defaults of
 * {@code trex} or to a second sample description, and IVs have 8 bytes. dash.js and Shaka Player 4
 * take the data to begin 8 bytes behind {@code moof}, and set {@code default-base-is-moof}. They
 * take the time of {@code tfdt} from the manifest, and put it and {@code saiz} and {@code saio} in;
 * rx-player does the same, but hands {@code tfhd} to the browser as it is, where the Media Source
 * Extensions ask for that flag: so it is set. For a reader that does not know it the base is the
 * same, since there is one {@code traf}. The format has no negative composition offsets: {@code
 * trun} is of version 0 unless there are some. {@code tfxd} is for live clients, and for those that
 * read a fragment without its manifest.
 *
 * <p>Spec: ISOBMFF 8.8; CMAF 7.3.2; MS-SSTR 2.2.4.
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

  /**
   * Which fragment it is.
   *
   * @param sequenceNumber of {@code mfhd}
   * @param startTicks the decode time of the first sample, in the track's timescale
   * @param durationTicks the durations of the samples, added up
   */
  record Fragment(int trackId, long sequenceNumber, long startTicks, long durationTicks) {}

  /**
   * What is said of the encryption of each sample.
   *
   * @param ivBytes 8, or 0 where the IV is constant
   * @param ivs of each sample
   */
  record Encryption(SubsampleMap map, int ivBytes, IntToLongFunction ivs) {

    /** An IV for each sample. */
    static Encryption perSample(SubsampleMap map, IntToLongFunction ivs) {
      return new Encryption(map, CencIvs.IV_BYTES, ivs);
    }

    /** One IV for all samples, which is not said here. */
    static Encryption constantIv(SubsampleMap map) {
      return new Encryption(map, 0, _ -> 0);
    }
  }

  private final BoxWriter out = new BoxWriter();
  private final SegmentBoxes boxes;
  private final Fragment fragment;
  private final FragmentSamples samples;

  private FragmentHeader(SegmentBoxes boxes, Fragment fragment, FragmentSamples samples) {
    this.boxes = boxes;
    this.fragment = fragment;
    this.samples = samples;
  }

  /**
   * Writes the header.
   *
   * @throws ContentFailure if PIFF's boxes cannot hold the fragment: its samples have another
   *     description than the first, or 4 GiB or more
   */
  static byte[] write(
      SegmentBoxes boxes,
      Fragment fragment,
      FragmentSamples samples,
      Optional<Encryption> encryption) {
    var information = encryption.map(AuxiliaryInformation::new);
    var header = new FragmentHeader(boxes, fragment, samples);
    return switch (boxes) {
      case CMAF -> header.cmaf(information);
      case PIFF -> header.piff(information);
    };
  }

  private byte[] cmaf(Optional<AuxiliaryInformation> information) {
    out.begin("styp").fourCc("msdh").uint32(0).fourCc("msdh").fourCc("iso6").end();
    int moof = beginMovieFragment();
    trackFragmentHeader();
    out.begin("tfdt", 1, 0).uint64(fragment.startTicks()).end();
    int dataOffsetAt = trackRun(1);
    information.ifPresent(i -> i.writeCmaf(out, moof));
    endMovieFragment(moof, dataOffsetAt);
    return out.toByteArray();
  }

  private byte[] piff(Optional<AuxiliaryInformation> information) {
    if (samples.descriptionIndex() != 1) {
      throw refused(
          "sample_description_index: %d (expected: 1)".formatted(samples.descriptionIndex()));
    }
    if (isLarge()) {
      throw refused("samples: %d bytes (expected: below 4 GiB)".formatted(samples.totalBytes()));
    }
    int moof = beginMovieFragment();
    trackFragmentHeader();
    int dataOffsetAt = trackRun(hasNegativeOffsets() ? 1 : 0);
    information.ifPresent(i -> i.writePiff(out));
    out.begin("uuid").raw(PiffUuids.FRAGMENT_TIME).uint32(1L << 24);
    out.uint64(fragment.startTicks()).uint64(fragment.durationTicks()).end();
    endMovieFragment(moof, dataOffsetAt);
    return out.toByteArray();
  }

  /** Begins {@code moof} and {@code traf}. Where {@code moof} begins. */
  private int beginMovieFragment() {
    int moof = out.size();
    out.begin("moof").begin("mfhd", 0, 0).uint32(fragment.sequenceNumber()).end();
    out.begin("traf");
    return moof;
  }

  private void endMovieFragment(int moof, int dataOffsetAt) {
    out.end().end();
    long payload = samples.totalBytes();
    out.set32(dataOffsetAt, out.size() - moof + (isLarge() ? 16L : 8L));
    if (isLarge()) {
      out.uint32(1).fourCc("mdat").uint64(payload + 16);
    } else {
      out.uint32(payload + 8).fourCc("mdat");
    }
  }

  private boolean isLarge() {
    return samples.totalBytes() + 8 > 0xFFFF_FFFFL;
  }

  private boolean hasNegativeOffsets() {
    boolean negative = false;
    for (int i = 0; i < samples.count(); i++) {
      negative |= samples.compositionOffsetTicks(i) < 0;
    }
    return negative;
  }

  private ContentFailure refused(String message) {
    return new ContentFailure(
        FailureCode.MPE_INPUT_NOT_SUPPORTED,
        "%s boxes, %s".formatted(boxes, message),
        "a fragment of track " + fragment.trackId());
  }

  private void trackFragmentHeader() {
    int flags =
        TFHD_DEFAULT_BASE_IS_MOOF
            | TFHD_DESCRIPTION_INDEX
            | (uniform(samples::durationTicks, 0) ? TFHD_DEFAULT_DURATION : 0)
            | (uniform(samples::sizeBytes, 0) ? TFHD_DEFAULT_SIZE : 0)
            | TFHD_DEFAULT_FLAGS;
    out.begin("tfhd", 0, flags).uint32(fragment.trackId()).uint32(samples.descriptionIndex());
    if ((flags & TFHD_DEFAULT_DURATION) != 0) {
      out.uint32(samples.durationTicks(0));
    }
    if ((flags & TFHD_DEFAULT_SIZE) != 0) {
      out.uint32(samples.sizeBytes(0));
    }
    out.uint32(samples.flags(samples.count() - 1)).end();
  }

  /** Writes {@code trun} and says where its data_offset stands. */
  private int trackRun(int version) {
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
    out.begin("trun", version, flags).uint32(samples.count());
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

  private boolean uniform(IntUnaryOperator value, int from) {
    for (int i = from + 1; i < samples.count(); i++) {
      if (value.applyAsInt(i) != value.applyAsInt(from)) {
        return false;
      }
    }
    return true;
  }
}
