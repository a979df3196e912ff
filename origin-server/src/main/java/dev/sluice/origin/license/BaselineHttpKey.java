package dev.sluice.origin.license;

import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.media.Answer;

/** A key as 16 raw bytes, which is what HLS players fetch for AES-128. */
final class BaselineHttpKey {
  private static final String CONTENT_TYPE = "application/octet-stream";

  private BaselineHttpKey() {}

  /** The answer. Its body is a copy of the key that lives as long as the answer does. */
  static Answer render(ContentKey key) {
    return Answer.noStore(CONTENT_TYPE, key.copyValue());
  }
}
