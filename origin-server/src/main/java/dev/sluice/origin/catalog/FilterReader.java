package dev.sluice.origin.catalog;

import dev.sluice.origin.catalog.Document.Operation;
import dev.sluice.origin.catalog.Document.PresentationTimeRange;
import dev.sluice.origin.catalog.Document.TrackCondition;
import dev.sluice.origin.catalog.Document.TrackProperty;
import dev.sluice.origin.catalog.Document.TrackSelection;
import dev.sluice.origin.media.TrackKind;
import java.util.List;
import java.util.Optional;

/** Reads filters. */
final class FilterReader {
  private static final long WINDOW_MIN_SECONDS = 60;
  private static final long BACKOFF_MAX_SECONDS = 300;

  private FilterReader() {}

  static Document.Filter read(Fields in) {
    in.only("kind", "name", "asset", "presentationTimeRange", "firstQuality", "tracks");
    return new Document.Filter(
        DocumentReader.name(in),
        in.findText("asset").map(asset -> DocumentReader.checkedName(in, "asset", asset)),
        in.findObject("presentationTimeRange").map(FilterReader::range),
        in.findObject("firstQuality").map(FilterReader::firstQuality),
        in.objects("tracks").stream().map(FilterReader::selection).toList());
  }

  private static long firstQuality(Fields in) {
    in.only("bitrate");
    return in.findInteger("bitrate", 1, Integer.MAX_VALUE)
        .orElseThrow(() -> in.refuse("bitrate", "missing", "a number of bits per second"));
  }

  private static PresentationTimeRange range(Fields in) {
    in.only(
        "startTimestamp",
        "endTimestamp",
        "presentationWindowDuration",
        "liveBackoffDuration",
        "timescale",
        "forceEndTimestamp");
    Optional<Long> timescale = in.findInteger("timescale", 1, Integer.MAX_VALUE);
    long second = timescale.orElse(PresentationTimeRange.TICKS_PER_SECOND);
    Optional<Long> start = in.findInteger("startTimestamp", 0, Long.MAX_VALUE);
    Optional<Long> end = in.findInteger("endTimestamp", 0, Long.MAX_VALUE);
    if (end.isPresent() && end.get() <= start.orElse(0L)) {
      throw in.refuse(
          "endTimestamp",
          Long.toString(end.get()),
          "later than startTimestamp " + start.orElse(0L));
    }
    return new PresentationTimeRange(
        start,
        end,
        in.findInteger("presentationWindowDuration", WINDOW_MIN_SECONDS * second, Long.MAX_VALUE),
        in.findInteger("liveBackoffDuration", 0, BACKOFF_MAX_SECONDS * second),
        timescale,
        in.findBoolean("forceEndTimestamp"));
  }

  private static TrackSelection selection(Fields in) {
    in.only("trackSelections");
    List<TrackCondition> conditions =
        in.objects("trackSelections").stream().map(FilterReader::condition).toList();
    if (conditions.isEmpty()) {
      throw in.refuse("trackSelections", "none", "at least one condition");
    }
    return new TrackSelection(conditions);
  }

  private static TrackCondition condition(Fields in) {
    in.only("property", "operation", "value");
    Operation operation = in.word(Operation.class, "operation");
    TrackProperty property = in.word(TrackProperty.class, "property");
    return new TrackCondition(property, operation, value(in, property));
  }

  private static String value(Fields in, TrackProperty property) {
    String value = in.text("value", "a string");
    switch (property) {
      case TYPE -> {
        if (Words.parse(TrackKind.class, value).isEmpty()) {
          throw in.refuse("value", Fields.shown(value), "one of " + Words.all(TrackKind.class));
        }
      }
      case BITRATE -> {
        if (ContentKeyReader.parseRange(value).isEmpty()) {
          throw in.refuse("value", Fields.shown(value), "n, a-b or a-");
        }
      }
      case NAME, LANGUAGE, FOUR_CC -> {}
    }
    return value;
  }
}
