package dev.sluice.benchmarks.media;

import dev.sluice.origin.mp4.BoxWriter;
import dev.sluice.origin.segment.InitSegment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Fragmented MP4, one track a file, fragments of two seconds. */
public final class SyntheticFiles {
  private SyntheticFiles() {}

  /**
   * A title of one fragment a track, for a {@link MemoryStore}: {@code title/video.mp4} with 50
   * pictures of H.264 (1,491,000 bytes), {@code title/audio.mp4} with 94 frames of AAC (34,780
   * bytes).
   *
   * @param slices of a picture
   */
  public static Map<String, byte[]> title(int slices) {
    return Map.of(
        "title/video.mp4", file(Fragment.video(), slices),
        "title/audio.mp4", file(Fragment.audio(), slices));
  }

  private static byte[] file(Fragment fragment, int slices) {
    return fragment.file(init(fragment), fragment.payload(slices));
  }

  private static byte[] init(Fragment fragment) {
    return InitSegment.write(fragment.header(), List.of("iso6", "cmfc"), Optional.empty());
  }

  /**
   * Writes a video track without its pictures, whose place is a hole in the file: boxes alone take
   * room on disk.
   *
   * @param file is made, its folder too
   * @param fragments of 50 samples and 1,491,000 bytes each
   * @param segmentIndex whether {@code sidx} lists the fragments, behind {@code moov}
   */
  public static void writeSparse(Path file, int fragments, boolean segmentIndex) {
    var fragment = Fragment.video();
    try {
      Files.createDirectories(file.toAbsolutePath().resolveSibling("."));
      try (var out =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        long at = write(out, 0, init(fragment));
        if (segmentIndex) {
          at = write(out, at, segmentIndex(fragment, fragments));
        }
        for (int i = 0; i < fragments; i++) {
          at = write(out, at, fragment.boxes(i)) + fragment.payloadBytes();
        }
        write(out, at - 1, new byte[1]);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code sidx}, version 1 (ISOBMFF 8.16.3). */
  private static byte[] segmentIndex(Fragment fragment, int fragments) {
    var out = new BoxWriter().begin("sidx", 1, 0).uint32(fragment.header().trackId());
    out.uint32(fragment.header().timescale()).uint64(0).uint64(0).uint16(0).uint16(fragments);
    for (int i = 0; i < fragments; i++) {
      out.uint32(fragment.boxes(i).length + (long) fragment.payloadBytes());
      out.uint32(fragment.ticks()).uint32(0x9000_0000L);
    }
    return out.end().toByteArray();
  }

  /** Where the bytes end. */
  private static long write(FileChannel out, long at, byte[] bytes) throws IOException {
    var buffer = ByteBuffer.wrap(bytes);
    long position = at;
    while (buffer.hasRemaining()) {
      position += out.write(buffer, position);
    }
    return position;
  }
}
