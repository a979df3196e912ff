package dev.sluice.origin.key;

import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.ServerFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key under which content keys are wrapped: 32 bytes that nothing prints. It never lies in the
 * catalog; it comes from the environment, or from a file that only its owner can read.
 */
public final class MasterKey {

  /** The length of a master key in bytes. */
  public static final int BYTES = 32;

  /** The name of the file in the data folder. */
  public static final String FILE_NAME = "master.key";

  private static final int FILE_MAX_BYTES = 256;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final byte[] value;

  private MasterKey(byte[] value) {
    this.value = value;
  }

  /**
   * A key of these bytes.
   *
   * <p>Ownership: takes the array.
   */
  public static MasterKey taking(byte[] value) {
    if (value.length != BYTES) {
      throw new ServerFailure(
          FailureCode.INTERNAL_ERROR,
          "master key: %d bytes (expected: 32 bytes)".formatted(value.length));
    }
    return new MasterKey(value);
  }

  /**
   * The key that the environment gives, else that of the file {@code master.key}, which is made at
   * random if it does not exist.
   *
   * @param fromEnvironment the value of {@code SLUICE_MASTER_KEY}, base64 of 32 bytes
   */
  public static MasterKey open(
      Optional<String> fromEnvironment, Path dataFolder, SecureRandom random) {
    if (fromEnvironment.isPresent()) {
      return taking(decode(fromEnvironment.get(), "SLUICE_MASTER_KEY"));
    }
    Path file = dataFolder.resolve(FILE_NAME);
    try {
      if (!Files.exists(file)) {
        create(file, random);
      }
      return read(file);
    } catch (IOException e) {
      var failure =
          new ServerFailure(
              FailureCode.INTERNAL_ERROR,
              "master.key: %s (expected: a file that can be read and written)"
                  .formatted(e.getClass().getSimpleName()));
      failure.addSuppressed(e);
      throw failure;
    }
  }

  /** 32 bytes for one purpose, from which neither this key nor those of other purposes follow. */
  public byte[] derive(String purpose) {
    return hmac(value, purpose.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] hmac(byte[] key, byte[] message) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA256 is part of every JDK", e);
    }
  }

  private static MasterKey read(Path file) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (!OWNER_ONLY.containsAll(permissions)) {
      throw new ServerFailure(
          FailureCode.INTERNAL_ERROR,
          "master.key: %s (expected: rw-------, readable by its owner alone)"
              .formatted(PosixFilePermissions.toString(permissions)));
    }
    if (Files.size(file) > FILE_MAX_BYTES) {
      throw new ServerFailure(
          FailureCode.INTERNAL_ERROR,
          "master.key: %d bytes (expected: base64 of 32 bytes)".formatted(Files.size(file)));
    }
    return taking(decode(Files.readString(file, StandardCharsets.US_ASCII), FILE_NAME));
  }

  /** Writes a whole file beside it and links it in place, so that of two processes one wins. */
  private static void create(Path file, SecureRandom random) throws IOException {
    byte[] fresh = new byte[BYTES];
    random.nextBytes(fresh);
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new FileAlreadyExistsException(file.toString());
    }
    Path whole =
        Files.createTempFile(
            folder, FILE_NAME, ".new", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    try {
      Files.writeString(
          whole, Base64.getEncoder().encodeToString(fresh) + "\n", StandardCharsets.US_ASCII);
      Files.createLink(file, whole);
    } catch (FileAlreadyExistsException e) {
      // Another process was first. Its key counts.
      return;
    } catch (UnsupportedOperationException e) {
      throw new AtomicMoveNotSupportedException(
          whole.toString(), file.toString(), String.valueOf(e.getMessage()));
    } finally {
      Files.deleteIfExists(whole);
      Arrays.fill(fresh, (byte) 0);
    }
  }

  private static byte[] decode(String base64, String name) {
    try {
      byte[] decoded = Base64.getDecoder().decode(base64.strip());
      if (decoded.length == BYTES) {
        return decoded;
      }
      throw new ServerFailure(
          FailureCode.INTERNAL_ERROR,
          "%s: %d bytes (expected: base64 of 32 bytes)".formatted(name, decoded.length));
    } catch (IllegalArgumentException e) {
      throw new ServerFailure(
          FailureCode.INTERNAL_ERROR, name + ": not base64 (expected: base64 of 32 bytes)");
    }
  }

  @Override
  public String toString() {
    return "MasterKey";
  }
}
