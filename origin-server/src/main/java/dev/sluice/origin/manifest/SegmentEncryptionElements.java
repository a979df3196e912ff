package dev.sluice.origin.manifest;

import dev.sluice.origin.drm.SegmentEncryption;
import java.util.HexFormat;

/**
 * The elements by which DASH and Smooth describe segment encryption: the children of a
 * ContentProtection element. One key and one IV for the whole presentation.
 *
 * <p>Spec: ISO/IEC 23009-4 5, in the form that the streaming service writes.
 */
public final class SegmentEncryptionElements {

  /** The schemeIdUri of the ContentProtection element. */
  public static final String SCHEME = "urn:mpeg:dash:sea:2012";

  private SegmentEncryptionElements() {}

  /** Declares the namespace of the elements, at the element that has just begun. */
  public static void declareNamespace(XmlWriter xml) {
    xml.attribute("xmlns:sea", "urn:mpeg:dash:schema:sea:2012");
  }

  /** Writes the elements. */
  public static void write(XmlWriter xml, SegmentEncryption encryption) {
    xml.begin("sea:SegmentEncryption")
        .attribute("schemeIdUri", "urn:mpeg:dash:sea:aes128-cbc:2013")
        .end()
        .begin("sea:KeySystem")
        .attribute("keySystemUri", "urn:mpeg:dash:sea:keysys:http:2013")
        .end()
        .begin("sea:CryptoPeriod")
        .attribute("IV", "0x" + HexFormat.of().withUpperCase().formatHex(encryption.iv().toArray()))
        .attribute("keyUriTemplate", encryption.keyUrl())
        .end();
  }
}
