package dev.sluice.origin.e2e;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/**
 * An MPD as a player reads it, by another parser than our writer's.
 *
 * @param representations for normal play
 * @param trickModes representations for trick modes
 */
record Mpd(List<Representation> representations, List<Representation> trickModes) {

  /**
   * A representation with its URLs resolved.
   *
   * @param timescale ticks a second, of the segments' times
   * @param bandwidth bits a second
   * @param initialization relative to the MPD
   * @param segments in order
   */
  record Representation(
      String id,
      String contentType,
      Optional<String> keyId,
      long timescale,
      long bandwidth,
      String initialization,
      List<Segment> segments) {}

  record Segment(long time, long duration, String url) {}

  static Mpd parse(byte[] xml) {
    try {
      var factory = DocumentBuilderFactory.newInstance();
      factory.setNamespaceAware(true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      var root =
          factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml)).getDocumentElement();
      var representations = new ArrayList<Representation>();
      var trickModes = new ArrayList<Representation>();
      for (var set : elements(root, "AdaptationSet")) {
        for (var representation : elements(set, "Representation")) {
          (isTrickMode(set) ? trickModes : representations)
              .add(representation(set, representation));
        }
      }
      return new Mpd(List.copyOf(representations), List.copyOf(trickModes));
    } catch (Exception e) {
      throw new AssertionError("MPD", e);
    }
  }

  private static Representation representation(Element set, Element representation) {
    var template = elements(set, "SegmentTemplate").getFirst();
    String bandwidth = representation.getAttribute("bandwidth");
    String media = template.getAttribute("media").replace("$Bandwidth$", bandwidth);
    var segments = new ArrayList<Segment>();
    long time = 0;
    for (var s : elements(template, "S")) {
      time = s.hasAttribute("t") ? Long.parseLong(s.getAttribute("t")) : time;
      long duration = Long.parseLong(s.getAttribute("d"));
      long repeat = s.hasAttribute("r") ? Long.parseLong(s.getAttribute("r")) : 0;
      for (long i = 0; i <= repeat; i++) {
        segments.add(new Segment(time, duration, media.replace("$Time$", Long.toString(time))));
        time += duration;
      }
    }
    return new Representation(
        representation.getAttribute("id"),
        set.getAttribute("contentType"),
        keyId(set),
        template.hasAttribute("timescale") ? Long.parseLong(template.getAttribute("timescale")) : 1,
        Long.parseLong(bandwidth),
        template.getAttribute("initialization").replace("$Bandwidth$", bandwidth),
        List.copyOf(segments));
  }

  private static boolean isTrickMode(Element set) {
    return elements(set, "EssentialProperty").stream()
        .anyMatch(p -> p.getAttribute("schemeIdUri").endsWith("guidelines/trickmode"));
  }

  private static Optional<String> keyId(Element set) {
    return elements(set, "ContentProtection").stream()
        .filter(p -> p.getAttribute("schemeIdUri").equals("urn:mpeg:dash:mp4protection:2011"))
        .map(p -> p.getAttributeNS("urn:mpeg:cenc:2013", "default_KID"))
        .findFirst();
  }

  private static List<Element> elements(Element parent, String name) {
    var found = parent.getElementsByTagNameNS("urn:mpeg:dash:schema:mpd:2011", name);
    var list = new ArrayList<Element>();
    for (int i = 0; i < found.getLength(); i++) {
      list.add((Element) found.item(i));
    }
    return list;
  }
}
