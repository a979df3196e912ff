package dev.sluice.origin.segment.ts;

import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.codec.AvcNalType;
import dev.sluice.origin.encrypt.SampleAes;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.track.FragmentSamples;
import java.nio.ByteBuffer;
import java.util.Arrays;
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

  /** A delimiter with primary_pic_type 7: slices of any type may follow. */
  private static final byte[] ANY_PICTURE = {0, 0, 0, 1, DELIMITER, (byte) 0xf0};

  /** sample_is_non_sync_sample (ISOBMFF 8.8.3.1). */
  private static final int NON_SYNC = 0x1_0000;

  /** More than pictures have; bounds the work on a sample that is full of empty units. */
  private static final int MAX_NALS_PER_SAMPLE = 8192;

  private final ElementaryStream stream;
  private final FragmentSamples samples;
  private final AvcConfig config;
  private final SampleReader reader;
  private final Optional<SampleAes> encryption;
  private final Leads.StartCodes leads;
  private byte[] slice = new byte[0];

  AvcUnits(ElementaryStream stream) {
    this.stream = stream;
    this.samples = stream.samples();
    var box = stream.configuration("avcC");
    this.config = AvcConfig.parse(box.view(box.remaining(), "avcC"));
    this.reader = new SampleReader(samples, stream.object());
    this.encryption = stream.encryption();
    this.leads = leads(config);
  }

  private static Leads.StartCodes leads(AvcConfig config) {
    var sets = new ByteSink();
    sets.put(ANY_PICTURE);
    putAll(config.sps(), sets);
    putAll(config.pps(), sets);
    return new Leads.StartCodes(ANY_PICTURE, Arrays.copyOf(sets.array(), sets.length()));
  }

  @Override
  public Leads leads() {
    return leads;
  }

  @Override
  public ProgramTables.Stream programMapEntry() {
    return ProgramTables.Stream.avc(encryption.isPresent());
  }

  @Override
  public void plan(StreamPlan plan) {
    var times = new Times(samples.count());
    for (int i = 0; i < samples.count(); i++) {
      var bytes = reader.sample(i);
      int types = requireTypes(i, bytes);
      boolean randomAccess = (samples.flags(i) & NON_SYNC) == 0 || has(types, IDR_SLICE) || i == 0;
      plan.beginUnit(randomAccess && !(has(types, SPS) && has(types, PPS)));
      planRuns(samples.offsetBytes(i), bytes, plan);
      plan.endUnit(times.unit(i, plan.payloadBytes(), randomAccess));
    }
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
          payloadBytes,
          presentation[sample],
          decode[sample],
          order[sample],
          decode[sample + 1] - decode[sample],
          randomAccess);
    }
  }

  private void planRuns(long offsetBytes, ByteBuffer bytes, StreamPlan plan) {
    while (bytes.hasRemaining()) {
      int length = readLength(bytes);
      if (length > 0) {
        planRun(offsetBytes + bytes.position(), bytes.slice(bytes.position(), length), plan);
      }
      bytes.position(bytes.position() + length);
    }
  }

  private void planRun(long offsetBytes, ByteBuffer nal, StreamPlan plan) {
    int type = AvcNalType.of(nal.get(0));
    if (type == DELIMITER) {
      return;
    }
    int length = nal.remaining();
    boolean encrypted =
        encryption.isPresent()
            && (type == SLICE || type == IDR_SLICE)
            && SampleAes.encryptsSlice(length);
    if (encrypted) {
      if (slice.length < length) {
        slice = new byte[Math.max(length, 2 * slice.length)];
      }
      nal.get(slice, 0, length);
      encryption.get().slice(slice, 0, length);
      EmulationPrevention.find(slice, length, plan::addEscape);
    }
    plan.addRun(offsetBytes, length, encrypted);
  }

  private static void putAll(List<byte[]> parameterSets, ByteSink out) {
    for (byte[] set : parameterSets) {
      out.put(ANY_PICTURE, 0, Leads.StartCodes.BYTES);
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
