package dev.sluice.benchmarks.load;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import javax.net.ssl.SSLException;

/** Why an answer was not what a player needs. Holds no query of a URL, no token and no key. */
final class LoadFailure extends IOException {
  private static final long serialVersionUID = 1;

  /** Of a message: it may quote a manifest. */
  private static final int MAX_CHARS = 400;

  /** A word or three under which the report counts it: one of few. */
  private final String reason;

  /**
   * @param reason under which it is counted, from a small set
   * @param message in the form {@code name: value (expected: …)}
   */
  LoadFailure(String reason, String message) {
    super(printable(message));
    this.reason = reason;
  }

  /** Under which the report counts it. */
  String reason() {
    return reason;
  }

  /** The message, never null. */
  String detail() {
    return String.valueOf(getMessage());
  }

  /** What went wrong below HTTP, in our words: those of the JDK may hold a URL. */
  static LoadFailure of(IOException e) {
    return switch (e) {
      case LoadFailure failure -> failure;
      case SocketTimeoutException _, HttpTimeoutException _ ->
          new LoadFailure("time-out", "no bytes in time (expected: an answer)");
      case ConnectException _ -> new LoadFailure("connect", "connection refused");
      case UnknownHostException _ -> new LoadFailure("unknown host", "host: not found");
      case SSLException _ -> new LoadFailure("tls", "TLS: " + withoutQueries(e));
      default -> new LoadFailure("connection", "connection: " + withoutQueries(e));
    };
  }

  /** Fit for a terminal: short, and without what moves its cursor. */
  static String printable(String text) {
    return text.substring(0, Math.min(text.length(), MAX_CHARS)).replaceAll("\\p{Cntrl}", "?");
  }

  private static String withoutQueries(IOException e) {
    return String.valueOf(e.getMessage()).replaceAll("\\?\\S*", "?…");
  }
}
