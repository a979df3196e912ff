package dev.sluice.origin.segment;

import dev.sluice.origin.encrypt.CencPass;
import dev.sluice.origin.encrypt.SubsampleMap;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.storage.ObjectReader;
import dev.sluice.origin.track.FragmentSamples;
import dev.sluice.origin.track.Track;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The body of one media segment: the header built at once, and behind it the samples, read and
 * encrypted a piece at a time as they are asked for. Any range can be had in any order: the
 * keystream of {@code cenc} is seekable.
 *
 * <p>Ownership: takes the reader and the pass, and closes both.
 */
public final class MediaSegment implements Body {
  private static final int SCRATCH_BYTES = 64 * 1024;

  private final byte[] header;
  private final SamplePayload payload;
  private final ObjectReader object;
  private final Optional<CencPass> encryption;
  private byte[] scratch = new byte[0];

  private MediaSegment(
      byte[] header, SamplePayload payload, ObjectReader object, Optional<CencPass> encryption) {
    this.header = header;
    this.payload = payload;
    this.object = object;
    this.encryption = encryption;
  }

  /** A clear segment. */
  public static MediaSegment clear(
      Track track, int fragment, FragmentSamples samples, ObjectReader object) {
    return new MediaSegment(
        header(track, fragment, samples, Optional.empty()),
        new SamplePayload(samples),
        object,
        Optional.empty());
  }

  /** A segment under {@code cenc}. */
  public static MediaSegment cenc(
      Track track,
      int fragment,
      FragmentSamples samples,
      ObjectReader object,
      SubsampleMap map,
      CencPass pass) {
    var encryption = new FragmentHeader.Encryption(map, pass::iv);
    return new MediaSegment(
        header(track, fragment, samples, Optional.of(encryption)),
        new SamplePayload(samples),
        object,
        Optional.of(pass));
  }

  private static byte[] header(
      Track track,
      int fragment,
      FragmentSamples samples,
      Optional<FragmentHeader.Encryption> encryption) {
    return FragmentHeader.write(
        track.header().trackId(),
        fragment + 1L,
        track.fragments().startTicks(fragment),
        samples,
        encryption);
  }

  @Override
  public long lengthBytes() {
    return header.length + payload.lengthBytes();
  }

  @Override
  public void read(long positionBytes, ByteBuffer out) {
    if (positionBytes < 0 || positionBytes > lengthBytes() - out.remaining()) {
      throw new IllegalArgumentException(
          "range: %d+%d (expected: within %d bytes)"
              .formatted(positionBytes, out.remaining(), lengthBytes()));
    }
    long position = positionBytes;
    if (position < header.length) {
      int length = (int) Math.min(header.length - position, out.remaining());
      out.put(header, (int) position, length);
      position += length;
    }
    if (!out.hasRemaining()) {
      return;
    }
    if (encryption.isPresent()) {
      readEncrypted(position - header.length, out, encryption.get());
    } else {
      payload.read(object, position - header.length, out);
    }
  }

  private void readEncrypted(long positionBytes, ByteBuffer out, CencPass pass) {
    if (scratch.length == 0) {
      scratch = new byte[(int) Math.min(SCRATCH_BYTES, payload.lengthBytes())];
    }
    long position = positionBytes;
    int limit = out.limit();
    while (out.position() < limit) {
      var piece = ByteBuffer.wrap(scratch, 0, Math.min(scratch.length, limit - out.position()));
      int length = piece.remaining();
      payload.read(object, position, piece);
      out.limit(out.position() + length);
      int first = payload.sampleAt(position);
      pass.begin();
      for (int sample = first;
          sample < payload.samples().count() && payload.startBytes(sample) < position + length;
          sample++) {
        pass.sample(
            sample, payload.startBytes(sample) - position, payload.samples().sizeBytes(sample));
      }
      pass.encrypt(piece.flip(), out);
      out.limit(limit);
      position += length;
    }
  }

  @Override
  public void close() {
    try (object) {
      encryption.ifPresent(CencPass::close);
    }
  }
}
