package dev.sluice.origin.segment.ts;

import dev.sluice.origin.encrypt.ClearRest;
import dev.sluice.origin.media.Body;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The body of a media segment as an MPEG-2 transport stream: PAT, PMT, and the PES packets of one
 * stream, or of video and audio in the order of their decode times.
 *
 * <p>A plan of the whole is made first; packets are made as they are asked for, in the buffers that
 * they are asked for in. Between reads it holds a few kilobytes and the plan, which may be shared.
 *
 * <p>A segment depends on no other, and segments that are fetched in any order from different
 * servers still follow each other without a break: times are converted each by itself, and the
 * continuity counter of each stream begins with 0, since the last unit of a stream is spread over
 * so many packets that those of a segment are a multiple of 16.
 *
 * <p>Any range costs what it holds. With SAMPLE-AES it costs a NAL unit more at most, unless it
 * follows the last one.
 *
 * <p>Spec: ISO/IEC 13818-1 2.4; RFC 8216 3.2.
 */
public final class TransportStreamSegment implements Body {
  private final SegmentPlan plan;
  private final List<SampleSource> sources;
  private final PieceWriter writer;

  private TransportStreamSegment(SegmentPlan plan, List<SampleSource> sources) {
    this.plan = plan;
    this.sources = sources;
    this.writer = new PieceWriter(plan, sources);
  }

  /**
   * A segment of these streams: one, or video and then audio.
   *
   * <p>Ownership: takes the streams' readers and ciphers once it returns, and closes them.
   *
   * @param segmentNumber the fragment's number in the track whose times the playlist lists
   * @throws dev.sluice.origin.failure.Failure if the samples cannot be read, or cannot be said in a
   *     transport stream
   */
  public static TransportStreamSegment of(int segmentNumber, List<ElementaryStream> streams) {
    var plan = SegmentPlan.of(segmentNumber, streams);
    return of(plan, streams.stream().map(ElementaryStream::source).toList());
  }

  /**
   * A segment that has been planned.
   *
   * <p>Ownership: takes the readers and ciphers once it returns, and closes them.
   *
   * @param sources of the streams that the plan was made for, under the same key and IV
   */
  public static TransportStreamSegment of(SegmentPlan plan, List<SampleSource> sources) {
    if (sources.size() != plan.streamCount()) {
      throw new IllegalArgumentException(
          "sources: %d (expected: %d, as planned)".formatted(sources.size(), plan.streamCount()));
    }
    for (var source : sources) {
      if (source.encryption().isPresent() != plan.isEncrypted()) {
        throw new IllegalArgumentException("encryption: not as planned (expected: as planned)");
      }
    }
    return new TransportStreamSegment(plan, List.copyOf(sources));
  }

  @Override
  public long lengthBytes() {
    return plan.lengthBytes();
  }

  @Override
  public void read(long positionBytes, ByteBuffer out) {
    if (!ClearRest.wipedUnless(out, () -> read(positionBytes, out, /* waits= */ true))) {
      throw new IllegalStateException("segment: not read (expected: read, however long it takes)");
    }
  }

  @Override
  public boolean readNow(long positionBytes, ByteBuffer out) {
    return ClearRest.wipedUnless(out, () -> read(positionBytes, out, /* waits= */ false));
  }

  private boolean read(long positionBytes, ByteBuffer out, boolean waits) {
    if (positionBytes < 0 || positionBytes > lengthBytes() - out.remaining()) {
      throw new IllegalArgumentException(
          "range: %d+%d (expected: within %d bytes)"
              .formatted(positionBytes, out.remaining(), lengthBytes()));
    }
    long position = positionBytes;
    byte[] tables = plan.tables();
    if (position < tables.length) {
      int length = (int) Math.min(tables.length - position, out.remaining());
      out.put(tables, (int) position, length);
      position += length;
    }
    while (out.hasRemaining()) {
      int length = Math.min(PieceWriter.MAX_BYTES, out.remaining());
      if (!writer.write(position, out.slice(out.position(), length), waits)) {
        return false;
      }
      out.position(out.position() + length);
      position += length;
    }
    return true;
  }

  @Override
  public void close() {
    try (var _ = sources.getLast()) {
      if (sources.size() > 1) {
        sources.getFirst().close();
      }
    }
  }
}
