package dev.sluice.origin.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.catalog.CatalogDocuments;
import dev.sluice.origin.catalog.StoredCatalog;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.key.MasterKey;
import dev.sluice.origin.storage.FileObjectStore;
import dev.sluice.origin.track.TitleReader;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code apply} refuses where it can see the tracks. */
final class KeyChoiceCheckTest {
  private static final String LOW = "60000000-0000-4000-8000-000000000001";
  private static final String HIGH = "60000000-0000-4000-8000-000000000002";

  private final StoredCatalog catalog =
      StoredCatalog.inMemory(MasterKey.taking(new byte[MasterKey.BYTES]), new SecureRandom());
  private final CatalogDocuments documents = documents();

  private CatalogDocuments documents() {
    var store = new FileObjectStore(Path.of("src/main/resources/dev/sluice/origin"));
    var titles = new Titles(store, new TitleReader(store, 16), System::nanoTime, 10_000);
    return new CatalogDocuments(catalog, new KeyChoiceCheck(titles));
  }

  @AfterEach
  void close() {
    catalog.close();
  }

  @Test
  void refusesTwoKeysForOneTrackAndNamesThem() {
    assertThatExceptionOfType(CallerFailure.class)
        .isThrownBy(() -> documents.applyJson(of("demo", key(LOW, "0-400"), key(HIGH, "360-1080"))))
        .satisfies(e ->
            assertThat(e.detail())
                .startsWith("Asset \"film\": track video of ")
                .endsWith(
                    (" bit/s: content keys %s and %s select it (expected: one of type"
                            + " CommonEncryption, since delivery policy \"cenc\" encrypts it with"
                            + " cenc)")
                        .formatted(LOW, HIGH)));
    assertThat(catalog.findAsset("film")).isEmpty();
  }

  @Test
  void acceptsKeysThatShareNoTrackAndTracksThatHaveNoneYet() {
    documents.applyJson(of("demo", key(LOW, "0-359"), key(HIGH, "360-1080")));
    assertThat(catalog.findAsset("film")).isPresent();
  }

  /** Media is not read where one key of a type is all that there is. */
  @Test
  void isConcernedOnlyWhereATypeHasSeveralKeys() {
    var unread = new KeyChoiceCheck(titlesThatFail());
    new CatalogDocuments(catalog, unread)
        .applyJson(
            of("demo", key(LOW, "0-400"), key(HIGH, "0-400").replace("\"Common", "\"Envelope")));
    assertThat(catalog.findAsset("film")).isPresent();
  }

  private static Titles titlesThatFail() {
    var reader = new TitleReader(new FileObjectStore(Path.of("src")), 16);
    return new Titles(
        new FileObjectStore(Path.of("src")),
        reader,
        () -> {
          throw new AssertionError("media: read (expected: left alone)");
        },
        10_000);
  }

  @Test
  void acceptsWhatItCannotLookAt() {
    documents.applyJson(of("not-there", key(LOW, "0-400"), key(HIGH, "360-1080")));
    assertThat(catalog.findAsset("film")).isPresent();
  }

  @Test
  void looksAtAssetsWhoseKeyOrPolicyChanges() {
    documents.applyJson(of("demo", key(LOW, "0-359"), key(HIGH, "360-1080")));
    assertThatExceptionOfType(CallerFailure.class)
        .isThrownBy(() -> documents.applyJson("[" + key(LOW, "0-400") + "]"))
        .satisfies(e -> assertThat(e.detail()).startsWith("Asset \"film\": track video of "));
    documents.applyJson("[" + key(LOW, "0-300") + "]");
  }

  private static String of(String container, String low, String high) {
    return """
    [%s, %s,
     {"kind": "AssetDeliveryPolicy", "name": "cenc", "protocols": ["Dash"],
      "type": "DynamicCommonEncryption"},
     {"kind": "Asset", "name": "film", "container": "%s", "deliveryPolicies": ["cenc"],
      "contentKeys": ["%s", "%s"]}]
    """
        .formatted(low, high, container, LOW, HIGH);
  }

  private static String key(String id, String heights) {
    return """
    {"kind": "ContentKey", "id": "%s", "type": "CommonEncryption",
     "tracks": [{"type": "video", "height": "%s"}]}
    """
        .formatted(id, heights);
  }
}
