package dev.sluice.origin.catalog;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.util.Arrays;
import java.util.Optional;

/** The elliptic curves of token keys. */
enum Curve {
  P_256("P-256", "secp256r1", 256, "256"),
  P_384("P-384", "secp384r1", 384, "384"),
  P_521("P-521", "secp521r1", 521, "512");

  static final String RULE = "one of P-256, P-384, P-521";

  private final String jwkName;
  private final String standardName;
  private final int bits;
  private final String digest;

  Curve(String jwkName, String standardName, int bits, String digest) {
    this.jwkName = jwkName;
    this.standardName = standardName;
    this.bits = bits;
    this.digest = digest;
  }

  String jwkName() {
    return jwkName;
  }

  static Optional<Curve> ofName(String jwkName) {
    return Arrays.stream(values()).filter(curve -> curve.jwkName.equals(jwkName)).findFirst();
  }

  static Optional<Curve> ofBits(int bits) {
    return Arrays.stream(values()).filter(curve -> curve.bits == bits).findFirst();
  }

  /** The curve of {@code ES256} and so on, by the number in it. */
  static Optional<Curve> ofDigest(String digest) {
    return Arrays.stream(values()).filter(curve -> curve.digest.equals(digest)).findFirst();
  }

  /** A coordinate at its full length, as JWK wants it (RFC 7518 6.2.1.2). */
  byte[] padded(byte[] coordinate) {
    int bytes = (bits + Byte.SIZE - 1) / Byte.SIZE;
    byte[] minimal = new BigInteger(1, coordinate).toByteArray();
    byte[] out = new byte[bytes];
    int skipped = Math.max(0, minimal.length - bytes);
    System.arraycopy(
        minimal, skipped, out, bytes - (minimal.length - skipped), minimal.length - skipped);
    return out;
  }

  boolean contains(BigInteger x, BigInteger y) {
    ECParameterSpec spec;
    try {
      var parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec(standardName));
      spec = parameters.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the NIST curves are part of every JDK", e);
    }
    BigInteger p = ((ECFieldFp) spec.getCurve().getField()).getP();
    BigInteger right =
        x.multiply(x).add(spec.getCurve().getA()).multiply(x).add(spec.getCurve().getB()).mod(p);
    return x.compareTo(p) < 0 && y.compareTo(p) < 0 && y.multiply(y).mod(p).equals(right);
  }
}
