package dev.sluice.origin.mp4;

import dev.sluice.origin.media.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The {@code traf} box: the samples of one track in a movie fragment.
 *
 * <p>Spec: ISOBMFF 8.8.6.
 *
 * @param decodeTime where the fragment has a {@code tfdt}
 * @param fragmentTime where it has a {@code tfxd}
 */
public record TrackFragmentBox(
    TrackFragmentHeaderBox header,
    Optional<TrackFragmentDecodeTimeBox> decodeTime,
    Optional<FragmentTimeBox> fragmentTime,
    List<TrackRunBox> runs) {

  private static final int USER_TYPE_BYTES = 16;

  public TrackFragmentBox {
    runs = List.copyOf(runs);
  }

  /** Reads the payload. Other boxes are passed over. */
  public static TrackFragmentBox read(BoxReader in) {
    Optional<TrackFragmentHeaderBox> header = Optional.empty();
    Optional<TrackFragmentDecodeTimeBox> decodeTime = Optional.empty();
    Optional<FragmentTimeBox> fragmentTime = Optional.empty();
    List<TrackRunBox> runs = new ArrayList<>();
    for (var next = in.nextChild(); next.isPresent(); next = in.nextChild()) {
      BoxReader box = next.get();
      switch (box.type()) {
        case "tfhd" -> {
          if (header.isPresent()) {
            throw box.malformed("tfhd: a second one (expected: one)", "ISOBMFF 8.8.7");
          }
          header = Optional.of(TrackFragmentHeaderBox.read(box));
        }
        case "tfdt" -> decodeTime = Optional.of(TrackFragmentDecodeTimeBox.read(box));
        case "trun" -> runs.add(TrackRunBox.read(box));
        case "uuid" -> {
          Bytes userType = box.bytes(USER_TYPE_BYTES, "usertype");
          if (userType.equals(FragmentTimeBox.USER_TYPE)) {
            fragmentTime = Optional.of(FragmentTimeBox.read(box));
          }
        }
        default -> {}
      }
    }
    return new TrackFragmentBox(
        header.orElseThrow(() -> in.malformed("tfhd: none (expected: one)", "ISOBMFF 8.8.7")),
        decodeTime,
        fragmentTime,
        runs);
  }
}
