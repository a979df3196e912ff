package dev.sluice.origin.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.Failure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.storage.FileObjectStore;
import dev.sluice.origin.storage.ObjectReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class Mp4ReaderTest {
  private static final long FAR = 5L << 30;
  private final Path titles = TestTitles.root();
  @TempDir private Path root;

  @ParameterizedTest
  @ValueSource(strings = {"ladder/video.mp4", "ismv/show.ismv", "muxed/av.mp4"})
  void failsCleanlyWhereverTheFileIsCut(String name) throws IOException {
    byte[] file = Files.readAllBytes(titles.resolve(name));
    int headers = Math.toIntExact(find(file, "mdat", 0)) + 64;
    for (int length = 0; length < headers; length++) {
      readCarefully(MemoryObject.of(file, length));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ladder/video.mp4", "ladder/audio.mp4", "ismv/show.ismv", "legacy/av.mp4"})
  void failsCleanlyWhateverByteIsWrong(String name) throws IOException {
    byte[] file = Files.readAllBytes(titles.resolve(name));
    int headers = Math.toIntExact(find(file, "mdat", 0));
    for (int at = 0; at < headers; at++) {
      byte was = file[at];
      for (int value : new int[] {0, 1, 0x7F, 0x80, 0xFF}) {
        file[at] = (byte) value;
        readCarefully(MemoryObject.of(file, file.length));
      }
      file[at] = was;
    }
  }

  @Test
  void failsCleanlyOnManyWrongBytes() throws IOException {
    byte[] file = Files.readAllBytes(titles.resolve("muxed/av.mp4"));
    int headers = Math.toIntExact(find(file, "mdat", 0));
    var random = new Random(1);
    for (int i = 0; i < 3000; i++) {
      byte[] copy = file.clone();
      for (int n = 0; n < 1 + i % 8; n++) {
        copy[random.nextInt(headers)] = (byte) random.nextInt();
      }
      readCarefully(MemoryObject.of(copy, copy.length));
    }
  }

  @Test
  void refusesEncryptedInput() throws IOException {
    byte[] file = Files.readAllBytes(titles.resolve("ladder/video.mp4"));
    byte[] encv = "encv".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(encv, 0, file, Math.toIntExact(find(file, "avc1", 100)), 4);
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> read(MemoryObject.of(file, file.length)))
        .withMessageStartingWith(
            "sample entry: encv (expected: clear media) at"
                + " moov/trak[0]/mdia/minf/stbl/stsd/encv, byte")
        .satisfies(f -> assertThat(f.code()).isEqualTo(FailureCode.MPE_ENC_ALREADY_ENCRYPTED));
  }

  @Test
  void refusesOtherCodecsByName() throws IOException {
    Path folder = Files.createDirectory(root.resolve("t"));
    byte[] file = Files.readAllBytes(titles.resolve("ladder/video.mp4"));
    byte[] hvc1 = "hvc1".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(hvc1, 0, file, Math.toIntExact(find(file, "avc1", 100)), 4);
    Files.write(folder.resolve("v.mp4"), file);
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(
            () -> new TitleReader(new FileObjectStore(root), 8).read("t", Optional.empty(), "t"))
        .withMessage("sample entry: hvc1 (expected: avc1, avc3 or mp4a)")
        .satisfies(
            f -> assertThat(f.code()).isEqualTo(FailureCode.MPE_VIDEO_ENCODING_NOT_SUPPORTED));
  }

  @Test
  void readsFragmentsBeyondFourGibibytes() throws IOException {
    byte[] file = Files.readAllBytes(titles.resolve("ladder/video.mp4"));
    int sidx = Math.toIntExact(find(file, "sidx", 0)) - 4;
    Path folder = Files.createDirectory(root.resolve("t"));
    Path sparse = folder.resolve("v.mp4");
    try (var out = FileChannel.open(sparse, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      out.write(ByteBuffer.wrap(file, 0, sidx));
      ByteBuffer free = ByteBuffer.allocate(16).putInt(1).putInt(0x66726565).putLong(FAR).flip();
      out.write(free);
      out.write(ByteBuffer.wrap(file, sidx, file.length - sidx), sidx + FAR);
    }
    Track far = only(root, "t");
    Path near = Files.createDirectory(root.resolve("n"));
    Files.write(near.resolve("v.mp4"), file);
    Track original = only(root, "n");
    assertThat(far.fragments().count()).isEqualTo(original.fragments().count());
    FragmentSamples a = samples(far, 1);
    FragmentSamples b = samples(original, 1);
    assertThat(a.count()).isEqualTo(b.count());
    for (int i = 0; i < a.count(); i++) {
      assertThat(a.offsetBytes(i)).isEqualTo(b.offsetBytes(i) + FAR);
    }
  }

  @Test
  void joinsMovieFragmentsThatOneReferenceCovers() throws IOException {
    byte[] file = Files.readAllBytes(titles.resolve("ladder/audio.mp4"));
    int sidx = Math.toIntExact(find(file, "sidx", 0)) - 4;
    // Two references become one: the first takes the size of the second, which is dropped to 0.
    ByteBuffer box = ByteBuffer.wrap(file);
    int version = file[sidx + 8];
    int first = sidx + 12 + 8 + (version == 0 ? 8 : 16) + 4;
    int before =
        read(MemoryObject.of(file, file.length))
            .tracks()
            .getFirst()
            .fragments()
            .orElseThrow()
            .count();
    box.putInt(first, box.getInt(first) + box.getInt(first + 12));
    box.putInt(first + 12, 0);
    FragmentIndex joined =
        read(MemoryObject.of(file, file.length)).tracks().getFirst().fragments().orElseThrow();
    assertThat(joined.count()).isEqualTo(before - 1);
    assertThat(joined.find(joined.startTicks(1))).isEqualTo(1);
  }

  @Test
  void takesAnIndexWhoseSubsegmentsBeginWithOtherBoxes() throws IOException {
    byte[] file = Files.readAllBytes(titles.resolve("ladder/audio.mp4"));
    int sidx = Math.toIntExact(find(file, "sidx", 0)) - 4;
    int moof = Math.toIntExact(find(file, "moof", 0)) - 4;
    int first = sidx + 12 + 8 + (file[sidx + 8] == 0 ? 8 : 16) + 4;
    ByteBuffer styp = ByteBuffer.allocate(file.length + 16);
    styp.put(file, 0, moof).putInt(16).putInt(0x73747970).putLong(0);
    styp.put(file, moof, file.length - moof);
    styp.putInt(first, styp.getInt(first) + 16);
    var problems = new TrackProblems();
    Mp4Reader.read(MemoryObject.of(styp.array(), styp.capacity()), problems);
    assertThat(problems.all()).isEmpty();
  }

  @Test
  void leavesOutAnIndexThatDoesNotFitTheFile() throws IOException {
    byte[] file = Files.readAllBytes(titles.resolve("ladder/audio.mp4"));
    int sidx = Math.toIntExact(find(file, "sidx", 0)) - 4;
    int first = sidx + 12 + 8 + (file[sidx + 8] == 0 ? 8 : 16) + 4;
    int count =
        read(MemoryObject.of(file, file.length))
            .tracks()
            .getFirst()
            .fragments()
            .orElseThrow()
            .count();
    ByteBuffer box = ByteBuffer.wrap(file);
    box.putInt(first, box.getInt(first) + 10);
    var problems = new TrackProblems();
    Mp4File read = Mp4Reader.read(MemoryObject.of(file, file.length), problems);
    assertThat(read.tracks().getFirst().fragments().orElseThrow().count()).isEqualTo(count);
    assertThat(problems.all())
        .containsExactly("sidx of track 1 is left out: it does not fit the file");
  }

  @Test
  void refusesAHierarchicalIndexByName() throws IOException {
    byte[] file = Files.readAllBytes(titles.resolve("ladder/audio.mp4"));
    int sidx = Math.toIntExact(find(file, "sidx", 0)) - 4;
    int first = sidx + 12 + 8 + (file[sidx + 8] == 0 ? 8 : 16) + 4;
    file[first] |= (byte) 0x80;
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> read(MemoryObject.of(file, file.length)))
        .withMessageContaining("a hierarchical sidx is not supported");
  }

  @Test
  void takesTimesFromRandomAccessWhereFragmentsSayNone() throws IOException {
    byte[] file = Files.readAllBytes(titles.resolve("muxed/av.mp4"));
    long[] stated = starts(file, TrackKind.AUDIO);
    rename(file, "tfdt");
    assertThat(starts(file, TrackKind.AUDIO)).isEqualTo(stated);
  }

  @Test
  void addsDurationsUpWhereNothingSaysATime() throws IOException {
    byte[] file = Files.readAllBytes(titles.resolve("muxed/av.mp4"));
    long[] stated = starts(file, TrackKind.VIDEO);
    rename(file, "tfdt");
    rename(file, "mfro");
    assertThat(starts(file, TrackKind.VIDEO)).isEqualTo(stated);
  }

  private static long[] starts(byte[] file, TrackKind kind) {
    FragmentIndex index =
        read(MemoryObject.of(file, file.length)).tracks().stream()
            .filter(t -> t.kind() == kind)
            .findFirst()
            .orElseThrow()
            .fragments()
            .orElseThrow();
    return LongStream.range(0, index.count()).map(i -> index.startTicks((int) i)).toArray();
  }

  private static void rename(byte[] file, String type) {
    String text = new String(file, StandardCharsets.ISO_8859_1);
    byte[] free = "free".getBytes(StandardCharsets.US_ASCII);
    for (int at = text.indexOf(type); at >= 0; at = text.indexOf(type, at + 4)) {
      System.arraycopy(free, 0, file, at, 4);
    }
  }

  private void readCarefully(MemoryObject object) {
    try {
      Mp4File file = read(object);
      for (Mp4File.Mp4Track t : file.tracks()) {
        if (t.fragments().isEmpty() || t.kind() == TrackKind.TEXT) {
          continue;
        }
        var track =
            new Track(
                "t",
                1,
                t.kind(),
                "und",
                t.header(),
                SampleDescriptions.read(t.header(), t.kind()),
                t.fragments().get(),
                object.object());
        FragmentSamplesReader.read(object, track, 0);
      }
    } catch (Failure failure) {
      assertThat(failure).isNotInstanceOf(ServerFailure.class);
      assertThat(failure.detail()).isNotEmpty();
    }
  }

  private static Mp4File read(ObjectReader object) {
    return Mp4Reader.read(object, new TrackProblems());
  }

  private static Track only(Path root, String folder) {
    var store = new FileObjectStore(root);
    return new TitleReader(store, 8).read(folder, Optional.empty(), "t").tracks().getFirst();
  }

  private FragmentSamples samples(Track track, int fragment) {
    var store = new FileObjectStore(root);
    try (ObjectReader reader = store.open(track.object())) {
      return FragmentSamplesReader.read(reader, track, fragment);
    }
  }

  private static long find(byte[] file, String type, int from) {
    int at = new String(file, StandardCharsets.ISO_8859_1).indexOf(type, from);
    assertThat(at).isNotNegative();
    return at;
  }
}
