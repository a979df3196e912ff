package dev.sluice.origin.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.catalog.CatalogOfDocuments;
import dev.sluice.origin.catalog.Document;
import dev.sluice.origin.catalog.Document.Asset;
import dev.sluice.origin.catalog.Document.DeliveryType;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.Failure;
import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.media.Protocol;
import dev.sluice.origin.media.Scheme;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DeliveryPoliciesTest {
  private final CatalogOfDocuments catalog =
      new CatalogOfDocuments()
          .with(
              policy("dash-clear", DeliveryType.NO_DYNAMIC_ENCRYPTION, Protocol.DASH),
              policy("dash-cenc", DeliveryType.DYNAMIC_COMMON_ENCRYPTION, Protocol.DASH),
              policy("dash-cbcs", DeliveryType.DYNAMIC_COMMON_ENCRYPTION_CBCS, Protocol.DASH),
              policy("dash-blocked", DeliveryType.BLOCKED, Protocol.DASH),
              policy("hls-cbc", DeliveryType.DYNAMIC_ENVELOPE_ENCRYPTION, Protocol.HLS),
              policy("all-clear", DeliveryType.NO_DYNAMIC_ENCRYPTION, Protocol.values()),
              policy("all-cenc", DeliveryType.DYNAMIC_COMMON_ENCRYPTION, Protocol.values()),
              policy("file", DeliveryType.NO_DYNAMIC_ENCRYPTION, Protocol.PROGRESSIVE_DOWNLOAD));

  @ParameterizedTest(name = "{0} {1} asked {2}: {3}")
  @CsvSource({
    // Without policies: clear, but for files.
    "'', DASH, , CLEAR",
    "'', HLS, , CLEAR",
    "'', SMOOTH_STREAMING, , CLEAR",
    "'', DASH, CLEAR, CLEAR",
    "'', DASH, CENC, MPE_ENC_ENCRYPTION_NOT_SET_IN_DELIVERY_POLICY",
    "'', HLS, CBC, MPE_ENC_ENCRYPTION_NOT_SET_IN_DELIVERY_POLICY",
    "'', PROGRESSIVE_DOWNLOAD, , MPE_OUTPUT_FORMAT_BLOCKED",
    // What no policy names, and what one blocks.
    "dash-cenc, HLS, , MPE_OUTPUT_FORMAT_BLOCKED",
    "dash-cenc, HLS, CENC, MPE_OUTPUT_FORMAT_BLOCKED",
    "dash-clear, SMOOTH_STREAMING, CLEAR, MPE_OUTPUT_FORMAT_BLOCKED",
    "dash-blocked, DASH, , MPE_OUTPUT_FORMAT_BLOCKED",
    "dash-blocked all-clear, DASH, CLEAR, MPE_OUTPUT_FORMAT_BLOCKED",
    "dash-blocked all-clear, HLS, , CLEAR",
    // One scheme.
    "dash-clear, DASH, , CLEAR",
    "dash-clear, DASH, CLEAR, CLEAR",
    "dash-clear, DASH, CENC, MPE_ENC_ENCRYPTION_NOT_SET_IN_DELIVERY_POLICY",
    "dash-cenc, DASH, , CENC",
    "dash-cenc, DASH, CENC, CENC",
    "dash-cenc, DASH, CBCS, MPE_ENC_ENCRYPTION_NOT_SET_IN_DELIVERY_POLICY",
    "dash-cenc, DASH, CLEAR, MPE_ENC_ENCRYPTION_REQUIRED",
    "dash-cbcs, DASH, , CBCS",
    "hls-cbc, HLS, , CBC",
    "hls-cbc, HLS, CBC, CBC",
    "hls-cbc dash-cenc, DASH, , CENC",
    // Several.
    "dash-cenc dash-cbcs, DASH, , MPE_ENC_ENCRYPTION_NOT_SPECIFIED_IN_URL",
    "dash-cenc dash-cbcs, DASH, CBCS, CBCS",
    "dash-cenc dash-cbcs, DASH, CENC, CENC",
    "dash-cenc dash-cbcs, DASH, CLEAR, MPE_ENC_ENCRYPTION_REQUIRED",
    "dash-cenc dash-clear, DASH, , MPE_ENC_ENCRYPTION_NOT_SPECIFIED_IN_URL",
    "dash-cenc dash-clear, DASH, CLEAR, CLEAR",
    // Files are never encrypted.
    "file, PROGRESSIVE_DOWNLOAD, , CLEAR",
    "all-clear, PROGRESSIVE_DOWNLOAD, , CLEAR",
    "dash-clear, PROGRESSIVE_DOWNLOAD, , MPE_OUTPUT_FORMAT_BLOCKED",
    "all-cenc, PROGRESSIVE_DOWNLOAD, , MPE_ENC_ENCRYPTION_REQUIRED",
    "all-cenc all-clear, PROGRESSIVE_DOWNLOAD, , CLEAR",
  })
  void decides(String policies, Protocol protocol, @Nullable Scheme asked, String expected) {
    assertThat(outcome(policies, protocol, Optional.ofNullable(asked))).isEqualTo(expected);
  }

  @Test
  void namesThePolicyThatEncrypts() {
    assertThat(decide("hls-cbc dash-cenc", Protocol.DASH, Optional.empty()))
        .isEqualTo(
            new DeliveryDecision.Encrypted(
                Scheme.CENC, catalog.findDeliveryPolicy("dash-cenc").orElseThrow()));
  }

  /** Each sentence names the policies concerned, and protocol and scheme as people write them. */
  @ParameterizedTest(name = "{0} {1} asked {2}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '`',
      textBlock =
          """
          `` | DASH | CENC | encryption: cenc: the asset has no delivery policy (expected: none, the only scheme without one)
          `` | PROGRESSIVE_DOWNLOAD | - | progressive download: the asset has no delivery policy (expected: one of type NoDynamicEncryption that names ProgressiveDownload or All)
          dash-cenc dash-clear | SMOOTH_STREAMING | - | Smooth: not named by the asset's delivery policies, "dash-cenc", "dash-clear" (expected: a protocol that one of them names)
          all-clear dash-blocked | DASH | - | DASH: delivery policy "dash-blocked" blocks it (expected: a protocol that none blocks)
          dash-cbcs dash-clear dash-cenc | DASH | - | encryption: absent, and delivery policies "dash-clear", "dash-cenc", "dash-cbcs" give DASH several schemes (expected: none or cenc or cbcs)
          hls-cbc | HLS | CLEAR | encryption: none: delivery policy "hls-cbc" requires encryption for HLS (expected: cbc)
          all-cenc dash-cbcs | DASH | CLEAR | encryption: none: delivery policies "all-cenc", "dash-cbcs" require encryption for DASH (expected: cenc or cbcs)
          dash-cenc | DASH | CBCS | encryption: cbcs: delivery policy "dash-cenc" does not enable it for DASH (expected: cenc)
          all-cenc all-clear | SMOOTH_STREAMING | CBC | encryption: cbc: delivery policies "all-clear", "all-cenc" do not enable it for Smooth (expected: none or cenc)
          all-cenc | PROGRESSIVE_DOWNLOAD | - | progressive download: a file is never encrypted, and delivery policy "all-cenc" requires encryption (expected: a policy of type NoDynamicEncryption)
          all-cenc dash-cenc | DASH | CENC | DASH: delivery policies "all-cenc", "dash-cenc" both give it the scheme cenc (expected: one of them)
          """)
  void namesThePoliciesThatRefuse(
      String policies, Protocol protocol, @Nullable Scheme asked, String sentence) {
    assertThatExceptionOfType(CallerFailure.class)
        .isThrownBy(() -> decide(policies, protocol, Optional.ofNullable(asked)))
        .withMessage(sentence);
  }

  @Test
  void refusesTwoPoliciesOfOneScheme() {
    assertThat(outcome("all-cenc dash-cenc", Protocol.DASH, Optional.empty()))
        .isEqualTo("MPE_ENC_MULTIPLE_SAME_DELIVERY_TYPE");
    assertThat(outcome("all-clear file", Protocol.PROGRESSIVE_DOWNLOAD, Optional.empty()))
        .isEqualTo("MPE_ENC_MULTIPLE_SAME_DELIVERY_TYPE");
    assertThat(outcome("all-cenc dash-cenc", Protocol.HLS, Optional.empty())).isEqualTo("CENC");
    assertThat(outcome("all-cenc dash-cenc dash-blocked", Protocol.DASH, Optional.empty()))
        .isEqualTo("MPE_OUTPUT_FORMAT_BLOCKED");
  }

  @Test
  void failsClosedWhereAPolicyIsAbsent() {
    assertThatExceptionOfType(ServerFailure.class)
        .isThrownBy(() -> decide("gone", Protocol.DASH, Optional.empty()))
        .withMessage("delivery policy: absent (expected: what an asset names exists)");
  }

  private String outcome(String policies, Protocol protocol, Optional<Scheme> asked) {
    try {
      return switch (decide(policies, protocol, asked)) {
        case DeliveryDecision.Clear() -> "CLEAR";
        case DeliveryDecision.Encrypted(Scheme scheme, var _) -> scheme.name();
      };
    } catch (Failure e) {
      return e.code().name();
    }
  }

  private DeliveryDecision decide(String policies, Protocol protocol, Optional<Scheme> asked) {
    List<String> names = policies.isEmpty() ? List.of() : List.of(policies.split(" ", -1));
    var asset = new Asset("bear", "bear", Optional.empty(), names, List.of(), List.of(), List.of());
    return DeliveryPolicies.decide(catalog, asset, protocol, asked);
  }

  private static Document policy(String name, DeliveryType type, Protocol... protocols) {
    return new Document.AssetDeliveryPolicy(
        name, EnumSet.copyOf(List.of(protocols)), type, Set.of(), Map.of());
  }
}
