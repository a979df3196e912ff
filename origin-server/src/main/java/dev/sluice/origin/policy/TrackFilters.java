package dev.sluice.origin.policy;

import dev.sluice.origin.catalog.Document.Filter;
import dev.sluice.origin.catalog.Document.Operation;
import dev.sluice.origin.catalog.Document.PresentationTimeRange;
import dev.sluice.origin.catalog.Document.TrackCondition;
import dev.sluice.origin.catalog.Document.TrackSelection;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.media.LanguageTags;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What filters keep of a title together: the tracks that each of them keeps, and the time that lies
 * in all their ranges.
 *
 * <p>{@code NotEqual} is the opposite of {@code Equal}. What a track does not have equals nothing:
 * a track of unknown language ({@code und}) is kept by {@code Language NotEqual en}. Live windows
 * and back-offs change nothing of a stored title.
 *
 * @param names of the filters, for messages
 * @param selections of each filter that selects tracks
 * @param range in the timeline of the fragments' decode times, which manifests write
 * @param firstQuality bits a second of the quality to begin with
 */
public record TrackFilters(
    List<String> names,
    List<List<TrackSelection>> selections,
    MediaRange range,
    Optional<Long> firstQuality) {

  /**
   * What the filters keep together.
   *
   * @throws CallerFailure if two of them state the first quality
   */
  public static TrackFilters compose(List<Filter> filters) {
    List<Filter> stating = filters.stream().filter(f -> f.firstQuality().isPresent()).toList();
    if (stating.size() > 1) {
      throw new CallerFailure(
          FailureCode.MPE_FILTER_COMPOSITION_MULTIPLE_FIRST_QUALITY_OPERATOR_NOT_ALLOWED,
          "firstQuality: in filters \"%s\" and \"%s\" (expected: in one of those that apply)"
              .formatted(stating.get(0).name(), stating.get(1).name()));
    }
    MediaRange range =
        filters.stream()
            .flatMap(filter -> filter.presentationTimeRange().stream())
            .map(TrackFilters::range)
            .reduce(MediaRange.ALL, MediaRange::intersect);
    return new TrackFilters(
        filters.stream().map(Filter::name).toList(),
        filters.stream().map(Filter::tracks).filter(tracks -> !tracks.isEmpty()).toList(),
        range,
        stating.stream().findFirst().flatMap(Filter::firstQuality));
  }

  /** Whether every filter keeps the track. */
  public boolean keeps(TrackTraits track) {
    return selections.stream()
        .allMatch(filter ->
            filter.stream()
                .anyMatch(
                    selection -> selection.conditions().stream().allMatch(c -> holds(c, track))));
  }

  /** Whether they keep every track and all of the time of any title. */
  public boolean keepEverything() {
    return selections.isEmpty() && range.equals(MediaRange.ALL);
  }

  /** The names of the filters for messages: {@code "a", "b"}. */
  public String quotedNames() {
    return Names.quoted(names);
  }

  /** The refusal of a title of which nothing is left. */
  public CallerFailure nothingLeft() {
    return new CallerFailure(
        FailureCode.MPE_FILTER_REMOVED_ALL_STREAMS,
        "filters %s: they leave nothing of the title (expected: at least one fragment of one track)"
            .formatted(quotedNames()));
  }

  private static MediaRange range(PresentationTimeRange range) {
    long timescale = range.timescale().orElse(PresentationTimeRange.TICKS_PER_SECOND);
    return new MediaRange(
        range
            .startTimestamp()
            .filter(ticks -> ticks > 0)
            .map(ticks -> new MediaRange.Moment(ticks, timescale)),
        range
            .endTimestamp()
            .filter(ticks -> ticks < Long.MAX_VALUE)
            .map(ticks -> new MediaRange.Moment(ticks, timescale)));
  }

  private static boolean holds(TrackCondition condition, TrackTraits track) {
    boolean equal =
        switch (condition.property()) {
          case TYPE -> condition.kind() == track.kind();
          case NAME -> condition.value().equalsIgnoreCase(track.name());
          case LANGUAGE -> isLanguage(condition.value(), track.language());
          case FOUR_CC -> condition.value().strip().equalsIgnoreCase(track.fourCc().strip());
          case BITRATE -> condition.bitrates().contains(track.bitrate());
        };
    return equal == (condition.operation() == Operation.EQUAL);
  }

  /** RFC 4647 clause 3.3.1: {@code en} is {@code en-US} too, {@code en-GB} is not. */
  private static boolean isLanguage(String range, String tag) {
    String wanted = LanguageTags.shortest(range).toLowerCase(Locale.ROOT);
    if (wanted.equals(LanguageTags.UNDETERMINED)) {
      return range.strip().equalsIgnoreCase(wanted)
          && LanguageTags.shortest(tag).equals(LanguageTags.UNDETERMINED);
    }
    String actual = LanguageTags.shortest(tag).toLowerCase(Locale.ROOT);
    return actual.equals(wanted) || actual.startsWith(wanted + "-");
  }
}
