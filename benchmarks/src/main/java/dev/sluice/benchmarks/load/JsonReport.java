package dev.sluice.benchmarks.load;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A report as JSON (RFC 8259), for other programs. Times in milliseconds. */
final class JsonReport {
  private JsonReport() {}

  static String render(LoadReport report) {
    var settings = report.settings();
    var root = new LinkedHashMap<String, Object>();
    root.put("manifest", Urls.shown(settings.manifest()));
    root.put("sessions", settings.sessions());
    root.put("http", settings.http().word());
    root.put("pace", settings.pace().name().toLowerCase(Locale.ROOT));
    root.put("rendition", settings.rendition().name().toLowerCase(Locale.ROOT));
    root.put("seed", settings.seed());
    root.put("rampMs", millis(settings.ramp()));
    root.put("rateLimitBits", settings.rateLimitBits());
    root.put("verify", settings.verify());
    root.put("elapsedMs", millis(report.elapsed()));
    root.put("requests", report.requests());
    root.put("errors", report.errors());
    root.put("bytes", report.bytes());
    root.put("playsEnded", report.playsEnded());
    root.put("playsGivenUp", report.playsGivenUp());
    root.put("stalls", report.stalls());
    root.put("stalledMs", millis(report.stalled()));
    var kinds = new LinkedHashMap<String, Object>();
    for (var kind : RequestKind.values()) {
      var met = report.of(kind);
      var of = new LinkedHashMap<String, Object>();
      of.put("answers", met.answers());
      of.put("bytes", met.bytes());
      of.put("errors", met.errors());
      of.put("firstByteMs", spread(met.firstByte()));
      of.put("totalMs", spread(met.total()));
      kinds.put(kind.word(), of);
    }
    root.put("kinds", kinds);
    root.put("connectMs", spread(report.connects()));
    root.put("startupMs", spread(report.startups()));
    root.put("licencesNotAskedFor", report.unsupportedSystems());
    root.put("errorSamples", report.samples());
    var json = new StringBuilder(4096);
    write(json, root, "\n");
    return json.append('\n').toString();
  }

  private static Map<String, Object> spread(LoadReport.Spread spread) {
    var members = new LinkedHashMap<String, Object>();
    members.put("count", spread.count());
    members.put("p50", millis(spread.p50()));
    members.put("p90", millis(spread.p90()));
    members.put("p99", millis(spread.p99()));
    members.put("max", millis(spread.max()));
    return members;
  }

  private static double millis(Duration duration) {
    long micros = duration.toNanos() / 1_000;
    return micros / 1e3;
  }

  private static void write(StringBuilder json, Object value, String indent) {
    switch (value) {
      case Map<?, ?> map -> {
        String separator = "{";
        for (var entry : map.entrySet()) {
          json.append(separator).append(indent).append("  ");
          quote(json, String.valueOf(entry.getKey()));
          json.append(": ");
          write(json, entry.getValue(), indent + "  ");
          separator = ",";
        }
        json.append(map.isEmpty() ? "{}" : indent + "}");
      }
      case List<?> list -> {
        String separator = "[";
        for (var item : list) {
          json.append(separator).append(indent).append("  ");
          write(json, item, indent + "  ");
          separator = ",";
        }
        json.append(list.isEmpty() ? "[]" : indent + "]");
      }
      case Number number -> json.append(number);
      case Boolean bool -> json.append(bool);
      default -> quote(json, value.toString());
    }
  }

  private static void quote(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append("\\u%04x".formatted((int) c));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }
}
