package dev.sluice.origin.e2e;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Finds every URL of an asset's cell from its manifest, as a player does. */
final class Crawler {
  private static final double SMOOTH_TIMESCALE = 1e7;
  private static final Pattern ATTRIBUTE = Pattern.compile("([A-Z0-9-]+)=(\"[^\"]*\"|[^\",]+)");
  private static final Pattern LEVEL = Pattern.compile("QualityLevels\\(\\d+\\)");
  private static final Pattern IV =
      Pattern.compile("\\bIV=\"?0x([0-9a-f]{32})", Pattern.CASE_INSENSITIVE);

  private final String folder;
  private final Function<String, byte[]> get;
  private final Map<String, String> manifests = new LinkedHashMap<>();
  private final List<Rendition> renditions = new ArrayList<>();

  private Crawler(String asset, Function<String, byte[]> get) {
    this.folder = Cell.folder(asset);
    this.get = get;
  }

  /**
   * What a cell of an asset consists of.
   *
   * @param manifests the text of each manifest and playlist by its path, the first one first
   */
  record Crawled(Cell cell, Map<String, String> manifests, List<Rendition> renditions) {

    /** Those for normal play. */
    List<Rendition> plays() {
      return renditions.stream().filter(r -> !r.trickMode()).toList();
    }

    List<Rendition> trickModes() {
      return renditions.stream().filter(Rendition::trickMode).toList();
    }

    /** The paths of init segments and media segments, each once. */
    List<String> media() {
      return renditions.stream().flatMap(r -> r.urls().stream()).distinct().toList();
    }

    /** The paths of everything, each once. */
    List<String> urls() {
      var urls = new ArrayList<>(manifests.keySet());
      urls.addAll(media());
      return urls;
    }

    /** The IV that the manifests state, 16 bytes. */
    Optional<byte[]> iv() {
      return manifests.values().stream()
          .map(IV::matcher)
          .filter(java.util.regex.Matcher::find)
          .map(matcher -> HexFormat.of().parseHex(matcher.group(1)))
          .findFirst();
    }
  }

  /**
   * A representation, media playlist or quality level.
   *
   * @param type {@code video} or {@code audio}
   * @param trickMode whether its segments hold a picture each
   * @param bandwidth of Representation, of the variant, or of the quality level; 0 where it has
   *     none
   * @param averageBandwidth the same of AVERAGE-BANDWIDTH
   * @param init the path of the init segment
   */
  record Rendition(
      String type,
      boolean trickMode,
      long bandwidth,
      long averageBandwidth,
      Optional<String> init,
      List<Link> segments) {

    /** What it is in any cell, whatever its times and rates are there. */
    String name() {
      return type + " " + level() + (trickMode ? " keyframes" : "");
    }

    private String level() {
      var matcher = LEVEL.matcher(segments.getFirst().url());
      if (!matcher.find()) {
        throw new AssertionError(segments.getFirst().url());
      }
      return matcher.group();
    }

    boolean isVideo() {
      return type.equals("video");
    }

    /** The init segment, if there is one, and the media segments. */
    List<String> urls() {
      var urls = new ArrayList<String>();
      init.ifPresent(urls::add);
      segments.forEach(s -> urls.add(s.url()));
      return urls;
    }
  }

  /** A media segment: its path, and how long the manifest says that it lasts. */
  record Link(String url, double seconds) {}

  static Crawled crawl(Cell cell, String asset, Function<String, byte[]> get) {
    var crawler = new Crawler(asset, get);
    String path = cell.manifest(asset);
    String text = crawler.manifest(path);
    if (cell.isDash()) {
      crawler.mpd(text);
    } else if (cell.isHls()) {
      crawler.multivariant(text);
    } else {
      crawler.clientManifest(text);
    }
    return new Crawled(cell, crawler.manifests, List.copyOf(crawler.renditions));
  }

  private String manifest(String path) {
    String text = new String(get.apply(path), StandardCharsets.UTF_8);
    manifests.put(path, text);
    return text;
  }

  private void mpd(String text) {
    var mpd = Mpd.parse(text.getBytes(StandardCharsets.UTF_8));
    mpd.representations().forEach(r -> renditions.add(rendition(r, false)));
    mpd.trickModes().forEach(r -> renditions.add(rendition(r, true)));
  }

  private Rendition rendition(Mpd.Representation representation, boolean trickMode) {
    return new Rendition(
        representation.contentType(),
        trickMode,
        representation.bandwidth(),
        0,
        Optional.of(folder + representation.initialization()),
        representation.segments().stream()
            .map(
                s -> new Link(folder + s.url(), (double) s.duration() / representation.timescale()))
            .toList());
  }

  private void clientManifest(String text) {
    var manifest = SmoothClientManifest.parse(text.getBytes(StandardCharsets.UTF_8));
    for (var stream : manifest.streams()) {
      for (long bitrate : stream.bitrates()) {
        var chunks = new ArrayList<Link>();
        for (int i = 0; i < stream.times().size(); i++) {
          long start = stream.times().get(i);
          long end = i + 1 < stream.times().size() ? stream.times().get(i + 1) : stream.endTicks();
          chunks.add(
              new Link(folder + stream.url(bitrate, start), (end - start) / SMOOTH_TIMESCALE));
        }
        renditions.add(new Rendition(stream.type(), false, bitrate, 0, Optional.empty(), chunks));
      }
    }
  }

  private void multivariant(String text) {
    String streamInf = "";
    for (String line : text.lines().toList()) {
      if (line.startsWith("#EXT-X-STREAM-INF:")) {
        streamInf = line;
      } else if (line.startsWith("#EXT-X-MEDIA:")) {
        mediaPlaylist("audio", false, line, uri(line));
      } else if (line.startsWith("#EXT-X-I-FRAME-STREAM-INF:")) {
        mediaPlaylist("video", true, line, uri(line));
      } else if (!line.startsWith("#") && !line.isEmpty()) {
        mediaPlaylist("video", false, streamInf, line);
      }
    }
  }

  private void mediaPlaylist(String type, boolean trickMode, String tag, String url) {
    String path = folder + url;
    String base = path.substring(0, path.indexOf("/Manifest(") + 1);
    Optional<String> init = Optional.empty();
    var segments = new ArrayList<Link>();
    double seconds = 0;
    for (String line : manifest(path).lines().toList()) {
      if (line.startsWith("#EXT-X-MAP:")) {
        init = Optional.of(base + uri(line));
      } else if (line.startsWith("#EXTINF:")) {
        seconds = Double.parseDouble(line.substring(8, line.indexOf(',')));
      } else if (!line.startsWith("#") && !line.isEmpty()) {
        segments.add(new Link(base + line, seconds));
      }
    }
    var attributes = attributes(tag);
    renditions.add(
        new Rendition(
            type,
            trickMode,
            Long.parseLong(attributes.getOrDefault("BANDWIDTH", "0")),
            Long.parseLong(attributes.getOrDefault("AVERAGE-BANDWIDTH", "0")),
            init,
            List.copyOf(segments)));
  }

  private static String uri(String tag) {
    return attributes(tag).getOrDefault("URI", "");
  }

  /** The attributes of a tag, without quotes. */
  static Map<String, String> attributes(String tag) {
    var attributes = new LinkedHashMap<String, String>();
    var matcher = ATTRIBUTE.matcher(tag.substring(tag.indexOf(':') + 1));
    while (matcher.find()) {
      attributes.put(matcher.group(1), matcher.group(2).replace("\"", ""));
    }
    return attributes;
  }
}
