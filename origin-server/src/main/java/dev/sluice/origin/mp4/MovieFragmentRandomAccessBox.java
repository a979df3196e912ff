package dev.sluice.origin.mp4;

import java.util.ArrayList;
import java.util.List;

/**
 * The {@code mfra} box, last in its file, with a {@code tfra} for each track.
 *
 * <p>Spec: ISOBMFF 8.8.9.
 */
public record MovieFragmentRandomAccessBox(List<TrackFragmentRandomAccessBox> tracks) {

  /** The length of the {@code mfro} box, the last of {@code mfra}, whose last field is its size. */
  public static final int MFRO_BYTES = 16;

  public MovieFragmentRandomAccessBox {
    tracks = List.copyOf(tracks);
  }

  /** Reads the payload. */
  public static MovieFragmentRandomAccessBox read(BoxReader in) {
    List<TrackFragmentRandomAccessBox> tracks = new ArrayList<>();
    for (var next = in.nextChild(); next.isPresent(); next = in.nextChild()) {
      if (next.get().type().equals("tfra")) {
        tracks.add(TrackFragmentRandomAccessBox.read(next.get()));
      }
    }
    return new MovieFragmentRandomAccessBox(tracks);
  }
}
