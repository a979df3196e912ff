package dev.sluice.benchmarks.load;

/** Takes the bytes of a body as they come. The array is the caller's, and used again. */
interface BodySink {
  /**
   * Takes the next bytes.
   *
   * @throws LoadFailure if they are not what they should be
   */
  void accept(byte[] bytes, int offset, int length) throws LoadFailure;

  /**
   * The body is complete.
   *
   * @throws LoadFailure if it should not be
   */
  void end() throws LoadFailure;

  /** Looks at nothing. */
  BodySink DISCARD =
      new BodySink() {
        @Override
        public void accept(byte[] bytes, int offset, int length) {}

        @Override
        public void end() {}
      };
}
