package dev.sluice.origin.drm;

import dev.sluice.origin.media.KeyId;

/** Where a key or licence is had, as policies write it, made into the URL for one key. */
public final class LicenseUrl {
  private static final String KEY_ID_TOKEN = "{ContentKeyId}";

  private LicenseUrl() {}

  /** A template, with each {@code {ContentKeyId}} replaced by the key id's GUID. */
  public static String ofTemplate(String template, KeyId keyId) {
    return template.replace(KEY_ID_TOKEN, keyId.toString());
  }

  /** A base URL, with the key id as parameter {@code kid} behind what it has of a query. */
  public static String ofBase(String baseUrl, KeyId keyId) {
    return baseUrl + (baseUrl.indexOf('?') < 0 ? "?" : "&") + "kid=" + keyId;
  }
}
