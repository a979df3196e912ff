package dev.sluice.origin.http;

import dev.sluice.origin.media.Answer;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.Digests;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * What Silverlight and Flash ask for before they read from another site. Each is XML text, or
 * absent for 404.
 *
 * @param clientAccess {@code /clientaccesspolicy.xml}
 * @param crossDomain {@code /crossdomain.xml}
 */
public record CrossSitePolicies(Optional<String> clientAccess, Optional<String> crossDomain) {
  /** Neither. */
  public static final CrossSitePolicies NONE =
      new CrossSitePolicies(Optional.empty(), Optional.empty());

  private static final String CLIENT_ACCESS = "/clientaccesspolicy.xml";
  private static final String CROSS_DOMAIN = "/crossdomain.xml";

  static boolean isPolicy(String path) {
    return path.equals(CLIENT_ACCESS) || path.equals(CROSS_DOMAIN);
  }

  /** The answer to a path; empty where it is none of ours, or is not set. */
  Optional<Answer> find(String path) {
    return switch (path) {
      case CLIENT_ACCESS -> clientAccess.map(CrossSitePolicies::answer);
      case CROSS_DOMAIN -> crossDomain.map(CrossSitePolicies::answer);
      default -> Optional.empty();
    };
  }

  private static Answer answer(String xml) {
    byte[] bytes = xml.getBytes(StandardCharsets.UTF_8);
    return new Answer(
        200,
        "text/xml; charset=utf-8",
        Optional.of(new Digests("cross-site policy").add(bytes).etag()),
        Answer.Cache.MANIFEST,
        true,
        Map.of(),
        () -> Body.of(bytes));
  }
}
