package dev.sluice.origin.mp4;

import dev.sluice.origin.media.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * What {@code moov} says of one track: the values that we use, and the boxes that an init segment
 * carries on as they are. Bytes are whole boxes, header included.
 *
 * @param trackId of {@code tkhd}
 * @param timescale of {@code mdhd}, ticks a second, at least 1
 * @param language of {@code mdhd}, ISO 639-2/T, {@code und} where it has none
 * @param handlerType of {@code hdlr}, such as {@code vide}
 * @param width of {@code tkhd}, whole pixels, 0 for audio
 * @param height of {@code tkhd}, whole pixels, 0 for audio
 * @param tkhd whole box
 * @param edts whole box, where the track has one
 * @param editMediaTimeTicks media_time of the only edit that is not empty; 0 where there is none
 * @param mdhd whole box
 * @param hdlr whole box
 * @param mediaHeader whole box: {@code vmhd}, {@code smhd}, {@code sthd} or {@code nmhd}
 * @param sampleEntries of {@code stsd}, at least 1
 * @param defaults of {@code trex}
 */
public record TrackHeader(
    int trackId,
    long timescale,
    String language,
    String handlerType,
    int width,
    int height,
    Bytes tkhd,
    Optional<Bytes> edts,
    long editMediaTimeTicks,
    Bytes mdhd,
    Bytes hdlr,
    Bytes mediaHeader,
    List<SampleEntry> sampleEntries,
    Defaults defaults) {

  public TrackHeader {
    sampleEntries = List.copyOf(sampleEntries);
  }

  /** The {@code trex} box of a track: what a fragment does not state. */
  public record Defaults(
      int descriptionIndex, int sampleDurationTicks, int sampleSizeBytes, int sampleFlags) {}

  /**
   * An entry of {@code stsd}.
   *
   * @param fourCc its type
   * @param box the whole entry, header included
   * @param childrenOffset in {@code box}, where its child boxes begin
   * @param width of a visual entry, else 0
   * @param height of a visual entry, else 0
   * @param averageBitrate of {@code btrt} or {@code esds}, 0 where neither says
   */
  public record SampleEntry(
      String fourCc, Bytes box, int childrenOffset, int width, int height, long averageBitrate) {}
}
