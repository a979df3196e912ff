package dev.sluice.origin.e2e;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/**
 * A Smooth Streaming client manifest as a player reads it.
 *
 * @param protection the ProtectionHeader; absent where nothing is encrypted
 */
record SmoothClientManifest(List<Stream> streams, Optional<Element> protection) {

  /**
   * A StreamIndex.
   *
   * @param bitrates of its quality levels, in their order
   * @param times of its chunks
   * @param url the template
   */
  record Stream(
      String type, String name, List<Long> bitrates, List<Long> times, long endTicks, String url) {

    /** Every chunk of every quality level, relative to the manifest. */
    List<String> urls() {
      var urls = new ArrayList<String>();
      for (long bitrate : bitrates) {
        for (long time : times) {
          urls.add(url(bitrate, time));
        }
      }
      return urls;
    }

    String url(long bitrate, long time) {
      return url.replace("{bitrate}", Long.toString(bitrate))
          .replace("{start time}", Long.toString(time));
    }
  }

  static SmoothClientManifest parse(byte[] xml) {
    try {
      var factory = DocumentBuilderFactory.newInstance();
      factory.setNamespaceAware(true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      var root =
          factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml)).getDocumentElement();
      return new SmoothClientManifest(
          elements(root, "StreamIndex").stream().map(SmoothClientManifest::stream).toList(),
          elements(root, "ProtectionHeader").stream().findFirst());
    } catch (Exception e) {
      throw new AssertionError("Smooth manifest", e);
    }
  }

  private static Stream stream(Element index) {
    var times = new ArrayList<Long>();
    long time = 0;
    for (Element c : elements(index, "c")) {
      time = c.hasAttribute("t") ? Long.parseLong(c.getAttribute("t")) : time;
      // @r counts all chunks of the element.
      long count = c.hasAttribute("r") ? Long.parseLong(c.getAttribute("r")) : 1;
      for (long i = 0; i < count; i++) {
        times.add(time);
        time += Long.parseLong(c.getAttribute("d"));
      }
    }
    if (times.size() != Integer.parseInt(index.getAttribute("Chunks"))) {
      throw new AssertionError("Chunks: " + index.getAttribute("Chunks") + ", but " + times);
    }
    return new Stream(
        index.getAttribute("Type"),
        index.getAttribute("Name"),
        elements(index, "QualityLevel").stream()
            .map(level -> Long.valueOf(level.getAttribute("Bitrate")))
            .toList(),
        times,
        time,
        index.getAttribute("Url"));
  }

  /** The XML of the PlayReady header, which the PlayReady object holds as UTF-16. */
  String playReadyHeader() {
    byte[] object = Base64.getDecoder().decode(protection.orElseThrow().getTextContent());
    return new String(object, 10, object.length - 10, StandardCharsets.UTF_16LE);
  }

  private static List<Element> elements(Element parent, String name) {
    var found = parent.getElementsByTagName(name);
    var list = new ArrayList<Element>();
    for (int i = 0; i < found.getLength(); i++) {
      list.add((Element) found.item(i));
    }
    return list;
  }
}
