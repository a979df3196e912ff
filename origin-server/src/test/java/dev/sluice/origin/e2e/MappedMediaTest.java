package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.crypto.MediaCipher;
import dev.sluice.crypto.MediaCiphers;
import dev.sluice.crypto.SourceGoneException;
import dev.sluice.origin.encrypt.CbcsPass;
import dev.sluice.origin.encrypt.CencIvs;
import dev.sluice.origin.encrypt.CencPass;
import dev.sluice.origin.encrypt.EnvelopeBody;
import dev.sluice.origin.encrypt.EnvelopeCipher;
import dev.sluice.origin.encrypt.SubsampleMap;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.StoreFailure;
import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.MappedBytes;
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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies whose file is mapped: the same bytes, and no harm from files that change meanwhile. */
final class MappedMediaTest {
  private static final int SAMPLES = 30;
  private static final int SAMPLE_BYTES = 70_001;
  private static final int FIRST_SAMPLE = 1_000;
  private static final int FILE_BYTES = FIRST_SAMPLE + SAMPLES * SAMPLE_BYTES + 500;
  private static final int PIECE_BYTES = 200_000;
  private static final Bytes IV = Bytes.copyOf(new byte[16]);

  @TempDir private Path root;
  private final MediaCipher cipher = MediaCiphers.best();
  private final EnvelopeCipher envelopes = new EnvelopeCipher(cipher);

  @BeforeEach
  void requireAnEngine() throws IOException {
    assumeTrue(
        MediaCiphers.class.getResource("/META-INF/native") != null,
        "native ciphers were not built: no C compiler");
    assertThat(cipher.readsMappings()).as(MediaCiphers.choose().reason()).isTrue();
    makeFile("video.bin", 1);
  }

  private Path makeFile(String name, int seed) throws IOException {
    var content = new byte[FILE_BYTES];
    new Random(seed).nextBytes(content);
    return Files.write(root.resolve(name), content);
  }

  private boolean copy(ByteBuffer source, ByteBuffer target) {
    try {
      cipher.copy(source, target);
      return true;
    } catch (SourceGoneException e) {
      return false;
    }
  }

  private FileObjectStore mapped() {
    return new FileObjectStore(root, Optional.of(this::copy));
  }

  private Body mappedBody(Scheme scheme, String file) {
    return body(scheme, open(mapped(), file));
  }

  private static ObjectReader open(FileObjectStore store, String file) {
    return store.open(store.find(file).orElseThrow());
  }

  private byte[] expected(Scheme scheme, String file) {
    try (var body = body(scheme, open(new FileObjectStore(root), file))) {
      var out = ByteBuffer.allocate((int) body.lengthBytes());
      body.read(0, out);
      return out.array();
    }
  }

  private Body body(Scheme scheme, ObjectReader object) {
    var samples = samples();
    var keyId = KeyId.parse(InProcessOrigin.KEY_ID).orElseThrow();
    try (var key = ContentKey.taking(keyId, InProcessOrigin.KEY.clone())) {
      var map = SubsampleMap.fullSamples(samples);
      return switch (scheme) {
        case CLEAR -> segment(samples, object, Optional.empty());
        case CENC -> {
          var pass = new CencPass(cipher, key, new CencIvs(-3), 0, map);
          yield segment(samples, object, Optional.of(new ProtectedSamples(map, pass)));
        }
        case CBCS -> {
          var pass = new CbcsPass(cipher, key, IV, map);
          yield segment(samples, object, Optional.of(new ProtectedSamples(map, pass)));
        }
        case CBC ->
            new EnvelopeBody(segment(samples, object, Optional.empty()), key, IV, envelopes);
      };
    }
  }

  private static Body segment(
      FragmentSamples samples, ObjectReader object, Optional<ProtectedSamples> protection) {
    return MediaSegment.of(SegmentBoxes.CMAF, audio(), 0, samples, object, protection);
  }

  private static Track audio() {
    return new TitleReader(new FileObjectStore(TestMedia.root()), 8)
        .read("small", Optional.empty(), "small")
        .of(TrackKind.AUDIO)
        .getFirst();
  }

  private static FragmentSamples samples() {
    return new FragmentSamples(
        IntStream.range(0, SAMPLES)
            .mapToLong(i -> FIRST_SAMPLE + (long) i * SAMPLE_BYTES)
            .toArray(),
        IntStream.generate(() -> SAMPLE_BYTES).limit(SAMPLES).toArray(),
        IntStream.generate(() -> 1024).limit(SAMPLES).toArray(),
        new int[SAMPLES],
        new int[SAMPLES],
        1,
        1);
  }

  /** A piece as the socket has it made: at once if that can be, else by waiting. */
  private static byte[] piece(Body body, long from, int length) {
    var out = ByteBuffer.allocateDirect(length);
    if (!body.readNow(from, out)) {
      body.read(from, out);
    }
    assertThat(out.hasRemaining()).isFalse();
    var bytes = new byte[length];
    out.flip().get(bytes);
    return bytes;
  }

  private static byte[] rest(Body body, int from) {
    var all = ByteBuffer.allocate((int) body.lengthBytes() - from);
    while (all.hasRemaining()) {
      all.put(piece(body, from + all.position(), Math.min(PIECE_BYTES, all.remaining())));
    }
    return all.array();
  }

  @ParameterizedTest
  @EnumSource
  void everyRangeOfAMappedFileIsThatOfOneThatIsRead(Scheme scheme) {
    byte[] expected = expected(scheme, "video.bin");
    var random = new Random(5);
    try (var body = mappedBody(scheme, "video.bin")) {
      assertThat(rest(body, 0)).isEqualTo(expected);
      assertThat(rest(body, 0)).isEqualTo(expected);
      for (int i = 0; i < 40; i++) {
        int from = random.nextInt(expected.length);
        int length =
            Math.min(expected.length - from, 1 + random.nextInt(i % 2 == 0 ? 300_000 : 99));
        assertThat(piece(body, from, length))
            .isEqualTo(Arrays.copyOfRange(expected, from, from + length));
      }
    }
  }

  @Test
  void aRunOfSamplesIsHadMappedOnceItHasBeenRead() {
    try (var body = mappedBody(Scheme.CLEAR, "video.bin")) {
      int header = (int) body.lengthBytes() - SAMPLES * SAMPLE_BYTES;
      assertThat(body.mapped(header, PIECE_BYTES)).isEmpty();
      piece(body, header, PIECE_BYTES);
      assertThat(body.mapped(header, PIECE_BYTES)).isPresent();
      assertThat(body.mapped(header + PIECE_BYTES, PIECE_BYTES)).isEmpty();
      assertThat(body.mapped(header - 1, PIECE_BYTES)).isEmpty();
    }
    try (var body = mappedBody(Scheme.CENC, "video.bin")) {
      assertThat(body.mapped(body.lengthBytes() - 10, 10)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFileThatIsCutEndsItsBody(Scheme scheme) throws IOException {
    for (int cut : new int[] {0, 4_096, PIECE_BYTES + 5_000, FILE_BYTES - 1}) {
      Path file = makeFile("cut.bin", cut);
      try (var body = mappedBody(scheme, "cut.bin")) {
        rest(body, 0);
        piece(body, 0, PIECE_BYTES);
        cut(file, cut);
        failsAsChanged(() -> piece(body, PIECE_BYTES, PIECE_BYTES));
        failsAsChanged(() -> body.read(PIECE_BYTES, ByteBuffer.allocate(PIECE_BYTES)));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFileThatIsOverwrittenEndsItsBody(Scheme scheme) throws Exception {
    try (var body = mappedBody(scheme, "video.bin")) {
      rest(body, 0);
      piece(body, 0, PIECE_BYTES);
      Thread.sleep(20);
      try (var channel = FileChannel.open(root.resolve("video.bin"), StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), PIECE_BYTES + 50_000);
      }
      failsAsChanged(() -> piece(body, PIECE_BYTES, PIECE_BYTES));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFileThatIsReplacedOrRemovedIsReadToItsEnd(Scheme scheme) throws IOException {
    byte[] expected = expected(scheme, "video.bin");
    byte[] tail = Arrays.copyOfRange(expected, PIECE_BYTES, expected.length);
    var store = mapped();
    try (var body = body(scheme, open(store, "video.bin"))) {
      rest(body, 0);
      piece(body, 0, PIECE_BYTES);
      Path other = makeFile("other.bin", 9);
      Files.move(other, root.resolve("video.bin"), StandardCopyOption.ATOMIC_MOVE);
      assertThat(rest(body, PIECE_BYTES)).isEqualTo(tail);
      Files.delete(root.resolve("video.bin"));
      assertThat(piece(body, 0, PIECE_BYTES)).isEqualTo(Arrays.copyOf(expected, PIECE_BYTES));
      assertThat(rest(body, PIECE_BYTES)).isEqualTo(tail);
    }
  }

  /** The file is cut when it has been looked whether its bytes are there. */
  @ParameterizedTest
  @EnumSource(names = "CLEAR", mode = EnumSource.Mode.EXCLUDE)
  void bytesThatAreGoneWhenTheyAreReadEndTheBody(Scheme scheme) throws IOException {
    Path file = makeFile("cut.bin", 4);
    try (var body = body(scheme, new Unlooked(file))) {
      byte[] before = piece(body, 0, PIECE_BYTES);
      cut(file, PIECE_BYTES + 5_000);
      failsAsChanged(() -> piece(body, PIECE_BYTES, PIECE_BYTES));
      assertThat(piece(body, 0, PIECE_BYTES)).isEqualTo(before);
    }
  }

  @Test
  void ofPiecesMadeTogetherOnlyThatOfTheFileThatIsCutFails() throws IOException {
    var bodies = new ArrayList<Body>();
    var expected = new ArrayList<byte[]>();
    for (int i = 0; i < 8; i++) {
      Path file = makeFile("together%d.bin".formatted(i), i);
      expected.add(expected(Scheme.CBC, "together%d.bin".formatted(i)));
      bodies.add(body(Scheme.CBC, new Unlooked(file)));
    }
    for (int at = 0; at < 5; at++) {
      if (at == 2) {
        cut(root.resolve("together3.bin"), PIECE_BYTES);
      }
      List<Body.Piece> pieces = new ArrayList<>();
      for (Body body : bodies) {
        pieces.add(
            new Body.Piece(body, (long) at * PIECE_BYTES, ByteBuffer.allocateDirect(PIECE_BYTES)));
      }
      envelopes.readNow(pieces);
      for (int i = 0; i < pieces.size(); i++) {
        Body.Piece piece = pieces.get(i);
        if (at >= 2 && i == 3) {
          if (at == 2) {
            failsAsChanged(piece::isRead);
          }
          continue;
        }
        assertThat(piece.isRead()).isTrue();
        var bytes = new byte[PIECE_BYTES];
        piece.out().get(0, bytes);
        assertThat(bytes)
            .isEqualTo(
                Arrays.copyOfRange(expected.get(i), at * PIECE_BYTES, (at + 1) * PIECE_BYTES));
      }
    }
    bodies.forEach(Body::close);
  }

  @Test
  void anEmptyFileIsNotMapped() throws IOException {
    Files.write(root.resolve("empty.bin"), new byte[0]);
    try (var reader = open(mapped(), "empty.bin")) {
      reader.readFully(0, ByteBuffer.allocate(0));
      assertThat(reader.object().sizeBytes()).isZero();
    }
  }

  private static void cut(Path file, long size) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  private static void failsAsChanged(ThrowingCallable reading) {
    assertThatExceptionOfType(StoreFailure.class)
        .isThrownBy(reading)
        .satisfies(
            f -> assertThat(f.code()).isEqualTo(FailureCode.MPE_STORAGE_PRECONDITION_FAILED));
  }

  /**
   * A mapped file of which nobody looks whether its bytes are there, or have changed. What is not
   * read from the mapping is what the file was.
   */
  private static final class Unlooked implements ObjectReader {
    private final Arena arena = Arena.ofShared();
    private final byte[] content;
    private final MemorySegment bytes;

    Unlooked(Path file) {
      try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
        content = Files.readAllBytes(file);
        bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, content.length, arena);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public StoredObject object() {
      return new StoredObject("unlooked", content.length, "1");
    }

    @Override
    public void readFully(long offsetBytes, ByteBuffer out) {
      out.put(content, (int) offsetBytes, out.remaining());
    }

    @Override
    public boolean readNow(long offsetBytes, ByteBuffer out) {
      readFully(offsetBytes, out);
      return true;
    }

    @Override
    public Optional<MappedBytes> mapped(long offsetBytes, int lengthBytes) {
      var part = bytes.asSlice(offsetBytes, lengthBytes).asByteBuffer();
      return Optional.of(
          new MappedBytes() {
            @Override
            public ByteBuffer bytes() {
              return part;
            }

            @Override
            public void requireUnchanged() {}
          });
    }

    @Override
    public void close() {
      arena.close();
    }
  }
}
