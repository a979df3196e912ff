package dev.sluice.origin.codec;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.Bytes;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * The parameter sets that slices may refer to, by id. Does not change: {@link #accept(ByteBuffer)}
 * gives new ones.
 *
 * <p>A picture parameter set finds its sequence parameter set when a slice uses it, so that the
 * order in which they come, and come again, does not matter (AVC 7.4.1.2.1).
 */
public final class AvcParameterSets {
  private final Map<Integer, AvcSps> sps;
  private final Map<Integer, AvcPps> pps;

  private AvcParameterSets(Map<Integer, AvcSps> sps, Map<Integer, AvcPps> pps) {
    this.sps = sps;
    this.pps = pps;
  }

  /**
   * The sets of a decoder configuration.
   *
   * @throws ContentFailure if one of them is malformed
   */
  public static AvcParameterSets of(AvcConfig config) {
    var sets = new AvcParameterSets(Map.of(), Map.of());
    for (var nal : config.sps()) {
      sets = sets.accept(nal);
    }
    for (var nal : config.pps()) {
      sets = sets.accept(nal);
    }
    return sets;
  }

  /**
   * These sets, and the one in this NAL unit, which takes the place of one with its id. Units of
   * other types change nothing.
   *
   * @param nal a whole NAL unit without length field; borrowed, its position stays
   * @throws ContentFailure if the set is malformed
   */
  public AvcParameterSets accept(ByteBuffer nal) {
    var in = new BitReader(nal);
    try {
      return switch (AvcNalType.of((byte) in.bits(8))) {
        case AvcNalType.SPS -> with(AvcSps.read(in));
        case AvcNalType.PPS -> with(AvcPps.read(in));
        default -> this;
      };
    } catch (BitReader.CutShort _) {
      throw in.malformed(
          "parameter set: %d bytes (expected: no end within it)".formatted(nal.remaining()));
    }
  }

  /** As {@link #accept(ByteBuffer)}. */
  public AvcParameterSets accept(byte[] nal) {
    return accept(ByteBuffer.wrap(nal));
  }

  /** As {@link #accept(ByteBuffer)}. */
  public AvcParameterSets accept(Bytes nal) {
    return accept(nal.asBuffer());
  }

  AvcPps requirePps(int id, BitReader in) {
    var found = pps.get(id);
    if (found == null) {
      throw absent("pic_parameter_set_id", id, in);
    }
    return found;
  }

  AvcSps requireSps(AvcPps of, BitReader in) {
    var found = sps.get(of.spsId());
    if (found == null) {
      throw absent("seq_parameter_set_id", of.spsId(), in);
    }
    return found;
  }

  private static ContentFailure absent(String name, int id, BitReader in) {
    return new ContentFailure(
        FailureCode.MPE_INPUT_NOT_SUPPORTED,
        "%s: %d (expected: a parameter set that the fragment or its header holds)"
            .formatted(name, id),
        in.place());
  }

  private AvcParameterSets with(AvcSps set) {
    if (set.equals(sps.get(set.id()))) {
      return this;
    }
    var more = new HashMap<>(sps);
    more.put(set.id(), set);
    return new AvcParameterSets(Map.copyOf(more), pps);
  }

  private AvcParameterSets with(AvcPps set) {
    if (set.equals(pps.get(set.id()))) {
      return this;
    }
    var more = new HashMap<>(pps);
    more.put(set.id(), set);
    return new AvcParameterSets(sps, Map.copyOf(more));
  }
}
