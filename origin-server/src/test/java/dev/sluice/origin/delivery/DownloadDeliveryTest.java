package dev.sluice.origin.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.catalog.DocumentReader;
import dev.sluice.origin.catalog.StoredCatalog;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.Failure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.StoreFailure;
import dev.sluice.origin.key.MasterKey;
import dev.sluice.origin.media.Answer;
import dev.sluice.origin.route.OriginRequest;
import dev.sluice.origin.storage.FileObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DownloadDeliveryTest {
  private static final String DOCUMENTS =
      """
      [{"kind": "AssetDeliveryPolicy", "name": "files", "protocols": ["ProgressiveDownload"],
        "type": "NoDynamicEncryption"},
       {"kind": "AssetDeliveryPolicy", "name": "all-cenc", "protocols": ["All"],
        "type": "DynamicCommonEncryption"},
       {"kind": "Filter", "name": "short", "presentationTimeRange": {"endTimestamp": 10}},
       {"kind": "Filter", "name": "first", "firstQuality": {"bitrate": 10}},
       {"kind": "Asset", "name": "a", "container": "a", "deliveryPolicies": ["files"]},
       {"kind": "Asset", "name": "open", "container": "a"},
       {"kind": "Asset", "name": "secret", "container": "a", "deliveryPolicies": ["all-cenc"]},
       {"kind": "Asset", "name": "cut", "container": "a", "deliveryPolicies": ["files"],
        "filters": ["short"]},
       {"kind": "Asset", "name": "ordered", "container": "a", "deliveryPolicies": ["files"],
        "filters": ["first"]},
       {"kind": "Asset", "name": "published", "container": "a", "deliveryPolicies": ["files"]},
       {"kind": "StreamingLocator", "id": "90000000-0000-0000-0000-00000000000a",
        "asset": "published", "startTime": "2026-01-01T00:00:00Z",
        "endTime": "2027-01-01T00:00:00Z"},
       {"kind": "StreamingLocator", "id": "90000000-0000-0000-0000-00000000000b",
        "asset": "published", "filters": ["short"]}]
      """;
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

  @TempDir private Path media;
  private final StoredCatalog catalog =
      StoredCatalog.inMemory(MasterKey.taking(new byte[MasterKey.BYTES]), new SecureRandom());

  @BeforeEach
  void write() throws IOException {
    catalog.apply(DocumentReader.read(DOCUMENTS.getBytes(UTF_8)));
    Path folder = Files.createDirectories(media.resolve("a/deeper.mp4"));
    for (String name : new String[] {"v.mp4", "v.ism", "v.ismc", ".hidden.mp4", "noextension"}) {
      Files.writeString(media.resolve("a").resolve(name), "the bytes of " + name);
    }
    Files.writeString(folder.resolve("in.mp4"), "deeper");
    Files.writeString(media.resolve("outside.mp4"), "outside");
  }

  @AfterEach
  void close() {
    catalog.close();
  }

  @Test
  void servesAFileAsItIsStored() {
    Answer answer = get("a", "v.mp4", NOW);
    assertThat(answer.contentType()).isEqualTo("video/mp4");
    assertThat(answer.cache()).isEqualTo(Answer.Cache.MANIFEST);
    assertThat(answer.etag()).isPresent();
    assertThat(text(answer, 0, 18)).isEqualTo("the bytes of v.mp4");
    assertThat(text(answer, 4, 5)).isEqualTo("bytes");
    assertThat(text(get("ordered", "v.mp4", NOW), 13, 5)).isEqualTo("v.mp4");
  }

  @Test
  void namesEachVersionOfAFile() throws IOException {
    Answer before = get("a", "v.mp4", NOW);
    assertThat(get("a", "v.mp4", NOW).etag()).isEqualTo(before.etag());
    Files.setLastModifiedTime(media.resolve("a/v.mp4"), FileTime.fromMillis(1));
    assertThat(get("a", "v.mp4", NOW).etag()).isNotEqualTo(before.etag());
    // What was promised before the change is not served behind it.
    assertThatExceptionOfType(StoreFailure.class).isThrownBy(() -> before.body().get());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "none.mp4",
        "v.ism",
        "v.ismc",
        ".hidden.mp4",
        "noextension",
        "deeper.mp4",
        "deeper.mp4/in.mp4",
        "../outside.mp4",
        "..",
        ".mp4",
        "v.mp4/"
      })
  void servesNoOtherFile(String file) {
    assertThatExceptionOfType(CallerFailure.class)
        .isThrownBy(() -> get("a", file, NOW))
        .withMessage(
            "file: (expected: a media, caption or picture file directly in the asset's container)")
        .matches(failure -> failure.code() == FailureCode.MPE_RESOURCE_NOT_FOUND);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          open   | MPE_OUTPUT_FORMAT_BLOCKED   | progressive download: the asset has no delivery policy
          secret | MPE_ENC_ENCRYPTION_REQUIRED | progressive download: a file is never encrypted, and delivery policy "all-cenc" requires encryption
          cut    | MPE_OUTPUT_FORMAT_BLOCKED   | progressive download: a file holds what filters "short" take away
          90000000-0000-0000-0000-00000000000b | MPE_OUTPUT_FORMAT_BLOCKED | progressive download: a file holds what filters "short" take away
          published | MPE_RESOURCE_NOT_FOUND | locator: unknown
          """)
  void refusesWhatIsNotAllowed(String locator, FailureCode code, String sentence) {
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> get(locator, "v.mp4", NOW))
        .withMessageStartingWith(sentence)
        .matches(failure -> failure.code() == code);
    // Whether there is such a file is not told either.
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> get(locator, "none.mp4", NOW))
        .matches(failure -> failure.code() == code);
  }

  @Test
  void holdsTheTimesOfALocator() {
    String locator = "90000000-0000-0000-0000-00000000000a";
    assertThat(text(get(locator, "v.mp4", NOW), 13, 5)).isEqualTo("v.mp4");
    for (String time : new String[] {"2025-12-31T23:59:59Z", "2027-01-01T00:00:00Z"}) {
      assertThatExceptionOfType(CallerFailure.class)
          .isThrownBy(() -> get(locator, "v.mp4", Instant.parse(time)))
          .matches(failure -> failure.code() == FailureCode.MPE_RESOURCE_NOT_FOUND);
    }
  }

  private Answer get(String locator, String file, Instant now) {
    return new DownloadDelivery(catalog, new FileObjectStore(media), () -> now)
        .answer(new OriginRequest.Download(locator, file));
  }

  private static String text(Answer answer, int position, int length) {
    try (var body = answer.body().get()) {
      assertThat(body.lengthBytes()).isEqualTo(18);
      var out = ByteBuffer.allocate(length);
      body.read(position, out);
      return new String(out.array(), UTF_8);
    }
  }
}
