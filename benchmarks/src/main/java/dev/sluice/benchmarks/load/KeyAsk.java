package dev.sluice.benchmarks.load;

import java.net.URI;
import java.util.Optional;

/** How the key of a rendition is had. */
sealed interface KeyAsk {
  /** A GET that answers the key's 16 bytes (RFC 8216 4.3.2.4; ISO/IEC 23009-4 6.4). */
  record Raw(URI uri) implements KeyAsk {}

  /**
   * A POST of the W3C's JSON licence request (EME 9.1.3).
   *
   * @param uri absent where the manifest names none
   * @param kid base64url without padding
   */
  record ClearKey(Optional<URI> uri, String kid) implements KeyAsk {}

  /**
   * A system whose licences only its own client can ask for.
   *
   * @param system its name, one of few
   */
  record Unsupported(String system) implements KeyAsk {}
}
