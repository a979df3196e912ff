package dev.sluice.origin.encrypt;

/**
 * What encrypts the samples of one fragment under one key and scheme. Holds a copy of the key's
 * value until it is closed; nothing can be read then any more.
 */
public sealed interface SamplePass extends AutoCloseable permits CencPass, CbcsPass {

  /**
   * The payload encrypted, of the same length. Any range of it can be had in any order and cut, and
   * the same position always gives the same byte. Read by one thread at a time.
   *
   * @param payload of the samples that the pass's map was planned for
   */
  SampleBytes over(SamplePayload payload);

  @Override
  void close();
}
