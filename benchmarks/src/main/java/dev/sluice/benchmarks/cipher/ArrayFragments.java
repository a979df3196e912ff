package dev.sluice.benchmarks.cipher;

import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Setup;

/** Fragments in arrays, which other ciphers are at their best with. */
public abstract class ArrayFragments extends Fragments {

  @Setup
  public void make() {
    make(ByteBuffer::allocate, ByteBuffer::allocate);
  }

  /** Encrypts the next source with this, and gives the target. */
  final ByteBuffer encryptNext(SampleCiphers.Work work) {
    next();
    ByteBuffer from = source();
    ByteBuffer to = target();
    work.encrypt(shape(), key(), from.array(), from.arrayOffset(), to.array(), to.arrayOffset());
    return to;
  }
}
