package dev.sluice.origin.http;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate on P-256 for this machine's loopback names, kept so that a browser can be told to
 * trust it.
 */
final class SelfSignedCertificate {
  private static final Duration VALID = Duration.ofDays(365);
  private static final Duration RENEWED_BEFORE = Duration.ofDays(30);
  private static final Duration CLOCK_SKEW = Duration.ofDays(1);

  private SelfSignedCertificate() {}

  /** Where it lies. */
  record PemFiles(Path certificate, Path key) {}

  static PemFiles findOrMake(Path folder) throws IOException, GeneralSecurityException {
    var files = new PemFiles(folder.resolve("tls-cert.pem"), folder.resolve("tls-key.pem"));
    if (!Files.exists(files.certificate())
        || !Files.exists(files.key())
        || expiresSoon(files.certificate())) {
      Files.createDirectories(folder);
      make(files);
    }
    return files;
  }

  /** Whether another one is due; one that cannot be read is left for its reader to refuse. */
  private static boolean expiresSoon(Path certificate) throws IOException {
    try (var in = Files.newInputStream(certificate)) {
      return CertificateFactory.getInstance("X.509").generateCertificate(in)
              instanceof X509Certificate read
          && read.getNotAfter().toInstant().isBefore(Instant.now().plus(RENEWED_BEFORE));
    } catch (CertificateException e) {
      return false;
    }
  }

  private static void make(PemFiles files) throws IOException, GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    var pair = generator.generateKeyPair();
    var name = new X500Name("CN=localhost");
    Instant now = Instant.now();
    var builder =
        new JcaX509v3CertificateBuilder(
            name,
            new BigInteger(120, new SecureRandom()).setBit(119),
            Date.from(now.minus(CLOCK_SKEW)),
            Date.from(now.plus(VALID)),
            name,
            pair.getPublic());
    try {
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
          .addExtension(
              Extension.extendedKeyUsage,
              false,
              new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
          .addExtension(Extension.subjectAlternativeName, false, loopbackNames());
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate());
      byte[] certificate = builder.build(signer).getEncoded();
      write(files.key(), "PRIVATE KEY", pair.getPrivate().getEncoded());
      write(files.certificate(), "CERTIFICATE", certificate);
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private static GeneralNames loopbackNames() {
    return new GeneralNames(
        new GeneralName[] {
          new GeneralName(GeneralName.dNSName, "localhost"),
          new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
          new GeneralName(GeneralName.iPAddress, "::1")
        });
  }

  /** Never readable by others, not even before it is complete. */
  private static void write(Path file, String type, byte[] der) throws IOException {
    String pem =
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(
                type, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der), type);
    Path folder = file.toAbsolutePath().getParent();
    Path partial =
        Files.createTempFile(
            folder,
            "tls",
            ".part",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(partial, pem.getBytes(StandardCharsets.US_ASCII));
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
