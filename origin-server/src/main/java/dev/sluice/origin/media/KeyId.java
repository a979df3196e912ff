package dev.sluice.origin.media;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The id of a content key (KID): 16 bytes, printed as a lower-case GUID.
 *
 * <p>Two byte orders are in use. CENC, Widevine, ClearKey and the MPD take the bytes as printed;
 * PlayReady takes them as a .NET GUID, whose first three groups are little-endian.
 */
public record KeyId(UUID uuid) implements Comparable<KeyId> {

  /** The length of a key id in bytes. */
  public static final int BYTES = 16;

  private static final Pattern GUID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{32}");

  /** The key id that {@code guid} prints, in either case; empty if it is none. */
  public static Optional<KeyId> parse(String guid) {
    return GUID.matcher(guid).matches()
        ? Optional.of(new KeyId(UUID.fromString(guid)))
        : Optional.empty();
  }

  /** The same, with or without its hyphens, as some players write it into URLs. */
  public static Optional<KeyId> parseAnyForm(String guidOrHex) {
    return HEX.matcher(guidOrHex).matches()
        ? Optional.of(ofBytes(HexFormat.of().parseHex(guidOrHex)))
        : parse(guidOrHex);
  }

  /** The key id of 16 bytes in the order of {@code tenc}. */
  public static KeyId ofBytes(byte[] bigEndian) {
    if (bigEndian.length != BYTES) {
      throw new IllegalArgumentException(
          "key id: %d bytes (expected: 16)".formatted(bigEndian.length));
    }
    var in = ByteBuffer.wrap(bigEndian);
    return new KeyId(new UUID(in.getLong(), in.getLong()));
  }

  /** The 16 bytes as printed: the order of {@code tenc}, of the MPD, and of Widevine. */
  public byte[] bytes() {
    return ByteBuffer.allocate(BYTES)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }

  /** The 16 bytes as a .NET GUID: the order of PlayReady. */
  public byte[] guidBytes() {
    byte[] b = bytes();
    return new byte[] {
      b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6],
      b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]
    };
  }

  @Override
  public int compareTo(KeyId other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return uuid.toString().toLowerCase(Locale.ROOT);
  }
}
