package dev.sluice.origin.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.origin.catalog.Document.KeyDeliveryType;
import dev.sluice.origin.catalog.Document.Option;
import dev.sluice.origin.catalog.Document.RequiredClaim;
import dev.sluice.origin.catalog.Document.Restriction;
import dev.sluice.origin.catalog.Document.TokenType;
import dev.sluice.origin.catalog.Document.VerificationKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads authorization policies: their options, and who may have each. */
final class AuthorizationPolicyReader {
  private static final int OPTIONS_MAX = 30;
  private static final int CLAIMS_MAX = 30;
  private static final int TEMPLATE_MAX_CHARS = 256 * 1024;

  private AuthorizationPolicyReader() {}

  static Document.ContentKeyAuthorizationPolicy read(Fields in) {
    in.only("kind", "name", "options");
    String name = DocumentReader.name(in);
    List<Fields> options = in.objects("options");
    if (options.isEmpty() || options.size() > OPTIONS_MAX) {
      throw in.refuse("options", options.size() + " entries", "1 to 30 entries");
    }
    return new Document.ContentKeyAuthorizationPolicy(
        name, options.stream().map(AuthorizationPolicyReader::option).toList());
  }

  private static Option option(Fields in) {
    in.only("name", "keyDeliveryType", "configuration", "restriction");
    KeyDeliveryType type = in.word(KeyDeliveryType.class, "keyDeliveryType");
    return new Option(
        in.findText("name").orElse(Words.of(type)),
        type,
        configuration(in, type),
        restriction(in.object("restriction", "an object with type Open or TokenRestricted")));
  }

  /** The template as JSON text: an object, or for PlayReady a string with its XML. */
  private static Optional<String> configuration(Fields in, KeyDeliveryType type) {
    if (!in.has("configuration")) {
      return Optional.empty();
    }
    JsonNode node = in.node().get("configuration");
    if (!node.isObject()) {
      in.findText("configuration", TEMPLATE_MAX_CHARS);
    }
    return switch (type) {
      case CLEAR_KEY, BASELINE_HTTP -> {
        if (!node.isObject() || !node.isEmpty()) {
          throw in.refuse("configuration", Fields.typeOf(node), "none for " + Words.of(type));
        }
        yield Optional.empty();
      }
      case PLAY_READY_LICENSE -> {
        in.findObjectOrText("configuration")
            .ifPresent(object -> object.only("@odata.type", "licenses", "responseCustomData"));
        yield Optional.of(node.toString());
      }
      case WIDEVINE, FAIR_PLAY ->
          Optional.of(
              node.isObject() ? node.toString() : embedded(in, node.textValue()).toString());
    };
  }

  /** The object that a string holds as JSON. */
  private static JsonNode embedded(Fields in, String text) {
    try {
      JsonNode node = DocumentReader.MAPPER.readTree(text);
      if (node.isObject()) {
        return node;
      }
    } catch (JsonProcessingException e) {
      // The refusal below says all that may be said: the text may hold keys.
    }
    throw in.refuse(
        "configuration", "a string that is no JSON object", "an object, or the same as a string");
  }

  private static Restriction restriction(Fields in) {
    String expected = "one of Open, TokenRestricted";
    String type = in.text("type", expected);
    if (type.equalsIgnoreCase("Open")) {
      in.only("type");
      return new Restriction.Open();
    }
    if (!type.equalsIgnoreCase("TokenRestricted")) {
      throw in.refuse("type", Fields.shown(type), expected);
    }
    in.only(
        "type",
        "tokenType",
        "issuer",
        "audience",
        "primaryVerificationKey",
        "alternateVerificationKeys",
        "openIdConnectDiscoveryDocument",
        "requiredClaims");
    TokenType tokenType =
        in.has("tokenType") ? in.word(TokenType.class, "tokenType") : TokenType.JWT;
    String issuer = in.text("issuer", "what iss of a token must be");
    String audience = in.text("audience", "what aud of a token must be");
    List<VerificationKey> keys = new ArrayList<>();
    in.findObject("primaryVerificationKey")
        .ifPresent(key -> keys.add(VerificationKeyReader.read(key)));
    in.objects("alternateVerificationKeys").stream()
        .map(VerificationKeyReader::read)
        .forEach(keys::add);
    Optional<String> discovery = in.findText("openIdConnectDiscoveryDocument");
    discovery.ifPresent(url -> {
      if (!Encodings.isSafeUrl(url)) {
        throw in.refuse(
            "openIdConnectDiscoveryDocument",
            Fields.shown(url),
            "an absolute https URL, or an http URL of this machine");
      }
    });
    if (keys.isEmpty() && discovery.isEmpty()) {
      throw in.refuse(
          "primaryVerificationKey",
          "missing",
          "a verification key, or an openIdConnectDiscoveryDocument");
    }
    if (tokenType == TokenType.SWT
        && keys.stream().noneMatch(key -> key instanceof VerificationKey.Symmetric)) {
      throw in.refuse("primaryVerificationKey", "no symmetric key", "one for tokens of type SWT");
    }
    return new Restriction.TokenRestricted(
        tokenType, issuer, audience, List.copyOf(keys), discovery, claims(in));
  }

  private static List<RequiredClaim> claims(Fields in) {
    List<Fields> claims = in.objects("requiredClaims");
    if (claims.size() > CLAIMS_MAX) {
      throw in.refuse("requiredClaims", claims.size() + " entries", "at most 30 entries");
    }
    return claims.stream()
        .map(claim -> {
          claim.only("type", "value");
          return new RequiredClaim(
              claim.text("type", "the name of a claim"), claim.findText("value"));
        })
        .toList();
  }
}
