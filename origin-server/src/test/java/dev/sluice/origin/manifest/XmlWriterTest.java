package dev.sluice.origin.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class XmlWriterTest {

  @Test
  void writesElementsAndAttributesInTheOrderOfTheCalls() {
    var xml = new XmlWriter();
    xml.begin("b").attribute("z", 1).attribute("a", "é").attribute("none", Optional.empty());
    xml.begin("empty").end().element("text", "t").end();

    assertThat(new String(xml.toBytes(), StandardCharsets.UTF_8))
        .isEqualTo(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <b z="1" a="é">
              <empty/>
              <text>t</text>
            </b>
            """);
  }

  @Test
  void escapesValuesAndText() {
    var xml = new XmlWriter();
    xml.begin("a").attribute("v", "\"<&>'\n\t\r").element("t", "<a>&amp;").end();

    assertThat(new String(xml.toBytes(), StandardCharsets.UTF_8))
        .contains("v=\"&quot;&lt;&amp;&gt;'&#10;&#9;&#13;\"")
        .contains("<t>&lt;a&gt;&amp;amp;</t>");
  }

  @Test
  void refusesACharacterThatXmlHasNot() {
    var xml = new XmlWriter().begin("a");

    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> xml.attribute("v", "\u0001"))
        .withMessage("XML: character 0x1 (expected: none that XML has not)");
  }

  @Test
  void refusesAnAttributeBehindContent() {
    var xml = new XmlWriter().begin("a").element("t", "");

    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> xml.attribute("v", "1"));
  }

  @Test
  void refusesToEndWithAnOpenElement() {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(new XmlWriter().begin("a")::toBytes)
        .withMessage("element: a is open (expected: none)");
  }
}
