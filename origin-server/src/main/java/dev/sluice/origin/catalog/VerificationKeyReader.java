package dev.sluice.origin.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.origin.catalog.Document.VerificationKey;
import dev.sluice.origin.media.Bytes;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.Optional;

/** Reads the keys that verify tokens, and refuses those too weak to. */
final class VerificationKeyReader {
  static final int HMAC_MIN_BYTES = 32;
  static final int RSA_MIN_BITS = 2048;
  private static final int RSA_MAX_BITS = 16_384;
  private static final String[] JWK_TEXTS = {"kid", "use", "alg", "x5t", "x5t#S256"};

  private VerificationKeyReader() {}

  static VerificationKey read(Fields in) {
    in.only("symmetric", "x509", "jwk");
    if (in.node().size() != 1) {
      throw in.refuse(
          "symmetric", in.node().size() + " kinds of key", "one of symmetric, x509, jwk");
    }
    Optional<Fields> jwk = in.findObject("jwk");
    if (jwk.isPresent()) {
      return new VerificationKey.Jwk(jwk(jwk.get()));
    }
    return in.has("x509") ? certificate(in) : symmetric(in);
  }

  private static VerificationKey symmetric(Fields in) {
    String expected = "base64 of at least 32 bytes";
    byte[] key = ContentKeyReader.secret(in, "symmetric", in.text("symmetric", expected), expected);
    if (key.length < HMAC_MIN_BYTES) {
      throw in.refuse("symmetric", key.length + " bytes", expected);
    }
    return new VerificationKey.Symmetric(Bytes.copyOf(key));
  }

  private static VerificationKey certificate(Fields in) {
    String expected = "base64 of a certificate in DER";
    byte[] der =
        Encodings.base64(in.text("x509", expected))
            .orElseThrow(() -> in.refuse("x509", "not base64", expected));
    X509Certificate certificate;
    try {
      certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw in.refuse("x509", "%d bytes that are no certificate".formatted(der.length), expected);
    }
    switch (certificate.getPublicKey()) {
      case RSAPublicKey rsa -> requireBits(in, "x509", rsa.getModulus().bitLength());
      case ECPublicKey ec -> {
        if (Curve.ofBits(ec.getParams().getOrder().bitLength()).isEmpty()) {
          throw in.refuse("x509", "another curve", Curve.RULE);
        }
      }
      default ->
          throw in.refuse(
              "x509", Fields.shown(certificate.getPublicKey().getAlgorithm()), "an RSA or EC key");
    }
    return new VerificationKey.X509(Bytes.copyOf(der));
  }

  /** The key as JSON, its parts in unpadded base64url whatever they were. */
  private static String jwk(Fields in) {
    String expected = "one of RSA, EC, oct";
    String kty = in.text("kty", expected);
    ObjectNode out = DocumentReader.MAPPER.createObjectNode().put("kty", kty);
    switch (kty) {
      case "RSA" -> {
        in.only("kty", "kid", "use", "alg", "key_ops", "x5c", "x5t", "x5t#S256", "n", "e");
        byte[] n = part(in, "n");
        requireBits(in, "n", new BigInteger(1, n).bitLength());
        put(out, "n", n);
        put(out, "e", exponent(in));
      }
      case "EC" -> {
        in.only("kty", "kid", "use", "alg", "key_ops", "x5c", "x5t", "x5t#S256", "crv", "x", "y");
        String crv = in.text("crv", Curve.RULE);
        Curve curve =
            Curve.ofName(crv).orElseThrow(() -> in.refuse("crv", Fields.shown(crv), Curve.RULE));
        out.put("crv", crv);
        requirePoint(in, curve);
        put(out, "x", curve.padded(part(in, "x")));
        put(out, "y", curve.padded(part(in, "y")));
      }
      case "oct" -> {
        in.only("kty", "kid", "use", "alg", "key_ops", "k");
        String rule = "base64 of at least 32 bytes";
        byte[] k = ContentKeyReader.secret(in, "k", in.text("k", rule), rule);
        if (k.length < HMAC_MIN_BYTES) {
          throw in.refuse("k", k.length + " bytes", rule);
        }
        put(out, "k", k);
      }
      default -> throw in.refuse("kty", Fields.shown(kty), expected);
    }
    for (String name : JWK_TEXTS) {
      in.findText(name).ifPresent(text -> out.put(name, text));
    }
    return out.toString();
  }

  static byte[] exponent(Fields in) {
    byte[] e = part(in, "e");
    var value = new BigInteger(1, e);
    if (!value.testBit(0) || value.bitLength() < 2 || value.bitLength() > Long.SIZE) {
      throw in.refuse("e", "%d bits".formatted(value.bitLength()), "an odd number of 2 to 64 bits");
    }
    return e;
  }

  static void requireBits(Fields in, String field, int bits) {
    if (bits < RSA_MIN_BITS || bits > RSA_MAX_BITS) {
      throw in.refuse(
          field,
          "RSA of %d bits".formatted(bits),
          "%d to %d bits".formatted(RSA_MIN_BITS, RSA_MAX_BITS));
    }
  }

  static void requirePoint(Fields in, Curve curve) {
    var x = new BigInteger(1, part(in, "x"));
    var y = new BigInteger(1, part(in, "y"));
    if (!curve.contains(x, y)) {
      throw in.refuse("x", "no point", "x and y of a point of " + curve.jwkName());
    }
  }

  static byte[] part(Fields in, String field) {
    String expected = "base64 or base64url";
    byte[] bytes =
        Encodings.base64(in.text(field, expected))
            .orElseThrow(() -> in.refuse(field, "not base64", expected));
    if (bytes.length == 0) {
      throw in.refuse(field, "0 bytes", expected);
    }
    return bytes;
  }

  private static void put(ObjectNode out, String name, byte[] part) {
    out.put(name, Base64.getUrlEncoder().withoutPadding().encodeToString(part));
  }
}
