package dev.sluice.benchmarks.cipher;

/** A fragment encrypted sample by sample, each with an IV and a call of its own. */
interface SampleCiphers {

  /** One way to encrypt a fragment. */
  @FunctionalInterface
  interface Work {
    /**
     * Copies a fragment, and encrypts its ranges on the way.
     *
     * @param key 16 bytes
     */
    void encrypt(Shape shape, byte[] key, byte[] in, int inOffset, byte[] out, int outOffset);
  }

  /** AES-128-CTR; the first 8 bytes of a sample's IV are its number. */
  Work cenc();

  /** AES-128-CBC over one block of ten, begun with an IV of zeros. */
  Work cbcs();

  /** AES-128-CBC over every whole block, begun with an IV of zeros. */
  Work cbc();
}
