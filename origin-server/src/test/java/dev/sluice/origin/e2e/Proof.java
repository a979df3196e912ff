package dev.sluice.origin.e2e;

/**
 * That a cell is read by a program that is not ours. Each is a case of the test that shows it, so
 * that one which does not hold fails there; {@link MatrixTest} writes them down.
 *
 * @param by the program
 */
record Proof(Cell cell, Kind kind, String by) {

  enum Kind {
    /** What is read equals the source, or the same segment in the clear, bit for bit. */
    EXACT("Equals the source, read by"),
    CHROMIUM("Plays in Chromium by"),
    FIREFOX("Plays in Firefox by");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }
}
