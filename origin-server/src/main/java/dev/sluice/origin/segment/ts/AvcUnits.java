package dev.sluice.origin.segment.ts;

import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.codec.AvcNalType;
import dev.sluice.origin.encrypt.SampleAes;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.track.FragmentSamples;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Pictures of an AVC track in byte stream format (AVC annex B): NAL units behind start codes, an
 * access unit delimiter first, and before a picture at which decoding can begin the parameter sets
 * of the sample entry, unless the sample has its own.
 */
final class AvcUnits implements UnitSource {
  private static final int IDR_SLICE = 5;
  private static final int SLICE = 1;
  private static final int SPS = 7;
  private static final int PPS = 8;
  private static final int DELIMITER = 9;
  private static final byte[] START_CODE = {0, 0, 0, 1};

  /** primary_pic_type 7: slices of any type may follow. */
  private static final byte[] ANY_PICTURE = {DELIMITER, (byte) 0xf0};

  /** sample_is_non_sync_sample (ISOBMFF 8.8.3.1). */
  private static final int NON_SYNC = 0x1_0000;

  /** More than pictures have; bounds the work on a sample that is full of empty units. */
  private static final int MAX_NALS_PER_SAMPLE = 8192;

  private final ElementaryStream stream;
  private final FragmentSamples samples;
  private final AvcConfig config;
  private final SampleReader reader;
  private final Optional<SampleAes> encryption;
  private final ByteSink slice = new ByteSink();

  AvcUnits(ElementaryStream stream) {
    this.stream = stream;
    this.samples = stream.samples();
    var box = stream.configuration("avcC");
    this.config = AvcConfig.parse(box.view(box.remaining(), "avcC"));
    this.reader = new SampleReader(samples, stream.object());
    this.encryption = stream.encryption();
  }

  @Override
  public ProgramTables.Stream programMapEntry() {
    return ProgramTables.Stream.avc(encryption.isPresent());
  }

  @Override
  public List<AccessUnit> plan() {
    var times = new Times(samples.count());
    var units = new ArrayList<AccessUnit>();
    var payload = ByteSink.counting();
    for (int i = 0; i < samples.count(); i++) {
      payload.clear();
      boolean randomAccess = write(i, payload);
      units.add(times.unit(i, payload.length(), randomAccess));
    }
    return units;
  }

  /** When the samples are decoded and presented, on the 90 kHz clock. */
  private final class Times {
    private final long[] presentation;
    private final long[] decode;
    private final long[] order;

    Times(int count) {
      presentation = new long[count];
      decode = new long[count + 1];
      order = new long[count + 1];
      var header = stream.track().header();
      var clock = new StreamClock(header.timescale(), header.editMediaTimeTicks());
      long lead = DecodeLead.ticks(header, config);
      long ticks = stream.startTicks();
      for (int i = 0; i < count; i++) {
        order[i] = clock.at(ticks);
        decode[i] = clock.at(ticks - lead);
        presentation[i] = clock.at(ticks + samples.compositionOffsetTicks(i));
        ticks += samples.durationTicks(i);
      }
      order[count] = clock.at(ticks);
      decode[count] = clock.at(ticks - lead);
      DecodeLead.settle(decode, presentation);
    }

    AccessUnit unit(int sample, int payloadBytes, boolean randomAccess) {
      return new AccessUnit(
          sample,
          1,
          payloadBytes,
          presentation[sample],
          decode[sample],
          order[sample],
          decode[sample + 1] - decode[sample],
          randomAccess);
    }
  }

  @Override
  public void write(AccessUnit unit, ByteSink out) {
    var _ = write(unit.firstSample(), out);
  }

  /** Whether decoding can begin at the sample. */
  private boolean write(int sample, ByteSink out) {
    var bytes = reader.sample(sample);
    int types = requireTypes(sample, bytes);
    boolean randomAccess =
        (samples.flags(sample) & NON_SYNC) == 0 || has(types, IDR_SLICE) || sample == 0;
    out.put(START_CODE);
    out.put(ANY_PICTURE);
    if (randomAccess && !(has(types, SPS) && has(types, PPS))) {
      putAll(config.sps(), out);
      putAll(config.pps(), out);
    }
    while (bytes.hasRemaining()) {
      int length = readLength(bytes);
      var nal = bytes.slice(bytes.position(), length);
      bytes.position(bytes.position() + length);
      putUnit(nal, out);
    }
    return randomAccess;
  }

  private void putUnit(ByteBuffer nal, ByteSink out) {
    if (!nal.hasRemaining()) {
      return;
    }
    int type = AvcNalType.of(nal.get(0));
    if (type == DELIMITER) {
      return;
    }
    out.put(START_CODE);
    if (encryption.isPresent()
        && (type == SLICE || type == IDR_SLICE)
        && SampleAes.encryptsSlice(nal.remaining())) {
      slice.clear();
      slice.put(nal);
      encryption.get().slice(slice.array(), 0, slice.length());
      EmulationPrevention.append(slice.array(), 0, slice.length(), out);
    } else {
      out.put(nal);
    }
  }

  private static void putAll(List<byte[]> parameterSets, ByteSink out) {
    for (byte[] set : parameterSets) {
      out.put(START_CODE);
      out.put(set);
    }
  }

  /**
   * The types of the units of a sample, as bits.
   *
   * @throws ContentFailure if the units do not fill the sample exactly, there are too many, or one
   *     could hold picture data that SAMPLE-AES leaves clear
   */
  private int requireTypes(int sample, ByteBuffer bytes) {
    var in = bytes.duplicate();
    int types = 0;
    int nals = 0;
    while (in.hasRemaining()) {
      int at = in.position();
      nals++;
      if (nals > MAX_NALS_PER_SAMPLE) {
        throw refused(
            FailureCode.MPE_NAL_NOT_SUPPORTED,
            "NAL units in a sample: more than %d (expected: fewer)".formatted(MAX_NALS_PER_SAMPLE),
            sample,
            at);
      }
      if (in.remaining() < config.nalLengthBytes()) {
        throw refused(
            FailureCode.MPE_INPUT_NOT_SUPPORTED,
            "bytes behind the last NAL unit: %d (expected: 0)".formatted(in.remaining()),
            sample,
            at);
      }
      int length = readLength(in);
      if (length < 0 || length > in.remaining()) {
        throw refused(
            FailureCode.MPE_INPUT_NOT_SUPPORTED,
            "NAL length: %d (expected: <= %d, the rest of the sample)"
                .formatted(Integer.toUnsignedLong(length), in.remaining()),
            sample,
            at);
      }
      if (length > 0) {
        types |= 1 << requireType(sample, at, in.get(in.position()));
        in.position(in.position() + length);
      }
    }
    return types;
  }

  private int requireType(int sample, int at, byte header) {
    if (encryption.isPresent()) {
      try {
        var _ = AvcNalType.require(header);
      } catch (ContentFailure failure) {
        throw refused(failure.code(), failure.detail(), sample, at);
      }
    }
    return AvcNalType.of(header);
  }

  private static boolean has(int types, int type) {
    return (types >> type & 1) != 0;
  }

  private int readLength(ByteBuffer in) {
    int length = 0;
    for (int i = 0; i < config.nalLengthBytes(); i++) {
      length = length << Byte.SIZE | (in.get() & 0xff);
    }
    return length;
  }

  private static ContentFailure refused(FailureCode code, String message, int sample, int at) {
    return new ContentFailure(code, message, "sample %d, byte %d".formatted(sample, at));
  }
}
