package dev.sluice.origin.mp4;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The {@code moov} box.
 *
 * <p>Spec: ISOBMFF 8.2.1.
 *
 * @param fragmented whether it has an {@code mvex}, so that movie fragments follow
 * @param tracks in file order; all defaults are 0 where the file is not fragmented
 */
public record MovieBox(boolean fragmented, List<TrackHeader> tracks) {

  /** How many tracks a file may have. */
  public static final int MAX_TRACKS = 256;

  private static final TrackHeader.Defaults NO_DEFAULTS = new TrackHeader.Defaults(0, 0, 0, 0);

  public MovieBox {
    tracks = List.copyOf(tracks);
  }

  /** Reads the payload. */
  public static MovieBox read(BoxReader in) {
    List<TrackBox> tracks = new ArrayList<>();
    Map<Integer, TrackHeader.Defaults> defaults = new HashMap<>();
    boolean fragmented = false;
    for (var next = in.nextChild(); next.isPresent(); next = in.nextChild()) {
      BoxReader box = next.get();
      switch (box.type()) {
        case "trak" -> {
          if (tracks.size() == MAX_TRACKS) {
            throw box.malformed("tracks: more than 256 (expected: fewer)", "ISOBMFF 8.3.1");
          }
          tracks.add(TrackBox.read(box));
        }
        case "mvex" -> {
          fragmented = true;
          readDefaults(box, defaults);
        }
        default -> {}
      }
    }
    Set<Integer> ids = new HashSet<>();
    List<TrackHeader> headers = new ArrayList<>();
    for (TrackBox track : tracks) {
      int id = track.header().trackId();
      if (!ids.add(id)) {
        throw in.malformed("track_ID: %d twice (expected: once)".formatted(id), "ISOBMFF 8.3.2");
      }
      if (fragmented && !defaults.containsKey(id)) {
        throw in.malformed(
            "trex: none for track %d (expected: one)".formatted(id), "ISOBMFF 8.8.3");
      }
      if (fragmented && track.media().minf().sampleTable().sampleCount() > 0) {
        throw in.malformed(
            "samples of track %d in moov: %d (expected: none in fragmented MP4)"
                .formatted(id, track.media().minf().sampleTable().sampleCount()),
            "");
      }
      headers.add(track.with(defaults.getOrDefault(id, NO_DEFAULTS)));
    }
    return new MovieBox(fragmented, headers);
  }

  private static void readDefaults(BoxReader in, Map<Integer, TrackHeader.Defaults> defaults) {
    for (var next = in.nextChild(); next.isPresent(); next = in.nextChild()) {
      if (next.get().type().equals("trex")) {
        TrackExtendsBox trex = TrackExtendsBox.read(next.get());
        defaults.put(trex.trackId(), trex.defaults());
      }
    }
  }
}
