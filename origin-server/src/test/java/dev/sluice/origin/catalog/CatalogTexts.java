package dev.sluice.origin.catalog;

/** Documents that tests share. */
final class CatalogTexts {
  static final String ID = "8ba94ade-6eb9-449d-b44f-a5beefaf43b0";

  /** The example of the public contract, with a value. */
  static final String EXAMPLE =
      """
      [{"kind": "ContentKey", "id": "8ba94ade-6eb9-449d-b44f-a5beefaf43b0", "type": "CommonEncryption",
        "value": "AAECAwQFBgcICQoLDA0ODw==", "authorizationPolicy": "open"},
       {"kind": "ContentKeyAuthorizationPolicy", "name": "open",
        "options": [{"name": "clearkey", "keyDeliveryType": "ClearKey", "restriction": {"type": "Open"}}]},
       {"kind": "AssetDeliveryPolicy", "name": "dash-cenc", "protocols": ["Dash"],
        "type": "DynamicCommonEncryption", "configuration": {}},
       {"kind": "Asset", "name": "bear", "container": "bear", "deliveryPolicies": ["dash-cenc"],
        "contentKeys": ["8ba94ade-6eb9-449d-b44f-a5beefaf43b0"]},
       {"kind": "StreamingLocator", "id": "90000000-0000-0000-0000-00000000000a", "asset": "bear"}]
      """;

  private CatalogTexts() {}
}
