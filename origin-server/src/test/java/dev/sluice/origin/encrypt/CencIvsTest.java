package dev.sluice.origin.encrypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.media.KeyId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

final class CencIvsTest {
  private static final byte[] KEY = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");
  private static final long FRAGMENT = 1L << 20;

  private static CencIvs ivs(String asset, String revision, String track, String layout) {
    try (var key = key(KEY)) {
      return CencIvs.of(key, asset, revision, track, layout);
    }
  }

  private static ContentKey key(byte[] value) {
    return ContentKey.taking(KeyId.ofBytes(new byte[KeyId.BYTES]), value.clone());
  }

  @Test
  void drawsTheBaseAsRfc5869Says() throws GeneralSecurityException {
    var info = new ByteArrayOutputStream();
    info.writeBytes("sluice cenc iv v1".getBytes(StandardCharsets.US_ASCII));
    for (String field : new String[] {"film", "r1", "vidéo-400000", "avc1"}) {
      byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
      info.writeBytes(new byte[] {0, 0, 0, (byte) bytes.length});
      info.writeBytes(bytes);
    }
    info.write(1);
    byte[] extracted = hmac(new byte[32], KEY);
    long expected = ByteBuffer.wrap(hmac(extracted, info.toByteArray())).getLong();
    assertThat(ivs("film", "r1", "vidéo-400000", "avc1").base()).isEqualTo(expected);
  }

  @Test
  void numbersSamplesFromTheBaseOnModulo64Bits() {
    assertThat(new CencIvs(5).iv(0, 0)).isEqualTo(5);
    assertThat(new CencIvs(5).iv(3, 7)).isEqualTo(5 + 3 * FRAGMENT + 7);
    assertThat(new CencIvs(-1).iv(0, 1)).isZero();
    assertThat(CencIvs.bytes(0x0102030405060708L)).hasToString("0102030405060708");
  }

  @Test
  void refusesNumbersThatWouldRunIntoEachOther() {
    var ivs = new CencIvs(0);
    assertThat(ivs.iv((1L << 40) - 1, (1 << 20) - 1)).isEqualTo((1L << 60) - 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ivs.iv(0, 1 << 20))
        .withMessage("sample: 1048576 (expected: < 2^20)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ivs.iv(1L << 40, 0))
        .withMessage("fragment: 1099511627776 (expected: < 2^40)");
    assertThatIllegalArgumentException().isThrownBy(() -> ivs.iv(-1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> ivs.iv(0, -1));
  }

  @Test
  void drawsAnotherBaseIfAnyFieldDiffers() {
    var bases = new long[7];
    bases[0] = ivs("ab", "c", "t", "l").base();
    bases[1] = ivs("a", "bc", "t", "l").base();
    bases[2] = ivs("ab", "d", "t", "l").base();
    bases[3] = ivs("ab", "c", "u", "l").base();
    bases[4] = ivs("ab", "c", "t", "m").base();
    bases[5] = ivs("ab", "ct", "", "l").base();
    try (var other = key(new byte[16])) {
      bases[6] = CencIvs.of(other, "ab", "c", "t", "l").base();
    }
    assertThat(Arrays.stream(bases).distinct()).hasSize(bases.length);
  }

  /**
   * Every track is one interval from its first IV to its last, which holds those of its fragments;
   * that fragments do not overlap within it follows from the bounds above.
   */
  @Test
  void keepsIvsDistinctOverACatalogueUnderOneKey() {
    int tracks = 10_000;
    var first = new long[tracks];
    for (int track = 0; track < tracks; track++) {
      var ivs = ivs("asset-" + track / 20, "r" + track % 2, "track-" + track % 20, "avc1");
      first[track] = ivs.iv(0, 0);
      assertThat(ivs.iv(1799, 49) - ivs.iv(0, 0)).isEqualTo(1799 * FRAGMENT + 49);
    }
    Arrays.sort(first);
    long span = 1799 * FRAGMENT + 49;
    for (int i = 0; i < tracks; i++) {
      // From each to the next on the circle of 64 bits.
      long distance = first[(i + 1) % tracks] - first[i];
      assertThat(Long.compareUnsigned(distance, span)).as("track %d", i).isPositive();
    }
  }

  private static byte[] hmac(byte[] key, byte[] message) throws GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(message);
  }
}
