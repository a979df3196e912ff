package dev.sluice.origin.mp4;

import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.mp4.TrackHeader.Defaults;
import dev.sluice.origin.mp4.TrackHeader.SampleEntry;
import java.util.List;
import java.util.Optional;

/**
 * The {@code trak} box, without what {@code mvex} says of the track.
 *
 * <p>Spec: ISOBMFF 8.3.1.
 *
 * @param header of {@code tkhd}
 */
record TrackBox(TrackHeaderBox header, Bytes tkhd, Optional<Edits> edits, Media media) {

  /** The {@code edts} box. */
  record Edits(Bytes box, long mediaTimeTicks) {}

  /** The {@code mdia} box. */
  record Media(
      MediaHeaderBox header, Bytes mdhd, String handlerType, Bytes hdlr, Information minf) {}

  /** The {@code minf} box. */
  record Information(Bytes mediaHeader, SampleTable sampleTable) {}

  /**
   * The {@code stbl} box.
   *
   * @param sampleCount of {@code stsz} or {@code stz2}: samples outside of movie fragments
   */
  record SampleTable(List<SampleEntry> sampleEntries, long sampleCount) {}

  static TrackBox read(BoxReader in) {
    Optional<BoxReader> tkhd = Optional.empty();
    Optional<Edits> edits = Optional.empty();
    Optional<BoxReader> mdia = Optional.empty();
    for (var next = in.nextChild(); next.isPresent(); next = in.nextChild()) {
      BoxReader box = next.get();
      switch (box.type()) {
        case "tkhd" -> tkhd = next;
        case "edts" -> edits = Optional.of(edits(box));
        case "mdia" -> mdia = next;
        default -> {}
      }
    }
    BoxReader header = required(tkhd, in, "tkhd");
    return new TrackBox(
        TrackHeaderBox.read(header), header.wholeBox(), edits, media(required(mdia, in, "mdia")));
  }

  /** What the track has in common with others. */
  TrackHeader with(Defaults defaults) {
    return new TrackHeader(
        header.trackId(),
        media.header().timescale(),
        media.header().language(),
        media.handlerType(),
        header.width(),
        header.height(),
        tkhd,
        edits.map(Edits::box),
        edits.map(Edits::mediaTimeTicks).orElse(0L),
        media.mdhd(),
        media.hdlr(),
        media.minf().mediaHeader(),
        media.minf().sampleTable().sampleEntries(),
        defaults);
  }

  private static Edits edits(BoxReader in) {
    Bytes box = in.wholeBox();
    long mediaTime = 0;
    for (var next = in.nextChild(); next.isPresent(); next = in.nextChild()) {
      if (next.get().type().equals("elst")) {
        mediaTime = EditListBox.read(next.get()).mediaTimeTicks();
      }
    }
    return new Edits(box, mediaTime);
  }

  private static Media media(BoxReader in) {
    Optional<BoxReader> mdhd = Optional.empty();
    Optional<BoxReader> hdlr = Optional.empty();
    Optional<BoxReader> minf = Optional.empty();
    for (var next = in.nextChild(); next.isPresent(); next = in.nextChild()) {
      switch (next.get().type()) {
        case "mdhd" -> mdhd = next;
        case "hdlr" -> hdlr = next;
        case "minf" -> minf = next;
        default -> {}
      }
    }
    BoxReader header = required(mdhd, in, "mdhd");
    BoxReader handler = required(hdlr, in, "hdlr");
    String handlerType = HandlerBox.read(handler).handlerType();
    return new Media(
        MediaHeaderBox.read(header),
        header.wholeBox(),
        handlerType,
        handler.wholeBox(),
        information(required(minf, in, "minf"), handlerType));
  }

  private static Information information(BoxReader in, String handlerType) {
    Optional<Bytes> mediaHeader = Optional.empty();
    Optional<SampleTable> sampleTable = Optional.empty();
    for (var next = in.nextChild(); next.isPresent(); next = in.nextChild()) {
      BoxReader box = next.get();
      switch (box.type()) {
        case "vmhd", "smhd", "sthd", "nmhd", "hmhd", "gmhd" ->
            mediaHeader = Optional.of(box.wholeBox());
        case "stbl" -> sampleTable = Optional.of(sampleTable(box, handlerType));
        default -> {}
      }
    }
    return new Information(
        mediaHeader.orElseThrow(() -> missing(in, "vmhd, smhd, sthd or nmhd")),
        sampleTable.orElseThrow(() -> missing(in, "stbl")));
  }

  private static SampleTable sampleTable(BoxReader in, String handlerType) {
    Optional<SampleDescriptionBox> descriptions = Optional.empty();
    long sampleCount = 0;
    for (var next = in.nextChild(); next.isPresent(); next = in.nextChild()) {
      BoxReader box = next.get();
      switch (box.type()) {
        case "stsd" -> descriptions = Optional.of(SampleDescriptionBox.read(box, handlerType));
        case "stsz", "stz2" -> {
          box.skip(8, "version, flags and size");
          sampleCount = box.uint32("sample_count");
        }
        default -> {}
      }
    }
    return new SampleTable(
        descriptions.orElseThrow(() -> missing(in, "stsd")).entries(), sampleCount);
  }

  private static BoxReader required(Optional<BoxReader> box, BoxReader parent, String type) {
    return box.orElseThrow(() -> missing(parent, type));
  }

  private static RuntimeException missing(BoxReader parent, String type) {
    return parent.malformed("%s: none (expected: one)".formatted(type), "ISOBMFF 6.3");
  }
}
