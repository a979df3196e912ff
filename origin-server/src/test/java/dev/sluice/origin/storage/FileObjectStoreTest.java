package dev.sluice.origin.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.StoreFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
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
