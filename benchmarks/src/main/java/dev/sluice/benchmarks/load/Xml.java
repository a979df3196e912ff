package dev.sluice.benchmarks.load;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** XML documents, read without DTDs and without anything from outside. */
final class Xml {
  private Xml() {}

  /**
   * The root of a document.
   *
   * @throws LoadFailure if it is not well-formed, or has a document type
   */
  static Element parse(byte[] document) throws LoadFailure {
    try {
      return builder().parse(new ByteArrayInputStream(document)).getDocumentElement();
    } catch (SAXException e) {
      throw new LoadFailure("manifest", "XML: %s".formatted(e.getMessage()));
    } catch (IOException | ParserConfigurationException e) {
      throw new LoadFailure("manifest", "XML: %s".formatted(e.getClass().getSimpleName()));
    }
  }

  /** The children with a name, whatever their namespace. */
  static List<Element> children(Element parent, String localName) {
    var found = new ArrayList<Element>();
    for (Node n = parent.getFirstChild(); n != null; n = n.getNextSibling()) {
      if (n instanceof Element element && localName.equals(element.getLocalName())) {
        found.add(element);
      }
    }
    return found;
  }

  static Optional<Element> child(Element parent, String localName) {
    return children(parent, localName).stream().findFirst();
  }

  /** The elements below, at any depth, with a name, whatever their namespace. */
  static List<Element> descendants(Element parent, String localName) {
    var nodes = parent.getElementsByTagNameNS("*", localName);
    var found = new ArrayList<Element>();
    for (int i = 0; i < nodes.getLength(); i++) {
      if (nodes.item(i) instanceof Element element) {
        found.add(element);
      }
    }
    return found;
  }

  static Optional<String> attribute(Element element, String name) {
    return element.hasAttribute(name) ? Optional.of(element.getAttribute(name)) : Optional.empty();
  }

  /** A required attribute that is a whole number of at least {@code least}. */
  static long number(Element element, String name, long least) throws LoadFailure {
    String text =
        attribute(element, name)
            .orElseThrow(() ->
                new LoadFailure(
                    "manifest",
                    "%s/@%s: absent (expected: a number)".formatted(element.getLocalName(), name)));
    return parseNumber(element, name, text, least);
  }

  /** An attribute that is a whole number of at least {@code least}, if it is there. */
  static long number(Element element, String name, long least, long otherwise) throws LoadFailure {
    var text = attribute(element, name);
    return text.isEmpty() ? otherwise : parseNumber(element, name, text.get(), least);
  }

  private static long parseNumber(Element element, String name, String text, long least)
      throws LoadFailure {
    try {
      long value = Long.parseLong(text.strip());
      if (value >= least) {
        return value;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw new LoadFailure(
        "manifest",
        "%s/@%s: %s (expected: a whole number >= %d)"
            .formatted(element.getLocalName(), name, text, least));
  }

  private static DocumentBuilder builder() throws ParserConfigurationException {
    var factory = DocumentBuilderFactory.newDefaultNSInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
    factory.setXIncludeAware(false);
    factory.setExpandEntityReferences(false);
    var builder = factory.newDocumentBuilder();
    builder.setErrorHandler(new DefaultHandler()); // throws what is fatal, prints nothing
    builder.setEntityResolver((_, _) -> new InputSource(new StringReader("")));
    return builder;
  }
}
