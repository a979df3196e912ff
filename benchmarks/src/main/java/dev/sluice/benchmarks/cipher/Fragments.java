package dev.sluice.benchmarks.cipher;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.function.IntFunction;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Fragments of one shape to read, and others to write to, each taken in turn.
 *
 * <p>In cache: one of each. From memory: the sources fill more than any cache, and the targets a
 * ring as small as the buffers of one connection, as when a server reads from the page cache.
 */
@State(Scope.Thread)
public abstract class Fragments {

  /** How much the sources fill at least, in 10^6 bytes; 0: one fragment, which stays in cache. */
  @Param({"0", "384"})
  public int sourceMegabytes;

  /** How much the targets fill at least, in 10^6 bytes, if the sources do not stay in cache. */
  @Param("2")
  public int targetMegabytes;

  private final byte[] key = new byte[16];
  private ByteBuffer[] sources = {};
  private ByteBuffer[] sourcesAgain = {};
  private ByteBuffer[] targets = {};
  private int source;
  private int target;

  /** What is encrypted. */
  abstract Shape shape();

  /** Makes the fragments. */
  final void make(IntFunction<ByteBuffer> forSources, IntFunction<ByteBuffer> forTargets) {
    var random = new Random(1);
    random.nextBytes(key);
    byte[] bytes = new byte[shape().sizeBytes()];
    random.nextBytes(bytes);
    sources = slices(sourceMegabytes, forSources);
    targets = slices(sourceMegabytes == 0 ? 0 : targetMegabytes, forTargets);
    sourcesAgain = new ByteBuffer[sources.length];
    for (int i = 0; i < sources.length; i++) {
      sources[i].put(0, bytes);
      sourcesAgain[i] = sources[i].duplicate();
    }
    for (ByteBuffer each : targets) {
      each.put(0, bytes);
    }
    source = 0;
    target = 0;
  }

  private ByteBuffer[] slices(int megabytes, IntFunction<ByteBuffer> allocate) {
    int size = shape().sizeBytes();
    int count = Math.max(1, Math.ceilDiv(megabytes * 1_000_000, size));
    ByteBuffer all = allocate.apply(Math.multiplyExact(count, size));
    ByteBuffer[] slices = new ByteBuffer[count];
    for (int i = 0; i < count; i++) {
      slices[i] = all.slice(i * size, size);
    }
    return slices;
  }

  /** Moves on to the next source and target. */
  final void next() {
    source = source + 1 == sources.length ? 0 : source + 1;
    target = target + 1 == targets.length ? 0 : target + 1;
  }

  /** 16 bytes. */
  final byte[] key() {
    return key;
  }

  /** The source, whole. */
  final ByteBuffer source() {
    return sources[source].clear();
  }

  /** Another view of the same bytes as {@link #source}, whole. */
  final ByteBuffer sourceAgain() {
    return sourcesAgain[source].clear();
  }

  /** The target, whole. */
  final ByteBuffer target() {
    return targets[target].clear();
  }
}
