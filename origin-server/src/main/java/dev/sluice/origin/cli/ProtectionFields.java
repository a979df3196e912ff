package dev.sluice.origin.cli;

import dev.sluice.origin.drm.SystemIds;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.mp4.PsshBox;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The fields of the boxes of Common Encryption, and of those {@code uuid} boxes that PIFF and
 * Smooth Streaming have for the same, in lines.
 *
 * <p>Spec: CENC 7, 8; PIFF 1.1 5.3; MS-SSTR 2.2.4.
 */
final class ProtectionFields {
  private static final int MAX_ENTRIES = 8;
  private static final int USE_SUBSAMPLES = 2;
  private static final int OVERRIDES_TRACK = 1;
  private static final String CUT_SHORT = "(not readable: the box is cut short)";

  private static final Map<UUID, String> SYSTEMS =
      Map.of(
          SystemIds.PLAY_READY,
          "PlayReady",
          SystemIds.WIDEVINE,
          "Widevine",
          SystemIds.CLEAR_KEY,
          "ClearKey",
          SystemIds.COMMON,
          "Common",
          UUID.fromString("94ce86fb-07ff-4f43-adb8-93d2fa968ca2"),
          "FairPlay",
          UUID.fromString("5e629af5-38da-4063-8977-97ffbd9902d4"),
          "Marlin",
          UUID.fromString("f239e769-efa3-4850-9c16-a903c6932efb"),
          "PrimeTime");

  /** The user types of PIFF and Smooth Streaming. */
  enum UserType {
    SENC("PIFF sample encryption", "a2394f52-5a9b-4f14-a244-6c427c648df4"),
    TENC("PIFF track encryption", "8974dbce-7be7-4c51-84f9-7148f9882554"),
    PSSH("PIFF pssh", "d08a4f18-10f3-4a82-b6c8-32d8aba183d3"),
    TFXD("Smooth tfxd", "6d1d9b05-42d5-44e6-80e2-141daff757b2"),
    TFRF("Smooth tfrf", "d4807ef2-ca39-4695-8e54-26cb9e46a79f");

    private final String shown;
    private final UUID uuid;

    UserType(String shown, String uuid) {
      this.shown = shown;
      this.uuid = UUID.fromString(uuid);
    }

    private static Optional<UserType> of(UUID uuid) {
      return List.of(values()).stream().filter(type -> type.uuid.equals(uuid)).findFirst();
    }
  }

  private ProtectionFields() {}

  /**
   * The lines of a box; empty if it is none of these.
   *
   * @param box all of it, the header included
   */
  static Optional<List<String>> of(String type, int headerBytes, ByteBuffer box) {
    var payload = box.slice(headerBytes, box.remaining() - headerBytes);
    try {
      return switch (type) {
        case "pssh" -> Optional.of(pssh(box));
        case "tenc" -> Optional.of(trackEncryption(payload));
        case "senc" -> Optional.of(sampleEncryption(payload, false));
        case "uuid" -> Optional.of(userType(payload));
        default -> Optional.empty();
      };
    } catch (BufferUnderflowException _) {
      return Optional.of(List.of(CUT_SHORT));
    } catch (ContentFailure e) {
      return Optional.of(List.of("(not readable: %s)".formatted(e.detail())));
    }
  }

  private static List<String> userType(ByteBuffer in) {
    var uuid = uuid(in);
    var lines = new ArrayList<String>();
    var type = UserType.of(uuid);
    lines.add(type.map(known -> uuid + " " + known.shown).orElseGet(uuid::toString));
    try {
      type.ifPresent(known ->
          lines.addAll(
              switch (known) {
                case SENC -> sampleEncryption(in, true);
                case TENC -> piffTrackEncryption(in);
                case PSSH -> piffPssh(in);
                case TFXD -> List.of(time(in, in.getInt() >>> 24));
                case TFRF -> nextFragments(in);
              }));
    } catch (BufferUnderflowException _) {
      lines.add(CUT_SHORT);
    }
    return lines;
  }

  private static List<String> pssh(ByteBuffer box) {
    var pssh = PsshBox.read(box);
    var lines = new ArrayList<String>();
    lines.add("%s version=%d".formatted(system(pssh.systemId()), pssh.version()));
    pssh.keyIds().forEach(keyId -> lines.add("key id " + keyId));
    lines.addAll(systemData(pssh.systemId(), pssh.data()));
    return lines;
  }

  private static List<String> piffPssh(ByteBuffer in) {
    int version = in.getInt() >>> 24;
    var systemId = uuid(in);
    var data = new byte[checked(Integer.toUnsignedLong(in.getInt()), in)];
    in.get(data);
    var lines = new ArrayList<String>();
    lines.add("%s version=%d".formatted(system(systemId), version));
    lines.addAll(systemData(systemId, Bytes.copyOf(data)));
    return lines;
  }

  private static List<String> systemData(UUID systemId, Bytes data) {
    if (systemId.equals(SystemIds.PLAY_READY)) {
      return PlayReadyFields.of(data);
    }
    if (systemId.equals(SystemIds.WIDEVINE)) {
      return WidevineFields.of(data.asBuffer());
    }
    return data.size() == 0
        ? List.of()
        : List.of(
            "data %d bytes %s".formatted(data.size(), HexFormat.of().formatHex(data.toArray())));
  }

  private static String system(UUID systemId) {
    return "system=%s (%s)".formatted(SYSTEMS.getOrDefault(systemId, "unknown"), systemId);
  }

  private static List<String> trackEncryption(ByteBuffer in) {
    int version = in.getInt() >>> 24;
    in.get();
    int pattern = in.get() & 0xff;
    int isProtected = in.get() & 0xff;
    int ivBytes = in.get() & 0xff;
    String keyId = uuid(in).toString();
    var line = new StringBuilder("version=%d isProtected=%d".formatted(version, isProtected));
    if (version > 0) {
      line.append(" pattern=%d:%d".formatted(pattern >> 4, pattern & 0xf));
    }
    line.append(" perSampleIvSize=%d KID=%s".formatted(ivBytes, keyId));
    if (isProtected == 1 && ivBytes == 0) {
      line.append(" constantIv=").append(hex(in, in.get() & 0xff));
    }
    return List.of(line.toString());
  }

  private static List<String> piffTrackEncryption(ByteBuffer in) {
    in.getInt();
    return List.of(algorithm(in));
  }

  /** AlgorithmID (24), IV_size (8), KID (128). */
  private static String algorithm(ByteBuffer in) {
    int algorithmAndIv = in.getInt();
    return "algorithm=%d perSampleIvSize=%d KID=%s"
        .formatted(algorithmAndIv >>> 8, algorithmAndIv & 0xff, uuid(in));
  }

  private static List<String> sampleEncryption(ByteBuffer in, boolean piff) {
    int flags = in.getInt() & 0xffffff;
    var lines = new ArrayList<String>();
    if (piff && (flags & OVERRIDES_TRACK) != 0) {
      lines.add(algorithm(in));
    }
    long samples = Integer.toUnsignedLong(in.getInt());
    boolean subsamples = (flags & USE_SUBSAMPLES) != 0;
    for (int ivBytes : new int[] {8, 16, 0}) {
      var entries = new ArrayList<String>();
      if (readEntries(in.slice(), samples, ivBytes, subsamples, entries)) {
        lines.add("flags=%#x samples=%d perSampleIvSize=%d".formatted(flags, samples, ivBytes));
        lines.addAll(entries);
        return lines;
      }
    }
    lines.add("flags=%#x samples=%d (no size of IV fits the box)".formatted(flags, samples));
    return lines;
  }

  /** Whether the entries fill the rest with IVs of this size, which {@code tenc} alone tells. */
  private static boolean readEntries(
      ByteBuffer in, long samples, int ivBytes, boolean subsamples, List<String> shown) {
    if (ivBytes == 0 && !subsamples) {
      return !in.hasRemaining();
    }
    for (long i = 0; i < samples; i++) {
      int fixedBytes = ivBytes + (subsamples ? Short.BYTES : 0);
      if (in.remaining() < fixedBytes) {
        return false;
      }
      String iv = hex(in, ivBytes);
      int count = subsamples ? Short.toUnsignedInt(in.getShort()) : 0;
      if (count > in.remaining() / 6) {
        return false;
      }
      var ranges = ranges(in, count);
      if (i < MAX_ENTRIES) {
        shown.add(
            "sample %d:%s%s"
                .formatted(i, iv.isEmpty() ? "" : " iv=" + iv, subsamples ? ranges : ""));
      } else if (i == MAX_ENTRIES) {
        shown.add("...");
      }
    }
    return !in.hasRemaining();
  }

  private static String ranges(ByteBuffer in, int count) {
    var out = new StringBuilder(" clear+protected=");
    for (int i = 0; i < count; i++) {
      int clear = Short.toUnsignedInt(in.getShort());
      long secret = Integer.toUnsignedLong(in.getInt());
      if (i < MAX_ENTRIES) {
        out.append(i == 0 ? "" : ",").append(clear).append('+').append(secret);
      } else if (i == MAX_ENTRIES) {
        out.append(",...");
      }
    }
    return out.toString();
  }

  private static List<String> nextFragments(ByteBuffer in) {
    int version = in.getInt() >>> 24;
    int count = in.get() & 0xff;
    var lines = new ArrayList<String>();
    lines.add("fragments=" + count);
    for (int i = 0; i < count; i++) {
      lines.add(time(in, version));
    }
    return lines;
  }

  private static String time(ByteBuffer in, int version) {
    return "time=%s duration=%s".formatted(number(in, version), number(in, version));
  }

  private static String number(ByteBuffer in, int version) {
    return version == 0
        ? Integer.toUnsignedString(in.getInt())
        : Long.toUnsignedString(in.getLong());
  }

  private static UUID uuid(ByteBuffer in) {
    return new UUID(in.getLong(), in.getLong());
  }

  private static String hex(ByteBuffer in, int length) {
    var bytes = new byte[checked(length, in)];
    in.get(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static int checked(long length, ByteBuffer in) {
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    return (int) length;
  }
}
