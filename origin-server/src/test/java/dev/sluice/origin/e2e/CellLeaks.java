package dev.sluice.origin.e2e;

import dev.sluice.origin.media.Scheme;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Finds bytes of a title that a protected cell should not show.
 *
 * <p>What must not be seen is a matter of the scheme. {@code cenc}: any 32 bytes of audio, and of
 * slices behind their headers. {@code cbcs} and SAMPLE-AES, which leave most bytes as they are: any
 * of the blocks that their pattern encrypts, anywhere; what lies between must be untouched. AES-128
 * over all: any 32 bytes of any sample; and within, the answer is the clear one.
 */
final class CellLeaks {
  private static final int MIN_WINDOWS = 1000;

  private final ClearSource source;
  private final ClearScanner payload;
  private final ClearScanner wholes;

  CellLeaks(ClearSource source) {
    this.source = source;
    this.payload = new ClearScanner(source.secrets(ClearSource.HEADER_BYTES));
    this.wholes = new ClearScanner(source.wholes());
  }

  /**
   * What leaks, a sentence for each.
   *
   * @param clear the same format in the clear
   */
  List<String> find(CellBytes cell, CellBytes clear) {
    var leaks = new ArrayList<String>();
    var scanner = scanner(cell.cell(), units(cell, leaks));
    if (scanner.size() < MIN_WINDOWS) {
      leaks.add("the scanner knows next to nothing");
    }
    scan(cell, scanner, leaks);
    if (cell.cell().isEnvelope()) {
      requireClearWithin(cell, clear, leaks);
    }
    return leaks;
  }

  /** Finds what must be found nowhere in a cell. */
  ClearScanner scanner(Cell cell, List<ServedUnit> units) {
    return switch (cell.scheme()) {
      case CENC -> payload;
      case CBC -> wholes;
      case CBCS ->
          new ClearScanner(
              units.stream().flatMap(unit -> unit.secrets().stream()).toList(),
              CbcChains.BLOCK_BYTES);
      case CLEAR -> throw new AssertionError("a protected cell (expected)");
    };
  }

  /** An answer whose structure is not that of a protected one is a leak, too. */
  private List<ServedUnit> units(CellBytes cell, List<String> leaks) {
    if (cell.cell().isEnvelope()) {
      return List.of();
    }
    try {
      var units = ServedUnits.of(cell, source);
      units.forEach(unit -> unit.fault().ifPresent(leaks::add));
      return units;
    } catch (AssertionError e) {
      leaks.add(String.valueOf(e.getMessage()));
      return List.of();
    }
  }

  private static void scan(CellBytes cell, ClearScanner scanner, List<String> leaks) {
    cell.answers()
        .forEach((url, bytes) -> {
          add(leaks, url, scanner.leakIn(bytes));
          if (cell.cell().isTransportStream() && !cell.cell().isEnvelope() && bytes[0] == 0x47) {
            byte[] streams = TransportUnits.of(bytes).streams();
            add(leaks, url, scanner.leakIn(streams));
            add(leaks, url, scanner.leakIn(TransportUnits.unescaped(streams)));
          }
        });
  }

  private static void add(List<String> leaks, String url, Optional<String> leak) {
    leak.ifPresent(text -> leaks.add(url + ": " + text));
  }

  private static void requireClearWithin(CellBytes cell, CellBytes clear, List<String> leaks) {
    byte[] iv = cell.crawled().iv().orElseThrow();
    for (int r = 0; r < cell.crawled().renditions().size(); r++) {
      var urls = cell.crawled().renditions().get(r).urls();
      var clearUrls = clear.crawled().renditions().get(r).urls();
      for (int i = 0; i < urls.size(); i++) {
        boolean clearInit = i == 0 && cell.cell().hasInit() && cell.cell().isHls();
        byte[] answer = cell.at(urls.get(i));
        byte[] inner = clearInit ? answer : opened(answer, iv);
        if (!Arrays.equals(inner, clear.at(clearUrls.get(i)))) {
          leaks.add(urls.get(i) + ": within is not the clear answer");
        }
      }
    }
  }

  /** An envelope's content; nothing where it is none. */
  static byte[] opened(byte[] answer, byte[] iv) {
    byte[] key = HexFormat.of().parseHex(CellDocuments.key(Scheme.CBC));
    try {
      var cbc = Cipher.getInstance("AES/CBC/PKCS5Padding");
      cbc.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
      return cbc.doFinal(answer);
    } catch (GeneralSecurityException _) {
      return new byte[0];
    }
  }
}
