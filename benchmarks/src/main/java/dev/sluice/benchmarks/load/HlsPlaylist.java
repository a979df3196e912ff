package dev.sluice.benchmarks.load;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads playlists of HLS, both kinds (RFC 8216 4). */
final class HlsPlaylist {
  private static final Pattern ATTRIBUTE = Pattern.compile("([A-Z0-9-]+)=(\"[^\"]*\"|[^,]*)");
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final URI base;
  private final List<Manifest.Variant> variants = new ArrayList<>();
  private final List<Manifest.AudioPlaylist> audio = new ArrayList<>();
  private final List<Segment> segments = new ArrayList<>();

  // Of the lines so far, for the next segment (RFC 8216 4.3.2).
  private Optional<Map<String, String>> variant = Optional.empty();
  private Optional<Segment.Init> init = Optional.empty();
  private Optional<String> byteRange = Optional.empty();
  private Optional<Segment> previous = Optional.empty();
  private final Map<String, Map<String, String>> keysByFormat = new LinkedHashMap<>();
  private boolean keyTagBefore;
  private long sequence;
  private long durationNanos = -1;
  private boolean gap;
  private boolean ended;

  private HlsPlaylist(URI base) {
    this.base = base;
  }

  /**
   * @param base the URL under which it was had
   * @throws LoadFailure if it is malformed, or is one that this tool cannot play
   */
  static Manifest read(byte[] document, URI base) throws LoadFailure {
    var playlist = new HlsPlaylist(base);
    for (String line : new String(document, StandardCharsets.UTF_8).lines().toList()) {
      playlist.readLine(line.strip());
    }
    return playlist.manifest();
  }

  private Manifest manifest() throws LoadFailure {
    if (!variants.isEmpty()) {
      return new Manifest.Multivariant(variants, audio);
    }
    if (segments.isEmpty() && ended) {
      throw new LoadFailure("manifest", "playlist: no variant and no segment (expected: some)");
    }
    return new Manifest.Playlist(Segments.of(segments), !ended);
  }

  private void readLine(String line) throws LoadFailure {
    if (line.isEmpty()) {
      return;
    }
    if (!line.startsWith("#")) {
      readUri(line);
      keyTagBefore = false;
      return;
    }
    boolean isKey = line.startsWith("#EXT-X-KEY:");
    int colon = line.indexOf(':');
    String value = colon < 0 ? "" : line.substring(colon + 1);
    switch (colon < 0 ? line : line.substring(0, colon)) {
      case "#EXT-X-STREAM-INF" -> variant = Optional.of(attributes(value));
      case "#EXT-X-MEDIA" -> readMedia(attributes(value));
      case "#EXT-X-MEDIA-SEQUENCE" -> sequence = number("EXT-X-MEDIA-SEQUENCE", value);
      case "#EXT-X-KEY" -> readKey(attributes(value));
      case "#EXT-X-MAP" -> readMap(attributes(value));
      case "#EXT-X-BYTERANGE" -> byteRange = Optional.of(value);
      case "#EXTINF" -> durationNanos = seconds(value);
      case "#EXT-X-GAP" -> gap = true;
      case "#EXT-X-ENDLIST" -> ended = true;
      default -> {} // what a session does not need
    }
    keyTagBefore = isKey;
  }

  private void readUri(String line) throws LoadFailure {
    if (variant.isPresent()) {
      var of = variant.get();
      variants.add(
          new Manifest.Variant(
              number("BANDWIDTH", of.getOrDefault("BANDWIDTH", "0")),
              Urls.resolve(base, line),
              Optional.ofNullable(of.get("AUDIO"))));
      variant = Optional.empty();
      return;
    }
    if (durationNanos < 0) {
      throw new LoadFailure("manifest", "segment: no EXTINF before it (expected: its duration)");
    }
    if (segments.size() >= Segments.MAX_COUNT) {
      throw new LoadFailure(
          "manifest",
          "playlist: too long (expected: <= %d segments)".formatted(Segments.MAX_COUNT));
    }
    var uri = Urls.resolve(base, line);
    Optional<ByteRange> range = Optional.empty();
    if (byteRange.isPresent()) {
      range = Optional.of(range(byteRange.get(), endOfPrevious(uri)));
    }
    var segment =
        new Segment(
            uri, range, sequence, durationNanos, init, keys(), envelope(false), init.isPresent());
    if (!gap) {
      segments.add(segment);
    }
    previous = Optional.of(segment);
    byteRange = Optional.empty();
    durationNanos = -1;
    gap = false;
    sequence++;
  }

  /** A range without an offset starts where that of the segment before ends (RFC 8216 4.3.2.2). */
  private Optional<Long> endOfPrevious(URI uri) {
    return previous
        .filter(segment -> segment.uri().equals(uri))
        .flatMap(Segment::range)
        .map(range -> range.offset() + range.length());
  }

  private void readMedia(Map<String, String> attributes) throws LoadFailure {
    String uri = attributes.get("URI");
    String group = attributes.get("GROUP-ID");
    if ("AUDIO".equals(attributes.get("TYPE")) && uri != null && group != null) {
      audio.add(new Manifest.AudioPlaylist(group, Urls.resolve(base, uri)));
    }
  }

  /** A key holds until the next of its format; one tag after another states them together. */
  private void readKey(Map<String, String> attributes) {
    if (!keyTagBefore) {
      keysByFormat.clear();
    }
    if (!"NONE".equals(attributes.get("METHOD"))) {
      keysByFormat.put(
          attributes.getOrDefault("KEYFORMAT", "identity").toLowerCase(Locale.ROOT), attributes);
    }
  }

  private void readMap(Map<String, String> attributes) throws LoadFailure {
    String uri = attributes.get("URI");
    if (uri == null) {
      throw new LoadFailure("manifest", "EXT-X-MAP: no URI (expected: one)");
    }
    Optional<ByteRange> range = Optional.empty();
    String written = attributes.get("BYTERANGE");
    if (written != null) {
      range = Optional.of(range(written, Optional.of(0L)));
    }
    init = Optional.of(new Segment.Init(Urls.resolve(base, uri), range, envelope(true)));
  }

  /** The key that a player of ours can have: the bytes themselves, else a ClearKey licence. */
  private List<KeyAsk> keys() throws LoadFailure {
    if (keysByFormat.isEmpty()) {
      return List.of();
    }
    var identity = keysByFormat.get("identity");
    if (identity != null) {
      return List.of(new KeyAsk.Raw(keyUri(identity)));
    }
    var clearKey = keysByFormat.get("org.w3.clearkey");
    if (clearKey != null) {
      return List.of(clearKey(clearKey.getOrDefault("URI", "")));
    }
    return keysByFormat.keySet().stream().<KeyAsk>map(KeyAsk.Unsupported::new).toList();
  }

  private URI keyUri(Map<String, String> key) throws LoadFailure {
    String uri = key.get("URI");
    if (uri == null) {
      throw new LoadFailure("manifest", "EXT-X-KEY: no URI (expected: one)");
    }
    return Urls.resolve(base, uri);
  }

  /** Its URI is a {@code data:} one of the key id's 16 bytes. */
  private static KeyAsk clearKey(String uri) throws LoadFailure {
    int comma = uri.indexOf(',');
    if (uri.startsWith("data:") && comma > 0 && uri.substring(0, comma).endsWith(";base64")) {
      try {
        byte[] kid = Base64.getDecoder().decode(uri.substring(comma + 1));
        return new KeyAsk.ClearKey(
            Optional.empty(), Base64.getUrlEncoder().withoutPadding().encodeToString(kid));
      } catch (IllegalArgumentException _) {
        // Said below.
      }
    }
    throw new LoadFailure(
        "unsupported", "EXT-X-KEY of ClearKey: its URI (expected: data: with a key id)");
  }

  /** Encryption of the whole; without an IV it is the sequence number (RFC 8216 5.2). */
  private Optional<Envelope> envelope(boolean ofInit) throws LoadFailure {
    var key = Optional.ofNullable(keysByFormat.get("identity"));
    if (key.isEmpty() || !"AES-128".equals(key.get().get("METHOD"))) {
      return Optional.empty();
    }
    var uri = keyUri(key.get());
    String iv = key.get().get("IV");
    if (iv == null && ofInit) {
      throw new LoadFailure("manifest", "EXT-X-KEY: no IV (expected: one for EXT-X-MAP)");
    }
    return Optional.of(iv == null ? new Envelope(uri, 0, sequence) : Envelope.parse(uri, iv));
  }

  private static ByteRange range(String written, Optional<Long> next) throws LoadFailure {
    String[] parts = written.split("@", 2);
    long length = number("BYTERANGE", parts[0]);
    if (parts.length == 1 && next.isEmpty()) {
      throw new LoadFailure("manifest", "BYTERANGE: no offset (expected: one)");
    }
    long offset = parts.length == 2 ? number("BYTERANGE", parts[1]) : next.orElse(0L);
    if (length < 1 || offset > Long.MAX_VALUE - length) {
      throw new LoadFailure("manifest", "BYTERANGE: %s (expected: n@o, n >= 1)".formatted(written));
    }
    return new ByteRange(offset, length);
  }

  private static Map<String, String> attributes(String list) {
    var attributes = new LinkedHashMap<String, String>();
    var matcher = ATTRIBUTE.matcher(list);
    while (matcher.find()) {
      String value = matcher.group(2);
      boolean quoted = value.length() >= 2 && value.startsWith("\"");
      attributes.put(matcher.group(1), quoted ? value.substring(1, value.length() - 1) : value);
    }
    return attributes;
  }

  private static long number(String name, String text) throws LoadFailure {
    try {
      long value = Long.parseLong(text.strip());
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw new LoadFailure(
        "manifest", "%s: %s (expected: a whole number >= 0)".formatted(name, text));
  }

  private static long seconds(String text) throws LoadFailure {
    int comma = text.indexOf(',');
    try {
      double seconds = Double.parseDouble(comma < 0 ? text : text.substring(0, comma));
      if (seconds >= 0 && seconds < 86_400) {
        return (long) (seconds * NANOS_PER_SECOND);
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw new LoadFailure("manifest", "EXTINF: %s (expected: seconds below a day)".formatted(text));
  }
}
