package dev.sluice.origin.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Catalog documents as an operator writes them. */
final class Documents {
  static final String VIDEO_KEY_ID = "11111111-aaaa-4bbb-8ccc-000000000001";
  static final String VIDEO_KEY = "000102030405060708090a0b0c0d0e0f";
  static final String AUDIO_KEY_ID = "22222222-aaaa-4bbb-8ccc-000000000002";
  static final String AUDIO_KEY = "101112131415161718191a1b1c1d1e1f";
  static final String ONE_KEY_ID = "33333333-aaaa-4bbb-8ccc-000000000003";
  static final String ONE_KEY = "202122232425262728292a2b2c2d2e2f";

  private final List<String> documents = new ArrayList<>();

  /** A video key, an audio key and a key for all; a ClearKey policy; the policy for DASH. */
  static Documents ofKeys() {
    return new Documents()
        .add(
            """
            {"kind": "ContentKeyAuthorizationPolicy", "name": "open", "options": [
              {"name": "clearkey", "keyDeliveryType": "ClearKey", "restriction": {"type": "Open"}}]}
            """)
        .add(
            """
            {"kind": "AssetDeliveryPolicy", "name": "dash", "protocols": ["Dash"],
             "type": "DynamicCommonEncryption", "configuration": {}}
            """)
        .key(VIDEO_KEY_ID, VIDEO_KEY, "\"tracks\": [{\"type\": \"video\"}]")
        .key(AUDIO_KEY_ID, AUDIO_KEY, "\"tracks\": [{\"type\": \"audio\"}]")
        .key(ONE_KEY_ID, ONE_KEY, "\"tracks\": []");
  }

  Documents add(String json) {
    documents.add(json);
    return this;
  }

  /** Adds all of others. */
  Documents add(Documents others) {
    documents.addAll(others.documents);
    return this;
  }

  /** A key under the open ClearKey policy. */
  Documents key(String id, String valueHex, String more) {
    return add(
        """
        {"kind": "ContentKey", "id": "%s", "type": "CommonEncryption", "value": "%s",
         "authorizationPolicy": "open", %s}
        """
            .formatted(
                id, Base64.getEncoder().encodeToString(HexFormat.of().parseHex(valueHex)), more));
  }

  /** An asset with the video key and the audio key, under these policies. */
  Documents asset(String name, String container, String... policies) {
    return asset(name, container, List.of(VIDEO_KEY_ID, AUDIO_KEY_ID), policies);
  }

  /** An asset with these keys, under these policies. */
  Documents asset(String name, String container, List<String> keyIds, String... policies) {
    return add(
        """
        {"kind": "Asset", "name": "%s", "container": "%s", "deliveryPolicies": [%s],
         "contentKeys": [%s]}
        """
            .formatted(name, container, quoted(List.of(policies)), quoted(keyIds)));
  }

  /** The documents as one JSON array. */
  String json() {
    return documents.stream().collect(Collectors.joining(",\n", "[", "]"));
  }

  /** Writes them to a file of this name. */
  Path write(Path file) {
    try {
      return Files.writeString(file, json());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Applies them to a data folder by the command line. */
  void applyTo(Path data) {
    try {
      Path file = write(Files.createTempFile("documents", ".json"));
      RunningServer.run("apply", "-f", file.toString(), "--data", data.toString());
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String quoted(List<String> names) {
    return names.stream().map(n -> '"' + n + '"').collect(Collectors.joining(", "));
  }
}
