package dev.sluice.origin.track;

import static dev.sluice.origin.track.ServerManifest.malformed;

import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.storage.ObjectPath;
import dev.sluice.origin.track.ServerManifest.Entry;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads a server manifest: SMIL 2.0, with or without a prefix. Takes no document type and no entity
 * of its own.
 */
final class ServerManifestReader {
  private static final String SMIL = "http://www.w3.org/2001/SMIL20/Language";
  private static final int MAX_ENTRIES = 1024;
  private static final int MAX_DEPTH = 32;
  private static final Pattern URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*");
  // Track names stand in URLs: Fragments(name=...).
  private static final Pattern TRACK_NAME = Pattern.compile("[A-Za-z0-9_.~-]{1,128}");

  private final XMLStreamReader xml;
  private final List<Entry> entries = new ArrayList<>();

  private ServerManifestReader(XMLStreamReader xml) {
    this.xml = xml;
  }

  /** Reads a document, whose encoding its first bytes or its declaration tell. */
  static ServerManifest read(byte[] document) {
    var factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
    factory.setXMLResolver((publicId, systemId, base, namespace) -> {
      throw new XMLStreamException("an external entity");
    });
    try {
      XMLStreamReader xml = factory.createXMLStreamReader(new ByteArrayInputStream(document));
      var reader = new ServerManifestReader(xml);
      try {
        reader.read();
      } finally {
        xml.close();
      }
      if (reader.entries.isEmpty()) {
        throw malformed("tracks: none (expected: video, audio or textstream elements)");
      }
      return new ServerManifest(reader.entries);
    } catch (XMLStreamException e) {
      var location = e.getLocation();
      throw malformed(
          "XML: not well-formed near line %d (expected: SMIL 2.0)"
              .formatted(location == null ? 0 : location.getLineNumber()));
    }
  }

  private void read() throws XMLStreamException {
    int depth = 0;
    Optional<Element> element = Optional.empty();
    while (xml.hasNext()) {
      switch (xml.next()) {
        case XMLStreamConstants.DTD -> throw malformed("document type: present (expected: none)");
        case XMLStreamConstants.ENTITY_REFERENCE ->
            throw malformed("entity: present (expected: none but XML's own)");
        case XMLStreamConstants.START_ELEMENT -> {
          if (++depth > MAX_DEPTH) {
            throw malformed("depth: more than 32 (expected: fewer)");
          }
          requireRoot(depth);
          if (isSmil() && xml.getLocalName().equals("param")) {
            element.ifPresent(this::param);
          } else if (isSmil() && element.isEmpty()) {
            element = start(depth);
          }
        }
        case XMLStreamConstants.END_ELEMENT -> {
          if (element.isPresent() && element.get().depth() == depth) {
            add(element.get());
            element = Optional.empty();
          }
          depth--;
        }
        default -> {}
      }
    }
  }

  /** An element that is open, and its parameters so far. */
  private record Element(
      int depth,
      TrackKind kind,
      Optional<String> src,
      Optional<String> systemBitrate,
      Optional<String> systemLanguage,
      Map<String, String> params) {}

  private void requireRoot(int depth) {
    if (depth == 1 && !(isSmil() && xml.getLocalName().equals("smil"))) {
      throw malformed("root: %s (expected: smil)".formatted(xml.getLocalName()));
    }
  }

  private boolean isSmil() {
    String namespace = xml.getNamespaceURI();
    return namespace == null || namespace.isEmpty() || namespace.equals(SMIL);
  }

  private Optional<Element> start(int depth) {
    TrackKind kind;
    switch (xml.getLocalName()) {
      case "video" -> kind = TrackKind.VIDEO;
      case "audio" -> kind = TrackKind.AUDIO;
      case "textstream" -> kind = TrackKind.TEXT;
      default -> {
        return Optional.empty();
      }
    }
    return Optional.of(
        new Element(
            depth,
            kind,
            attribute("src"),
            attribute("systemBitrate"),
            attribute("systemLanguage"),
            new HashMap<>()));
  }

  private void param(Element of) {
    Optional<String> name = attribute("name");
    Optional<String> value = attribute("value");
    if (name.isPresent() && value.isPresent()) {
      of.params().putIfAbsent(name.get(), value.get());
    }
  }

  private void add(Element element) {
    if (entries.size() == MAX_ENTRIES) {
      throw malformed("tracks: more than 1024 (expected: fewer)");
    }
    Optional<Long> trackId = param(element, "trackID").map(v -> number("trackID", v));
    if (trackId.isPresent() && trackId.get() > 0xFFFF_FFFFL) {
      throw malformed("trackID: %d (expected: < 2^32)".formatted(trackId.get()));
    }
    Optional<String> trackName = param(element, "trackName").filter(n -> !n.isEmpty());
    if (trackName.isPresent() && !TRACK_NAME.matcher(trackName.get()).matches()) {
      throw malformed("trackName: a name no URL can hold (expected: letters, digits, - . _ ~)");
    }
    entries.add(
        new Entry(
            element.kind(),
            src(element),
            element.systemBitrate().map(v -> number("systemBitrate", v)),
            element.systemLanguage().filter(l -> !l.isEmpty()),
            trackId.map(Long::intValue),
            trackName,
            Purpose.of(param(element, "role"), param(element, "accessibility"))));
  }

  private static Optional<String> param(Element element, String name) {
    return Optional.ofNullable(element.params().get(name));
  }

  private static String src(Element element) {
    String src =
        element
            .src()
            .orElseThrow(() -> malformed("src: none (expected: a file of the manifest's folder)"));
    if (!ObjectPath.isSafe(src) || URL.matcher(src).matches()) {
      throw malformed(
          "src: not a path below the manifest's folder"
              + " (expected: names with / between them, no URL, none of them . or ..)");
    }
    return src;
  }

  private static long number(String name, String value) {
    if (!value.matches("[0-9]{1,15}") || Long.parseLong(value) == 0) {
      throw malformed("%s: no number (expected: 1 or more, decimal)".formatted(name));
    }
    return Long.parseLong(value);
  }

  private Optional<String> attribute(String name) {
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      String namespace = xml.getAttributeNamespace(i);
      if ((namespace == null || namespace.isEmpty()) && xml.getAttributeLocalName(i).equals(name)) {
        return Optional.of(xml.getAttributeValue(i));
      }
    }
    return Optional.empty();
  }
}
