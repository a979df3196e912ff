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
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The choice of how an asset is delivered: its policies against what a URL asks for.
 *
 * <p>Clear counts as a scheme. Without policies everything but progressive download is clear; with
 * any, what none names is blocked. A policy that blocks wins over those that do not. Two policies
 * that give a protocol the same scheme are refused, since nothing says whose settings hold.
 */
public final class DeliveryPolicies {
  private DeliveryPolicies() {}

  /**
   * Decides.
   *
   * @param asked the scheme that the URL names; empty where it names none. A file leaves as it is
   *     stored: what asks for progressive download asks for clear
   * @throws CallerFailure if the policies do not allow it, or allow several and the URL does not
   *     say which
   */
  public static DeliveryDecision decide(
      Catalog catalog, Asset asset, Protocol protocol, Optional<Scheme> asked) {
    if (asset.deliveryPolicies().isEmpty()) {
      return withoutPolicies(protocol, asked);
    }
    Map<Scheme, AssetDeliveryPolicy> allowed = allowed(catalog, asset, protocol);
    if (protocol == Protocol.PROGRESSIVE_DOWNLOAD) {
      if (!allowed.containsKey(Scheme.CLEAR)) {
        throw encrypts(protocol, allowed);
      }
      return new DeliveryDecision.Clear();
    }
    return choose(allowed, protocol, asked);
  }

  /** How a policy encrypts; empty for one that does not. */
  public static Optional<DeliveryDecision.Encrypted> encryption(AssetDeliveryPolicy policy) {
    return scheme(policy.type())
        .filter(scheme -> scheme != Scheme.CLEAR)
        .map(scheme -> new DeliveryDecision.Encrypted(scheme, policy));
  }

  private static DeliveryDecision withoutPolicies(Protocol protocol, Optional<Scheme> asked) {
    if (protocol == Protocol.PROGRESSIVE_DOWNLOAD) {
      throw blocked(
          "progressive download: the asset has no delivery policy (expected: one of type"
              + " NoDynamicEncryption that names ProgressiveDownload or All)");
    }
    asked
        .filter(scheme -> scheme != Scheme.CLEAR)
        .ifPresent(scheme -> {
          throw new CallerFailure(
              FailureCode.MPE_ENC_ENCRYPTION_NOT_SET_IN_DELIVERY_POLICY,
              "encryption: %s: the asset has no delivery policy (expected: none, the only scheme"
                      .formatted(Names.of(scheme))
                  + " without one)");
        });
    return new DeliveryDecision.Clear();
  }

  /** The schemes that the policies give a protocol, at least one. */
  private static Map<Scheme, AssetDeliveryPolicy> allowed(
      Catalog catalog, Asset asset, Protocol protocol) {
    List<AssetDeliveryPolicy> covering =
        asset.deliveryPolicies().stream()
            .map(name -> require(catalog, name))
            .filter(policy -> policy.protocols().contains(protocol))
            .toList();
    if (covering.isEmpty()) {
      throw blocked(
          "%s: not named by the asset's delivery policies, %s (expected: a protocol that"
                  .formatted(Names.of(protocol), Names.quoted(asset.deliveryPolicies()))
              + " one of them names)");
    }
    covering.stream()
        .filter(policy -> policy.type() == DeliveryType.BLOCKED)
        .findFirst()
        .ifPresent(policy -> {
          throw blocked(
              "%s: delivery policy \"%s\" blocks it (expected: a protocol that none blocks)"
                  .formatted(Names.of(protocol), policy.name()));
        });
    Map<Scheme, AssetDeliveryPolicy> allowed = new EnumMap<>(Scheme.class);
    for (AssetDeliveryPolicy policy : covering) {
      scheme(policy.type())
          .ifPresent(scheme -> {
            AssetDeliveryPolicy other = allowed.putIfAbsent(scheme, policy);
            if (other != null) {
              throw new CallerFailure(
                  FailureCode.MPE_ENC_MULTIPLE_SAME_DELIVERY_TYPE,
                  "%s: delivery policies %s both give it the scheme %s (expected: one of them)"
                      .formatted(
                          Names.of(protocol),
                          Names.quoted(List.of(other.name(), policy.name())),
                          Names.of(scheme)));
            }
          });
    }
    return allowed;
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
      Map<Scheme, AssetDeliveryPolicy> allowed, Protocol protocol, Optional<Scheme> asked) {
    if (asked.isEmpty() && allowed.size() > 1) {
      throw new CallerFailure(
          FailureCode.MPE_ENC_ENCRYPTION_NOT_SPECIFIED_IN_URL,
          "encryption: absent, and delivery policies %s give %s several schemes (expected:"
                  .formatted(names(allowed), Names.of(protocol))
              + " %s)".formatted(schemes(allowed.keySet())));
    }
    Scheme scheme = asked.orElseGet(() -> allowed.keySet().iterator().next());
    AssetDeliveryPolicy policy = allowed.get(scheme);
    if (policy == null) {
      throw scheme == Scheme.CLEAR
          ? encrypts(protocol, allowed)
          : notSet(protocol, scheme, allowed);
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

  private static CallerFailure encrypts(
      Protocol protocol, Map<Scheme, AssetDeliveryPolicy> allowed) {
    return new CallerFailure(
        FailureCode.MPE_ENC_ENCRYPTION_REQUIRED,
        protocol == Protocol.PROGRESSIVE_DOWNLOAD
            ? "progressive download: a file is never encrypted, and delivery %s encryption"
                    .formatted(policies(allowed, "requires", "require"))
                + " (expected: a policy of type NoDynamicEncryption)"
            : "encryption: none: delivery %s encryption for %s (expected: %s)"
                .formatted(
                    policies(allowed, "requires", "require"),
                    Names.of(protocol),
                    schemes(allowed.keySet())));
  }

  private static CallerFailure notSet(
      Protocol protocol, Scheme scheme, Map<Scheme, AssetDeliveryPolicy> allowed) {
    return new CallerFailure(
        FailureCode.MPE_ENC_ENCRYPTION_NOT_SET_IN_DELIVERY_POLICY,
        "encryption: %s: delivery %s not enable it for %s (expected: %s)"
            .formatted(
                Names.of(scheme),
                policies(allowed, "does", "do"),
                Names.of(protocol),
                schemes(allowed.keySet())));
  }

  private static CallerFailure blocked(String message) {
    return new CallerFailure(FailureCode.MPE_OUTPUT_FORMAT_BLOCKED, message);
  }

  /** {@code policy "a" requires}, or {@code policies "a", "b" require}. */
  private static String policies(
      Map<Scheme, AssetDeliveryPolicy> allowed, String verbOfOne, String verbOfSeveral) {
    return allowed.size() == 1
        ? "policy %s %s".formatted(names(allowed), verbOfOne)
        : "policies %s %s".formatted(names(allowed), verbOfSeveral);
  }

  private static String names(Map<Scheme, AssetDeliveryPolicy> allowed) {
    return Names.quoted(allowed.values().stream().map(AssetDeliveryPolicy::name).toList());
  }

  private static String schemes(Set<Scheme> schemes) {
    return String.join(" or ", schemes.stream().map(Names::of).toList());
  }
}
