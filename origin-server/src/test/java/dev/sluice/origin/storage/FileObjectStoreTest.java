package dev.sluice.origin.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.StoreFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FileObjectStoreTest {
  @TempDir private Path folder;
  private Path root;
  private FileObjectStore store;

  @BeforeEach
  void makeFiles() throws IOException {
    root = Files.createDirectory(folder.resolve("root"));
    Files.createDirectory(root.resolve("a"));
    Files.writeString(root.resolve("a/one.mp4"), "0123456789");
    Files.writeString(root.resolve("a/two.mp4"), "two");
    Files.writeString(folder.resolve("secret"), "secret");
    store = new FileObjectStore(root);
  }

  @Test
  void readsAnyPartOfAFile() {
    try (ObjectReader reader = open("a/one.mp4")) {
      ByteBuffer out = ByteBuffer.allocate(4);
      reader.readFully(3, out);
      assertThat(new String(out.array(), java.nio.charset.StandardCharsets.US_ASCII))
          .isEqualTo("3456");
    }
  }

  @Test
  void refusesToReadPastTheEnd() {
    try (ObjectReader reader = open("a/one.mp4")) {
      assertThatExceptionOfType(StoreFailure.class)
          .isThrownBy(() -> reader.readFully(8, ByteBuffer.allocate(3)));
    }
  }

  @Test
  void refusesAFileThatChanged() throws IOException {
    StoredObject object = store.find("a/one.mp4").orElseThrow();
    try (ObjectReader reader = store.open(object)) {
      Files.setLastModifiedTime(root.resolve("a/one.mp4"), FileTime.fromMillis(5));
      assertThatExceptionOfType(StoreFailure.class)
          .isThrownBy(() -> reader.readFully(0, ByteBuffer.allocate(3)))
          .satisfies(
              f -> assertThat(f.code()).isEqualTo(FailureCode.MPE_STORAGE_PRECONDITION_FAILED));
    }
    assertThatExceptionOfType(StoreFailure.class).isThrownBy(() -> store.open(object));
  }

  @Test
  void readsWithoutAWaitWhatIsInMemory() throws IOException {
    // Other file systems may know no such read: then nothing is ever at hand.
    assumeThat(Files.getFileStore(root).type()).isIn("ext4", "xfs", "btrfs");
    byte[] bytes = new byte[300_000];
    new Random(3).nextBytes(bytes);
    Files.write(root.resolve("a/three.mp4"), bytes);
    try (ObjectReader reader = open("a/three.mp4")) {
      var out = ByteBuffer.allocateDirect(200_002).position(1).limit(200_001);
      assertThat(reader.readNow(99_999, out)).isTrue();
      assertThat(out.hasRemaining()).isFalse();
      byte[] read = new byte[200_000];
      out.get(1, read);
      assertThat(read).isEqualTo(Arrays.copyOfRange(bytes, 99_999, 299_999));
      var small = ByteBuffer.allocate(16);
      assertThat(reader.readNow(7, small)).isTrue();
      assertThat(small.array()).isEqualTo(Arrays.copyOfRange(bytes, 7, 23));
      assertThat(reader.fileBytes(5, 299_995).orElseThrow().isAtHand(3, 299_990)).isTrue();
    }
  }

  @Test
  void readsNoByteOfAFileThatIsWrittenOver() throws IOException {
    assumeThat(Files.getFileStore(root).type()).isIn("ext4", "xfs", "btrfs");
    try (ObjectReader reader = open("a/one.mp4")) {
      Files.writeString(root.resolve("a/one.mp4"), "98");
      assertThatExceptionOfType(StoreFailure.class)
          .isThrownBy(() -> reader.readFully(0, ByteBuffer.allocateDirect(10)));
      // As many are not there any more, and those that are belong to another version.
      assertThat(reader.readNow(0, ByteBuffer.allocateDirect(10))).isFalse();
      assertThatExceptionOfType(StoreFailure.class)
          .isThrownBy(() -> reader.readNow(0, ByteBuffer.allocateDirect(2)))
          .satisfies(
              f -> assertThat(f.code()).isEqualTo(FailureCode.MPE_STORAGE_PRECONDITION_FAILED));
    }
  }

  @Test
  void readsAFileThatWasPutBackWithTheTimeThatItHad() throws IOException {
    Path file = root.resolve("a/one.mp4");
    StoredObject object = store.find("a/one.mp4").orElseThrow();
    FileTime time = Files.getLastModifiedTime(file);
    try (ObjectReader reader = store.open(object)) {
      // Cut short where it lies, so that the file that is open is another from now on.
      Files.writeString(file, "98");
      assertThatExceptionOfType(StoreFailure.class)
          .isThrownBy(() -> reader.readFully(0, ByteBuffer.allocate(10)));
    }
    Files.writeString(root.resolve("a/copy"), "0123456789");
    Files.setLastModifiedTime(root.resolve("a/copy"), time);
    Files.move(root.resolve("a/copy"), file, StandardCopyOption.REPLACE_EXISTING);
    assertThat(store.find("a/one.mp4")).contains(object);
    assertThat(store.openNow(object)).isEmpty();
    try (ObjectReader reader = store.open(object)) {
      var out = ByteBuffer.allocate(10);
      reader.readFully(0, out);
      assertThat(new String(out.array(), java.nio.charset.StandardCharsets.US_ASCII))
          .isEqualTo("0123456789");
    }
  }

  @Test
  void readsAFileOnThatWasReplacedByRenamingAndServesTheNewOneToOthers() throws IOException {
    assumeThat(System.getProperty("os.name")).isEqualTo("Linux");
    StoredObject object = store.find("a/one.mp4").orElseThrow();
    try (ObjectReader reader = store.open(object)) {
      Files.writeString(root.resolve("a/new"), "abcdefghijkl");
      Files.move(
          root.resolve("a/new"), root.resolve("a/one.mp4"), StandardCopyOption.REPLACE_EXISTING);
      var out = ByteBuffer.allocate(10);
      reader.readFully(0, out);
      assertThat(new String(out.array(), java.nio.charset.StandardCharsets.US_ASCII))
          .isEqualTo("0123456789");
      assertThatExceptionOfType(StoreFailure.class).isThrownBy(() -> store.open(object));
      try (ObjectReader other = open("a/one.mp4")) {
        var now = ByteBuffer.allocate(12);
        other.readFully(0, now);
        assertThat(new String(now.array(), java.nio.charset.StandardCharsets.US_ASCII))
            .isEqualTo("abcdefghijkl");
      }
    }
  }

  @Test
  void keepsNoMoreFilesOpenThanThereAreReaders() throws IOException {
    assumeThat(Files.isDirectory(Path.of("/proc/self/fd"))).isTrue();
    StoredObject object = store.find("a/one.mp4").orElseThrow();
    int before = openFiles("one.mp4");
    try (ObjectReader first = store.open(object);
        ObjectReader second = store.open(object)) {
      assertThat(first.object()).isEqualTo(second.object());
      // One by the JDK, one of the system.
      assertThat(openFiles("one.mp4") - before).isBetween(1, 2);
    }
  }

  private static int openFiles(String name) throws IOException {
    int count = 0;
    try (var descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors) {
        try {
          count += Files.readSymbolicLink(descriptor).endsWith(name) ? 1 : 0;
        } catch (NoSuchFileException closed) {
          // The one of this stream, or another thread's.
        }
      }
    }
    return count;
  }

  @Test
  void readsOnWhenAnotherThreadWasInterrupted() {
    try (ObjectReader reader = open("a/one.mp4")) {
      Thread.currentThread().interrupt();
      assertThatExceptionOfType(StoreFailure.class)
          .isThrownBy(() -> reader.readFully(0, ByteBuffer.allocate(3)));
      assertThat(Thread.interrupted()).isTrue();
      ByteBuffer out = ByteBuffer.allocate(3);
      reader.readFully(0, out);
      assertThat(out.hasRemaining()).isFalse();
    }
  }

  /** What is opened again is the file that was opened, not the one at its path. */
  @Test
  void readsOnFromAFileThatWasReplacedWhenAnotherThreadWasInterrupted() throws IOException {
    assumeThat(store.find("a/one.mp4").map(store::open).flatMap(r -> store.openNow(r.object())))
        .as("where files can be pinned")
        .isPresent();
    try (ObjectReader reader = open("a/one.mp4")) {
      Path other = Files.writeString(root.resolve("a/other"), "abcdefghij");
      Files.move(other, root.resolve("a/one.mp4"), StandardCopyOption.REPLACE_EXISTING);
      Thread.currentThread().interrupt();
      assertThatExceptionOfType(StoreFailure.class)
          .isThrownBy(() -> reader.readFully(0, ByteBuffer.allocate(3)));
      assertThat(Thread.interrupted()).isTrue();
      ByteBuffer out = ByteBuffer.allocate(3);
      reader.readFully(2, out);
      assertThat(out.array()).asString().isEqualTo("234");
    }
  }

  @Test
  void listsTheFilesOfAFolder() {
    assertThat(store.list("a", 2))
        .extracting(StoredObject::path)
        .containsExactly("a/one.mp4", "a/two.mp4");
    assertThat(store.list("b", 2)).isEmpty();
    assertThatExceptionOfType(StoreFailure.class).isThrownBy(() -> store.list("a", 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "../secret",
        "a/../../secret",
        "/a/one.mp4",
        "a//one.mp4",
        "a/",
        "a\\one.mp4",
        "a/one.mp4\0",
        "a/./one.mp4",
        "a/one.mp4\n",
        "a",
        "a/one.mp4/x"
      })
  void findsNothingByAnUnsafePath(String path) {
    assertThat(store.find(path)).isEmpty();
  }

  @Test
  void findsNothingThroughALinkThatLeavesTheRoot() throws IOException {
    Files.createSymbolicLink(root.resolve("a/out"), folder.resolve("secret"));
    Files.createSymbolicLink(root.resolve("up"), folder);
    Files.createSymbolicLink(root.resolve("in"), root.resolve("a"));
    assertThat(store.find("a/out")).isEmpty();
    assertThat(store.find("up/secret")).isEmpty();
    assertThat(store.list("up", 9)).isEmpty();
    assertThat(store.find("in/one.mp4")).isPresent();
  }

  private ObjectReader open(String path) {
    return store.open(store.find(path).orElseThrow());
  }
}
