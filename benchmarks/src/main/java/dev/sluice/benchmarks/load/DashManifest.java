package dev.sluice.benchmarks.load;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.w3c.dom.Element;

/**
 * Reads an MPD: {@code SegmentTemplate} with a timeline, or with numbers and one duration (DASH
 * 5.3.9.4, 5.3.9.6); periods one after the other. Trick modes and text are left out.
 */
final class DashManifest {
  private final boolean live;
  private final Map<String, List<Segments>> video = new LinkedHashMap<>();
  private final Map<String, List<Segments>> audio = new LinkedHashMap<>();
  private final Map<String, Long> bitrates = new LinkedHashMap<>();

  private DashManifest(boolean live) {
    this.live = live;
  }

  /**
   * @param base the URL under which it was had
   * @throws LoadFailure if it is malformed, or is one that this tool cannot play
   */
  static Manifest.Presentation read(Element mpd, URI base) throws LoadFailure {
    var reader = new DashManifest("dynamic".equals(mpd.getAttribute("type")));
    var presentationDuration = duration(mpd, "mediaPresentationDuration");
    var from = withBaseUrl(mpd, base);
    var periods = Xml.children(mpd, "Period");
    for (int i = 0; i < periods.size(); i++) {
      // Where periods are several, each states its duration, or the next its start; the MPD's is of
      // all.
      var next =
          i + 1 < periods.size() ? duration(periods.get(i + 1), "start") : presentationDuration;
      var start = duration(periods.get(i), "start").orElse(Duration.ZERO);
      var length = duration(periods.get(i), "duration").or(() -> next.map(end -> end.minus(start)));
      reader.readPeriod(periods.get(i), withBaseUrl(periods.get(i), from), i, length);
    }
    return reader.presentation();
  }

  private Manifest.Presentation presentation() throws LoadFailure {
    if (video.isEmpty() && audio.isEmpty()) {
      throw new LoadFailure("manifest", "MPD: no video and no audio (expected: one of them)");
    }
    return new Manifest.Presentation(renditions(video), renditions(audio), live);
  }

  private List<Manifest.Rendition> renditions(Map<String, List<Segments>> parts) {
    var renditions = new ArrayList<Manifest.Rendition>();
    parts.forEach((id, segments) ->
        renditions.add(
            new Manifest.Rendition(id, bitrates.getOrDefault(id, 0L), Segments.concat(segments))));
    return renditions;
  }

  private void readPeriod(Element period, URI base, int number, Optional<Duration> length)
      throws LoadFailure {
    for (var set : Xml.children(period, "AdaptationSet")) {
      if (isTrickMode(set)) {
        continue;
      }
      for (var representation : Xml.children(set, "Representation")) {
        var kind = kind(set, representation);
        if (kind.isEmpty()) {
          continue;
        }
        String id = representation.getAttribute("id");
        var segments =
            segments(
                new Element[] {period, set, representation},
                withBaseUrl(representation, withBaseUrl(set, base)),
                number,
                length);
        bitrates.putIfAbsent(id, Xml.number(representation, "bandwidth", 0, 0));
        var parts =
            (kind.get() == RequestKind.VIDEO ? video : audio)
                .computeIfAbsent(id, _ -> new ArrayList<>());
        long before = parts.stream().mapToLong(Segments::count).sum();
        if (before + segments.count() > Segments.MAX_COUNT) {
          throw new LoadFailure("manifest", "MPD: too many segments in %s".formatted(id));
        }
        parts.add(segments);
      }
    }
  }

  private Segments segments(Element[] levels, URI base, int period, Optional<Duration> length)
      throws LoadFailure {
    var representation = levels[levels.length - 1];
    var templates = new ArrayList<Element>();
    for (var level : levels) {
      Xml.child(level, "SegmentTemplate").ifPresent(templates::add);
    }
    if (templates.isEmpty()) {
      throw new LoadFailure(
          "unsupported",
          "Representation %s: no SegmentTemplate (expected: one; lists and bases are not played)"
              .formatted(representation.getAttribute("id")));
    }
    var media = inherited(templates, "media");
    if (media.isEmpty()) {
      throw new LoadFailure("manifest", "SegmentTemplate/@media: absent (expected: a template)");
    }
    var protection = DashProtection.read(levels[1], representation, base);
    var template =
        new UrlTemplate(
            representation.getAttribute("id"), Xml.number(representation, "bandwidth", 0, 0));
    long firstNumber = inheritedNumber(templates, "startNumber", 0, 1);
    var timeline = timeline(templates, length);
    Optional<Segment.Init> init = Optional.empty();
    var initialization = inherited(templates, "initialization");
    if (initialization.isPresent()) {
      var uri = Urls.resolve(base, template.expand(initialization.get(), 0, 0));
      init = Optional.of(new Segment.Init(uri, Optional.empty(), protection.envelope()));
    }
    return new Templated(
        base, template, media.get(), firstNumber, timeline, init, protection, period);
  }

  private Timeline timeline(List<Element> templates, Optional<Duration> length) throws LoadFailure {
    long ticksPerSecond = inheritedNumber(templates, "timescale", 1, 1);
    Optional<Element> written = Optional.empty();
    for (var template : templates) {
      var own = Xml.child(template, "SegmentTimeline");
      written = own.isPresent() ? own : written;
    }
    var builder = new Timeline.Builder();
    var endTicks = length.map(d -> ticks(d, ticksPerSecond));
    if (written.isPresent()) {
      long offset = inheritedNumber(templates, "presentationTimeOffset", 0, 0);
      readTimeline(written.get(), builder, endTicks.map(end -> end + offset));
    } else {
      long duration = inheritedNumber(templates, "duration", 1, 0);
      if (duration == 0 || endTicks.isEmpty() || live) {
        throw new LoadFailure(
            "unsupported",
            "SegmentTemplate: neither a timeline nor a duration of segments and period (live by number alone is not played)");
      }
      builder.add(0, duration, Math.max(1, Math.ceilDiv(endTicks.get(), duration)));
    }
    return builder.build(ticksPerSecond);
  }

  private static void readTimeline(Element timeline, Timeline.Builder builder, Optional<Long> end)
      throws LoadFailure {
    var runs = Xml.children(timeline, "S");
    for (int i = 0; i < runs.size(); i++) {
      var run = runs.get(i);
      long start = Xml.number(run, "t", 0, builder.next());
      long duration = Xml.number(run, "d", 1);
      long repeats = Xml.number(run, "r", -1, 0);
      if (repeats < 0) {
        // Until the next run, or the end of the period (DASH 5.3.9.6).
        long until =
            i + 1 < runs.size()
                ? Xml.number(runs.get(i + 1), "t", 0)
                : end.orElseThrow(
                    () -> new LoadFailure("unsupported", "S/@r: -1 in a period without an end"));
        repeats = Math.max(0, Math.ceilDiv(until - start, duration) - 1);
      }
      builder.add(start, duration, repeats + 1);
    }
  }

  private static Optional<RequestKind> kind(Element set, Element representation) {
    String type =
        Xml.attribute(set, "contentType")
            .or(() -> Xml.attribute(representation, "mimeType"))
            .or(() -> Xml.attribute(set, "mimeType"))
            .orElse("")
            .toLowerCase(Locale.ROOT);
    if (type.startsWith("video")) {
      return Optional.of(RequestKind.VIDEO);
    }
    return type.startsWith("audio") ? Optional.of(RequestKind.AUDIO) : Optional.empty();
  }

  private static boolean isTrickMode(Element set) {
    return Xml.children(set, "EssentialProperty").stream()
        .anyMatch(p -> p.getAttribute("schemeIdUri").endsWith("/trickmode"));
  }

  private static URI withBaseUrl(Element element, URI base) throws LoadFailure {
    var written = Xml.child(element, "BaseURL");
    return written.isEmpty() ? base : Urls.resolve(base, written.get().getTextContent());
  }

  private static Optional<String> inherited(List<Element> templates, String name) {
    Optional<String> value = Optional.empty();
    for (var template : templates) {
      var own = Xml.attribute(template, name);
      value = own.isPresent() ? own : value;
    }
    return value;
  }

  private static long inheritedNumber(
      List<Element> templates, String name, long least, long otherwise) throws LoadFailure {
    long value = otherwise;
    for (var template : templates) {
      value = Xml.number(template, name, least, value);
    }
    return value;
  }

  private static Optional<Duration> duration(Element element, String name) throws LoadFailure {
    var text = Xml.attribute(element, name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Duration.parse(text.get()));
    } catch (DateTimeException _) {
      throw new LoadFailure(
          "manifest", "@%s: %s (expected: a duration such as PT30S)".formatted(name, text.get()));
    }
  }

  private static long ticks(Duration duration, long ticksPerSecond) {
    return duration.toSeconds() * ticksPerSecond
        + Math.ceilDiv(duration.toNanosPart() * ticksPerSecond, 1_000_000_000L);
  }

  /** Segments whose URLs are written when they are asked for. */
  private record Templated(
      URI base,
      UrlTemplate template,
      String media,
      long firstNumber,
      Timeline timeline,
      Optional<Segment.Init> init,
      DashProtection protection,
      int period)
      implements Segments {
    /** Positions of one period never meet those of the next: ticks are far below this. */
    private static final long PERIOD_STEP = 1L << 56;

    @Override
    public int count() {
      return timeline.count();
    }

    @Override
    public Segment at(int index) throws LoadFailure {
      long start = timeline.starts()[index];
      var uri = Urls.resolve(base, template.expand(media, firstNumber + index, start));
      return new Segment(
          uri,
          Optional.empty(),
          period * PERIOD_STEP + start,
          timeline.durationNanos(index),
          init,
          protection.keys(),
          protection.envelope(),
          true);
    }
  }
}
