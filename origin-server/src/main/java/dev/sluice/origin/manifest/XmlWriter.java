package dev.sluice.origin.manifest;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * An XML document under construction, as UTF-8: elements and attributes in the order of the calls,
 * indented, and the same bytes for the same calls. Names are the caller's and not checked; values
 * and text are escaped.
 */
public final class XmlWriter {
  /** A day in two-second segments of eight timelines has a tenth of it. */
  static final int MAX_CHARACTERS = 1 << 24;

  private static final String INDENT = "  ";

  private final StringBuilder out = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
  private final Deque<String> open = new ArrayDeque<>();
  private boolean inStartTag;

  /** Begins an element. */
  public XmlWriter begin(String name) {
    endStartTag();
    newLine();
    out.append('<').append(name);
    open.push(name);
    inStartTag = true;
    return this;
  }

  /** An attribute of the element that has just begun. */
  public XmlWriter attribute(String name, String value) {
    if (!inStartTag) {
      throw new IllegalStateException(
          "attribute: %s (expected: right behind the beginning of an element)".formatted(name));
    }
    out.append(' ').append(name).append("=\"");
    escape(value);
    out.append('"');
    return this;
  }

  /** An attribute of the element that has just begun, in decimal. */
  public XmlWriter attribute(String name, long value) {
    return attribute(name, Long.toString(value));
  }

  /** An attribute of the element that has just begun, where there is a value. */
  public XmlWriter attribute(String name, Optional<String> value) {
    value.ifPresent(present -> attribute(name, present));
    return this;
  }

  /** Ends the element that began last and has not ended. */
  public XmlWriter end() {
    String name = open.pop();
    if (inStartTag) {
      out.append("/>");
      inStartTag = false;
    } else {
      newLine();
      out.append("</").append(name).append('>');
    }
    return this;
  }

  /** A whole element that holds this text, and no white space beside it. */
  public XmlWriter element(String name, String text) {
    return begin(name).endWith(text);
  }

  /** Ends the element that has just begun, with this text in it and no white space beside it. */
  public XmlWriter endWith(String text) {
    endStartTag();
    escape(text);
    out.append("</").append(open.pop()).append('>');
    return this;
  }

  /** The document. Every element has ended. */
  public byte[] toBytes() {
    if (!open.isEmpty()) {
      throw new IllegalStateException(
          "element: %s is open (expected: none)".formatted(open.peek()));
    }
    return (out + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private void endStartTag() {
    if (inStartTag) {
      out.append('>');
      inStartTag = false;
    }
  }

  private void newLine() {
    if (out.length() > MAX_CHARACTERS) {
      throw new ContentFailure(
          FailureCode.MPE_INPUT_NOT_SUPPORTED,
          "manifest: more than %d characters (expected: fewer segments or tracks)"
              .formatted(MAX_CHARACTERS),
          "");
    }
    out.append('\n').append(INDENT.repeat(open.size()));
  }

  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\t', '\n', '\r' -> out.append("&#").append((int) c).append(';');
        default -> appendCharacter(c);
      }
    }
  }

  private void appendCharacter(char c) {
    if (c < ' ' || c == '\ufffe' || c == '\uffff') {
      throw new IllegalArgumentException(
          "XML: character %#x (expected: none that XML has not)".formatted((int) c));
    }
    out.append(c);
  }
}
