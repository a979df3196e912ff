package dev.sluice.benchmarks.origin;

import dev.sluice.origin.codec.AacConfig;
import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.encrypt.AvcSampleMap;
import dev.sluice.origin.encrypt.SubsampleMap;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.storage.ObjectReader;
import dev.sluice.origin.track.FragmentSamples;
import dev.sluice.origin.track.Track;

/** Clear/protected maps by codec, as the server plans them. */
final class Maps {
  private Maps() {}

  static SubsampleMap plan(
      Track track, FragmentSamples samples, ObjectReader object, Scheme scheme) {
    return switch (track.codec()) {
      case AvcConfig avc -> AvcSampleMap.plan(samples, avc, object::readFully, scheme);
      case AacConfig _ -> SubsampleMap.fullSamples(samples);
    };
  }
}
