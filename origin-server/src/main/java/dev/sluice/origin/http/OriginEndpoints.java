package dev.sluice.origin.http;

import dev.sluice.origin.media.Answer;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.CacheFigures;
import dev.sluice.origin.route.OriginRequest;
import dev.sluice.origin.route.Query;
import dev.sluice.origin.route.UrlGrammar;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The origin's own URLs in front of a {@link RequestHandler}. */
public final class OriginEndpoints implements HttpService {
  private static final List<String> READ = List.of("GET", "HEAD");
  private static final Endpoint PLAIN_KEY =
      new Endpoint("key", List.of("GET", "HEAD", "POST"), Cors.KEYS);
  private static final Endpoint KEY = new Endpoint("key", List.of("POST"), Cors.KEYS);
  private static final Endpoint VIDEOS = new Endpoint("videos", READ, Cors.ANY);
  private static final Endpoint PLAYER = new Endpoint("player", READ, Cors.ANY);
  private static final Endpoint CROSS_SITE = new Endpoint("cross-site", READ, Cors.ANY);
  private static final Endpoint SEGMENT = new Endpoint("segment", READ, Cors.ANY);
  private static final Endpoint MANIFEST = new Endpoint("manifest", READ, Cors.ANY);
  private static final Endpoint DOWNLOAD = new Endpoint("download", READ, Cors.ANY);

  private final RequestHandler handler;
  private final CrossSitePolicies crossSite;

  private final RememberedRequests remembered = new RememberedRequests();

  /** Without policy files. */
  public OriginEndpoints(RequestHandler handler) {
    this(handler, CrossSitePolicies.NONE);
  }

  public OriginEndpoints(RequestHandler handler, CrossSitePolicies crossSite) {
    this.handler = handler;
    this.crossSite = crossSite;
  }

  @Override
  public Endpoint endpoint(String rawTarget) {
    String path = rawTarget.substring(0, Query.pathEnd(rawTarget)).toLowerCase(Locale.ROOT);
    if (UrlGrammar.isKeyDelivery(path)) {
      boolean plainKey = path.equals("/keys") || path.equals("/keys/");
      return plainKey ? PLAIN_KEY : KEY;
    }
    if (path.equals("/videos") || path.startsWith("/videos/")) {
      return VIDEOS;
    }
    if (path.equals("/") || path.equals("/player") || path.startsWith("/player/")) {
      return PLAYER;
    }
    if (CrossSitePolicies.isPolicy(path)) {
      return CROSS_SITE;
    }
    return path.contains("/fragments") ? SEGMENT : path.contains("/manifest") ? MANIFEST : DOWNLOAD;
  }

  @Override
  public Answer serve(HttpCall call) {
    String target = call.rawTarget();
    String path = target.substring(0, Query.pathEnd(target));
    if (path.equals("/") || path.equals("/player")) {
      return new Answer(
          302,
          "text/plain; charset=utf-8",
          Optional.empty(),
          Answer.Cache.PAGE,
          false,
          Map.of("location", "/player/"),
          () -> Body.of(new byte[0]));
    }
    Optional<Answer> policy = crossSite.find(path);
    if (policy.isPresent()) {
      return policy.get();
    }
    Optional<OriginRequest> known = remembered.find(target);
    if (known.isPresent()) {
      return handler.answer(known.get(), call.caller());
    }
    OriginRequest request = UrlGrammar.parse(target, call.body());
    Answer answer = handler.answer(request, call.caller());
    if (answer.status() == 200) {
      remembered.put(target, request);
    }
    return answer;
  }

  @Override
  public Optional<Answer> atHand(HttpCall call) {
    return call.method().equals("GET")
        ? remembered
            .find(call.rawTarget())
            .flatMap(request -> handler.atHand(request, call.caller()))
        : Optional.empty();
  }

  /** For metrics. */
  public CacheFigures figures() {
    return remembered;
  }
}
