package dev.sluice.benchmarks.cipher;

import dev.sluice.crypto.MediaCipher;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The engine that is measured. What takes none is measured once for all of them. */
@State(Scope.Thread)
public class EngineState {

  /** A name that {@link Engines} knows. */
  @Param({Engines.BEST, Engines.JDK})
  public String engine = Engines.JDK;

  private MediaCipher cipher = Engines.require(Engines.JDK);

  @Setup
  public void resolve() {
    cipher = Engines.require(engine);
  }

  MediaCipher cipher() {
    return cipher;
  }
}
