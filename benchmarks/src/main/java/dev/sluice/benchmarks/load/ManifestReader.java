package dev.sluice.benchmarks.load;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bytes to manifests, of any protocol. What the same bytes under the same URL gave before is given
 * again: thousands of sessions share one, and this machine's time goes into requests.
 */
final class ManifestReader {
  /** Kept at most; the least recently used goes first. */
  private static final int MAX_KEPT = 128;

  /** Read at once: a document takes some ten times its size while it is. */
  private static final int MAX_AT_ONCE = 4;

  /** The sum of the lengths of their documents at most. */
  private static final long MAX_KEPT_BYTES = 16 << 20;

  /** A manifest, and what it counts. */
  private record Kept(Manifest manifest, int documentBytes) {}

  private final Semaphore atOnce = new Semaphore(MAX_AT_ONCE);
  private final ReentrantLock lock = new ReentrantLock();

  private final Map<String, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long keptBytes;

  /**
   * @param uri under which the document was had
   * @throws LoadFailure if it is none that can be played
   */
  Manifest read(byte[] document, URI uri) throws LoadFailure, InterruptedException {
    String id = digest(document, uri);
    lock.lock();
    try {
      Kept before = kept.get(id);
      if (before != null) {
        return before.manifest();
      }
    } finally {
      lock.unlock();
    }
    Manifest manifest;
    atOnce.acquire();
    try {
      manifest = parse(document, uri);
    } finally {
      atOnce.release();
    }
    keep(id, new Kept(manifest, document.length));
    return manifest;
  }

  private void keep(String id, Kept manifest) {
    lock.lock();
    try {
      Kept before = kept.put(id, manifest); // two sessions may have read it at once
      keptBytes += manifest.documentBytes() - (before == null ? 0 : before.documentBytes());
      var oldest = kept.values().iterator();
      while (kept.size() > MAX_KEPT || (keptBytes > MAX_KEPT_BYTES && kept.size() > 1)) {
        keptBytes -= oldest.next().documentBytes();
        oldest.remove();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The same without memory. */
  static Manifest parse(byte[] document, URI uri) throws LoadFailure {
    if (startsWith(document, "#EXTM3U")) {
      return HlsPlaylist.read(document, uri);
    }
    var root = Xml.parse(document);
    return switch (String.valueOf(root.getLocalName())) {
      case "MPD" -> DashManifest.read(root, uri);
      case "SmoothStreamingMedia" -> SmoothManifest.read(root, uri);
      case String other ->
          throw new LoadFailure(
              "manifest",
              "root element: %s (expected: MPD, SmoothStreamingMedia, or a playlist)"
                  .formatted(other));
    };
  }

  private static boolean startsWith(byte[] document, String word) {
    int from = document.length >= 3 && document[0] == (byte) 0xef ? 3 : 0; // a byte order mark
    byte[] wanted = word.getBytes(StandardCharsets.US_ASCII);
    return document.length - from >= wanted.length
        && Arrays.equals(document, from, from + wanted.length, wanted, 0, wanted.length);
  }

  private static String digest(byte[] document, URI uri) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(uri.toString().getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      return HexFormat.of().formatHex(digest.digest(document));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
