package dev.sluice.origin.drm;

import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.mp4.PsshBox;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The data of a Widevine {@code pssh} box: a protocol buffer.
 *
 * <pre>
 *   algorithm (1, varint) = 1, AESCTR       only with cenc; deprecated, old devices want it
 *   key_id (2, bytes) ...                   as printed
 *   provider (3, string)                    optional
 *   content_id (4, bytes)                   optional
 *   protection_scheme (9, varint)           the four-character code; absent would mean cenc
 * </pre>
 *
 * @param scheme {@code CENC} or {@code CBCS}
 * @param keyIds at least 1
 * @param provider who runs the licence server
 * @param contentId what it knows the title by
 */
public record WidevineData(
    Scheme scheme, List<KeyId> keyIds, Optional<String> provider, Optional<Bytes> contentId) {
  private static final int FIELD_ALGORITHM = 1;
  private static final int FIELD_KEY_ID = 2;
  private static final int FIELD_PROVIDER = 3;
  private static final int FIELD_CONTENT_ID = 4;
  private static final int FIELD_PROTECTION_SCHEME = 9;
  private static final int ALGORITHM_AESCTR = 1;
  private static final int WIRE_VARINT = 0;
  private static final int WIRE_BYTES = 2;

  public WidevineData {
    keyIds = List.copyOf(keyIds);
  }

  /** The data for one key, with nothing optional. */
  public static WidevineData of(Scheme scheme, KeyId keyId) {
    return new WidevineData(scheme, List.of(keyId), Optional.empty(), Optional.empty());
  }

  /** The protocol buffer. */
  public Bytes toBytes() {
    int fourCc = SchemeFourCc.of(scheme);
    var out = new ByteArrayOutputStream();
    if (scheme == Scheme.CENC) {
      writeVarint(out, FIELD_ALGORITHM, ALGORITHM_AESCTR);
    }
    keyIds.forEach(keyId -> writeBytes(out, FIELD_KEY_ID, keyId.bytes()));
    provider.ifPresent(
        name -> writeBytes(out, FIELD_PROVIDER, name.getBytes(StandardCharsets.UTF_8)));
    contentId.ifPresent(id -> writeBytes(out, FIELD_CONTENT_ID, id.toArray()));
    writeVarint(out, FIELD_PROTECTION_SCHEME, fourCc);
    return Bytes.copyOf(out.toByteArray());
  }

  /** The whole {@code pssh} box (version 0). */
  public Bytes toPssh() {
    return PsshBox.of(SystemIds.WIDEVINE, toBytes()).toBytes();
  }

  private static void writeVarint(ByteArrayOutputStream out, int field, int value) {
    writeVarint(out, (field << 3) | WIRE_VARINT);
    writeVarint(out, value);
  }

  private static void writeBytes(ByteArrayOutputStream out, int field, byte[] value) {
    writeVarint(out, (field << 3) | WIRE_BYTES);
    writeVarint(out, value.length);
    out.writeBytes(value);
  }

  private static void writeVarint(ByteArrayOutputStream out, int value) {
    int rest = value;
    while (rest >>> 7 != 0) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }
}
