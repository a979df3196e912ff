package dev.sluice.crypto;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The library of {@code sluice_cipher.h} in this process. It comes out of the jar, by way of a
 * private file that is gone once it is loaded.
 */
@SuppressWarnings("restricted") // Native code is what this is for.
final class NativeLibrary {

  /** Must be {@code SLUICE_ABI}. */
  private static final int ABI = 2;

  private static final String FILE = "libsluice_cipher.so";

  /** What the code of a call says: {@code SLUICE_OK}. */
  static final int OK = 0;

  /** {@code SLUICE_SOURCE_GONE}: of a mapped source only. */
  static final int SOURCE_GONE = -5;

  static final int MAX_JOBS = 8;

  /** {@code SLUICE_MAPPED}. */
  private static final int MAPPED = 0x100;

  /** What processors can do, with the numbers of {@code SLUICE_LEVEL_}. */
  enum Level {
    AESNI(1),
    VAES512(2),
    ARMV8(3);

    private final int number;

    Level(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    String lowerCase() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final MemorySegment ctr;
  private final MemorySegment cbc;
  private final MemorySegment cbcBatch;
  private final MemorySegment copy;
  private final MemorySegment hasLevel;
  private final MemorySegment bestLevel;
  private final boolean readsMappings;

  private NativeLibrary(SymbolLookup symbols) {
    this.ctr = symbols.findOrThrow("sluice_ctr");
    this.cbc = symbols.findOrThrow("sluice_cbc");
    this.cbcBatch = symbols.findOrThrow("sluice_cbc_batch");
    this.copy = symbols.findOrThrow("sluice_copy");
    this.hasLevel = symbols.findOrThrow("sluice_has_level");
    this.bestLevel = symbols.findOrThrow("sluice_best_level");
    this.readsMappings = get(symbols.findOrThrow("sluice_guard")) == 1;
  }

  private static final Map<Path, NativeLibrary> LOADED = new HashMap<>();

  /**
   * The library, loaded where it is not yet: each load takes memory that is never given back, and
   * of what threads have of their own there is little.
   *
   * @param folder see {@link #load}
   * @throws NoNativeEngineException as {@link #load}, which is tried again then
   */
  static NativeLibrary of(Path folder) throws NoNativeEngineException {
    synchronized (LOADED) {
      NativeLibrary loaded = LOADED.get(folder);
      if (loaded == null) {
        loaded = load(folder);
        LOADED.put(folder, loaded);
      }
      return loaded;
    }
  }

  /**
   * Loads it. It stays loaded: use {@link #of}.
   *
   * @param folder where the private file may be for a moment; of a file system that allows to
   *     execute
   * @throws NoNativeEngineException if this build or this system has none
   */
  static NativeLibrary load(Path folder) throws NoNativeEngineException {
    String system = System.getProperty("os.name");
    if (!system.equals("Linux")) {
      throw new NoNativeEngineException("this is %s (expected: Linux)".formatted(system));
    }
    SymbolLookup symbols;
    try (InputStream library = NativeLibrary.class.getResourceAsStream(resource())) {
      if (library == null) {
        throw new NoNativeEngineException(
            "%s: not in this build (a C compiler makes it)".formatted(resource()));
      }
      symbols = lookup(library, folder);
    } catch (IOException e) {
      throw new NoNativeEngineException("%s: no file could be made: %s".formatted(folder, e), e);
    } catch (IllegalCallerException e) {
      throw new NoNativeEngineException(
          "the JVM forbids native code (expected: --enable-native-access=ALL-UNNAMED)", e);
    }
    int abi = get(symbols.findOrThrow("sluice_abi"));
    if (abi != ABI) {
      throw new NoNativeEngineException("interface: %d (expected: %d)".formatted(abi, ABI));
    }
    return new NativeLibrary(symbols);
  }

  private static String resource() {
    String arch = System.getProperty("os.arch");
    return "/META-INF/native/linux-%s/%s".formatted(arch.equals("amd64") ? "x86_64" : arch, FILE);
  }

  private static SymbolLookup lookup(InputStream library, Path folder)
      throws IOException, NoNativeEngineException {
    Path own =
        Files.createTempDirectory(
            folder,
            "sluice",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path file = own.resolve(FILE);
    try {
      Files.copy(library, file);
      return SymbolLookup.libraryLookup(file, Arena.global());
    } catch (IllegalArgumentException e) {
      throw new NoNativeEngineException(
          "%s: cannot be loaded from %s: does its file system allow to execute (else:"
                  .formatted(FILE, folder)
              + " -Dsluice.native.dir), and is the C library glibc, as where it was built?",
          e);
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(own);
    }
  }

  /** Whether this processor has a level. */
  boolean has(Level level) {
    try {
      return (int) Calls.ASK.invokeExact(hasLevel, level.number()) == 1;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * The fastest level of this processor.
   *
   * @throws NoNativeEngineException if it has none
   */
  Level best() throws NoNativeEngineException {
    int number = get(bestLevel);
    for (Level level : Level.values()) {
      if (level.number() == number) {
        return level;
      }
    }
    throw new NoNativeEngineException(
        "this processor lacks instructions (expected: AES-NI and AVX, or AES of ARMv8)");
  }

  /** Whether sources may be mappings of files. */
  boolean readsMappings() {
    return readsMappings;
  }

  /** {@code sluice_copy}: its code. */
  int copy(MemorySegment target, MemorySegment source) {
    try {
      return (int) Calls.COPY.invokeExact(copy, target, source, source.byteSize());
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static int number(Level level, boolean mapped) {
    return mapped ? level.number() | MAPPED : level.number();
  }

  /** What a piece is encrypted by. */
  enum Mode {
    /** {@code sluice_ctr}. */
    CTR,
    /** {@code sluice_cbc}. */
    CBC
  }

  /**
   * {@code sluice_ctr} or {@code sluice_cbc}: its code.
   *
   * @param mapped whether the source is a mapping of a file
   */
  int encrypt(
      Mode mode,
      Level level,
      boolean mapped,
      MemorySegment key,
      MemorySegment source,
      MemorySegment target,
      long from,
      long to,
      MemorySegment ranges,
      int first,
      int count) {
    MemorySegment function = mode == Mode.CTR ? ctr : cbc;
    try {
      return (int)
          Calls.ENCRYPT.invokeExact(
              function,
              number(level, mapped),
              key,
              source,
              target,
              source.byteSize(),
              from,
              to,
              ranges,
              first,
              count);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * {@code sluice_cbc_batch}: its code.
   *
   * @param mapped whether one of the sources is a mapping of a file
   * @param s source, target and ranges of each of 8 jobs in turn; null pointers where there is none
   */
  int cbcBatch(
      Level level,
      boolean mapped,
      int jobs,
      MemorySegment keys,
      MemorySegment windows,
      MemorySegment[] s) {
    try {
      return (int)
          Calls.ENCRYPT_BATCH.invokeExact(
              cbcBatch,
              number(level, mapped),
              jobs,
              keys,
              windows,
              s[0],
              s[1],
              s[2],
              s[3],
              s[4],
              s[5],
              s[6],
              s[7],
              s[8],
              s[9],
              s[10],
              s[11],
              s[12],
              s[13],
              s[14],
              s[15],
              s[16],
              s[17],
              s[18],
              s[19],
              s[20],
              s[21],
              s[22],
              s[23]);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static int get(MemorySegment function) {
    try {
      return (int) Calls.GET.invokeExact(function);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static RuntimeException unexpected(Throwable e) {
    return switch (e) {
      case Error error -> throw error;
      case RuntimeException runtime -> runtime;
      default -> new IllegalStateException("a native call threw", e);
    };
  }

  /**
   * How functions are called. A class of its own: where the JVM forbids native code it cannot be
   * initialized, and is not, since the look-up has failed before.
   */
  private static final class Calls {
    /*
     * Critical: arrays of the heap are passed as they are, and the thread stays in Java's state. A
     * collection of garbage waits for such a call to end, so its callers bound what one call does.
     */
    private static final Linker.Option CRITICAL =
        Linker.Option.critical(/* allowHeapAccess= */ true);

    private static final FunctionDescriptor PIECE =
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT, // level
            ValueLayout.ADDRESS, // key
            ValueLayout.ADDRESS, // source
            ValueLayout.ADDRESS, // target
            ValueLayout.JAVA_LONG, // size
            ValueLayout.JAVA_LONG, // from
            ValueLayout.JAVA_LONG, // to
            ValueLayout.ADDRESS, // ranges
            ValueLayout.JAVA_INT, // first
            ValueLayout.JAVA_INT); // count

    // Handles are bound to no address, so that they can be constants, which the compiler inlines.
    static final MethodHandle GET = handle(FunctionDescriptor.of(ValueLayout.JAVA_INT));
    static final MethodHandle ASK =
        handle(FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    static final MethodHandle COPY =
        handle(
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS, // target
                ValueLayout.ADDRESS, // source
                ValueLayout.JAVA_LONG)); // size
    static final MethodHandle ENCRYPT = handle(PIECE);
    static final MethodHandle ENCRYPT_BATCH = handle(batch());

    private static FunctionDescriptor batch() {
      List<MemoryLayout> arguments = new ArrayList<>();
      arguments.add(ValueLayout.JAVA_INT); // level
      arguments.add(ValueLayout.JAVA_INT); // jobs
      arguments.add(ValueLayout.ADDRESS); // keys
      arguments.add(ValueLayout.ADDRESS); // windows
      for (int i = 0; i < 3 * MAX_JOBS; i++) {
        arguments.add(ValueLayout.ADDRESS);
      }
      return FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments.toArray(MemoryLayout[]::new));
    }

    private static MethodHandle handle(FunctionDescriptor function) {
      return Linker.nativeLinker().downcallHandle(function, CRITICAL);
    }
  }
}
