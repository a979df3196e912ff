package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The policies of a title change while a server serves it. */
final class PolicyChangeTest {
  private static final Duration IN_FORCE = Duration.ofSeconds(10);
  private static final String BASE = "/title/title.ism/";
  private static final String MANIFEST = BASE + "manifest(format=m3u8-cmaf)";

  @TempDir private Path folder;

  @Test
  void changesHoldForARunningServer() {
    Path data = folder.resolve("data");
    Documents.ofKeys().asset("title", "sidx", List.of()).applyTo(data);
    try (var server = RunningServer.serve(List.of(), SourceTitles.root(), data)) {
      var clear = Crawl.of(server, MANIFEST);
      String segment = clear.segments().keySet().iterator().next();
      String tag = server.send("HEAD", segment).headers().firstValue("etag").orElseThrow();

      // From now on encrypted: the URL that was clear has other bytes, and another tag.
      policy("DynamicCommonEncryption")
          .asset("title", "sidx", List.of(Documents.ONE_KEY_ID), "only")
          .applyTo(data);
      await()
          .atMost(IN_FORCE)
          .untilAsserted(
              () -> assertThat(server.get(MANIFEST)).asString().contains("EXT-X-SESSION-KEY"));
      var changed = server.send("GET", segment, "If-None-Match", tag);
      assertThat(changed.statusCode()).isEqualTo(200);
      assertThat(changed.body()).isNotEqualTo(clear.segments().get(segment));
      assertThat(changed.headers().firstValue("etag").orElseThrow()).isNotEqualTo(tag);
      assertThat(Crawl.of(server, MANIFEST).segments().keySet())
          .allMatch(url -> url.contains(",encryption=cenc)"));
      assertThat(Refusal.of(server, MANIFEST.replace(")", ",encryption=none)")).code())
          .isEqualTo("MPE_ENC_ENCRYPTION_REQUIRED");

      // Blocked: neither a manifest nor a segment, under whatever URL they had.
      policy("Blocked").applyTo(data);
      await()
          .atMost(IN_FORCE)
          .untilAsserted(
              () -> assertThat(server.send("HEAD", MANIFEST).statusCode()).isEqualTo(403));
      for (String url :
          List.of(MANIFEST, segment, segment.replace(").m4s", ",encryption=cenc).m4s"))) {
        assertThat(Refusal.of(server, url).code()).as(url).isEqualTo("MPE_OUTPUT_FORMAT_BLOCKED");
      }

      // Published by a locator, and no longer by its name.
      new Documents()
          .asset("title", "sidx", List.of())
          .add(
              """
              {"kind": "StreamingLocator", "id": "90000000-0000-4000-8000-0000000000c1",
               "asset": "title"}
              """)
          .applyTo(data);
      await()
          .atMost(IN_FORCE)
          .untilAsserted(
              () -> assertThat(server.send("HEAD", MANIFEST).statusCode()).isEqualTo(404));
      var published =
          Crawl.of(server, MANIFEST.replace("/title/", "/90000000-0000-4000-8000-0000000000C1/"));
      assertThat(published.segments().values().iterator().next())
          .isEqualTo(clear.segments().get(segment));

      RunningServer.run(
          "delete",
          "StreamingLocator",
          "90000000-0000-4000-8000-0000000000c1",
          "--data",
          data.toString());
      await()
          .atMost(IN_FORCE)
          .untilAsserted(
              () -> assertThat(server.send("HEAD", MANIFEST).statusCode()).isEqualTo(200));
    }
  }

  private static Documents policy(String type) {
    return new Documents()
        .add(
            """
            {"kind": "AssetDeliveryPolicy", "name": "only", "protocols": ["All"], "type": "%s"}
            """
                .formatted(type));
  }
}
