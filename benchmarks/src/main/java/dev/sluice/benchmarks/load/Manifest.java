package dev.sluice.benchmarks.load;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/** What a manifest says, as far as a session needs it. Immutable, and shared by sessions. */
sealed interface Manifest {
  /**
   * Renditions with their segments: a DASH or a Smooth manifest.
   *
   * @param video may be empty, if audio is not
   * @param live whether segments are still being added
   */
  record Presentation(List<Rendition> video, List<Rendition> audio, boolean live)
      implements Manifest {
    public Presentation {
      video = List.copyOf(video);
      audio = List.copyOf(audio);
    }
  }

  /** An HLS multivariant playlist. */
  record Multivariant(List<Variant> variants, List<AudioPlaylist> audio) implements Manifest {
    public Multivariant {
      variants = List.copyOf(variants);
      audio = List.copyOf(audio);
    }
  }

  /**
   * An HLS media playlist.
   *
   * @param live whether it is without {@code EXT-X-ENDLIST}
   */
  record Playlist(Segments segments, boolean live) implements Manifest {}

  /**
   * One encoding of a track.
   *
   * @param name the same when the manifest is read again
   * @param bitrate in bits a second
   */
  record Rendition(String name, long bitrate, Segments segments) {}

  /**
   * An {@code EXT-X-STREAM-INF}.
   *
   * @param bandwidth in bits a second
   * @param audioGroup whose audio plays beside it; empty: its segments hold the audio
   */
  record Variant(long bandwidth, URI playlist, Optional<String> audioGroup) {}

  /** An {@code EXT-X-MEDIA} of audio with a playlist of its own. */
  record AudioPlaylist(String group, URI playlist) {}
}
