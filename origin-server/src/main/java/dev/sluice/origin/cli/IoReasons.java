package dev.sluice.origin.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Why reading or writing failed, in words, where the exception only has a name for it. */
final class IoReasons {
  private IoReasons() {}

  /** The reason alone. */
  static String of(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such file";
      case AccessDeniedException _ -> "access denied";
      case FileSystemException file -> Optional.ofNullable(file.getReason()).orElse("not readable");
      case UnknownHostException _ -> "no such host";
      case HttpTimeoutException _ -> "no answer in time";
      case ConnectException _ -> "no answer (expected: a running server)";
      case SSLException tls -> "TLS: " + tls.getMessage();
      default -> Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
    };
  }

  /** The reason, behind the file that it is about. */
  static String withFile(IOException e) {
    return e instanceof FileSystemException file && file.getFile() != null
        ? "%s: %s".formatted(file.getFile(), of(e))
        : of(e);
  }
}
