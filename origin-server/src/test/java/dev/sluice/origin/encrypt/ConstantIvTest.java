package dev.sluice.origin.encrypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ConstantIvTest {
  private static final byte[] KEY = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");

  @ParameterizedTest
  @EnumSource(names = {"CBCS", "CBC"})
  void isTheOneThatBouncyCastleDerives(Scheme scheme) {
    String name = scheme == Scheme.CBCS ? "\0\0\0\4cbcs" : "\0\0\0\3cbc";
    var info = new ByteArrayOutputStream();
    info.writeBytes(("sluice constant iv v1" + name).getBytes(StandardCharsets.US_ASCII));
    info.writeBytes(new byte[] {0, 0, 0, 5});
    info.writeBytes("bär1".getBytes(StandardCharsets.UTF_8));
    var hkdf = new HKDFBytesGenerator(new SHA256Digest());
    hkdf.init(new HKDFParameters(KEY, null, info.toByteArray()));
    byte[] expected = new byte[16];
    hkdf.generateBytes(expected, 0, 16);
    assertThat(of(KEY, scheme, "bär1")).isEqualTo(Bytes.copyOf(expected));
  }

  @Test
  void differsByKeySchemeAndAsset() {
    byte[] other = KEY.clone();
    other[15] ^= 1;
    assertThat(
            Set.of(
                of(KEY, Scheme.CBCS, "a"),
                of(other, Scheme.CBCS, "a"),
                of(KEY, Scheme.CBC, "a"),
                of(KEY, Scheme.CBCS, "b"),
                Bytes.copyOf(KEY)))
        .hasSize(5);
  }

  @ParameterizedTest
  @EnumSource(names = {"CLEAR", "CENC"})
  void refusesSchemesWithoutConstantIv(Scheme scheme) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(KEY, scheme, "a"))
        .withMessage("scheme: %s (expected: CBCS or CBC)", scheme);
  }

  private static Bytes of(byte[] key, Scheme scheme, String asset) {
    try (var content =
        ContentKey.taking(
            KeyId.parse("8ba94ade-6eb9-449d-b44f-a5beefaf43b0").orElseThrow(), key.clone())) {
      return ConstantIv.of(content, scheme, asset);
    }
  }
}
