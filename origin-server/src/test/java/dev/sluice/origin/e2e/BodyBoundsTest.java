package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.crypto.MediaCiphers;
import dev.sluice.origin.encrypt.CbcsPass;
import dev.sluice.origin.encrypt.CencIvs;
import dev.sluice.origin.encrypt.CencPass;
import dev.sluice.origin.encrypt.EnvelopeBody;
import dev.sluice.origin.encrypt.EnvelopeCipher;
import dev.sluice.origin.encrypt.SubsampleMap;
import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.segment.MediaSegment;
import dev.sluice.origin.segment.ProtectedSamples;
import dev.sluice.origin.segment.SegmentBoxes;
import dev.sluice.origin.storage.FileObjectStore;
import dev.sluice.origin.storage.ObjectReader;
import dev.sluice.origin.storage.StoredObject;
import dev.sluice.origin.track.FragmentSamples;
import dev.sluice.origin.track.TitleReader;
import dev.sluice.origin.track.Track;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Any range of a segment can be had in any order, at a cost that its size has no part in. */
final class BodyBoundsTest {
  private static final int PIECE_BYTES = 64 * 1024;
  private static final Bytes IV = Bytes.copyOf(new byte[16]);

  @ParameterizedTest
  @EnumSource
  void everyRangeIsASliceOfTheWhole(Scheme scheme) {
    // Samples of every awkward size, two of them empty, with gaps and out of order.
    var samples = samples(new int[] {5, 0, 70_000, 1, 16, 33, 0, 4096, 65_535, 2}, 100_003);
    var random = new Random(3);
    try (var body = segment(scheme, samples)) {
      byte[] whole = read(body, 0, (int) body.lengthBytes());
      int header = whole.length - (int) samples.totalBytes();
      for (int i = 0; i < 400; i++) {
        int from =
            switch (i % 4) {
              case 0 -> random.nextInt(whole.length);
              case 1 -> random.nextInt(header + 40);
              case 2 -> Math.max(0, header + 70_005 - random.nextInt(64));
              default -> whole.length - random.nextInt(100);
            };
        int length = Math.min(random.nextInt(i % 3 == 0 ? 140_000 : 64), whole.length - from);
        assertThat(read(body, from, length))
            .as("%d+%d", from, length)
            .isEqualTo(Arrays.copyOfRange(whole, from, from + length));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBufferInTheMiddleOfAnotherIsFilledToItsLimitOnly(Scheme scheme) {
    try (var body = segment(scheme, samples(new int[] {300, 300}, 1000))) {
      byte[] whole = read(body, 0, (int) body.lengthBytes());
      var out = ByteBuffer.allocate(1000).position(100).limit(160);
      body.read(whole.length - 70, out);
      assertThat(out.position()).isEqualTo(160);
      assertThat(out.limit()).isEqualTo(160);
      assertThat(Arrays.copyOfRange(out.array(), 100, 160))
          .isEqualTo(Arrays.copyOfRange(whole, whole.length - 70, whole.length - 10));
      assertThat(Arrays.copyOfRange(out.array(), 160, 1000)).containsOnly(0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesRangesOutsideTheBody(Scheme scheme) {
    try (var body = segment(scheme, samples(new int[] {300}, 1000))) {
      long length = body.lengthBytes();
      for (long from : new long[] {-1, length, length - 9, Long.MAX_VALUE - 5, Long.MIN_VALUE}) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> body.read(from, ByteBuffer.allocate(10)))
            .withMessageStartingWith("range: ");
      }
      body.read(length, ByteBuffer.allocate(0));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aHundredMebibytesAreServedWithTheHeapOfAPiece(Scheme scheme) {
    int[] sizes = new int[50];
    Arrays.fill(sizes, 2 << 20);
    sizes[7] = 1;
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (var body = segment(scheme, samples(sizes, 3 << 20))) {
      var out = ByteBuffer.allocate(PIECE_BYTES);
      for (int i = 0; i < 50; i++) {
        body.read((long) i * PIECE_BYTES, out.clear());
      }
      long before = threads.getCurrentThreadAllocatedBytes();
      int pieces = 0;
      for (long at = 0; at + PIECE_BYTES <= body.lengthBytes(); at += PIECE_BYTES) {
        body.read(at, out.clear());
        pieces++;
      }
      long perPiece = (threads.getCurrentThreadAllocatedBytes() - before) / pieces;
      assertThat(pieces).isGreaterThan(1500);
      assertThat(perPiece).isLessThan(PIECE_BYTES / 4);
    }
  }

  @ParameterizedTest
  @EnumSource
  void openingALargeSegmentCostsItsTableOnly(Scheme scheme) {
    int[] sizes = new int[50];
    Arrays.fill(sizes, 2 << 20);
    var samples = samples(sizes, 3 << 20);
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    segment(scheme, samples).close();
    long before = threads.getCurrentThreadAllocatedBytes();
    segment(scheme, samples).close();
    // The title is read here too, which is most of it.
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(2 << 20);
  }

  private static byte[] read(Body body, long from, int length) {
    var out = ByteBuffer.allocate(length);
    body.read(from, out);
    assertThat(out.hasRemaining()).isFalse();
    return out.array();
  }

  private static FragmentSamples samples(int[] sizes, long stride) {
    return new FragmentSamples(
        IntStream.range(0, sizes.length).mapToLong(i -> (sizes.length - i) * stride).toArray(),
        sizes,
        IntStream.generate(() -> 1024).limit(sizes.length).toArray(),
        new int[sizes.length],
        new int[sizes.length],
        1,
        1);
  }

  private static Body segment(Scheme scheme, FragmentSamples samples) {
    var keyId = KeyId.parse(InProcessOrigin.KEY_ID).orElseThrow();
    try (var key = ContentKey.taking(keyId, InProcessOrigin.KEY.clone())) {
      var cipher = MediaCiphers.best();
      var map = SubsampleMap.fullSamples(samples);
      return switch (scheme) {
        case CLEAR -> segment(samples, Optional.empty());
        case CENC -> {
          var pass = new CencPass(cipher, key, new CencIvs(-3), 0, map);
          yield segment(samples, Optional.of(new ProtectedSamples(map, pass)));
        }
        case CBCS -> {
          var pass = new CbcsPass(cipher, key, IV, map);
          yield segment(samples, Optional.of(new ProtectedSamples(map, pass)));
        }
        case CBC -> {
          var clear = segment(samples, Optional.empty());
          yield new EnvelopeBody(clear, key, IV, new EnvelopeCipher(cipher));
        }
      };
    }
  }

  private static Body segment(FragmentSamples samples, Optional<ProtectedSamples> protection) {
    return MediaSegment.of(SegmentBoxes.CMAF, audio(), 0, samples, new EndlessObject(), protection);
  }

  private static Track audio() {
    return new TitleReader(new FileObjectStore(TestMedia.root()), 8)
        .read("small", Optional.empty(), "small")
        .of(TrackKind.AUDIO)
        .getFirst();
  }

  /** An object of any size, whose bytes follow from their place. */
  private static final class EndlessObject implements ObjectReader {
    @Override
    public StoredObject object() {
      return new StoredObject("endless", Long.MAX_VALUE, "1");
    }

    @Override
    public void readFully(long offsetBytes, ByteBuffer out) {
      for (long at = offsetBytes; out.hasRemaining(); at++) {
        out.put((byte) (at * 31 ^ at >> 8));
      }
    }

    @Override
    public void close() {}
  }
}
