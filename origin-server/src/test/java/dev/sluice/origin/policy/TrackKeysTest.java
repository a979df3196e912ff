package dev.sluice.origin.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.catalog.Document.AssetDeliveryPolicy;
import dev.sluice.origin.catalog.Document.ContentKey;
import dev.sluice.origin.catalog.Document.DeliveryType;
import dev.sluice.origin.catalog.Document.KeyType;
import dev.sluice.origin.catalog.Document.TrackSelector;
import dev.sluice.origin.catalog.Document.TrackSelector.Range;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Protocol;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.media.TrackKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TrackKeysTest {
  private static final TrackTraits VIDEO =
      new TrackTraits(TrackKind.VIDEO, "video", "und", "avc1", 1_000_000, 480);
  private static final TrackTraits AUDIO =
      new TrackTraits(TrackKind.AUDIO, "aac_eng", "eng", "mp4a", 128_000, 0);
  private static final TrackTraits TEXT =
      new TrackTraits(TrackKind.TEXT, "subs", "eng", "wvtt", 1_000, 0);
  private static final TrackSelector ANY =
      new TrackSelector(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  private static final ContentKey CENC = key(1, KeyType.COMMON_ENCRYPTION);
  private static final ContentKey CBCS = key(2, KeyType.COMMON_ENCRYPTION_CBCS);
  private static final ContentKey CBC = key(3, KeyType.ENVELOPE_ENCRYPTION);
  private static final ContentKey STORAGE = key(4, KeyType.STORAGE_ENCRYPTION);

  @ParameterizedTest
  @CsvSource({"CENC, 1", "CBCS, 2", "CBC, 3"})
  void takesTheKeyOfTheSchemesType(Scheme scheme, long key) {
    assertThat(TrackKeys.protect(VIDEO, encrypted(scheme, ""), List.of(STORAGE, CBC, CBCS, CENC)))
        .isEqualTo(new TrackProtection.Encrypted(scheme, id(key)));
  }

  @Test
  void leavesEveryTrackClearWhereTheDecisionIsClear() {
    assertThat(TrackKeys.protect(VIDEO, new DeliveryDecision.Clear(), List.of(CENC)))
        .isEqualTo(new TrackProtection.Clear());
  }

  @ParameterizedTest
  @EnumSource(names = {"CENC", "CBCS", "CBC"})
  void leavesTextClear(Scheme scheme) {
    assertThat(TrackKeys.protect(TEXT, encrypted(scheme, ""), List.of(CENC, CBCS, CBC)))
        .isEqualTo(new TrackProtection.Clear());
  }

  @Test
  void refusesATrackThatNoKeySelects() {
    refuses(
        List.of(CBCS),
        "track video of 1000000 bit/s: no content key selects it (expected: one of type"
            + " CommonEncryption, since delivery policy \"p\" encrypts it with cenc)");
    refuses(
        List.of(key(1, KeyType.COMMON_ENCRYPTION, kind(TrackKind.AUDIO))),
        "track video of 1000000 bit/s: no content key selects it (expected: one of type"
            + " CommonEncryption, since delivery policy \"p\" encrypts it with cenc)");
  }

  @Test
  void refusesATrackThatTwoKeysSelect() {
    refuses(
        List.of(key(9, KeyType.COMMON_ENCRYPTION, kind(TrackKind.VIDEO)), CENC),
        "track video of 1000000 bit/s: content keys 00000000-0000-0000-0000-000000000001 and"
            + " 00000000-0000-0000-0000-000000000009 select it (expected: one of type"
            + " CommonEncryption, since delivery policy \"p\" encrypts it with cenc)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"avc1", "AVC1", "mp4a, avc1"})
  void leavesTracksClearThatThePolicyNamesUnencrypted(String list) {
    assertThat(TrackKeys.protect(VIDEO, encrypted(Scheme.CENC, list), List.of()))
        .isEqualTo(new TrackProtection.Clear());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", "avc", "avc10", "mp4a"})
  void protectsTracksThatThePolicyDoesNotName(String list) {
    assertThat(TrackKeys.protect(VIDEO, encrypted(Scheme.CENC, list), List.of(CENC)))
        .isEqualTo(new TrackProtection.Encrypted(Scheme.CENC, id(1)));
  }

  @Test
  void orsTheSelectorsOfAKey() {
    ContentKey both =
        key(5, KeyType.COMMON_ENCRYPTION, kind(TrackKind.VIDEO), kind(TrackKind.AUDIO));
    assertThat(selects(both, VIDEO)).isTrue();
    assertThat(selects(both, AUDIO)).isTrue();
  }

  @Test
  void andsTheConditionsOfASelector() {
    var selector =
        new TrackSelector(
            Optional.of(TrackKind.VIDEO),
            Optional.of("video"),
            Optional.empty(),
            Optional.of("AVC1"),
            Optional.of(new Range(0, 1_000_000)),
            Optional.of(new Range(480, 480)));
    ContentKey key = key(5, KeyType.COMMON_ENCRYPTION, selector);
    assertThat(selects(key, VIDEO)).isTrue();
    assertThat(selects(key, AUDIO)).isFalse();
    assertThat(selects(key, video("Video", "avc1", 1_000_000, 480))).isFalse();
    assertThat(selects(key, video("video", "hvc1", 1_000_000, 480))).isFalse();
    assertThat(selects(key, video("video", "avc1", 1_000_001, 480))).isFalse();
    assertThat(selects(key, video("video", "avc1", 1_000_000, 481))).isFalse();
  }

  @Test
  void selectsOnlyVideoByHeight() {
    var low =
        new TrackSelector(
            ANY.type(),
            ANY.name(),
            ANY.language(),
            ANY.fourCc(),
            ANY.bitrate(),
            Optional.of(new Range(0, 480)));
    assertThat(selects(key(5, KeyType.COMMON_ENCRYPTION, low), VIDEO)).isTrue();
    assertThat(selects(key(5, KeyType.COMMON_ENCRYPTION, low), AUDIO)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "en, eng, true",
    "eng, en, true",
    "ENG, en, true",
    "de, ger, true",
    "ger, deu, true",
    "fra, fre, true",
    "en-US, eng-us, true",
    "und, und, true",
    "yue, yue, true",
    "en, en-US, false",
    "en, deu, false",
    "en, '', false",
  })
  void knowsALanguageInEitherForm(String selector, String track, boolean same) {
    var byLanguage =
        new TrackSelector(
            ANY.type(),
            ANY.name(),
            Optional.of(selector),
            ANY.fourCc(),
            ANY.bitrate(),
            ANY.height());
    assertThat(
            selects(
                key(5, KeyType.COMMON_ENCRYPTION, byLanguage),
                new TrackTraits(TrackKind.AUDIO, "a", track, "mp4a", 1, 0)))
        .isEqualTo(same);
  }

  private static void refuses(List<ContentKey> keys, String message) {
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> TrackKeys.protect(VIDEO, encrypted(Scheme.CENC, ""), keys))
        .withMessage(message)
        .matches(failure -> failure.code() == FailureCode.MPE_ENC_ENCRYPTION_NOT_SUPPORTED);
  }

  private static boolean selects(ContentKey key, TrackTraits track) {
    try {
      return TrackKeys.protect(track, encrypted(Scheme.CENC, ""), List.of(key))
          instanceof TrackProtection.Encrypted;
    } catch (ContentFailure e) {
      return false;
    }
  }

  private static DeliveryDecision encrypted(Scheme scheme, String unencrypted) {
    Map<String, String> configuration =
        unencrypted.isEmpty() ? Map.of() : Map.of("unencryptedTracksByFourCC", unencrypted);
    return new DeliveryDecision.Encrypted(
        scheme,
        new AssetDeliveryPolicy(
            "p",
            Set.of(Protocol.DASH),
            DeliveryType.DYNAMIC_COMMON_ENCRYPTION,
            Set.of(),
            configuration));
  }

  private static TrackTraits video(String name, String fourCc, long bitrate, int height) {
    return new TrackTraits(TrackKind.VIDEO, name, "und", fourCc, bitrate, height);
  }

  private static TrackSelector kind(TrackKind kind) {
    return new TrackSelector(
        Optional.of(kind), ANY.name(), ANY.language(), ANY.fourCc(), ANY.bitrate(), ANY.height());
  }

  private static ContentKey key(long id, KeyType type, TrackSelector... tracks) {
    return new ContentKey(id(id), type, Optional.empty(), List.of(tracks), Optional.empty());
  }

  private static KeyId id(long number) {
    return new KeyId(new UUID(0, number));
  }
}
