package dev.sluice.origin.catalog;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The kinds of documents, in the order in which they are listed. */
public enum Kind {
  ASSET("Asset"),
  CONTENT_KEY("ContentKey"),
  ASSET_DELIVERY_POLICY("AssetDeliveryPolicy"),
  CONTENT_KEY_AUTHORIZATION_POLICY("ContentKeyAuthorizationPolicy"),
  STREAMING_LOCATOR("StreamingLocator"),
  FILTER("Filter"),
  ACCESS_POLICY("AccessPolicy");

  private final String word;

  Kind(String word) {
    this.word = word;
  }

  /** Its name in documents and URLs. */
  public String word() {
    return word;
  }

  /** The kind of this name, without regard to case. */
  public static Optional<Kind> parse(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word.equalsIgnoreCase(word)).findFirst();
  }

  /** All names, for messages. */
  static String words() {
    return Arrays.stream(values()).map(Kind::word).collect(Collectors.joining(", "));
  }

  /** The kind of a document. */
  static Kind of(Document document) {
    return switch (document) {
      case Document.Asset _ -> ASSET;
      case Document.ContentKey _ -> CONTENT_KEY;
      case Document.AssetDeliveryPolicy _ -> ASSET_DELIVERY_POLICY;
      case Document.ContentKeyAuthorizationPolicy _ -> CONTENT_KEY_AUTHORIZATION_POLICY;
      case Document.StreamingLocator _ -> STREAMING_LOCATOR;
      case Document.Filter _ -> FILTER;
      case Document.AccessPolicy _ -> ACCESS_POLICY;
    };
  }
}
