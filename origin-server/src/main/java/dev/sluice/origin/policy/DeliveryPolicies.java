package dev.sluice.origin.policy;

import dev.sluice.origin.catalog.Catalog;
import dev.sluice.origin.catalog.Document.Asset;
import dev.sluice.origin.catalog.Document.AssetDeliveryPolicy;
import dev.sluice.origin.catalog.Document.DeliveryType;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.media.Protocol;
import dev.sluice.origin.media.Scheme;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The choice of how an asset is delivered: its policies against what a URL asks for.
 *
 * <p>Clear counts as a scheme. Without policies everything but progressive download is clear; with
 * any, what none names is blocked. A policy that blocks wins over those that do not.
 */
public final class DeliveryPolicies {
  private DeliveryPolicies() {}

  /**
   * Decides.
   *
   * @param asked the scheme that the URL names; empty where it names none
   * @throws CallerFailure if the policies do not allow it, or allow several and the URL does not
   *     say which
   */
  public static DeliveryDecision decide(
      Catalog catalog, Asset asset, Protocol protocol, Optional<Scheme> asked) {
    if (protocol == Protocol.PROGRESSIVE_DOWNLOAD) {
      // A file leaves as it is stored: what asks for it asks for clear.
      return choose(covering(catalog, asset, protocol), protocol, Optional.of(Scheme.CLEAR));
    }
    if (asset.deliveryPolicies().isEmpty()) {
      if (asked.isPresent() && asked.orElseThrow() != Scheme.CLEAR) {
        throw notSet(protocol, asked.orElseThrow());
      }
      return new DeliveryDecision.Clear();
    }
    return choose(covering(catalog, asset, protocol), protocol, asked);
  }

  private static List<AssetDeliveryPolicy> covering(
      Catalog catalog, Asset asset, Protocol protocol) {
    return asset.deliveryPolicies().stream()
        .map(name -> require(catalog, name))
        .filter(policy -> policy.protocols().contains(protocol))
        .toList();
  }

  private static AssetDeliveryPolicy require(Catalog catalog, String name) {
    return catalog
        .findDeliveryPolicy(name)
        .orElseThrow(() ->
            new ServerFailure(
                FailureCode.INTERNAL_ERROR,
                "delivery policy: absent (expected: what an asset names exists)"));
  }

  private static DeliveryDecision choose(
      List<AssetDeliveryPolicy> covering, Protocol protocol, Optional<Scheme> asked) {
    Map<Scheme, AssetDeliveryPolicy> allowed = new EnumMap<>(Scheme.class);
    for (AssetDeliveryPolicy policy : covering) {
      scheme(policy.type()).ifPresent(scheme -> allowed.putIfAbsent(scheme, policy));
    }
    boolean blocked = covering.stream().anyMatch(policy -> policy.type() == DeliveryType.BLOCKED);
    if (blocked || allowed.isEmpty()) {
      throw new CallerFailure(
          FailureCode.MPE_OUTPUT_FORMAT_BLOCKED,
          "protocol: %s (expected: one that a delivery policy of the asset enables)"
              .formatted(protocol));
    }
    if (asked.isEmpty() && allowed.size() > 1) {
      throw new CallerFailure(
          FailureCode.MPE_ENC_ENCRYPTION_NOT_SPECIFIED_IN_URL,
          "encryption: absent (expected: one of %s)".formatted(urlNames(allowed)));
    }
    Scheme scheme = asked.orElseGet(() -> allowed.keySet().iterator().next());
    AssetDeliveryPolicy policy = allowed.get(scheme);
    if (policy == null) {
      throw scheme == Scheme.CLEAR
          ? new CallerFailure(
              FailureCode.MPE_ENC_ENCRYPTION_REQUIRED,
              "encryption: none (expected: a scheme, since no delivery policy of the asset allows"
                  + " %s in the clear)".formatted(protocol))
          : notSet(protocol, scheme);
    }
    return scheme == Scheme.CLEAR
        ? new DeliveryDecision.Clear()
        : new DeliveryDecision.Encrypted(scheme, policy);
  }

  private static Optional<Scheme> scheme(DeliveryType type) {
    return switch (type) {
      case BLOCKED -> Optional.empty();
      case NO_DYNAMIC_ENCRYPTION -> Optional.of(Scheme.CLEAR);
      case DYNAMIC_ENVELOPE_ENCRYPTION -> Optional.of(Scheme.CBC);
      case DYNAMIC_COMMON_ENCRYPTION -> Optional.of(Scheme.CENC);
      case DYNAMIC_COMMON_ENCRYPTION_CBCS -> Optional.of(Scheme.CBCS);
    };
  }

  private static List<String> urlNames(Map<Scheme, AssetDeliveryPolicy> allowed) {
    return allowed.keySet().stream().map(DeliveryPolicies::urlName).toList();
  }

  private static String urlName(Scheme scheme) {
    return scheme == Scheme.CLEAR ? "none" : scheme.name().toLowerCase(Locale.ROOT);
  }

  private static CallerFailure notSet(Protocol protocol, Scheme scheme) {
    return new CallerFailure(
        FailureCode.MPE_ENC_ENCRYPTION_NOT_SET_IN_DELIVERY_POLICY,
        "encryption: %s (expected: a scheme that a delivery policy of the asset enables for %s)"
            .formatted(urlName(scheme), protocol));
  }
}
