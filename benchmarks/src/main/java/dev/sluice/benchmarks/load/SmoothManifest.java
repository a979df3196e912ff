package dev.sluice.benchmarks.load;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.w3c.dom.Element;

/** Reads a client manifest of Smooth Streaming ([MS-SSTR] 2.2.2). It has no init segments. */
final class SmoothManifest {
  private static final long DEFAULT_TIMESCALE = 10_000_000;

  private SmoothManifest() {}

  /**
   * @param base the URL under which it was had
   * @throws LoadFailure if it is malformed
   */
  static Manifest.Presentation read(Element root, URI base) throws LoadFailure {
    var protection = protection(root, base);
    long ticksPerSecond = Xml.number(root, "TimeScale", 1, DEFAULT_TIMESCALE);
    var video = new ArrayList<Manifest.Rendition>();
    var audio = new ArrayList<Manifest.Rendition>();
    for (var stream : Xml.children(root, "StreamIndex")) {
      switch (stream.getAttribute("Type").toLowerCase(Locale.ROOT)) {
        case "video" -> video.addAll(renditions(stream, base, ticksPerSecond, protection));
        case "audio" -> audio.addAll(renditions(stream, base, ticksPerSecond, protection));
        default -> {} // text is not played
      }
    }
    if (video.isEmpty() && audio.isEmpty()) {
      throw new LoadFailure(
          "manifest", "SmoothStreamingMedia: no video and no audio (expected: one of them)");
    }
    return new Manifest.Presentation(
        video, audio, "true".equalsIgnoreCase(root.getAttribute("IsLive")));
  }

  private static List<Manifest.Rendition> renditions(
      Element stream, URI base, long presentationTimescale, DashProtection protection)
      throws LoadFailure {
    var timeline = timeline(stream, Xml.number(stream, "TimeScale", 1, presentationTimescale));
    String url =
        Xml.attribute(stream, "Url")
            .orElseThrow(() -> new LoadFailure("manifest", "StreamIndex/@Url: absent"));
    var renditions = new ArrayList<Manifest.Rendition>();
    for (var level : Xml.children(stream, "QualityLevel")) {
      long bitrate = Xml.number(level, "Bitrate", 0);
      String name = "%s %d".formatted(stream.getAttribute("Name"), bitrate);
      renditions.add(
          new Manifest.Rendition(
              name,
              bitrate,
              new Fragments(
                  base,
                  url.replaceAll("(?i)\\{bitrate}", Long.toString(bitrate)),
                  timeline,
                  protection)));
    }
    return renditions;
  }

  private static Timeline timeline(Element stream, long ticksPerSecond) throws LoadFailure {
    var builder = new Timeline.Builder();
    var chunks = Xml.children(stream, "c");
    for (int i = 0; i < chunks.size(); i++) {
      var chunk = chunks.get(i);
      long start = Xml.number(chunk, "t", 0, builder.next());
      long duration = Xml.number(chunk, "d", 1, 0);
      if (duration == 0 && i + 1 < chunks.size()) {
        duration = Xml.number(chunks.get(i + 1), "t", 0) - start;
      }
      // Unlike in DASH, r counts the first as well ([MS-SSTR] 2.2.2.6).
      builder.add(start, duration, Xml.number(chunk, "r", 1, 1));
    }
    return builder.build(ticksPerSecond);
  }

  private static DashProtection protection(Element root, URI base) throws LoadFailure {
    var protection = Xml.child(root, "Protection");
    if (protection.isEmpty()) {
      return new DashProtection(List.of(), Optional.empty());
    }
    if (!Xml.descendants(protection.get(), "CryptoPeriod").isEmpty()) {
      return DashProtection.segmentEncryption(protection.get(), base);
    }
    return new DashProtection(List.of(new KeyAsk.Unsupported("PlayReady")), Optional.empty());
  }

  /** Fragments whose URLs are written when they are asked for. */
  private record Fragments(URI base, String url, Timeline timeline, DashProtection protection)
      implements Segments {
    @Override
    public int count() {
      return timeline.count();
    }

    @Override
    public Segment at(int index) throws LoadFailure {
      long start = timeline.starts()[index];
      return new Segment(
          Urls.resolve(base, url.replaceAll("(?i)\\{start[ _]time}", Long.toString(start))),
          Optional.empty(),
          start,
          timeline.durationNanos(index),
          Optional.empty(),
          protection.keys(),
          protection.envelope(),
          true);
    }
  }
}
