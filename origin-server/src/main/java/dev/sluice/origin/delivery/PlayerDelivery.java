package dev.sluice.origin.delivery;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.Answer;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.Digests;
import dev.sluice.origin.route.OriginRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers requests for the player page: its files, and the list of what it can play. */
final class PlayerDelivery {
  private static final int MAX_ASSETS = 100;
  private static final String ASSETS = "assets.json";
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final Map<String, String> FILES =
      Map.of(
          "index.html", "text/html; charset=utf-8",
          "player.css", "text/css; charset=utf-8",
          "player.js", SCRIPT,
          "ids.js", SCRIPT,
          "ways.js", SCRIPT,
          "words.js", SCRIPT,
          "shaka-engine.js", SCRIPT,
          "hls-engine.js", SCRIPT,
          "shaka-player.js", SCRIPT,
          "hls.js", SCRIPT);
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " media-src 'self' blob:; connect-src *; object-src 'none'; base-uri 'none'";

  private final StreamingUrls urls;
  private final boolean listsAssets;
  private final JsonMapper json = new JsonMapper();

  /**
   * @param listsAssets whether the page lists all assets; if not, who has a URL can play it, and
   *     learns of no other
   */
  PlayerDelivery(StreamingUrls urls, boolean listsAssets) {
    this.urls = urls;
    this.listsAssets = listsAssets;
  }

  Answer answer(OriginRequest.Player request) {
    if (request.file().equals(ASSETS)) {
      return answer("application/json", assets());
    }
    String type = FILES.get(request.file());
    if (type == null) {
      throw new CallerFailure(FailureCode.MPE_RESOURCE_NOT_FOUND, "the player has no such file");
    }
    return answer(type, resource(request.file()));
  }

  private static Answer answer(String contentType, byte[] bytes) {
    return new Answer(
        200,
        contentType,
        Optional.of(new Digests("player").add(bytes).etag()),
        Answer.Cache.PAGE,
        true,
        Map.of("content-security-policy", CONTENT_SECURITY_POLICY),
        () -> Body.of(bytes));
  }

  private static byte[] resource(String file) {
    try (var in = OriginService.class.getResourceAsStream("/dev/sluice/origin/player/" + file)) {
      if (in == null) {
        throw new CallerFailure(
            FailureCode.MPE_RESOURCE_NOT_FOUND, "the player was built without " + file);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] assets() {
    var list = json.createArrayNode();
    for (String name : listsAssets ? urls.assetNames(MAX_ASSETS) : List.<String>of()) {
      var asset = list.addObject().put("name", name);
      var manifests = asset.putArray("manifests");
      for (var url : urls.of(name)) {
        manifests
            .addObject()
            .put("protocol", url.protocol())
            .put("format", url.format())
            .put("scheme", url.scheme())
            .put("url", url.url());
      }
    }
    return list.toString().getBytes(StandardCharsets.UTF_8);
  }
}
