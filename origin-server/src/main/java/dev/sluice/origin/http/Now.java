package dev.sluice.origin.http;

import io.netty.handler.codec.DateFormatter;
import java.time.Instant;
import java.util.Date;

/** The time of day as HTTP writes it. Written once a second. Spec: RFC 9110 5.6.7. */
final class Now {
  private static final long MILLIS = 1_000;

  private record Written(long second, String date) {}

  private static volatile Written last = new Written(-1, "");

  private Now() {}

  /** The date of now, to the second. */
  static String httpDate() {
    long now = System.currentTimeMillis();
    Written written = last;
    if (written.second != now / MILLIS) {
      written =
          new Written(now / MILLIS, DateFormatter.format(Date.from(Instant.ofEpochMilli(now))));
      last = written;
    }
    return written.date;
  }
}
