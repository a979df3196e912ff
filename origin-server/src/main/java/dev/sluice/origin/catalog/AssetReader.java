package dev.sluice.origin.catalog;

import dev.sluice.origin.media.KeyId;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Reads assets and their locators. */
final class AssetReader {
  private static final Pattern STORAGE_URL = Pattern.compile("[a-z][a-z0-9+.-]{0,15}://[^\\s]+");
  private static final Pattern SAFE = Pattern.compile("[^\\p{Cntrl}\\\\]+");
  private static final int PATH_MAX_CHARS = 1024;
  private static final int MANIFEST_MAX_CHARS = 255;
  private static final int MEDIA_ID_MAX_CHARS = 128;
  static final String GUID_RULE = "a GUID such as 8ba94ade-6eb9-449d-b44f-a5beefaf43b0";

  private AssetReader() {}

  static Document.Asset asset(Fields in) {
    in.only(
        "kind",
        "name",
        "container",
        "manifest",
        "deliveryPolicies",
        "contentKeys",
        "filters",
        "accessPolicies");
    String name = DocumentReader.name(in);
    return new Document.Asset(
        name,
        container(in),
        manifest(in),
        DocumentReader.names(in, "deliveryPolicies"),
        keyIds(in),
        DocumentReader.names(in, "filters"),
        DocumentReader.names(in, "accessPolicies"));
  }

  private static String container(Fields in) {
    String expected = "a folder below the media root, or a storage URL";
    String container = in.text("container", expected);
    boolean good =
        container.length() <= PATH_MAX_CHARS
            && SAFE.matcher(container).matches()
            && (STORAGE_URL.matcher(container).matches() || isBelowRoot(container));
    if (!good) {
      throw in.refuse("container", Fields.shown(container), expected);
    }
    // Objects are found by their path, which is the container's and their name.
    return container.endsWith("/") ? container.substring(0, container.length() - 1) : container;
  }

  private static boolean isBelowRoot(String folder) {
    if (folder.startsWith("/") || folder.contains("://")) {
      return false;
    }
    String trimmed = folder.endsWith("/") ? folder.substring(0, folder.length() - 1) : folder;
    for (String part : trimmed.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        return false;
      }
    }
    return true;
  }

  private static Optional<String> manifest(Fields in) {
    Optional<String> manifest = in.findText("manifest");
    manifest.ifPresent(name -> {
      if (name.length() > MANIFEST_MAX_CHARS
          || !SAFE.matcher(name).matches()
          || name.contains("/")
          || !name.toLowerCase(Locale.ROOT).endsWith(".ism")) {
        throw in.refuse(
            "manifest", Fields.shown(name), "the name of an .ism file in the container");
      }
    });
    return manifest;
  }

  private static List<KeyId> keyIds(Fields in) {
    List<KeyId> ids = new ArrayList<>();
    for (String text : in.texts("contentKeys")) {
      String field = "contentKeys[%d]".formatted(ids.size());
      KeyId id =
          KeyId.parse(text).orElseThrow(() -> in.refuse(field, Fields.shown(text), GUID_RULE));
      if (ids.contains(id)) {
        throw in.refuse(field, Fields.shown(text), "each only once");
      }
      ids.add(id);
    }
    return List.copyOf(ids);
  }

  static Document.StreamingLocator locator(Fields in) {
    in.only("kind", "id", "asset", "startTime", "endTime", "filters", "alternativeMediaId");
    UUID id = guid(in, "id").uuid();
    String asset = in.text("asset", "the name of an Asset");
    Optional<Instant> start = instant(in, "startTime");
    Optional<Instant> end = instant(in, "endTime");
    if (start.isPresent() && end.isPresent() && !start.get().isBefore(end.get())) {
      throw in.refuse("endTime", end.get().toString(), "later than startTime " + start.get());
    }
    return new Document.StreamingLocator(
        id,
        DocumentReader.checkedName(in, "asset", asset),
        start,
        end,
        DocumentReader.names(in, "filters"),
        in.findText("alternativeMediaId", MEDIA_ID_MAX_CHARS));
  }

  static KeyId guid(Fields in, String field) {
    String text = in.text(field, GUID_RULE);
    return KeyId.parse(text).orElseThrow(() -> in.refuse(field, Fields.shown(text), GUID_RULE));
  }

  private static Optional<Instant> instant(Fields in, String field) {
    return in.findText(field)
        .map(text -> {
          try {
            return OffsetDateTime.parse(text).toInstant();
          } catch (DateTimeException e) {
            throw in.refuse(
                field,
                Fields.shown(text),
                "an ISO 8601 time with its zone, such as 2026-01-31T20:00:00Z");
          }
        });
  }
}
