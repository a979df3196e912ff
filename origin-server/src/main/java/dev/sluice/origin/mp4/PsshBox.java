package dev.sluice.origin.mp4;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The {@code pssh} box: what a DRM system needs to ask for a licence.
 *
 * <pre>
 *   size (32) | 'pssh' (32)
 *   version (8) = 0 or 1 | flags (24) = 0
 *   SystemID (128)
 *   KID_count (32), KID (128) x KID_count               version 1 only
 *   DataSize (32), Data (8) x DataSize
 * </pre>
 *
 * <p>Spec: CENC 8.1.
 *
 * @param version 0 or 1
 * @param systemId in the byte order in which it is printed, for PlayReady too
 * @param keyIds none in version 0
 * @param data the system's own
 */
public record PsshBox(int version, UUID systemId, List<KeyId> keyIds, Bytes data) {
  private static final int TYPE_pssh = 0x70737368;
  private static final int FIXED_BYTES = 32;
  private static final String CLAUSE = "[CENC 8.1]";

  public PsshBox {
    keyIds = List.copyOf(keyIds);
    if (version < 0 || version > 1 || (version == 0 && !keyIds.isEmpty())) {
      throw new IllegalArgumentException(
          "pssh: version %d with %d key ids (expected: 1, or 0 without)"
              .formatted(version, keyIds.size()));
    }
  }

  /** A box without key ids (version 0). */
  public static PsshBox of(UUID systemId, Bytes data) {
    return new PsshBox(0, systemId, List.of(), data);
  }

  /** A box that names its keys and holds nothing else (version 1). */
  public static PsshBox ofKeyIds(UUID systemId, List<KeyId> keyIds) {
    return new PsshBox(1, systemId, keyIds, Bytes.copyOf());
  }

  /**
   * Reads a whole box, header included, that ends at the limit of {@code in}.
   *
   * @throws ContentFailure if it is no such box, or its lengths do not add up
   */
  public static PsshBox read(ByteBuffer in) {
    int lengthBytes = in.remaining();
    try {
      expect("size", in.getInt(), lengthBytes);
      expect("type", in.getInt(), TYPE_pssh);
      int version = in.getInt() >>> 24;
      if (version > 1) {
        throw malformed("version: %d (expected: 0 or 1)".formatted(version));
      }
      var systemId = new UUID(in.getLong(), in.getLong());
      var keyIds = version == 0 ? List.<KeyId>of() : readKeyIds(in);
      expect("DataSize", in.getInt(), in.remaining());
      byte[] data = new byte[in.remaining()];
      in.get(data);
      return new PsshBox(version, systemId, keyIds, Bytes.copyOf(data));
    } catch (BufferUnderflowException _) {
      throw malformed("size: %d (expected: more, the box is cut short)".formatted(lengthBytes));
    }
  }

  private static List<KeyId> readKeyIds(ByteBuffer in) {
    long count = Integer.toUnsignedLong(in.getInt());
    if (count > in.remaining() / KeyId.BYTES) {
      throw malformed(
          "KID_count: %d (expected: <= %d, what fits the box)"
              .formatted(count, in.remaining() / KeyId.BYTES));
    }
    var keyIds = new ArrayList<KeyId>();
    for (long i = 0; i < count; i++) {
      keyIds.add(new KeyId(new UUID(in.getLong(), in.getLong())));
    }
    return keyIds;
  }

  /** The whole box, header included. */
  public Bytes toBytes() {
    int keyIdBytes = version == 0 ? 0 : Integer.BYTES + keyIds.size() * KeyId.BYTES;
    var out = ByteBuffer.allocate(FIXED_BYTES + keyIdBytes + data.size());
    out.putInt(out.capacity()).putInt(TYPE_pssh).putInt(version << 24);
    out.putLong(systemId.getMostSignificantBits()).putLong(systemId.getLeastSignificantBits());
    if (version == 1) {
      out.putInt(keyIds.size());
      keyIds.forEach(keyId -> out.put(keyId.bytes()));
    }
    out.putInt(data.size()).put(data.asBuffer());
    return Bytes.copyOf(out.array());
  }

  private static void expect(String name, int value, int expected) {
    if (value != expected) {
      throw malformed(
          "%s: %s (expected: %s)"
              .formatted(
                  name, Integer.toUnsignedString(value), Integer.toUnsignedString(expected)));
    }
  }

  private static ContentFailure malformed(String message) {
    return new ContentFailure(FailureCode.MPE_INPUT_NOT_SUPPORTED, message, "pssh " + CLAUSE);
  }
}
