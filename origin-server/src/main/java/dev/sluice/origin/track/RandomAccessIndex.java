package dev.sluice.origin.track;

import dev.sluice.origin.mp4.BoxHeader;
import dev.sluice.origin.mp4.MovieFragmentRandomAccessBox;
import dev.sluice.origin.mp4.TrackFragmentRandomAccessBox;
import dev.sluice.origin.storage.ObjectReader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The {@code mfra} box of a file, read when it is first asked for. */
final class RandomAccessIndex {
  private static final int MAX_BYTES = 64 * 1024 * 1024;
  private static final int MFRO_TYPE = 0x6d66726f;

  private final ObjectReader object;
  private Optional<List<TrackFragmentRandomAccessBox>> tracks = Optional.empty();

  RandomAccessIndex(ObjectReader object) {
    this.object = object;
  }

  /** The time at which a movie fragment begins; empty where the file has none or does not say. */
  OptionalLong timeTicks(int trackId, long moofOffsetBytes) {
    if (tracks.isEmpty()) {
      tracks = Optional.of(read());
    }
    for (TrackFragmentRandomAccessBox track : tracks.get()) {
      if (track.trackId() == trackId) {
        return track.timeTicks(moofOffsetBytes);
      }
    }
    return OptionalLong.empty();
  }

  private List<TrackFragmentRandomAccessBox> read() {
    long fileBytes = object.object().sizeBytes();
    if (fileBytes < MovieFragmentRandomAccessBox.MFRO_BYTES) {
      return List.of();
    }
    ByteBuffer mfro = ByteBuffer.allocate(MovieFragmentRandomAccessBox.MFRO_BYTES);
    object.readFully(fileBytes - mfro.capacity(), mfro);
    long mfraBytes = Integer.toUnsignedLong(mfro.getInt(12));
    if (mfro.getInt(0) != mfro.capacity()
        || mfro.getInt(4) != MFRO_TYPE
        || mfraBytes > fileBytes
        || mfraBytes < BoxHeader.SHORT_BYTES) {
      return List.of();
    }
    var scanner = new BoxScanner(object);
    BoxHeader box = scanner.header(fileBytes - mfraBytes);
    return box.type().equals("mfra")
        ? MovieFragmentRandomAccessBox.read(scanner.read(box, MAX_BYTES)).tracks()
        : List.of();
  }
}
