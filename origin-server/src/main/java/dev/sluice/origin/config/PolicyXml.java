package dev.sluice.origin.config;

import java.io.StringReader;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Checks the text of a cross-site policy file. It is served as it stands. A DOCTYPE line, which
 * {@code crossdomain.xml} often has, is passed over unread; one with declarations is refused.
 */
final class PolicyXml {
  private static final int MAX_CHARS = 64 << 10;

  private PolicyXml() {}

  private static XMLInputFactory factory() {
    var factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    return factory;
  }

  /**
   * The same text.
   *
   * @param root name of the root element
   * @throws IllegalArgumentException if it is not well-formed XML in UTF-8 with that root
   */
  static String require(String text, String root) {
    if (text.length() > MAX_CHARS) {
      throw new IllegalArgumentException("too long (expected: at most 64 KiB)");
    }
    try {
      check(factory().createXMLStreamReader(new StringReader(text)), root);
    } catch (XMLStreamException e) {
      throw new IllegalArgumentException(
          "line %d of it (expected: well-formed XML)"
              .formatted(e.getLocation() == null ? 1 : e.getLocation().getLineNumber()),
          e);
    }
    return text;
  }

  private static void check(XMLStreamReader in, String root) throws XMLStreamException {
    String encoding = in.getCharacterEncodingScheme();
    if (encoding != null && !encoding.equalsIgnoreCase("utf-8")) {
      throw new IllegalArgumentException("encoding: " + encoding + " (expected: utf-8)");
    }
    boolean rootSeen = false;
    while (in.hasNext()) {
      int event = in.next();
      if (event == XMLStreamConstants.DTD && in.getText() != null && in.getText().contains("[")) {
        throw new IllegalArgumentException("DOCTYPE: (expected: one without declarations)");
      }
      if (event == XMLStreamConstants.ENTITY_REFERENCE) {
        throw new IllegalArgumentException(
            "entity: %s (expected: only those of XML itself)".formatted(in.getLocalName()));
      }
      if (event == XMLStreamConstants.START_ELEMENT && !rootSeen) {
        rootSeen = true;
        if (!in.getLocalName().equals(root)) {
          throw new IllegalArgumentException(
              "root element: %s (expected: %s)".formatted(in.getLocalName(), root));
        }
      }
    }
  }
}
