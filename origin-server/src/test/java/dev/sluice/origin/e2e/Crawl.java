package dev.sluice.origin.e2e;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * All that a player may fetch from one manifest: every URL that it and its playlists name must
 * answer. Keys are absolute paths, in the order in which they were found.
 *
 * @param manifest its text
 * @param playlists the media and I-frame playlists of HLS
 */
record Crawl(
    String manifest,
    Map<String, String> playlists,
    Map<String, byte[]> inits,
    Map<String, byte[]> segments) {

  /** Fetches all of it, of any protocol. */
  static Crawl of(RunningServer server, String url) {
    byte[] manifest = server.get(url);
    var crawl =
        new Crawl(
            text(manifest), new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
    if (crawl.manifest.startsWith("#EXTM3U")) {
      crawl.fetchPlaylists(server, folder(url));
    } else if (crawl.manifest.contains("<SmoothStreamingMedia")) {
      SmoothClientManifest.parse(manifest)
          .streams()
          .forEach(stream -> fetch(server, folder(url), stream.urls(), crawl.segments));
    } else {
      crawl.fetch(server, folder(url), Mpd.parse(manifest));
    }
    if (crawl.segments.isEmpty()) {
      throw new AssertionError("no segments: " + url);
    }
    return crawl;
  }

  private void fetchPlaylists(RunningServer server, String folder) {
    for (String relative : Playlist.parse(manifest).playlists()) {
      String url = folder + relative;
      String text = text(server.get(url));
      playlists.put(url, text);
      var playlist = Playlist.parse(text);
      for (var map : playlist.all("EXT-X-MAP")) {
        fetch(server, folder(url), List.of(map.get("URI")), inits);
      }
      fetch(server, folder(url), playlist.uris(), segments);
    }
  }

  private void fetch(RunningServer server, String folder, Mpd mpd) {
    for (var all : List.of(mpd.representations(), mpd.trickModes())) {
      for (var representation : all) {
        fetch(server, folder, List.of(representation.initialization()), inits);
        fetch(
            server,
            folder,
            representation.segments().stream().map(Mpd.Segment::url).toList(),
            segments);
      }
    }
  }

  private static void fetch(
      RunningServer server, String folder, List<String> urls, Map<String, byte[]> into) {
    urls.forEach(url -> into.computeIfAbsent(folder + url, server::get));
  }

  /** The init segment of a URL. */
  byte[] init(String url) {
    return Objects.requireNonNull(inits.get(url), url);
  }

  /** The playlist of the first URL that holds this text. */
  Playlist playlist(String part) {
    return playlists.entrySet().stream()
        .filter(entry -> entry.getKey().contains(part))
        .map(entry -> Playlist.parse(entry.getValue()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no playlist: " + part));
  }

  /** The folder of a URL, with its slash. */
  static String folder(String url) {
    return url.substring(0, url.lastIndexOf('/') + 1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
