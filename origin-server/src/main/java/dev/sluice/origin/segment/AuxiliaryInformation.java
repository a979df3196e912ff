package dev.sluice.origin.segment;

import dev.sluice.origin.encrypt.SubsampleMap;
import dev.sluice.origin.mp4.BoxWriter;
import java.util.function.IntUnaryOperator;

/**
 * What a segment says of the encryption of its samples: an entry for each, with its IV and its
 * subsamples. Absent where an entry would have nothing in it, as of audio under {@code cbcs}:
 * readers refuse entries of size 0.
 *
 * <pre>
 *   senc  flags 2 if there are subsamples | sample_count (32) | entries
 *   entry   IV (0 or 64) | subsample_count (16), then for each
 *             BytesOfClearData (16) | BytesOfProtectedData (32)
 * </pre>
 *
 * <p>Spec: CENC 7.2; ISOBMFF 8.7.8, 8.7.9.
 */
final class AuxiliaryInformation {
  private static final int SUBSAMPLES = 0x2;
  private static final int FULL_BOX_HEADER_BYTES = 12;
  private static final int MAX_ENTRY_BYTES = 255;

  private final FragmentHeader.Encryption encryption;
  private final SubsampleMap map;
  private final int flags;

  AuxiliaryInformation(FragmentHeader.Encryption encryption) {
    this.encryption = encryption;
    this.map = encryption.map();
    this.flags = map.hasSubsamples() ? SUBSAMPLES : 0;
  }

  private boolean isEmpty() {
    return encryption.ivBytes() == 0 && !map.hasSubsamples();
  }

  /**
   * Writes {@code saiz}, {@code saio} and {@code senc}.
   *
   * @param moof where {@code moof} begins in {@code out}
   */
  void writeCmaf(BoxWriter out, int moof) {
    if (isEmpty()) {
      return;
    }
    sizes(out);
    out.begin("saio", 0, 0).uint32(1);
    int firstEntry = out.size() + 4 + FULL_BOX_HEADER_BYTES + 4;
    out.uint32(firstEntry - moof).end();
    out.begin("senc", 0, flags);
    entries(out);
    out.end();
  }

  /** Writes the {@code uuid} form of {@code senc}, and nothing else. Spec: PIFF 1.1 5.3.2. */
  void writePiff(BoxWriter out) {
    if (isEmpty()) {
      return;
    }
    out.begin("uuid").raw(PiffUuids.SAMPLE_ENCRYPTION).uint32(flags);
    entries(out);
    out.end();
  }

  private void sizes(BoxWriter out) {
    IntUnaryOperator entryBytes = this::entryBytes;
    boolean uniform = true;
    for (int i = 1; i < map.sampleCount(); i++) {
      uniform &= entryBytes.applyAsInt(i) == entryBytes.applyAsInt(0);
    }
    out.begin("saiz", 0, 0).uint8(uniform ? entryBytes.applyAsInt(0) : 0).uint32(map.sampleCount());
    for (int i = 0; !uniform && i < map.sampleCount(); i++) {
      out.uint8(entryBytes.applyAsInt(i));
    }
    out.end();
  }

  private void entries(BoxWriter out) {
    out.uint32(map.sampleCount());
    for (int i = 0; i < map.sampleCount(); i++) {
      if (encryption.ivBytes() > 0) {
        out.uint64(encryption.ivs().applyAsLong(i));
      }
      if (map.hasSubsamples()) {
        out.uint16(map.entryCount(i));
        for (int k = 0; k < map.entryCount(i); k++) {
          out.uint16(map.clearBytes(i, k)).uint32(map.protectedBytes(i, k));
        }
      }
    }
  }

  private int entryBytes(int sample) {
    int bytes = encryption.ivBytes() + (map.hasSubsamples() ? 2 + 6 * map.entryCount(sample) : 0);
    if (bytes > MAX_ENTRY_BYTES) {
      throw new IllegalStateException(
          "auxiliary information: %d bytes (expected: <= 255, the field has 8 bits)"
              .formatted(bytes));
    }
    return bytes;
  }
}
