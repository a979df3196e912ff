package dev.sluice.benchmarks.cipher;

import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Fragments in buffers of a given kind. */
public abstract class BufferFragments extends Fragments {

  /** Where sources and targets lie. */
  public enum Kind {
    /** Both outside the heap, as mapped files and sockets have them. */
    DIRECT,
    /** Both in arrays. */
    HEAP,
    /** From an array to outside the heap. */
    HEAP_TO_DIRECT
  }

  @Param("DIRECT")
  public Kind buffers = Kind.DIRECT;

  @Setup
  public void make() {
    switch (buffers) {
      case DIRECT -> make(ByteBuffer::allocateDirect, ByteBuffer::allocateDirect);
      case HEAP -> make(ByteBuffer::allocate, ByteBuffer::allocate);
      case HEAP_TO_DIRECT -> make(ByteBuffer::allocate, ByteBuffer::allocateDirect);
    }
  }

  /** Copies the next source, and gives what was written. */
  final ByteBuffer copyNext() {
    next();
    ByteBuffer from = source();
    return target().put(0, from, 0, from.capacity());
  }
}
