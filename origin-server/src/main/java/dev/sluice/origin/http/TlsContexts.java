package dev.sluice.origin.http;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import javax.net.ssl.KeyManagerFactory;

/** TLS 1.2 and 1.3, on BoringSSL where it loads and on the JDK elsewhere. */
public final class TlsContexts {
  private TlsContexts() {}

  /** From a certificate chain and a PKCS #8 key, both PEM. */
  public static SslContext ofPem(Path certificate, Path key) throws IOException {
    return build(SslContextBuilder.forServer(certificate.toFile(), key.toFile()));
  }

  /**
   * From a PKCS #12 file.
   *
   * <p>Ownership: the password is wiped.
   */
  public static SslContext ofPkcs12(Path file, char[] password)
      throws IOException, GeneralSecurityException {
    try (var in = Files.newInputStream(file)) {
      var store = KeyStore.getInstance("PKCS12");
      store.load(in, password);
      var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, password);
      return build(SslContextBuilder.forServer(managers));
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  /** From a self-signed certificate in this folder, which is made where it is not there yet. */
  public static SslContext ofSelfSigned(Path folder) throws IOException, GeneralSecurityException {
    var files = SelfSignedCertificate.findOrMake(folder);
    return ofPem(files.certificate(), files.key());
  }

  private static SslContext build(SslContextBuilder builder) throws IOException {
    return builder
        .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
        .protocols("TLSv1.3", "TLSv1.2")
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                ApplicationProtocolNames.HTTP_2,
                ApplicationProtocolNames.HTTP_1_1))
        .build();
  }
}
