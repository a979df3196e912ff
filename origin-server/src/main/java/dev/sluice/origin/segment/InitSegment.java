package dev.sluice.origin.segment;

import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.mp4.BoxHeader;
import dev.sluice.origin.mp4.BoxWriter;
import dev.sluice.origin.mp4.TrackHeader;
import dev.sluice.origin.mp4.TrackHeader.SampleEntry;
import java.util.List;
import java.util.Optional;

/**
 * The init segment of one track: {@code ftyp} and a {@code moov} written anew around the boxes that
 * describe the track, which are carried on byte for byte. Times of creation, other tracks and user
 * data of the source are left behind.
 *
 * <p>Spec: ISOBMFF 8.2; CMAF 7.3.1.
 */
public final class InitSegment {
  private static final int[] UNITY_MATRIX = {0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000};

  private InitSegment() {}

  /**
   * Writes the init segment.
   *
   * @param brands of {@code ftyp}, the first is the major brand
   * @param encryption absent for a clear track; else every sample entry is marked as encrypted
   */
  public static byte[] write(
      TrackHeader track, List<String> brands, Optional<TrackEncryption> encryption) {
    return write(track, brands, encryption, List.of());
  }

  /**
   * Writes the init segment, with {@code pssh} boxes at the end of {@code moov}.
   *
   * @param pssh whole boxes; in DASH they belong in the MPD (CMAF 7.4.3)
   */
  public static byte[] write(
      TrackHeader track,
      List<String> brands,
      Optional<TrackEncryption> encryption,
      List<Bytes> pssh) {
    var out = new BoxWriter();
    out.begin("ftyp").fourCc(brands.getFirst()).uint32(0);
    brands.forEach(out::fourCc);
    out.end();
    out.begin("moov");
    movieHeader(out, track);
    out.begin("trak").raw(track.tkhd());
    track.edts().ifPresent(out::raw);
    out.begin("mdia").raw(track.mdhd()).raw(track.hdlr());
    out.begin("minf").raw(track.mediaHeader());
    out.begin("dinf").begin("dref", 0, 0).uint32(1);
    out.begin("url ", 0, 1).end();
    out.end().end();
    sampleTable(out, track, encryption);
    out.end().end().end();
    out.begin("mvex");
    trackExtends(out, track);
    out.end();
    pssh.forEach(out::raw);
    out.end();
    return out.toByteArray();
  }

  private static void movieHeader(BoxWriter out, TrackHeader track) {
    out.begin("mvhd", 0, 0).uint32(0).uint32(0).uint32(track.timescale()).uint32(0);
    out.uint32(0x10000).uint16(0x100).zeros(10);
    for (int value : UNITY_MATRIX) {
      out.uint32(value);
    }
    out.zeros(24).uint32(track.trackId() + 1L).end();
  }

  private static void sampleTable(
      BoxWriter out, TrackHeader track, Optional<TrackEncryption> encryption) {
    out.begin("stbl");
    out.begin("stsd", 0, 0).uint32(track.sampleEntries().size());
    for (var entry : track.sampleEntries()) {
      if (encryption.isPresent()) {
        encryptedEntry(out, track, entry, encryption.get());
      } else {
        out.raw(entry.box());
      }
    }
    out.end();
    out.begin("stts", 0, 0).uint32(0).end();
    out.begin("stsc", 0, 0).uint32(0).end();
    out.begin("stsz", 0, 0).uint32(0).uint32(0).end();
    out.begin("stco", 0, 0).uint32(0).end();
    out.end();
  }

  /**
   * The entry with its type changed and {@code sinf} behind its last child; all else is the same. A
   * header with {@code largesize} becomes a short one, and zero bytes behind the last child, with
   * which some writers end an entry, are left out: readers would take them for the next child.
   */
  private static void encryptedEntry(
      BoxWriter out, TrackHeader track, SampleEntry entry, TrackEncryption encryption) {
    byte[] box = entry.box().toArray();
    int end = childrenEnd(entry);
    out.begin("vide".equals(track.handlerType()) ? "encv" : "enca");
    for (int i = header(entry.box(), 0).headerBytes(); i < end; i++) {
      out.uint8(box[i]);
    }
    encryption.writeTo(out, entry.fourCc());
    out.end();
  }

  private static int childrenEnd(SampleEntry entry) {
    int at = entry.childrenOffset();
    while (entry.box().size() - at >= BoxHeader.SHORT_BYTES) {
      at += Math.toIntExact(header(entry.box(), at).sizeBytes());
    }
    return at;
  }

  private static BoxHeader header(Bytes box, int offset) {
    return BoxHeader.read(box.asBuffer().position(offset), offset, box.size(), "stsd");
  }

  private static void trackExtends(BoxWriter out, TrackHeader track) {
    var defaults = track.defaults();
    out.begin("trex", 0, 0)
        .uint32(track.trackId())
        .uint32(defaults.descriptionIndex())
        .uint32(defaults.sampleDurationTicks())
        .uint32(defaults.sampleSizeBytes())
        .uint32(defaults.sampleFlags())
        .end();
  }
}
