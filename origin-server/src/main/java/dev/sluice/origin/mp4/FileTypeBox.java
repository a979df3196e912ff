package dev.sluice.origin.mp4;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code ftyp} box: the brands of a file.
 *
 * <p>Spec: ISOBMFF 4.3.
 */
public record FileTypeBox(String majorBrand, long minorVersion, List<String> compatibleBrands) {
  private static final int MAX_BRANDS = 256;

  public FileTypeBox {
    compatibleBrands = List.copyOf(compatibleBrands);
  }

  /** Reads the payload. */
  public static FileTypeBox read(BoxReader in) {
    String major = brand(in);
    long minor = in.uint32("minor_version");
    List<String> compatible = new ArrayList<>();
    while (in.remaining() >= 4) {
      if (compatible.size() == MAX_BRANDS) {
        throw in.malformed("brands: more than 256 (expected: fewer)", "ISOBMFF 4.3");
      }
      compatible.add(brand(in));
    }
    return new FileTypeBox(major, minor, compatible);
  }

  private static String brand(BoxReader in) {
    return new String(in.bytes(4, "brand").toArray(), StandardCharsets.ISO_8859_1);
  }
}
