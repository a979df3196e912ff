package dev.sluice.origin.manifest.hls;

/** How transport streams of ours carry AAC. */
final class TransportAudio {
  /** Frames that share a PES packet. */
  static final int FRAMES_PER_PES = 1;

  private TransportAudio() {}
}
