package dev.sluice.origin.cli;

import dev.sluice.origin.catalog.DocumentReader;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * JSON to apply.
 *
 * @param name the file it comes from, for messages
 */
record DocumentSource(String name, Bytes json) {
  private static final String STANDARD_INPUT = "-";

  /** What {@code -f} names: a file, the {@code .json} files of a folder by name, or {@code -}. */
  static List<DocumentSource> read(String where, InputStream standardInput) throws IOException {
    if (where.equals(STANDARD_INPUT)) {
      return List.of(readAll("standard input", standardInput));
    }
    Path path = Path.of(where);
    if (!Files.exists(path)) {
      throw new CallerFailure(
          FailureCode.BAD_REQUEST,
          "-f: %s (expected: a file or folder that exists)".formatted(where));
    }
    if (!Files.isDirectory(path)) {
      return List.of(readFile(path));
    }
    List<Path> files;
    try (var inFolder = Files.list(path)) {
      files =
          inFolder
              .filter(file -> String.valueOf(file.getFileName()).endsWith(".json"))
              .sorted()
              .toList();
    }
    if (files.isEmpty()) {
      throw new CallerFailure(
          FailureCode.BAD_REQUEST, "-f: %s (expected: .json files in the folder)".formatted(where));
    }
    List<DocumentSource> sources = new ArrayList<>();
    for (Path file : files) {
      sources.add(readFile(file));
    }
    return sources;
  }

  private static DocumentSource readFile(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return readAll(String.valueOf(file.getFileName()), in);
    }
  }

  private static DocumentSource readAll(String name, InputStream in) throws IOException {
    // One byte more than may be: the reader refuses it with its own words.
    return new DocumentSource(
        name, Bytes.copyOf(in.readNBytes(DocumentReader.INPUT_MAX_BYTES + 1)));
  }
}
