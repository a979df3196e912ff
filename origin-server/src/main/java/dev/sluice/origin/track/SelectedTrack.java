package dev.sluice.origin.track;

import dev.sluice.origin.media.LanguageTags;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.storage.StoredObject;
import java.math.BigInteger;
import java.util.Optional;

/**
 * A track of a file that a title is made of.
 *
 * @param manifest what the server manifest says of it, where there is one
 */
record SelectedTrack(
    Mp4File.Mp4Track track,
    StoredObject object,
    FragmentIndex fragments,
    Optional<ServerManifest.Entry> manifest) {

  TrackKind kind() {
    return track.kind();
  }

  /** RFC 5646: the server manifest's, else the file's. */
  String language() {
    return LanguageTags.shortest(
        manifest.flatMap(ServerManifest.Entry::systemLanguage).orElse(track.header().language()));
  }

  /** What the server manifest says it is meant for. */
  Purpose purpose() {
    return manifest.map(ServerManifest.Entry::purpose).orElse(Purpose.UNSTATED);
  }

  /** Bits a second: the server manifest's, else the sample entry's, else measured; at least 1. */
  long bitrate() {
    Optional<Long> stated = manifest.flatMap(ServerManifest.Entry::systemBitrate);
    if (stated.isPresent()) {
      return stated.get();
    }
    long average = track.header().sampleEntries().getFirst().averageBitrate();
    return average > 0 ? average : measuredBitrate();
  }

  private long measuredBitrate() {
    long bytes = 0;
    for (int i = 0; i < fragments.count(); i++) {
      bytes += fragments.sampleBytes(i);
    }
    long ticks = Math.max(1, fragments.endTicks() - fragments.startTicks(0));
    // Terabytes times a timescale of 10 MHz overflow a long.
    BigInteger bitsTimesScale =
        BigInteger.valueOf(bytes)
            .shiftLeft(3)
            .multiply(BigInteger.valueOf(track.header().timescale()));
    return Math.max(1, bitsTimesScale.divide(BigInteger.valueOf(ticks)).longValue());
  }
}
