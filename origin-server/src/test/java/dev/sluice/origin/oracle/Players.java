package dev.sluice.origin.oracle;

import java.nio.file.Path;

/** The folder of the test players, from the folder of the module, where Surefire runs. */
final class Players {
  /** Scripts, pages, and {@code node_modules}. */
  static final Path FOLDER = Path.of("src", "test", "players");

  private Players() {}
}
