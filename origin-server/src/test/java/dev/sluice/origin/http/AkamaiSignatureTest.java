package dev.sluice.origin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.Bytes;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AkamaiSignatureTest {
  private static final Instant LATER = Instant.parse("2030-01-01T00:00:00Z");
  private static final AkamaiKey KEY = key("193565", "07bf84629be85d68a3ef343d");

  /**
   * As an edge server sent it; published in the tests of github.com/chgeuer/G2O2AzureBlobStorage.
   */
  private static final String DATA =
      "5, 88.221.93.12, 91.52.154.64, 1425914708, 13634961.563907161, 193565";

  private static final String SIGN = "ywlg2wx5naj+stk1mJvz3zpcrkX5UNjt+0B04EwrlhU=";
  private static final String TARGET =
      "/version5/portalvhdsdll14kvm02ts7/private/Bg5eMRyIIAAuAKC.jpg";
  private static final Instant TIME = Instant.ofEpochSecond(1_425_914_708);

  private static AkamaiKey key(String identifier, String secret) {
    return new AkamaiKey(
        identifier, Bytes.copyOf(secret.getBytes(StandardCharsets.US_ASCII)), LATER);
  }

  private static HttpHeaders headers(String data, String sign) {
    return new DefaultHttpHeaders().add(AkamaiSignature.DATA, data).add(AkamaiSignature.SIGN, sign);
  }

  private static void require(String data, String sign, String target, Instant now) {
    AkamaiSignature.require(target, headers(data, sign), List.of(key("other", "x"), KEY), now);
  }

  private static void assertRefused(
      String data, String sign, String target, Instant now, String message) {
    assertThatThrownBy(() -> require(data, sign, target, now))
        .isInstanceOfSatisfying(
            CallerFailure.class,
            e -> {
              assertThat(e.code()).isEqualTo(FailureCode.SIGNATURE_REFUSED);
              assertThat(e.detail()).isEqualTo(message);
            });
  }

  /** Recorded from edge servers, of the same source as {@link #DATA}. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3, 88.221.93.12, 91.52.154.64, 1425914629, 13587203.1988984900, 193565|RghQKaP2+Am00Qo3b3OBpA==|/version3/portalvhdsdll14kvm02ts7/private/Bg5eMRyIIAAuAKC.jpg|1425914629",
        "4, 88.221.93.34, 91.52.154.64, 1425914666, 138246305.315416849, 193565|yPhp1SKho6ChHYbJ2h28roruI2A=|/version4/chgeuerwe123/public/BgsslfBCIAAjERn.jpg|1425914666",
        DATA + "|" + SIGN + "|" + TARGET + "|1425914708",
      })
  void takesWhatEdgeServersSent(String data, String sign, String target, long time) {
    assertThatCode(() -> require(data, sign, target, Instant.ofEpochSecond(time)))
        .doesNotThrowAnyException();
    assertRefused(data, sign, target + "/", Instant.ofEpochSecond(time), "signature: wrong");
  }

  /** Akamai's own example of the same MAC: techdocs.akamai.com, NetStorage usage API. */
  @Test
  void signsAsAkamaiDocuments() {
    assertThat(
            AkamaiSignature.sign(
                '5',
                key("UploadAccountMedia", "abcdefghij"),
                "5, 0.0.0.0, 0.0.0.0, 1280000000, 382644692, UploadAccountMedia",
                "/123456/files_baseball/sweep.m4a\nx-akamai-acs-action:version=1&action=upload"
                    + "&md5=0123456789abcdef0123456789abcdef&mtime=1260000000\n"))
        .isEqualTo("yh1MXm/rv7RKZhfKlTuSUBV69Acph5IyOWCU0/nFjms=");
  }

  @ParameterizedTest
  @CsvSource({"3, MD5", "4, SHA-1", "5, SHA-256"})
  void signsPathAndQueryAsHmacDefinesIt(char version, String hash) throws Exception {
    String data = version + ", 192.0.2.1, 192.0.2.2, 1425914708, 1, 193565";
    String target = "/bear/bear.ism/QualityLevels(1)/Fragments(video=%30)?token=a%20b&x=\u00e9";
    String sign = hmac(hash, KEY.secret().toArray(), data + target);
    assertThat(AkamaiSignature.sign(version, KEY, data, target)).isEqualTo(sign);
    assertThatCode(() -> require(data, sign, target, TIME)).doesNotThrowAnyException();
    assertRefused(data, sign, target.replace("token=a", "token=b"), TIME, "signature: wrong");
    assertRefused(data, sign, target.replace("%30", "0"), TIME, "signature: wrong");
    assertRefused(data, sign, target.substring(0, target.indexOf('?')), TIME, "signature: wrong");
  }

  /** RFC 2104, from its text; the key is shorter than a block of 64 bytes. */
  private static String hmac(String hash, byte[] key, String text) throws Exception {
    byte[] inner = Arrays.copyOf(key, 64);
    byte[] outer = inner.clone();
    for (int i = 0; i < 64; i++) {
      inner[i] ^= 0x36;
      outer[i] ^= 0x5c;
    }
    var digest = MessageDigest.getInstance(hash);
    digest.update(inner);
    byte[] first = digest.digest(text.getBytes(StandardCharsets.ISO_8859_1));
    digest.update(outer);
    return Base64.getEncoder().encodeToString(digest.digest(first));
  }

  @Test
  void takesThirtySecondsEitherWay() {
    String wrongTime = "signature: time (expected: within 30 s of the server's)";
    for (int seconds : new int[] {-30, 0, 30}) {
      assertThatCode(() -> require(DATA, SIGN, TARGET, TIME.plusSeconds(seconds)))
          .doesNotThrowAnyException();
    }
    assertRefused(DATA, SIGN, TARGET, TIME.plusSeconds(30).plusNanos(1), wrongTime);
    assertRefused(DATA, SIGN, TARGET, TIME.minusSeconds(31), wrongTime);
    assertRefused(DATA.replace("1425914708", "999999999999"), SIGN, TARGET, TIME, wrongTime);
  }

  @Test
  void refusesOtherCharactersEverywhere() {
    for (int at = 0; at < SIGN.length(); at++) {
      char other = SIGN.charAt(at) == 'A' ? 'B' : 'A';
      String sign = SIGN.substring(0, at) + other + SIGN.substring(at + 1);
      assertRefused(DATA, sign, TARGET, TIME, "signature: wrong");
      assertRefused(DATA, SIGN.substring(0, at), TARGET, TIME, "signature: wrong");
    }
    assertRefused(DATA, SIGN + "A", TARGET, TIME, "signature: wrong");
    for (int at = 0; at < DATA.length(); at++) {
      String data = DATA.substring(0, at) + DATA.substring(at + 1);
      assertThatThrownBy(() -> require(data, SIGN, TARGET, TIME)).isInstanceOf(CallerFailure.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1, 88.221.93.34, 91.52.154.64, 1425914708, 1, 193565",
        "2, 88.221.93.34, 91.52.154.64, 1425914708, 1, 193565",
        "6, 88.221.93.34, 91.52.154.64, 1425914708, 1, 193565",
        "5, 88.221.93.34, 91.52.154.64, 1425914708, 193565",
        "5, 88.221.93.34, 91.52.154.64, 1425914708, 1, 193565, 1",
        "5, 88.221.93.34, 91.52.154.64, -1425914708, 1, 193565",
        "5, 88.221.93.34, 91.52.154.64, 1425914708.5, 1, 193565",
        "5, 88.221.93.34, 91.52.154.64, 14259147080000, 1, 193565",
        "5, 88.221.93.34, 91.52.154.64, 1425914708, 1, ",
        "",
      })
  void refusesMalformedDataAndVersionsThatAreNoMacs(String data) {
    assertRefused(
        data,
        SIGN,
        TARGET,
        TIME,
        "signature: malformed data (expected: six fields, version 3, 4 or 5)");
  }

  @Test
  void refusesUnknownAndExpiredKeys() {
    String message = "signature: unknown or expired key";
    assertRefused(DATA.replace("193565", "193566"), SIGN, TARGET, TIME, message);
    for (int seconds : new int[] {0, -1}) {
      var expired = new AkamaiKey("193565", KEY.secret(), TIME.plusSeconds(seconds));
      assertThatThrownBy(
              () -> AkamaiSignature.require(TARGET, headers(DATA, SIGN), List.of(expired), TIME))
          .hasMessageContaining(message);
    }
    var lastSecond = new AkamaiKey("193565", KEY.secret(), TIME.plusSeconds(1));
    assertThatCode(
            () -> AkamaiSignature.require(TARGET, headers(DATA, SIGN), List.of(lastSecond), TIME))
        .doesNotThrowAnyException();
  }

  @Test
  void wantsEachFieldOnce() {
    String message = "signature: absent (expected: X-Akamai-G2O-Auth-Data and -Sign, each once)";
    for (HttpHeaders headers :
        List.of(
            new DefaultHttpHeaders(),
            new DefaultHttpHeaders().add(AkamaiSignature.DATA, DATA),
            new DefaultHttpHeaders().add(AkamaiSignature.SIGN, SIGN),
            headers(DATA, SIGN).add(AkamaiSignature.DATA, DATA),
            headers(DATA, SIGN).add(AkamaiSignature.SIGN, SIGN))) {
      assertThatThrownBy(() -> AkamaiSignature.require(TARGET, headers, List.of(KEY), TIME))
          .hasMessageContaining(message);
    }
  }

  @Test
  void printsNoSecret() {
    assertThat(KEY.toString())
        .isEqualTo("AkamaiKey[identifier=193565, expiration=2030-01-01T00:00:00Z]");
  }
}
