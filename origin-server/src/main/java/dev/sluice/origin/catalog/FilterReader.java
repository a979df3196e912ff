package dev.sluice.origin.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.origin.media.TrackKind;
import java.util.List;
import java.util.Locale;

/** Reads filters, checks them, and keeps their text. */
final class FilterReader {
  private static final String[] KEPT = {"presentationTimeRange", "firstQuality", "tracks"};
  private static final long TICKS_PER_SECOND = 10_000_000;
  private static final long WINDOW_MIN_SECONDS = 60;
  private static final long BACKOFF_MAX_SECONDS = 300;

  private FilterReader() {}

  static Document.Filter read(Fields in) {
    in.only("kind", "name", "asset", "presentationTimeRange", "firstQuality", "tracks");
    String name = DocumentReader.name(in);
    in.findObject("presentationTimeRange").ifPresent(FilterReader::checkRange);
    in.findObject("firstQuality")
        .ifPresent(quality -> {
          quality.only("bitrate");
          if (quality.findInteger("bitrate", 1, Integer.MAX_VALUE).isEmpty()) {
            throw quality.refuse("bitrate", "missing", "a number of bits per second");
          }
        });
    in.objects("tracks").forEach(FilterReader::checkTrack);
    ObjectNode kept = DocumentReader.MAPPER.createObjectNode();
    for (String member : KEPT) {
      if (in.has(member)) {
        kept.set(member, in.node().get(member));
      }
    }
    return new Document.Filter(
        name,
        in.findText("asset").map(asset -> DocumentReader.checkedName(in, "asset", asset)),
        kept.toString());
  }

  private static void checkRange(Fields in) {
    in.only(
        "startTimestamp",
        "endTimestamp",
        "presentationWindowDuration",
        "liveBackoffDuration",
        "timescale",
        "forceEndTimestamp");
    long timescale = in.findInteger("timescale", 1, Integer.MAX_VALUE).orElse(TICKS_PER_SECOND);
    long start = in.findInteger("startTimestamp", 0, Long.MAX_VALUE).orElse(0L);
    long end = in.findInteger("endTimestamp", 0, Long.MAX_VALUE).orElse(Long.MAX_VALUE);
    if (end <= start) {
      throw in.refuse("endTimestamp", Long.toString(end), "later than startTimestamp " + start);
    }
    in.findInteger("presentationWindowDuration", WINDOW_MIN_SECONDS * timescale, Long.MAX_VALUE);
    in.findInteger("liveBackoffDuration", 0, BACKOFF_MAX_SECONDS * timescale);
    in.findBoolean("forceEndTimestamp");
  }

  private static void checkTrack(Fields in) {
    in.only("trackSelections");
    List<Fields> conditions = in.objects("trackSelections");
    if (conditions.isEmpty()) {
      throw in.refuse("trackSelections", "none", "at least one condition");
    }
    for (Fields condition : conditions) {
      condition.only("property", "operation", "value");
      String operation = condition.text("operation", "one of Equal, NotEqual");
      if (!operation.equalsIgnoreCase("Equal") && !operation.equalsIgnoreCase("NotEqual")) {
        throw condition.refuse("operation", Fields.shown(operation), "one of Equal, NotEqual");
      }
      checkValue(condition);
    }
  }

  private static void checkValue(Fields in) {
    String properties = "one of Type, Name, Language, FourCC, Bitrate";
    String property = in.text("property", properties);
    String value = in.text("value", "a string");
    switch (property.toLowerCase(Locale.ROOT)) {
      case "type" -> {
        if (Words.parse(TrackKind.class, value).isEmpty()) {
          throw in.refuse("value", Fields.shown(value), "one of " + Words.all(TrackKind.class));
        }
      }
      case "bitrate" -> {
        if (ContentKeyReader.parseRange(value).isEmpty()) {
          throw in.refuse("value", Fields.shown(value), "n, a-b or a-");
        }
      }
      case "name", "language", "fourcc" -> {}
      default -> throw in.refuse("property", Fields.shown(property), properties);
    }
  }
}
