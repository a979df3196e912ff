package dev.sluice.origin.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads access policies, checks them, and keeps their text. */
final class AccessPolicyReader {
  private static final String TYPE_MEMBER = "@type";
  private static final String JWT = "#Microsoft.VideoAnalyzer.JwtAuthentication";
  private static final String RSA = "#Microsoft.VideoAnalyzer.RsaTokenKey";
  private static final String ECC = "#Microsoft.VideoAnalyzer.EccTokenKey";
  private static final Pattern ALGORITHM = Pattern.compile("(RS|ES)?(256|384|512)");

  private AccessPolicyReader() {}

  static Document.AccessPolicy read(Fields in) {
    in.only("kind", "name", "role", "authentication");
    String name = DocumentReader.name(in);
    String role = in.text("role", "Reader");
    if (!role.equalsIgnoreCase("Reader")) {
      throw in.refuse("role", Fields.shown(role), "Reader");
    }
    Fields authentication = in.object("authentication", "an object with @type " + JWT);
    authentication.only(TYPE_MEMBER, "issuers", "audiences", "claims", "keys");
    String type = authentication.text(TYPE_MEMBER, JWT);
    if (!type.equals(JWT)) {
      throw authentication.refuse(TYPE_MEMBER, Fields.shown(type), JWT);
    }
    requireSome(authentication, "issuers", authentication.texts("issuers"));
    requireSome(authentication, "audiences", authentication.texts("audiences"));
    for (Fields claim : authentication.objects("claims")) {
      claim.only("name", "value");
      claim.text("name", "the name of a claim");
      claim.text("value", "what the claim must be");
    }
    List<Fields> keys = authentication.objects("keys");
    requireSome(authentication, "keys", keys);
    keys.forEach(AccessPolicyReader::checkKey);
    ObjectNode kept = DocumentReader.MAPPER.createObjectNode();
    kept.put("role", "Reader");
    kept.set("authentication", authentication.node());
    return new Document.AccessPolicy(name, kept.toString());
  }

  private static void requireSome(Fields in, String field, List<?> entries) {
    if (entries.isEmpty()) {
      throw in.refuse(field, "none", "at least one entry");
    }
  }

  private static void checkKey(Fields in) {
    String expected = "one of " + RSA + ", " + ECC;
    String type = in.text(TYPE_MEMBER, expected);
    switch (type) {
      case RSA -> {
        in.only(TYPE_MEMBER, "kid", "alg", "n", "e");
        digest(in, "RS");
        VerificationKeyReader.requireBits(
            in, "n", new BigInteger(1, VerificationKeyReader.part(in, "n")).bitLength());
        VerificationKeyReader.exponent(in);
      }
      case ECC -> {
        in.only(TYPE_MEMBER, "kid", "alg", "x", "y");
        Curve curve = Curve.ofDigest(digest(in, "ES")).orElseThrow();
        VerificationKeyReader.requirePoint(in, curve);
      }
      default -> throw in.refuse(TYPE_MEMBER, Fields.shown(type), expected);
    }
    in.text("kid", "what kid of a token must be");
  }

  /** The number in the name of the algorithm. */
  private static String digest(Fields in, String family) {
    String expected = "one of %1$s256, %1$s384, %1$s512".formatted(family);
    JsonNode node = in.node().path("alg");
    String text = node.isIntegralNumber() ? node.asText() : in.text("alg", expected);
    Matcher matcher = ALGORITHM.matcher(text);
    if (!matcher.matches() || (matcher.group(1) != null && !matcher.group(1).equals(family))) {
      throw in.refuse("alg", Fields.shown(text), expected);
    }
    return matcher.group(2);
  }
}
