package dev.sluice.origin.segment;

import dev.sluice.origin.encrypt.CbcsPass;
import dev.sluice.origin.encrypt.CencPass;
import dev.sluice.origin.encrypt.ClearRest;
import dev.sluice.origin.encrypt.SampleBytes;
import dev.sluice.origin.encrypt.SamplePass;
import dev.sluice.origin.encrypt.SamplePayload;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.FileBytes;
import dev.sluice.origin.media.MappedBytes;
import dev.sluice.origin.storage.ObjectReader;
import dev.sluice.origin.track.FragmentSamples;
import dev.sluice.origin.track.Timescales;
import dev.sluice.origin.track.Track;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The body of one media segment: the header built at once, and behind it the samples, read and
 * encrypted a piece at a time as they are asked for. Any range can be had in any order; what one
 * costs that does not follow the last is up to the scheme (see {@link SamplePass}).
 *
 * <p>Ownership: takes the reader and the pass, and closes both.
 */
public final class MediaSegment implements Body {
  private final byte[] header;
  private final SamplePayload clear;
  private final SampleBytes payload;
  private final long lengthBytes;
  private final ObjectReader object;
  private final Optional<ProtectedSamples> protection;

  private MediaSegment(
      byte[] header,
      SamplePayload clear,
      ObjectReader object,
      Optional<ProtectedSamples> protection) {
    this.header = header;
    this.clear = clear;
    this.payload = protection.map(p -> p.pass().over(clear)).orElse(clear);
    this.lengthBytes = header.length + clear.lengthBytes();
    this.object = object;
    this.protection = protection;
  }

  /**
   * A segment of these samples.
   *
   * <p>{@code cbcs} in PIFF's boxes is allowed: the samples are the same as in CMAF's, the {@code
   * uuid} form of {@code senc} has an IV size of 0 and the subsamples, and the constant IV and the
   * pattern stand nowhere. No client is known that plays it.
   *
   * @param fragment its number in the track, which says its time and sequence number
   * @param samples of the fragment, or {@linkplain FragmentSamples#first the first alone}
   * @param object that the samples lie in
   * @param protection absent: the segment is clear
   * @throws dev.sluice.origin.failure.ContentFailure if the boxes cannot hold the fragment; the
   *     reader and the pass stay the caller's then
   */
  public static MediaSegment of(
      SegmentBoxes boxes,
      Track track,
      int fragment,
      FragmentSamples samples,
      ObjectReader object,
      Optional<ProtectedSamples> protection) {
    long start = track.fragments().startTicks(fragment);
    long end = start + track.fragments().durationTicks(fragment);
    var times = times(boxes, track);
    var place =
        new FragmentHeader.Fragment(
            track.header().trackId(),
            fragment + 1L,
            times.convert(start),
            times.convert(end) - times.convert(start));
    byte[] header =
        FragmentHeader.write(
            boxes, place, samples.in(times, start), protection.map(MediaSegment::encryption));
    return new MediaSegment(
        header, new SamplePayload(samples, new ObjectBytes(object)), object, protection);
  }

  private static Timescales times(SegmentBoxes boxes, Track track) {
    return switch (boxes) {
      case CMAF -> new Timescales(track.timescale(), track.timescale());
      case PIFF -> Timescales.toSmooth(track);
    };
  }

  private static FragmentHeader.Encryption encryption(ProtectedSamples protection) {
    return switch (protection.pass()) {
      case CencPass cenc -> FragmentHeader.Encryption.perSample(protection.map(), cenc::iv);
      case CbcsPass _ -> FragmentHeader.Encryption.constantIv(protection.map());
    };
  }

  @Override
  public long lengthBytes() {
    return lengthBytes;
  }

  @Override
  public void read(long positionBytes, ByteBuffer out) {
    requireWithin(positionBytes, out);
    ClearRest.wipedUnless(
        out,
        () -> {
          long position = positionBytes + putHeader(positionBytes, out);
          if (out.hasRemaining()) {
            payload.read(position - header.length, out);
          }
          return true;
        });
  }

  @Override
  public boolean readNow(long positionBytes, ByteBuffer out) {
    requireWithin(positionBytes, out);
    return ClearRest.wipedUnless(
        out,
        () -> {
          long position = positionBytes + putHeader(positionBytes, out);
          return !out.hasRemaining() || payload.readNow(position - header.length, out);
        });
  }

  @Override
  public Optional<FileBytes> fileBytes(long positionBytes) {
    long position = positionBytes - header.length;
    return protection.isPresent() || position < 0 || position >= clear.lengthBytes()
        ? Optional.empty()
        : object.fileBytes(clear.offsetBytes(position), clear.runBytes(position));
  }

  @Override
  public Optional<MappedBytes> mapped(long positionBytes, int lengthBytes) {
    return protection.isPresent() || positionBytes < header.length
        ? Optional.empty()
        : clear.mapped(positionBytes - header.length, lengthBytes);
  }

  private void requireWithin(long positionBytes, ByteBuffer out) {
    if (positionBytes < 0 || positionBytes > lengthBytes - out.remaining()) {
      throw new IllegalArgumentException(
          "range: %d+%d (expected: within %d bytes)"
              .formatted(positionBytes, out.remaining(), lengthBytes));
    }
  }

  /** Puts what of the header is wanted. How many bytes that were. */
  private int putHeader(long positionBytes, ByteBuffer out) {
    if (positionBytes >= header.length) {
      return 0;
    }
    int length = (int) Math.min(header.length - positionBytes, out.remaining());
    out.put(header, (int) positionBytes, length);
    return length;
  }

  @Override
  public void close() {
    try (object) {
      protection.map(ProtectedSamples::pass).ifPresent(SamplePass::close);
    }
  }

  /** The object that the samples lie in. */
  private record ObjectBytes(ObjectReader object) implements SampleBytes {
    @Override
    public void read(long offsetBytes, ByteBuffer out) {
      object.readFully(offsetBytes, out);
    }

    @Override
    public boolean readNow(long offsetBytes, ByteBuffer out) {
      return object.readNow(offsetBytes, out);
    }

    @Override
    public Optional<MappedBytes> mapped(long offsetBytes, int lengthBytes) {
      return object.mapped(offsetBytes, lengthBytes);
    }
  }
}
