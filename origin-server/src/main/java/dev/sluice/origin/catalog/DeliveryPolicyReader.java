package dev.sluice.origin.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.origin.catalog.Document.DeliveryType;
import dev.sluice.origin.catalog.Document.DrmSystem;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.Protocol;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads delivery policies. */
final class DeliveryPolicyReader {
  static final String ALL = "All";

  private static final String[] CONFIGURATION = {
    "envelopeKeyAcquisitionUrl",
    "envelopeBaseKeyAcquisitionUrl",
    "envelopeEncryptionIVAsBase64",
    "envelopeEncryptionIV",
    "playReadyLicenseAcquisitionUrl",
    "playReadyCustomAttributes",
    "widevineLicenseAcquisitionUrl",
    "widevineBaseLicenseAcquisitionUrl",
    "fairPlayLicenseAcquisitionUrl",
    "fairPlayBaseLicenseAcquisitionUrl",
    "clearKeyLicenseAcquisitionUrl",
    "commonEncryptionIVForCbcs",
    "unencryptedTracksByFourCC",
    "allowPersistentLicense"
  };

  /** Names are XML's, since they become elements of the PlayReady header. */
  private static final Pattern CUSTOM_ATTRIBUTES = customAttributes();

  private static final Pattern TEMPLATE_TOKENS =
      Pattern.compile("\\{(ContentKeyId|AlternativeMediaId|AssetAlternativeId)}");

  private static final String TEMPLATE_EXPECTED =
      "in braces only ContentKeyId, AlternativeMediaId or AssetAlternativeId";

  private DeliveryPolicyReader() {}

  private static Pattern customAttributes() {
    String pair = "\\s*(?!(?i:xml))[A-Za-z_][A-Za-z0-9._-]*\\s*:[^,\\p{Cntrl}]*";
    return Pattern.compile(pair + "(," + pair + ")*");
  }

  static Document.AssetDeliveryPolicy read(Fields in) {
    in.only("kind", "name", "protocols", "type", "systems", "configuration");
    String name = DocumentReader.name(in);
    DeliveryType type = in.word(DeliveryType.class, "type");
    return new Document.AssetDeliveryPolicy(
        name, protocols(in), type, systems(in), configuration(in));
  }

  private static Set<Protocol> protocols(Fields in) {
    String expected = "one or more of " + Words.all(Protocol.class) + ", " + ALL;
    Set<Protocol> protocols = EnumSet.noneOf(Protocol.class);
    List<String> words = in.texts("protocols");
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      String field = "protocols[%d]".formatted(i);
      if (word.equalsIgnoreCase(ALL)) {
        protocols.addAll(EnumSet.allOf(Protocol.class));
      } else {
        protocols.add(
            Words.parse(Protocol.class, word)
                .orElseThrow(() -> in.refuse(field, Fields.shown(word), expected)));
      }
    }
    if (protocols.isEmpty()) {
      throw in.refuse("protocols", "none", expected);
    }
    return Collections.unmodifiableSet(protocols);
  }

  private static Set<DrmSystem> systems(Fields in) {
    Set<DrmSystem> systems = EnumSet.noneOf(DrmSystem.class);
    List<String> words = in.texts("systems");
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      String field = "systems[%d]".formatted(i);
      systems.add(
          Words.parse(DrmSystem.class, word)
              .orElseThrow(() ->
                  in.refuse(field, Fields.shown(word), "one of " + Words.all(DrmSystem.class))));
    }
    return Collections.unmodifiableSet(systems);
  }

  private static Map<String, String> configuration(Fields in) {
    Map<String, String> values = new TreeMap<>();
    Optional<Fields> object = in.findObject("configuration");
    object.ifPresent(fields -> {
      fields.only(CONFIGURATION);
      for (String key : CONFIGURATION) {
        if (fields.has(key)) {
          values.put(key, value(fields, key));
        }
      }
      requireOneIv(fields, values);
    });
    return Collections.unmodifiableMap(values);
  }

  private static void requireOneIv(Fields in, Map<String, String> values) {
    Optional<Bytes> hex = PolicyIvs.hex(values, PolicyIvs.OF_ENVELOPE);
    Optional<Bytes> base64 = PolicyIvs.base64(values, PolicyIvs.OF_ENVELOPE_BASE64);
    if (hex.isPresent() && base64.isPresent() && !hex.equals(base64)) {
      throw in.refuse(
          PolicyIvs.OF_ENVELOPE_BASE64,
          "another IV than " + PolicyIvs.OF_ENVELOPE,
          "one of them, or the same in both");
    }
  }

  private static String value(Fields in, String key) {
    return switch (key) {
      case "allowPersistentLicense" -> flag(in, key);
      case "envelopeEncryptionIV", "commonEncryptionIVForCbcs" ->
          checked(in, key, "32 hex digits", text -> Encodings.hexIv(text).isPresent());
      case "envelopeEncryptionIVAsBase64" ->
          checked(
              in,
              key,
              "base64 of 16 bytes",
              text ->
                  Encodings.base64(text).filter(iv -> iv.length == Encodings.IV_BYTES).isPresent());
      case "fairPlayLicenseAcquisitionUrl", "fairPlayBaseLicenseAcquisitionUrl" ->
          url(in, key, "an absolute https, http or skd URL", Set.of("https", "http", "skd"));
      case "playReadyCustomAttributes" ->
          checked(in, key, "name1:value1,name2:value2", CUSTOM_ATTRIBUTES.asMatchPredicate());
      case "unencryptedTracksByFourCC" -> in.text(key, "a string");
      default -> url(in, key, "an absolute https or http URL", Set.of("https", "http"));
    };
  }

  private static String flag(Fields in, String key) {
    JsonNode node = in.node().get(key);
    String text = node.isTextual() || node.isBoolean() ? node.asText() : "";
    if (text.equalsIgnoreCase("true")) {
      return "true";
    }
    if (text.equalsIgnoreCase("false")) {
      return "false";
    }
    throw in.refuse(
        key, node.isTextual() ? Fields.shown(text) : Fields.typeOf(node), "true or false");
  }

  private static String url(Fields in, String key, String expected, Set<String> schemes) {
    var _ = checked(in, key, expected, text -> Encodings.isUrl(text, schemes));
    return checked(in, key, TEMPLATE_EXPECTED, DeliveryPolicyReader::hasKnownTokens);
  }

  private static boolean hasKnownTokens(String url) {
    String rest = TEMPLATE_TOKENS.matcher(url).replaceAll("");
    return rest.indexOf('{') < 0 && rest.indexOf('}') < 0;
  }

  private static String checked(
      Fields in, String key, String expected, java.util.function.Predicate<String> rule) {
    String text = in.text(key, expected);
    if (!rule.test(text)) {
      throw in.refuse(key, Fields.shown(text), expected);
    }
    return text;
  }
}
