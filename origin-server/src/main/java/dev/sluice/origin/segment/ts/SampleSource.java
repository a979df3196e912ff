package dev.sluice.origin.segment.ts;

import dev.sluice.origin.encrypt.SampleAes;
import dev.sluice.origin.storage.ObjectReader;
import java.util.Optional;

/**
 * Where the samples of a stream lie, and how they leave.
 *
 * @param object belongs to the segment that is made of this
 * @param encryption under which the samples leave; belongs to the segment, too
 */
public record SampleSource(ObjectReader object, Optional<SampleAes> encryption)
    implements AutoCloseable {

  @Override
  public void close() {
    try (object) {
      encryption.ifPresent(SampleAes::close);
    }
  }
}
