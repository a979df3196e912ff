package dev.sluice.origin.segment;

import dev.sluice.origin.mp4.BoxWriter;

/** The boxes around what a scheme says of a track: {@code sinf}, {@code frma}, {@code schm}. */
final class SchemeInformation {
  private SchemeInformation() {}

  /** Begins {@code sinf}, and {@code schi} in it. */
  static void begin(BoxWriter out, String originalFormat, String scheme, int version) {
    out.begin("sinf");
    out.begin("frma").fourCc(originalFormat).end();
    out.begin("schm", 0, 0).fourCc(scheme).uint32(version).end();
    out.begin("schi");
  }

  /** Ends both. */
  static void end(BoxWriter out) {
    out.end().end();
  }
}
