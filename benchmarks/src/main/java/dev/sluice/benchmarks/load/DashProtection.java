package dev.sluice.benchmarks.load;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.w3c.dom.Element;

/**
 * How the segments of a representation are opened: ClearKey licences (DASH-IF IOP, Content
 * Protection, 7.6.2) or segment encryption (ISO/IEC 23009-4).
 *
 * @param keys to ask for
 * @param envelope if whole segments are encrypted
 */
record DashProtection(List<KeyAsk> keys, Optional<Envelope> envelope) {
  private static final String CLEAR_KEY = "urn:uuid:e2719d58-a985-b3c9-781a-b030af78d30e";
  private static final String MP4_PROTECTION = "urn:mpeg:dash:mp4protection:2011";
  private static final String SEGMENT_ENCRYPTION = "urn:mpeg:dash:sea:2012";
  private static final String CENC_NAMESPACE = "urn:mpeg:cenc:2013";

  DashProtection {
    keys = List.copyOf(keys);
  }

  /** What a representation and its adaptation set say together. */
  static DashProtection read(Element set, Element representation, URI base) throws LoadFailure {
    var written = new ArrayList<>(Xml.children(set, "ContentProtection"));
    written.addAll(Xml.children(representation, "ContentProtection"));
    var kids = new TreeSet<String>();
    var others = new TreeSet<String>();
    Optional<URI> license = Optional.empty();
    boolean clearKey = false;
    for (var protection : written) {
      String scheme = protection.getAttribute("schemeIdUri").toLowerCase(Locale.ROOT);
      if (scheme.equals(SEGMENT_ENCRYPTION)) {
        return segmentEncryption(protection, base);
      }
      if (protection.hasAttributeNS(CENC_NAMESPACE, "default_KID")) {
        for (String kid :
            protection.getAttributeNS(CENC_NAMESPACE, "default_KID").strip().split("\\s+", -1)) {
          kids.add(base64Url(kid));
        }
      }
      if (scheme.equals(CLEAR_KEY)) {
        clearKey = true;
        var url = Xml.child(protection, "Laurl");
        if (url.isPresent()) {
          license = Optional.of(Urls.resolve(base, url.get().getTextContent()));
        }
      } else if (!scheme.equals(MP4_PROTECTION)) {
        others.add(scheme);
      }
    }
    if (clearKey) {
      var asked = license;
      return new DashProtection(
          kids.stream().<KeyAsk>map(kid -> new KeyAsk.ClearKey(asked, kid)).toList(),
          Optional.empty());
    }
    return new DashProtection(
        others.stream().<KeyAsk>map(KeyAsk.Unsupported::new).toList(), Optional.empty());
  }

  /** The one key of {@code CryptoPeriod} elements under an element, of any depth. */
  static DashProtection segmentEncryption(Element parent, URI base) throws LoadFailure {
    var periods = Xml.descendants(parent, "CryptoPeriod");
    if (periods.size() != 1) {
      throw new LoadFailure(
          "unsupported", "CryptoPeriod: %d of them (expected: 1)".formatted(periods.size()));
    }
    var uri = Urls.resolve(base, periods.getFirst().getAttribute("keyUriTemplate"));
    return new DashProtection(
        List.of(new KeyAsk.Raw(uri)),
        Optional.of(Envelope.parse(uri, periods.getFirst().getAttribute("IV"))));
  }

  /** A key id as W3C's JSON has it. */
  static String base64Url(String guid) throws LoadFailure {
    try {
      var id = UUID.fromString(guid);
      var bytes = ByteBuffer.allocate(2 * Long.BYTES);
      bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    } catch (IllegalArgumentException _) {
      throw new LoadFailure("manifest", "default_KID: not one (expected: a GUID)");
    }
  }
}
