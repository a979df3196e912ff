package dev.sluice.origin.mp4;

import java.util.ArrayList;
import java.util.List;

/**
 * The {@code moof} box.
 *
 * <p>Spec: ISOBMFF 8.8.4.
 *
 * @param sequenceNumber of {@code mfhd}, 0 where there is none
 * @param trackFragments in file order
 */
public record MovieFragmentBox(int sequenceNumber, List<TrackFragmentBox> trackFragments) {

  public MovieFragmentBox {
    trackFragments = List.copyOf(trackFragments);
  }

  /** Reads the payload. */
  public static MovieFragmentBox read(BoxReader in) {
    int sequenceNumber = 0;
    List<TrackFragmentBox> trackFragments = new ArrayList<>();
    for (var next = in.nextChild(); next.isPresent(); next = in.nextChild()) {
      BoxReader box = next.get();
      switch (box.type()) {
        case "mfhd" -> {
          box.skip(4, "version and flags");
          sequenceNumber = box.int32("sequence_number");
        }
        case "traf" -> trackFragments.add(TrackFragmentBox.read(box));
        default -> {}
      }
    }
    return new MovieFragmentBox(sequenceNumber, trackFragments);
  }
}
