package dev.sluice.benchmarks.media;

import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.mp4.BoxWriter;
import dev.sluice.origin.mp4.TrackHeader;
import dev.sluice.origin.mp4.TrackHeader.SampleEntry;
import java.util.List;
import java.util.Optional;

/** What a {@code moov} says of the tracks. */
public final class Headers {
  static final int VIDEO_TIMESCALE = 90_000;
  static final int AUDIO_TIMESCALE = 48_000;

  /** AAC-LC, 48 kHz, stereo. */
  private static final byte[] AUDIO_SPECIFIC_CONFIG = {0x11, (byte) 0x90};

  private static final int[] UNITY_MATRIX = {0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x4000_0000};
  private static final int VISUAL_ENTRY_BYTES = 86;
  private static final int AUDIO_ENTRY_BYTES = 36;

  private Headers() {}

  /** AVC in a timescale of 90 kHz. */
  public static TrackHeader video(int width, int height, long bitrate) {
    byte[] sps = AvcPictures.sps();
    byte[] pps = AvcPictures.pps();
    var out = new BoxWriter().begin("avc1").zeros(6).uint16(1).zeros(16);
    out.uint16(width).uint16(height).uint32(0x48_0000).uint32(0x48_0000).uint32(0).uint16(1);
    out.zeros(32).uint16(24).uint16(0xffff);
    out.begin("avcC").uint8(1).uint8(AvcPictures.PROFILE).uint8(0).uint8(AvcPictures.LEVEL);
    out.uint8(0xff).uint8(0xe1).uint16(sps.length).raw(sps).uint8(1).uint16(pps.length).raw(pps);
    out.uint8(0xfd).uint8(0xf8).uint8(0xf8).uint8(0).end();
    out.begin("btrt").uint32(0).uint32(bitrate).uint32(bitrate).end();
    Bytes entry = Bytes.copyOf(out.end().toByteArray());
    return track(
        "vide",
        VIDEO_TIMESCALE,
        width,
        height,
        box(new BoxWriter().begin("vmhd", 0, 1).zeros(8)),
        new SampleEntry("avc1", entry, VISUAL_ENTRY_BYTES, width, height, bitrate));
  }

  /** AAC of 48 kHz. */
  public static TrackHeader audio(long bitrate) {
    int length = AUDIO_SPECIFIC_CONFIG.length;
    var out = new BoxWriter().begin("mp4a").zeros(6).uint16(1).zeros(8).uint16(2).uint16(16);
    out.uint32(0).uint32((long) AUDIO_TIMESCALE << 16);
    out.begin("esds", 0, 0).uint8(3).uint8(23 + length).uint16(1).uint8(0);
    out.uint8(4).uint8(15 + length).uint8(0x40).uint8(0x15).zeros(3);
    out.uint32(bitrate).uint32(bitrate).uint8(5).uint8(length).raw(AUDIO_SPECIFIC_CONFIG);
    out.uint8(6).uint8(1).uint8(2).end();
    Bytes entry = Bytes.copyOf(out.end().toByteArray());
    return track(
        "soun",
        AUDIO_TIMESCALE,
        0,
        0,
        box(new BoxWriter().begin("smhd", 0, 0).zeros(4)),
        new SampleEntry("mp4a", entry, AUDIO_ENTRY_BYTES, 0, 0, bitrate));
  }

  private static TrackHeader track(
      String handler, int timescale, int width, int height, Bytes mediaHeader, SampleEntry entry) {
    var tkhd = new BoxWriter().begin("tkhd", 0, 3).zeros(8).uint32(1).zeros(24);
    for (int value : UNITY_MATRIX) {
      tkhd.uint32(value);
    }
    tkhd.uint32((long) width << 16).uint32((long) height << 16);
    var mdhd = new BoxWriter().begin("mdhd", 0, 0).zeros(8).uint32(timescale).zeros(4);
    mdhd.uint16(0x15c7).zeros(2); // eng
    var hdlr = new BoxWriter().begin("hdlr", 0, 0).zeros(4).fourCc(handler).zeros(13);
    return new TrackHeader(
        1,
        timescale,
        "eng",
        handler,
        width,
        height,
        box(tkhd),
        Optional.empty(),
        0,
        box(mdhd),
        box(hdlr),
        mediaHeader,
        List.of(entry),
        new TrackHeader.Defaults(1, 0, 0, 0));
  }

  private static Bytes box(BoxWriter out) {
    return Bytes.copyOf(out.end().toByteArray());
  }
}
