package dev.sluice.origin.manifest.dash;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** An MPD as a namespace-aware parser sees it. */
record ParsedMpd(List<Element> elements) {

  /**
   * An element.
   *
   * @param path local names from the root, {@code /} between them
   * @param attributes by local name
   * @param text of the element itself, without its children's
   */
  record Element(String path, String namespace, Map<String, String> attributes, String text) {
    String get(String attribute) {
      return attributes.getOrDefault(attribute, "");
    }
  }

  static ParsedMpd parse(byte[] mpd) throws XMLStreamException {
    XMLStreamReader in =
        XMLInputFactory.newDefaultFactory().createXMLStreamReader(new ByteArrayInputStream(mpd));
    var elements = new ArrayList<Element>();
    var path = new ArrayList<String>();
    var at = new ArrayList<Integer>();
    while (in.hasNext()) {
      switch (in.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          path.add(in.getLocalName());
          at.add(elements.size());
          var attributes = new LinkedHashMap<String, String>();
          for (int i = 0; i < in.getAttributeCount(); i++) {
            attributes.put(in.getAttributeLocalName(i), in.getAttributeValue(i));
          }
          elements.add(new Element(String.join("/", path), in.getNamespaceURI(), attributes, ""));
        }
        case XMLStreamConstants.CHARACTERS -> {
          int i = at.getLast();
          Element e = elements.get(i);
          elements.set(
              i, new Element(e.path(), e.namespace(), e.attributes(), e.text() + in.getText()));
        }
        case XMLStreamConstants.END_ELEMENT -> {
          path.removeLast();
          at.removeLast();
        }
        default -> {}
      }
    }
    return new ParsedMpd(elements);
  }

  /** The elements of this local name, in document order. */
  List<Element> all(String name) {
    return elements.stream().filter(e -> e.path().endsWith("/" + name)).toList();
  }

  Element root() {
    return elements.getFirst();
  }

  /** What each AdaptationSet for normal play holds, itself first. */
  List<ParsedMpd> sets() {
    return allSets().stream().filter(set -> set.trickModeFor().isEmpty()).toList();
  }

  /** What each AdaptationSet for trick modes holds, itself first. */
  List<ParsedMpd> trickModes() {
    return allSets().stream().filter(set -> !set.trickModeFor().isEmpty()).toList();
  }

  /** The ids of the sets that this one is for trick modes of, empty where it is none. */
  String trickModeFor() {
    return all("EssentialProperty").stream()
        .filter(p -> p.get("schemeIdUri").equals("http://dashif.org/guidelines/trickmode"))
        .map(p -> p.get("value"))
        .findFirst()
        .orElse("");
  }

  private List<ParsedMpd> allSets() {
    var sets = new ArrayList<ParsedMpd>();
    for (Element e : elements) {
      if (e.path().endsWith("/AdaptationSet")) {
        sets.add(new ParsedMpd(new ArrayList<>()));
      }
      if (!sets.isEmpty()) {
        sets.getLast().elements.add(e);
      }
    }
    return sets;
  }
}
