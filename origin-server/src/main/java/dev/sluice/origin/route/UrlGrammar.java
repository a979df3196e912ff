package dev.sluice.origin.route;

import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The grammar of the origin's URLs: a request target to an {@link OriginRequest}.
 *
 * <pre>
 * /{locator}/{name}.ism/manifest[(tags)]
 * /{locator}/{name}.ism/QualityLevels({bitrate})/Manifest({track}[,tags])
 * /{locator}/{name}.ism/QualityLevels({bitrate})/Fragments({track}={time|i}[,tags])
 * /{locator}/{file}
 * /keys/[ClearKey|PlayReady|Widevine|FairPlay][?kid=]
 * /videos[/{asset}]
 * /player/{file}
 * </pre>
 *
 * <p>Words are matched without regard to case. An extension behind the last parenthesis is ignored,
 * and so is every query parameter but {@code kid} and {@code token}.
 */
public final class UrlGrammar {
  private static final String EXTENSION = "(?:\\.(?:mpd|m3u8|mp4|m4s|ts))?";
  private static final Pattern MANIFEST =
      Pattern.compile("(?i)manifest(?:\\(([^()]*)\\))?" + EXTENSION);
  private static final Pattern QUALITY_LEVELS = Pattern.compile("(?i)QualityLevels\\(([^()]*)\\)");
  private static final Pattern OF_TRACK =
      Pattern.compile("(?i)(Manifest|Fragments)\\(([^()]*)\\)" + EXTENSION);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,40}");
  private static final int MAX_FILE_NAME_CHARS = 255;
  private static final int MAX_TRACK_NAME_CHARS = 255;

  private UrlGrammar() {}

  /**
   * What a target asks for.
   *
   * @param rawTarget path and query as the request line has them
   * @param body of the request, only read for keys
   * @throws CallerFailure if it is no URL of this server
   */
  public static OriginRequest parse(String rawTarget, Bytes body) {
    var path = PathSegments.parse(rawTarget);
    List<String> names = path.names();
    if (names.isEmpty()) {
      throw notFound();
    }
    if (names.getFirst().equals("keys") && !isKeyDelivery(rawTarget)) {
      // What holds for keys is decided on the raw target.
      throw badSyntax("path: (expected: keys, not percent-encoded)");
    }
    return switch (names.getFirst()) {
      case "keys" -> key(path, rawTarget, body);
      case "videos" -> videos(path);
      case "player" -> player(path);
      default -> ofAsset(path);
    };
  }

  /** Whether a target lies under {@code /keys}, which has rules of its own for CORS and methods. */
  public static boolean isKeyDelivery(String rawTarget) {
    String path = rawTarget.substring(0, Query.pathEnd(rawTarget));
    return path.equals("/keys") || path.startsWith("/keys/");
  }

  private static OriginRequest key(PathSegments path, String rawTarget, Bytes body) {
    List<String> names = path.names();
    if (names.size() > 2) {
      throw notFound();
    }
    String service = names.size() == 1 ? "" : names.get(1).toLowerCase(Locale.ROOT);
    var named =
        switch (service) {
          case "" -> OriginRequest.KeyService.BASELINE_HTTP;
          case "clearkey" -> OriginRequest.KeyService.CLEAR_KEY;
          case "playready" -> OriginRequest.KeyService.PLAY_READY;
          case "widevine" -> OriginRequest.KeyService.WIDEVINE;
          case "fairplay" -> OriginRequest.KeyService.FAIR_PLAY;
          default -> throw notFound();
        };
    Optional<KeyId> keyId =
        Query.find(rawTarget, "kid")
            .map(text -> KeyId.parseAnyForm(text).orElseThrow(UrlGrammar::badKid));
    return new OriginRequest.KeyDelivery(named, keyId, body);
  }

  private static OriginRequest videos(PathSegments path) {
    List<String> names = path.names();
    if (names.size() > 2) {
      throw notFound();
    }
    return new OriginRequest.Videos(
        names.size() == 1 ? Optional.empty() : Optional.of(requireName(names.get(1))));
  }

  private static OriginRequest player(PathSegments path) {
    List<String> names = path.names();
    if (names.size() > 2 || (names.size() == 2 && path.trailingSlash())) {
      throw notFound();
    }
    return new OriginRequest.Player(
        names.size() == 1 ? "index.html" : requireFileName(names.get(1)));
  }

  private static OriginRequest ofAsset(PathSegments path) {
    List<String> names = path.names();
    if (path.trailingSlash() || names.size() < 2) {
      throw notFound();
    }
    String locator = requireName(names.get(0));
    String second = requireFileName(names.get(1));
    return switch (names.size()) {
      case 2 -> new OriginRequest.Download(locator, second);
      case 3 -> manifest(locator, second, names.get(2));
      case 4 -> ofTrack(locator, second, names.get(2), names.get(3));
      default -> throw notFound();
    };
  }

  private static OriginRequest manifest(String locator, String manifestName, String last) {
    Matcher match = MANIFEST.matcher(last);
    if (!match.matches()) {
      throw notFound();
    }
    String tags = match.group(1);
    return new OriginRequest.Manifest(
        locator,
        manifestName,
        TagParser.parse(tags == null ? List.of() : List.of(tags.split(",", -1))));
  }

  private static OriginRequest ofTrack(
      String locator, String manifestName, String level, String last) {
    Matcher levels = QUALITY_LEVELS.matcher(level);
    Matcher match = OF_TRACK.matcher(last);
    if (!levels.matches() || !match.matches()) {
      throw notFound();
    }
    long bitrate = requireLong("bitrate", levels.group(1));
    List<String> items = List.of(match.group(2).split(",", -1));
    String first = items.getFirst();
    StreamTags tags = TagParser.parse(items.subList(1, items.size()));
    if (match.group(1).equalsIgnoreCase("manifest")) {
      return new OriginRequest.MediaPlaylist(
          locator, manifestName, bitrate, requireTrack(first), tags);
    }
    int equals = first.indexOf('=');
    if (equals < 0) {
      throw badSyntax("fragment: no time (expected: track=time or track=i)");
    }
    String track = requireTrack(first.substring(0, equals));
    String time = first.substring(equals + 1);
    return time.equalsIgnoreCase("i")
        ? new OriginRequest.InitSegment(locator, manifestName, bitrate, track, tags)
        : new OriginRequest.MediaSegment(
            locator, manifestName, bitrate, track, requireLong("time", time), tags);
  }

  private static String requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw notFound();
    }
    return name;
  }

  private static String requireFileName(String name) {
    if (name.length() > MAX_FILE_NAME_CHARS) {
      throw notFound();
    }
    return name;
  }

  private static String requireTrack(String name) {
    if (name.isEmpty() || name.length() > MAX_TRACK_NAME_CHARS || name.indexOf('=') >= 0) {
      throw badSyntax("track: (expected: a name of 1 to 255 characters without '=')");
    }
    return name;
  }

  private static long requireLong(String what, String digits) {
    if (DIGITS.matcher(digits).matches()) {
      try {
        return Long.parseLong(digits);
      } catch (NumberFormatException tooLarge) {
        throw badSyntax(what + ": too large (expected: at most " + Long.MAX_VALUE + ")");
      }
    }
    throw badSyntax(what + ": (expected: decimal digits)");
  }

  static CallerFailure badSyntax(String message) {
    return new CallerFailure(FailureCode.MPE_BAD_URL_SYNTAX, message);
  }

  private static CallerFailure badKid() {
    return badSyntax("kid: (expected: a GUID)");
  }

  private static CallerFailure notFound() {
    return new CallerFailure(FailureCode.MPE_RESOURCE_NOT_FOUND, "no such resource");
  }
}
