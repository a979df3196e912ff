package dev.sluice.crypto;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * AES-128 over a piece of media: copies it, and encrypts the protected ranges on the way, or
 * encrypts them where they are. Stateless, safe for use by many threads. Every engine gives the
 * same bytes.
 *
 * <p>Source and target are the same bytes, or have none in common: an engine may also refuse what
 * shares some. A source may be a mapping of a file ({@link java.nio.MappedByteBuffer}, or a part of
 * a mapped segment) only if the engine {@linkplain #readsMappings() reads mappings}: it knows one
 * when it sees it. Where such a file has become shorter meanwhile, a call ends with a {@link
 * SourceGoneException}; targets and chain blocks are undefined then.
 */
public interface MediaCipher {

  /** The name of the engine, for logs and metrics: {@code jdk}, {@code native-vaes512}. */
  String engine();

  /** Whether sources may be mappings of files; others refuse them. */
  default boolean readsMappings() {
    return false;
  }

  /**
   * Copies all of {@code source} to {@code target}. Moves both positions to their limits.
   *
   * @param target has as many bytes remaining as the source, and none in common with it
   * @throws IllegalArgumentException if the buffers differ in length, or the target is read-only
   */
  default void copy(ByteBuffer source, ByteBuffer target) {
    Pieces.requireNotMapped(source);
    Pieces.requireSameLength(source, target);
    Pieces.requireWritable(target);
    target.put(source);
  }

  /**
   * Copies all of {@code source} to {@code target}, and encrypts the ranges with AES-128-CTR under
   * one key. Moves both positions to their limits.
   *
   * <p>Ownership: everything is borrowed. Nothing of the key remains.
   *
   * @param key 16 bytes
   * @param ranges offsets count from the source's position
   * @param source any kind of buffer
   * @param target has as many bytes remaining as the source: other ones, or the same
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
   * @param target has as many bytes remaining as the source: other ones, or the same
   * @throws IllegalArgumentException if a range lies outside the source, ranges overlap, a phase
   *     lies outside its pattern, the buffers differ in length, or the key is not 16 bytes; nothing
   *     has been written then
   */
  void cbc(byte[] key, CbcRanges ranges, ByteBuffer source, ByteBuffer target);

  /**
   * {@link #cbc(byte[], CbcRanges, ByteBuffer, ByteBuffer)} for each of these. Chains of different
   * pieces do not depend on each other, so an engine may work on many at a time.
   *
   * @throws IllegalArgumentException if one is not valid; nothing has been written then
   */
  default void cbc(List<CbcJob> jobs) {
    for (CbcJob job : jobs) {
      cbc(job.key(), job.ranges(), job.source(), job.target());
    }
  }

  /**
   * A piece that is to be encrypted under a key of its own. Everything is borrowed.
   *
   * @param key 16 bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // Borrowed, and wiped by its owner: no copies.
  record CbcJob(byte[] key, CbcRanges ranges, ByteBuffer source, ByteBuffer target) {
    @Override
    public String toString() {
      return "CbcJob[%d ranges]".formatted(ranges.count());
    }
  }
}
