package dev.sluice.origin.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.origin.media.Answer;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.route.OriginRequest;
import dev.sluice.origin.route.Query;
import dev.sluice.origin.route.UrlGrammar;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The origin's own URLs in front of a {@link RequestHandler}. */
public final class OriginEndpoints implements HttpService {
  /** The longest target whose request is remembered. */
  private static final int MAX_REMEMBERED_CHARS = 512;

  /** What all requests that are remembered may take: some 12,000. */
  private static final long MAX_REMEMBERED_BYTES = 8 << 20;

  /** Of a request that is remembered, besides its target. */
  private static final int REMEMBERED_BYTES = 500;

  private static final List<String> READ = List.of("GET", "HEAD");
  private static final List<String> READ_OR_POST = List.of("GET", "HEAD", "POST");
  private static final List<String> POST = List.of("POST");

  private final RequestHandler handler;
  private final CrossSitePolicies crossSite;

  /** The requests of targets that were answered: what is asked for often is not parsed again. */
  private final Cache<String, OriginRequest> requests =
      Caffeine.newBuilder()
          .maximumWeight(MAX_REMEMBERED_BYTES)
          .weigher((String target, OriginRequest _) -> REMEMBERED_BYTES + 2 * target.length())
          .executor(Runnable::run)
          .build();

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
      return new Endpoint("key", plainKey ? READ_OR_POST : POST, Cors.KEYS);
    }
    if (path.equals("/videos") || path.startsWith("/videos/")) {
      return new Endpoint("videos", READ, Cors.ANY);
    }
    if (path.equals("/") || path.equals("/player") || path.startsWith("/player/")) {
      return new Endpoint("player", READ, Cors.ANY);
    }
    if (CrossSitePolicies.isPolicy(path)) {
      return new Endpoint("cross-site", READ, Cors.ANY);
    }
    String kind =
        path.contains("/fragments")
            ? "segment"
            : path.contains("/manifest") ? "manifest" : "download";
    return new Endpoint(kind, READ, Cors.ANY);
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
    OriginRequest remembered = requests.getIfPresent(target);
    if (remembered != null) {
      return handler.answer(remembered, call.caller());
    }
    OriginRequest request = UrlGrammar.parse(target, call.body());
    Answer answer = handler.answer(request, call.caller());
    if (isRemembered(target, request, answer)) {
      requests.put(target, request);
    }
    return answer;
  }

  @Override
  public Optional<Answer> atHand(HttpCall call) {
    OriginRequest request = requests.getIfPresent(call.rawTarget());
    return request == null || !call.method().equals("GET")
        ? Optional.empty()
        : handler.atHand(request, call.caller());
  }

  /** A query may hold a token, and what nobody asks for in it would make one target many. */
  private static boolean isRemembered(String target, OriginRequest request, Answer answer) {
    return request instanceof OriginRequest.OfPresentation
        && answer.status() == 200
        && target.length() <= MAX_REMEMBERED_CHARS
        && Query.pathEnd(target) == target.length();
  }
}
