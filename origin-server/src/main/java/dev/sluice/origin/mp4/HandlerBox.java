package dev.sluice.origin.mp4;

import java.nio.charset.StandardCharsets;

/**
 * The {@code hdlr} box: what a track carries.
 *
 * <p>Spec: ISOBMFF 8.4.3.
 *
 * @param handlerType such as {@code vide}
 */
public record HandlerBox(String handlerType) {

  /** Reads the payload. */
  public static HandlerBox read(BoxReader in) {
    in.skip(8, "version, flags and pre_defined");
    byte[] type = in.bytes(4, "handler_type").toArray();
    return new HandlerBox(new String(type, StandardCharsets.ISO_8859_1));
  }
}
