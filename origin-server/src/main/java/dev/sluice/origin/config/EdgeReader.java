package dev.sluice.origin.config;

import dev.sluice.origin.http.AccessControl;
import dev.sluice.origin.http.AddressList;
import dev.sluice.origin.http.AddressPrefix;
import dev.sluice.origin.http.AkamaiKey;
import dev.sluice.origin.http.CrossSitePolicies;
import dev.sluice.origin.http.Edge;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** The settings of what stands between the origin and the networks in front of it. */
final class EdgeReader {
  private static final String AKAMAI_KEYS = "access-control.akamai-keys";
  private static final int MAX_AKAMAI_KEYS = 20;

  private EdgeReader() {}

  static Edge read(Values values) {
    var access =
        new AccessControl(
            addresses(values, "access-control.ip-allow"),
            addresses(values, "key-delivery.ip-allow"),
            addresses(values, "access-control.trusted-proxies").orElse(AddressList.NONE),
            akamaiKeys(values));
    return new Edge(
        access,
        values.bool("cdn-prefetch", false),
        new CrossSitePolicies(
            policy(values, "cross-site-access.client-access-policy", "access-policy"),
            policy(values, "cross-site-access.cross-domain-policy", "cross-domain-policy")));
  }

  private static Optional<AddressList> addresses(Values values, String key) {
    return values.parsed(key, AddressPrefix.RULE, AddressPrefix::parse).map(AddressList::new);
  }

  private static List<AkamaiKey> akamaiKeys(Values values) {
    List<AkamaiKey> keys =
        values
            .rows(
                AKAMAI_KEYS,
                MAX_AKAMAI_KEYS,
                List.of("identifier", "base64-key", "expiration"),
                row -> AkamaiKey.of(row.get(0), row.get(1), row.get(2)))
            .orElse(List.of());
    var seen = new HashSet<String>();
    for (AkamaiKey key : keys) {
      if (!seen.add(key.identifier())) {
        throw new SettingsException(
            "%s: identifier %s twice (expected: once)".formatted(AKAMAI_KEYS, key.identifier()));
      }
    }
    return keys;
  }

  private static Optional<String> policy(Values values, String key, String root) {
    return values.checked(key, text -> PolicyXml.require(text, root));
  }
}
