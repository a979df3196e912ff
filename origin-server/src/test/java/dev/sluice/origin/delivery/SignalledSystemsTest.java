package dev.sluice.origin.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.catalog.CatalogOfDocuments;
import dev.sluice.origin.catalog.Document;
import dev.sluice.origin.catalog.Document.DeliveryType;
import dev.sluice.origin.catalog.Document.DrmSystem;
import dev.sluice.origin.catalog.Document.KeyDeliveryType;
import dev.sluice.origin.delivery.SignalledSystems.Context;
import dev.sluice.origin.drm.CommonPssh;
import dev.sluice.origin.drm.ContentProtection;
import dev.sluice.origin.drm.ContentProtection.SystemSignal;
import dev.sluice.origin.drm.PlayReadyObject;
import dev.sluice.origin.drm.Protection;
import dev.sluice.origin.drm.SegmentEncryption;
import dev.sluice.origin.drm.WidevineData;
import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Protocol;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.policy.TrackProtection;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SignalledSystemsTest {
  private static final KeyId FIRST =
      KeyId.parse("339c45b5-fb6d-4bd9-994c-eabd9d41c95b").orElseThrow();
  private static final KeyId SECOND =
      KeyId.parse("8ba94ade-6eb9-449d-b44f-a5beefaf43b0").orElseThrow();
  private static final Bytes IV =
      Bytes.copyOf(HexFormat.of().parseHex("d5fbd6b82ed93e4ef98ae40931ee33b7"));
  private static final String OWN = "https://own.example/base/keys/";
  private static final Map<String, String> ELSEWHERE =
      Map.of(
          "playReadyLicenseAcquisitionUrl", "https://l.example/pr",
          "widevineLicenseAcquisitionUrl", "https://l.example/wv/{ContentKeyId}",
          "fairPlayLicenseAcquisitionUrl", "skd://l.example/fp/{ContentKeyId}",
          "clearKeyLicenseAcquisitionUrl", "https://l.example/ck/{ContentKeyId}");

  private final CatalogOfDocuments catalog =
      new CatalogOfDocuments()
          .withValue(FIRST, HexFormat.of().parseHex("a537cdc0ca65841406d525e7bf22d754"))
          .withValue(SECOND, HexFormat.of().parseHex("dbfd6922c321c4bb486f4a1c44097ed6"));
  private final SignalledSystems systems =
      new SignalledSystems(
          catalog,
          new PublicUrls(
              Optional.of("http://own.example/base"), Optional.of("https://own.example/base/")));

  @Test
  void signalsWhatTheKeyCanBeLicensedForWithOwnUrls() {
    licensed(SECOND, KeyDeliveryType.values());

    assertThat(common(Scheme.CBCS, Protocol.HLS, policy(Map.of())))
        .isEqualTo(
            List.of(
                new SystemSignal.ClearKey(
                    OWN + "ClearKey/?kid=" + SECOND, CommonPssh.of(List.of(SECOND))),
                playReady(Scheme.CBCS, Protocol.HLS, policy(Map.of())),
                new SystemSignal.Widevine(
                    WidevineData.of(Scheme.CBCS, SECOND).toPssh(),
                    Optional.of(OWN + "Widevine/?kid=" + SECOND)),
                new SystemSignal.FairPlay("skd://own.example/base/keys/FairPlay/?kid=" + SECOND),
                new SystemSignal.Identity(OWN + "?kid=" + SECOND)));
    assertThat(headerOf(Scheme.CBCS, Protocol.HLS, policy(Map.of())))
        .contains("version=\"4.3.0.0\"", "<LA_URL>" + OWN + "PlayReady/</LA_URL>");
  }

  @Test
  void writesUrlsOfTheSchemeThatTheCallerCameBy() {
    licensed(SECOND, KeyDeliveryType.CLEAR_KEY, KeyDeliveryType.FAIR_PLAY);
    var context =
        new Context(policy(Map.of()), Protocol.HLS, Set.of(SECOND), Optional.empty(), false);

    assertThat(signals(Scheme.CBCS, context))
        .extracting(SignalledSystemsTest::url)
        .containsExactly(
            "http://own.example/base/keys/ClearKey/?kid=" + SECOND,
            "skd://own.example/base/keys/FairPlay/?kid=" + SECOND,
            "http://own.example/base/keys/?kid=" + SECOND);
  }

  @Test
  void signalsLicenceServersElsewhereWithoutAnAuthorizationPolicy() {
    var signals = common(Scheme.CBCS, Protocol.HLS, policy(ELSEWHERE));

    assertThat(signals)
        .extracting(SignalledSystemsTest::url)
        .containsExactly(
            "https://l.example/ck/" + SECOND,
            "https://l.example/pr",
            "https://l.example/wv/" + SECOND,
            "skd://l.example/fp/" + SECOND);
    assertThat(signals.toString()).doesNotContain("own.example");
  }

  @Test
  void signalsNoKeyHereWhereOnlyClearKeyIsLicensedElsewhere() {
    var policy = policy(Map.of("clearKeyLicenseAcquisitionUrl", "https://l.example/ck"));

    assertThat(common(Scheme.CENC, Protocol.HLS, policy))
        .extracting(SignalledSystemsTest::url)
        .containsExactly("https://l.example/ck");
  }

  @ParameterizedTest
  @EnumSource(DrmSystem.class)
  void mixesOneLicenceServerElsewhereWithOwnOnes(DrmSystem elsewhere) {
    licensed(
        SECOND,
        KeyDeliveryType.CLEAR_KEY,
        KeyDeliveryType.PLAY_READY_LICENSE,
        KeyDeliveryType.WIDEVINE,
        KeyDeliveryType.FAIR_PLAY);
    String name =
        switch (elsewhere) {
          case CLEAR_KEY -> "clearKeyLicenseAcquisitionUrl";
          case PLAY_READY -> "playReadyLicenseAcquisitionUrl";
          case WIDEVINE -> "widevineLicenseAcquisitionUrl";
          case FAIR_PLAY -> "fairPlayLicenseAcquisitionUrl";
        };

    var urls =
        common(Scheme.CBCS, Protocol.HLS, policy(Map.of(name, ELSEWHERE.get(name)))).stream()
            .map(SignalledSystemsTest::url)
            .toList();

    // The option of ClearKey gives the key itself too.
    assertThat(urls).hasSize(5).endsWith(OWN + "?kid=" + SECOND);
    assertThat(urls).filteredOn(url -> url.contains("://l.example/")).hasSize(1);
    assertThat(urls).filteredOn(url -> url.contains("://own.example/")).hasSize(4);
  }

  @Test
  void addsTheKeyIdToBaseUrls() {
    var policy =
        policy(
            Map.of(
                "widevineBaseLicenseAcquisitionUrl", "https://l.example/{AlternativeMediaId}",
                "fairPlayBaseLicenseAcquisitionUrl", "https://l.example/fp?a=1"));
    var context =
        new Context(policy, Protocol.HLS, Set.of(SECOND), Optional.of("a\"\r\n&<% b"), true);

    assertThat(signals(Scheme.CBCS, context))
        .extracting(SignalledSystemsTest::url)
        .containsExactly(
            "https://l.example/a%22%0D%0A%26%3C%25%20b?kid=" + SECOND,
            "https://l.example/fp?a=1&kid=" + SECOND);
  }

  @Test
  void signalsTheSystemsThatThePolicyNamesAndThoseItHasUrlsFor() {
    licensed(SECOND, KeyDeliveryType.values());
    var policy =
        policy(
            Map.of("widevineLicenseAcquisitionUrl", "https://l.example/wv"), DrmSystem.CLEAR_KEY);

    assertThat(common(Scheme.CENC, Protocol.DASH, policy))
        .extracting(SignalledSystemsTest::url)
        .containsExactly(OWN + "ClearKey/?kid=" + SECOND, "https://l.example/wv");
  }

  @Test
  void signalsNamedSystemsWithoutUrlWhereNoneIsKnown() {
    var policy = policy(Map.of(), DrmSystem.PLAY_READY, DrmSystem.WIDEVINE, DrmSystem.FAIR_PLAY);

    assertThat(common(Scheme.CENC, Protocol.DASH, policy))
        .extracting(SignalledSystemsTest::url)
        .containsExactly("", "");
    assertThat(common(Scheme.CENC, Protocol.DASH, policy(Map.of()))).isEmpty();
  }

  @Test
  void signalsFairPlayAndIdentityInHlsOnlyAndFairPlayUnderCbcsOnly() {
    licensed(SECOND, KeyDeliveryType.FAIR_PLAY, KeyDeliveryType.BASELINE_HTTP);

    assertThat(common(Scheme.CBCS, Protocol.DASH, policy(Map.of()))).isEmpty();
    assertThat(common(Scheme.CBCS, Protocol.HLS, policy(Map.of())))
        .extracting(Object::getClass)
        .isEqualTo(List.of(SystemSignal.FairPlay.class, SystemSignal.Identity.class));
    assertThat(common(Scheme.CENC, Protocol.HLS, policy(Map.of())))
        .extracting(Object::getClass)
        .isEqualTo(List.of(SystemSignal.Identity.class));
  }

  @Test
  void neverLeavesAPlaylistOfEncryptedSegmentsWithoutAKey() {
    assertThat(common(Scheme.CENC, Protocol.HLS, policy(Map.of())))
        .containsExactly(new SystemSignal.Identity(OWN + "?kid=" + SECOND));
    licensed(SECOND, KeyDeliveryType.CLEAR_KEY);
    assertThat(common(Scheme.CENC, Protocol.HLS, policy(Map.of())))
        .hasSize(2)
        .contains(new SystemSignal.Identity(OWN + "?kid=" + SECOND));
  }

  @Test
  void namesAllKeysOfThePresentationInOnePlayReadyObject() {
    licensed(FIRST, KeyDeliveryType.PLAY_READY_LICENSE);
    licensed(SECOND, KeyDeliveryType.PLAY_READY_LICENSE);
    var context =
        new Context(policy(Map.of()), Protocol.DASH, Set.of(FIRST, SECOND), Optional.empty(), true);

    var ofFirst = signal(FIRST, Scheme.CENC, context).systems();

    assertThat(ofFirst).isEqualTo(signal(SECOND, Scheme.CENC, context).systems()).hasSize(1);
    assertThat(header(ofFirst.getFirst()))
        .contains(
            "version=\"4.2.0.0\"",
            "CHECKSUM=\"Dnd2+tOluB4=\" VALUE=\"tUWcM2372UuZTOq9nUHJWw==\"",
            "CHECKSUM=\"Me48z71nuqY=\" VALUE=\"3kqpi7lunUS0T6W+769DsA==\"",
            "<LA_URL>" + OWN + "PlayReady/</LA_URL>");
    var iv = Optional.of(IV);
    assertThat(header(systems.signal(encrypted(FIRST, Scheme.CBCS), iv, context)))
        .contains("version=\"4.3.0.0\"", "tUWcM2372UuZTOq9nUHJWw==", "3kqpi7lunUS0T6W+769DsA==")
        .doesNotContain("CHECKSUM");
  }

  /** A URL that names one key leads to a licence for one key. */
  @Test
  void keepsKeysOfDifferentLicenceUrlsApart() {
    var policy =
        policy(Map.of("playReadyLicenseAcquisitionUrl", "https://l.example/{ContentKeyId}"));
    var context = new Context(policy, Protocol.DASH, Set.of(FIRST, SECOND), Optional.empty(), true);

    assertThat(header(signal(FIRST, Scheme.CENC, context)))
        .contains("version=\"4.0.0.0\"", "tUWcM2372UuZTOq9nUHJWw==", "https://l.example/" + FIRST)
        .doesNotContain("3kqpi7lunUS0T6W+769DsA==");
  }

  @Test
  void writesThePlayReadyHeaderOfOneKeyIntoSmoothWhateverIsSignalled() {
    var policy = policy(Map.of(), DrmSystem.WIDEVINE);
    var context =
        new Context(
            policy, Protocol.SMOOTH_STREAMING, Set.of(FIRST, SECOND), Optional.empty(), true);

    var signals = signal(SECOND, Scheme.CENC, context).systems();

    assertThat(header(signals.getFirst()))
        .contains("version=\"4.0.0.0\"", "<KID>3kqpi7lunUS0T6W+769DsA==</KID>")
        .doesNotContain("LA_URL");
    licensed(SECOND, KeyDeliveryType.PLAY_READY_LICENSE);
    assertThat(header(signal(SECOND, Scheme.CENC, context)))
        .contains("<LA_URL>" + OWN + "PlayReady/</LA_URL>");
  }

  @Test
  void writesCustomAttributesAndRefusesThoseThatAreNone() {
    licensed(SECOND, KeyDeliveryType.PLAY_READY_LICENSE);

    assertThat(
            headerOf(
                Scheme.CENC,
                Protocol.DASH,
                policy(Map.of("playReadyCustomAttributes", "name1:value1"))))
        .contains("<CUSTOMATTRIBUTES><name1>value1</name1></CUSTOMATTRIBUTES>");
    assertThatExceptionOfType(ServerFailure.class)
        .isThrownBy(() ->
            common(
                Scheme.CENC, Protocol.DASH, policy(Map.of("playReadyCustomAttributes", "</DATA>"))))
        .withMessageContaining("playReadyCustomAttributes");
  }

  @Test
  void saysWhereAnEnvelopeKeyIsHad() {
    assertThat(envelope(Map.of())).isEqualTo(OWN + "?kid=" + SECOND);
    assertThat(envelope(Map.of("envelopeBaseKeyAcquisitionUrl", "https://k.example/")))
        .isEqualTo("https://k.example/?kid=" + SECOND);
    assertThat(
            envelope(
                Map.of(
                    "envelopeBaseKeyAcquisitionUrl",
                    "https://k.example/",
                    "envelopeKeyAcquisitionUrl",
                    "https://k.example/{AssetAlternativeId}/{ContentKeyId}")))
        .isEqualTo("https://k.example/m%20m/" + SECOND);
  }

  private String envelope(Map<String, String> configuration) {
    var context =
        new Context(policy(configuration), Protocol.HLS, Set.of(SECOND), Optional.of("m m"), true);
    var protection =
        (SegmentEncryption) systems.signal(encrypted(SECOND, Scheme.CBC), Optional.of(IV), context);
    assertThat(protection).isEqualTo(new SegmentEncryption(SECOND, IV, protection.keyUrl()));
    return protection.keyUrl();
  }

  private void licensed(KeyId keyId, KeyDeliveryType... types) {
    var options =
        Arrays.stream(types)
            .map(type ->
                new Document.Option(
                    type.name(), type, Optional.empty(), new Document.Restriction.Open()))
            .toList();
    catalog.with(
        new Document.ContentKeyAuthorizationPolicy("of-" + keyId, options),
        new Document.ContentKey(
            keyId,
            Document.KeyType.COMMON_ENCRYPTION,
            Optional.empty(),
            List.of(),
            Optional.of("of-" + keyId)));
  }

  private static Document.AssetDeliveryPolicy policy(
      Map<String, String> configuration, DrmSystem... systems) {
    var named =
        Stream.of(systems).collect(Collectors.toCollection(() -> EnumSet.noneOf(DrmSystem.class)));
    return new Document.AssetDeliveryPolicy(
        "p",
        EnumSet.allOf(Protocol.class),
        DeliveryType.DYNAMIC_COMMON_ENCRYPTION,
        named,
        configuration);
  }

  private List<SystemSignal> common(
      Scheme scheme, Protocol protocol, Document.AssetDeliveryPolicy policy) {
    return signals(scheme, new Context(policy, protocol, Set.of(SECOND), Optional.empty(), true));
  }

  private List<SystemSignal> signals(Scheme scheme, Context context) {
    return signal(SECOND, scheme, context).systems();
  }

  private ContentProtection signal(KeyId keyId, Scheme scheme, Context context) {
    var iv = Optional.of(IV).filter(_ -> scheme == Scheme.CBCS);
    var protection = (ContentProtection) systems.signal(encrypted(keyId, scheme), iv, context);
    assertThat(protection)
        .isEqualTo(new ContentProtection(scheme, keyId, iv, protection.systems()));
    return protection;
  }

  private static TrackProtection.Encrypted encrypted(KeyId keyId, Scheme scheme) {
    return new TrackProtection.Encrypted(scheme, keyId);
  }

  private SystemSignal playReady(
      Scheme scheme, Protocol protocol, Document.AssetDeliveryPolicy policy) {
    return common(scheme, protocol, policy).stream()
        .filter(SystemSignal.PlayReady.class::isInstance)
        .findFirst()
        .orElseThrow();
  }

  private String headerOf(Scheme scheme, Protocol protocol, Document.AssetDeliveryPolicy policy) {
    return header(playReady(scheme, protocol, policy));
  }

  private static String header(Protection protection) {
    return header(
        ((ContentProtection) protection)
            .systems().stream()
                .filter(SystemSignal.PlayReady.class::isInstance)
                .findFirst()
                .orElseThrow());
  }

  private static String header(SystemSignal signal) {
    var object = ((SystemSignal.PlayReady) signal).playReadyObject();
    return PlayReadyObject.read(object).getFirst().text();
  }

  /** The URL of a signal, empty where it has none. */
  private static String url(SystemSignal signal) {
    return switch (signal) {
      case SystemSignal.ClearKey(var url, _) -> url;
      case SystemSignal.PlayReady _ -> {
        String header = header(signal);
        int start = header.indexOf("<LA_URL>");
        yield start < 0 ? "" : header.substring(start + 8, header.indexOf("</LA_URL>"));
      }
      case SystemSignal.Widevine(_, var url) -> url.orElse("");
      case SystemSignal.FairPlay(var uri) -> uri;
      case SystemSignal.Identity(var url) -> url;
    };
  }
}
