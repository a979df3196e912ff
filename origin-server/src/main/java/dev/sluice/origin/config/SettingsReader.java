package dev.sluice.origin.config;

import dev.sluice.origin.http.HttpLimits;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings from {@code sluice.yaml} and from overrides: each key is read once. */
public final class SettingsReader {
  private static final long MAX_FILE_BYTES = 1 << 20;

  private SettingsReader() {}

  /** A value and where it stands. */
  record Entry(List<String> values, boolean isList, String place) {}

  /** Settings from a file, and then from overrides ({@code key=value}), which win. */
  public static Settings read(Path file, List<String> overrides) throws IOException {
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw new SettingsException(file + ": too large (expected: at most 1 MiB)");
    }
    return read(
        YamlEntries.parse(Files.readString(file), file.getFileName().toString()), overrides);
  }

  /** The defaults, and overrides ({@code key=value}). */
  public static Settings read(List<String> overrides) {
    return read(Map.of(), overrides);
  }

  static Settings read(Map<String, Entry> fromFile, List<String> overrides) {
    var entries = new LinkedHashMap<>(fromFile);
    var overridden = new LinkedHashMap<String, Entry>();
    for (String override : overrides) {
      int equals = override.indexOf('=');
      if (equals < 0) {
        throw new SettingsException("override: " + override + " (expected: key=value)");
      }
      // A key that is given twice is a list: --public-url for http and for https.
      overridden.merge(
          override.substring(0, equals),
          new Entry(List.of(override.substring(equals + 1)), true, "the command line"),
          SettingsReader::join);
    }
    entries.putAll(overridden);
    return build(new Values(entries));
  }

  private static Entry join(Entry first, Entry second) {
    var values = new ArrayList<>(first.values());
    values.addAll(second.values());
    return new Entry(values, true, first.place());
  }

  private static Settings build(Values values) {
    var settings =
        new Settings(
            values.integer("http-port", 8080, -1, 65_535),
            values.integer("https-port", 8443, -1, 65_535),
            values.integer("admin-port", 8081, -1, 65_535),
            values.list("bind", List.of("*")),
            values.text("admin-bind").orElse("127.0.0.1"),
            values.text("media"),
            values.text("data"),
            values.bool("map-media", true),
            values.list("public-url", List.of()).stream().map(SettingsReader::publicUrl).toList(),
            new Settings.Tls(
                values.text("tls-certificate"),
                values.text("tls-key"),
                values.text("tls-pkcs12"),
                values.text("tls-password-file")),
            new HttpLimits(
                values.bytes("max-request-line", "16 KiB"),
                values.bytes("max-headers", "32 KiB"),
                values.bytes("max-body", "64 KiB"),
                values.duration("head-time", "10s"),
                values.duration("idle-time", "60s"),
                values.duration("stall-time", "60s"),
                values.integer("max-connections", 20_000, 1, 1_000_000),
                values.integer("max-connections-per-address", 2_000, 1, 1_000_000),
                values.integer("max-requests", 20_000, 1, 1_000_000)),
            caching(values),
            new Settings.Memory(
                values.room("answer-cache", "32 MiB"), values.room("segment-cache", "0 B")),
            values.bool("allowHttpKeyDelivery", false),
            values.list("key-origins", List.of()),
            values.bool("player-lists-assets", false),
            values.text("access-log"),
            values.duration("shutdown-grace", "10s"),
            EdgeReader.read(values));
    values.requireAllRead();
    requireTogether(settings.tls());
    return settings;
  }

  /** {@code max-cache-age} is the one time that the streaming service had for both. */
  private static Settings.Caching caching(Values values) {
    Duration manifests = values.duration("manifest-max-age", "10s");
    Duration segments = values.duration("segment-max-age", "365d");
    Optional<Duration> all = values.optionalDuration("max-cache-age");
    return new Settings.Caching(all.orElse(manifests), all.orElse(segments));
  }

  private static void requireTogether(Settings.Tls tls) {
    if (tls.certificate().isPresent() != tls.key().isPresent()) {
      throw new SettingsException("tls-certificate: (expected: together with tls-key)");
    }
    if (tls.certificate().isPresent() && tls.pkcs12().isPresent()) {
      throw new SettingsException("tls-pkcs12: (expected: not together with tls-certificate)");
    }
  }

  private static URI publicUrl(String text) {
    try {
      var url = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (web && url.getHost() != null && url.getQuery() == null && url.getFragment() == null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Refused below.
    }
    throw new SettingsException(
        "public-url: " + text + " (expected: http:// or https:// with a host)");
  }
}
