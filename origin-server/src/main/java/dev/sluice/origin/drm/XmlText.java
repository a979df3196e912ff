package dev.sluice.origin.drm;

/** Text and elements of the XML that PlayReady wants: canonical, never an empty-element tag. */
final class XmlText {
  private XmlText() {}

  /**
   * Whether XML has all of these characters, and keeps them: no controls, and no half surrogates.
   *
   * <p>Spec: XML 1.0 2.2, 2.11.
   */
  static boolean isWritable(String text) {
    return text.codePoints()
        .allMatch(c -> c >= ' ' && c != 0xfffe && c != 0xffff && (c < 0xd800 || c > 0xdfff));
  }

  /** An element that holds text, which {@link #isWritable}. */
  static String element(String name, String text) {
    return "<" + name + ">" + escape(text) + "</" + name + ">";
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
