package dev.sluice.origin.e2e;

import dev.sluice.origin.media.Scheme;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** A catalog in which every asset is served in every cell, with a key for each scheme. */
final class CellDocuments {
  static final String CENC_KEY_ID = "8ba94ade-6eb9-449d-b44f-a5beefaf43b0";
  static final String CENC_KEY = "3a2a1b68dd2bd9b2eeb25e84c4776668";
  static final String CBCS_KEY_ID = "8ba94ade-6eb9-449d-b44f-a5beefaf43b1";
  static final String CBCS_KEY = "3a2a1b68dd2bd9b2eeb25e84c4776669";
  static final String CBC_KEY_ID = "8ba94ade-6eb9-449d-b44f-a5beefaf43b2";
  static final String CBC_KEY = "3a2a1b68dd2bd9b2eeb25e84c477666a";

  private CellDocuments() {}

  /** The keys and policies, and an asset for each of these containers, named like it. */
  static Documents of(String... containers) {
    var documents =
        new Documents()
            .add(
                """
                {"kind": "ContentKeyAuthorizationPolicy", "name": "cells", "options": [
                  {"name": "c", "keyDeliveryType": "ClearKey", "restriction": {"type": "Open"}},
                  {"name": "b", "keyDeliveryType": "BaselineHttp", "restriction": {"type": "Open"}}
                ]}
                """)
            .add(key(CENC_KEY_ID, "CommonEncryption", CENC_KEY))
            .add(key(CBCS_KEY_ID, "CommonEncryptionCbcs", CBCS_KEY))
            .add(key(CBC_KEY_ID, "EnvelopeEncryption", CBC_KEY))
            .add(policy("clear", "NoDynamicEncryption"))
            .add(policy("cenc", "DynamicCommonEncryption"))
            .add(policy("cbcs", "DynamicCommonEncryptionCbcs"))
            .add(policy("cbc", "DynamicEnvelopeEncryption"));
    for (String container : containers) {
      documents.add(
          """
          {"kind": "Asset", "name": "%1$s", "container": "%1$s",
           "deliveryPolicies": ["clear", "cenc", "cbcs", "cbc"],
           "contentKeys": ["%2$s", "%3$s", "%4$s"]}
          """
              .formatted(container, CENC_KEY_ID, CBCS_KEY_ID, CBC_KEY_ID));
    }
    return documents;
  }

  /** The same with other values under the ids of the keys: what a thief of the ids has. */
  static Documents withOtherKeys(String... containers) {
    String json = of(containers).json();
    for (String key : List.of(CENC_KEY, CBCS_KEY, CBC_KEY)) {
      json = json.replace(base64(key), base64("ff" + key.substring(2)));
    }
    return new Documents().add(json.substring(1, json.length() - 1));
  }

  /** The key of a scheme, in hex. */
  static String key(Scheme scheme) {
    return switch (scheme) {
      case CENC -> CENC_KEY;
      case CBCS -> CBCS_KEY;
      case CBC -> CBC_KEY;
      case CLEAR -> throw new AssertionError("CLEAR has no key");
    };
  }

  private static String key(String id, String type, String valueHex) {
    return """
    {"kind": "ContentKey", "id": "%s", "type": "%s", "value": "%s",
     "authorizationPolicy": "cells"}
    """
        .formatted(id, type, base64(valueHex));
  }

  private static String base64(String hex) {
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
  }

  private static String policy(String name, String type) {
    return """
    {"kind": "AssetDeliveryPolicy", "name": "%s", "type": "%s", "configuration": {},
     "protocols": ["Dash", "HLS", "SmoothStreaming"]}
    """
        .formatted(name, type);
  }
}
