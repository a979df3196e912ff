package dev.sluice.origin.manifest.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.drm.ContentProtection.SystemSignal;
import dev.sluice.origin.drm.Protection;
import dev.sluice.origin.drm.SegmentEncryption;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.Scheme;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KeyTagsTest {
  private static final Protection CBCS = HlsTracks.cbcs(HlsTracks.HD_KEY);
  private static final Protection CENC = HlsTracks.cenc(HlsTracks.HD_KEY);

  @Test
  void writesTheSystemsAskedForAndTheKeyItselfLast() {
    assertThat(formats(CBCS, "identity", "clearkey", "playready", "widevine", "fairplay"))
        .containsExactly(
            "com.apple.streamingkeydelivery",
            "urn:uuid:edef8ba9-79d6-4ace-a3c8-27dcd51d21ed",
            "com.microsoft.playready",
            "org.w3.clearkey",
            "identity");
    assertThat(formats(CENC, "clearkey")).containsExactly("org.w3.clearkey");
  }

  @Test
  void writesEveryLicensedSystemByDefault() {
    assertThat(formats(CBCS))
        .containsExactly(
            "com.apple.streamingkeydelivery",
            "urn:uuid:edef8ba9-79d6-4ace-a3c8-27dcd51d21ed",
            "com.microsoft.playready");
    assertThat(formats(CENC))
        .containsExactly(
            "urn:uuid:edef8ba9-79d6-4ace-a3c8-27dcd51d21ed", "com.microsoft.playready");
  }

  @Test
  void writesTheKeyItselfWhereNoSystemIsLicensed() {
    assertThat(formats(only(SystemSignal.ClearKey.class, SystemSignal.Identity.class)))
        .containsExactly("identity");
    assertThat(formats(only(SystemSignal.ClearKey.class))).containsExactly("org.w3.clearkey");
  }

  @Test
  void refusesToLeaveEncryptedSegmentsWithoutKey() {
    assertThatExceptionOfType(CallerFailure.class)
        .isThrownBy(() -> formats(only()))
        .withMessageStartingWith("system: none that HLS can use with this scheme")
        .satisfies(f ->
            assertThat(f.code())
                .isEqualTo(FailureCode.MPE_ENC_ENCRYPTION_NOT_SET_IN_DELIVERY_POLICY));
  }

  @ParameterizedTest
  @CsvSource({
    "fairplay, 'system: fairplay (expected: widevine, playready, clearkey, identity)'",
    "nothing,  ''"
  })
  void refusesASystemThatTheSchemeHasNot(String system, String message) {
    if (message.isEmpty()) {
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> formats(CENC, system));
      return;
    }
    assertThatExceptionOfType(CallerFailure.class)
        .isThrownBy(() -> formats(CENC, "widevine", system))
        .withMessage(message)
        .satisfies(f -> assertThat(f.code().status()).isEqualTo(403));
  }

  @Test
  void refusesASystemThatIsNotSignalled() {
    assertThatExceptionOfType(CallerFailure.class)
        .isThrownBy(() -> formats(only(SystemSignal.Identity.class), "widevine"))
        .withMessage("system: widevine (expected: identity)");
    assertThatExceptionOfType(CallerFailure.class)
        .isThrownBy(() -> formats(HlsTracks.cbc(), "playready"))
        .withMessage("system: playready (expected: identity)");
    assertThat(formats(HlsTracks.cbc(), "identity")).hasSize(1);
  }

  @Test
  void refusesCencInTransportStreams() {
    assertThatExceptionOfType(CallerFailure.class)
        .isThrownBy(() -> KeyTags.of(CENC, HlsFormat.TS, List.of()))
        .withMessage(
            "encryption: cenc (expected: cbcs or cbc, or format=m3u8-cmaf; a transport stream has"
                + " no cenc)")
        .satisfies(
            f -> assertThat(f.code()).isEqualTo(FailureCode.MPE_ENC_ENCRYPTION_NOT_SUPPORTED));
    assertThat(KeyTags.of(CBCS, HlsFormat.TS, List.of())).hasSize(3);
  }

  @Test
  void letsNoUrlEndItsQuotesOrItsLine() {
    var protection =
        new SegmentEncryption(
            HlsTracks.SD_KEY, HlsTracks.IV, "https://k/?a=\"\r\n#EXTINF:1,\n&b=<ü>%41\u2028");
    String tag = KeyTags.of(protection, HlsFormat.CMAF, List.of()).getFirst();

    assertThat(new ParsedPlaylist.Tag("EXT-X-KEY", tag).attributes())
        .containsEntry("URI", "\"https://k/?a=%22%0D%0A#EXTINF:1,%0A&b=%3C%C3%BC%3E%41%E2%80%A8\"");
  }

  @Test
  void hasTheKeyIdThatHlsJsWants() {
    var tag =
        new ParsedPlaylist.Tag(
            "EXT-X-KEY", KeyTags.of(CBCS, HlsFormat.CMAF, List.of("clearkey")).getFirst());
    // Base64 of the key id as printed, 8ba94ade...
    assertThat(tag.get("URI")).isEqualTo("data:text/plain;base64,i6lK3m65RJ20T6W+769DsA==");
    var widevine =
        new ParsedPlaylist.Tag(
            "EXT-X-KEY", KeyTags.of(CBCS, HlsFormat.CMAF, List.of("widevine")).getFirst());
    assertThat(widevine.get("KEYID")).isEqualTo("0x8ba94ade6eb9449db44fa5beefaf43b0");
  }

  private static Protection only(Class<?>... kinds) {
    return HlsTracks.protection(
        Scheme.CBCS,
        HlsTracks.SD_KEY,
        HlsTracks.all(HlsTracks.SD_KEY).stream()
            .filter(signal -> List.of(kinds).contains(signal.getClass()))
            .toList());
  }

  private static List<String> formats(Protection protection, String... systems) {
    return KeyTags.of(protection, HlsFormat.CMAF, List.of(systems)).stream()
        .map(tag -> new ParsedPlaylist.Tag("EXT-X-KEY", tag).get("KEYFORMAT"))
        .toList();
  }
}
