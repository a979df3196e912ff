package dev.sluice.origin.e2e;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/** A Smooth Streaming client manifest as a player reads it ([MS-SSTR] 2.2.2). */
record SmoothManifest(List<Quality> qualities) {

  /** A QualityLevel of a StreamIndex. */
  record Quality(String type, long bitrate, List<Chunk> chunks) {}

  /** A fragment: its URL relative to the manifest. */
  record Chunk(String url, double seconds) {}

  private record Time(long start, long duration) {}

  static SmoothManifest parse(String xml) {
    try {
      var factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      var bytes = new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8));
      var root = factory.newDocumentBuilder().parse(bytes).getDocumentElement();
      var qualities = new ArrayList<Quality>();
      for (var stream : children(root, "StreamIndex")) {
        String scale =
            stream.hasAttribute("TimeScale")
                ? stream.getAttribute("TimeScale")
                : root.getAttribute("TimeScale");
        var times = times(stream);
        for (var level : children(stream, "QualityLevel")) {
          qualities.add(quality(stream, level, times, Double.parseDouble(scale)));
        }
      }
      return new SmoothManifest(List.copyOf(qualities));
    } catch (Exception e) {
      throw new AssertionError("client manifest", e);
    }
  }

  private static Quality quality(Element stream, Element level, List<Time> times, double scale) {
    String bitrate = level.getAttribute("Bitrate");
    String template = stream.getAttribute("Url").replace("{bitrate}", bitrate);
    var chunks = new ArrayList<Chunk>();
    for (var time : times) {
      String url = template.replace("{start time}", Long.toString(time.start()));
      chunks.add(new Chunk(url, time.duration() / scale));
    }
    return new Quality(stream.getAttribute("Type"), Long.parseLong(bitrate), chunks);
  }

  /** {@code r} counts all of a run, other than in DASH. */
  private static List<Time> times(Element stream) {
    var times = new ArrayList<Time>();
    long at = 0;
    for (var c : children(stream, "c")) {
      at = c.hasAttribute("t") ? Long.parseLong(c.getAttribute("t")) : at;
      long duration = Long.parseLong(c.getAttribute("d"));
      long count = c.hasAttribute("r") ? Long.parseLong(c.getAttribute("r")) : 1;
      for (long i = 0; i < count; i++) {
        times.add(new Time(at, duration));
        at += duration;
      }
    }
    if (times.size() != Integer.parseInt(stream.getAttribute("Chunks"))) {
      throw new AssertionError("Chunks: " + stream.getAttribute("Chunks"));
    }
    return times;
  }

  private static List<Element> children(Element parent, String name) {
    var list = new ArrayList<Element>();
    for (var node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getTagName().equals(name)) {
        list.add(element);
      }
    }
    return list;
  }
}
