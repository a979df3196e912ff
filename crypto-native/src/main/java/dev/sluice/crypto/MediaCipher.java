package dev.sluice.crypto;

import java.nio.ByteBuffer;

/**
 * AES-128 over a piece of media: copies it, and encrypts the protected ranges on the way.
 * Stateless, safe for use by many threads. Every engine gives the same bytes.
 */
public interface MediaCipher {

  /** The name of the engine, for logs and metrics: {@code jdk}. */
  String engine();

  /**
   * Copies all of {@code source} to {@code target}, and encrypts the ranges with AES-128-CTR under
   * one key. Moves both positions to their limits.
   *
   * <p>Ownership: everything is borrowed. Nothing of the key remains.
   *
   * @param key 16 bytes
   * @param ranges offsets count from the source's position
   * @param source any kind of buffer
   * @param target has as many bytes remaining as the source, and does not overlap it
   * @throws IllegalArgumentException if a range lies outside the source, ranges overlap, the
   *     buffers differ in length, or the key is not 16 bytes; nothing has been written then
   */
  void ctr(byte[] key, CtrRanges ranges, ByteBuffer source, ByteBuffer target);

  /**
   * Copies all of {@code source} to {@code target}, and encrypts the ranges' patterns with
   * AES-128-CBC under one key. Moves both positions to their limits, and leaves in {@code ranges}
   * the chain block at the end of each. No padding: what is left behind a range's last whole block
   * is copied.
   *
   * <p>Ownership: everything is borrowed. Nothing of the key remains.
   *
   * @param key 16 bytes
   * @param ranges offsets count from the source's position; each is a chain of its own
   * @param source any kind of buffer
   * @param target has as many bytes remaining as the source, and does not overlap it
   * @throws IllegalArgumentException if a range lies outside the source, ranges overlap, a phase
   *     lies outside its pattern, the buffers differ in length, or the key is not 16 bytes; nothing
   *     has been written then
   */
  void cbc(byte[] key, CbcRanges ranges, ByteBuffer source, ByteBuffer target);
}
