package dev.sluice.origin.manifest.smooth;

import dev.sluice.origin.codec.AacConfig;
import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.codec.CodecConfig;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.mp4.BoxWriter;
import dev.sluice.origin.mp4.TrackHeader;
import dev.sluice.origin.mp4.TrackHeader.SampleEntry;
import dev.sluice.origin.storage.StoredObject;
import dev.sluice.origin.track.FragmentIndex;
import dev.sluice.origin.track.Track;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Tracks without media, whose sample entries hold what a client manifest states of a codec. */
final class SmoothTracks {
  static final String SPS = "6764001eacd940a02ff97011000003000100000300320f162d96";
  static final String PPS = "68ebe3cb22c0";
  private static final String SECOND_PPS = "6859e3cb22c0";
  private static final Bytes NONE = Bytes.copyOf();

  private SmoothTracks() {}

  static Track video(
      String name, long bitrate, int width, int height, int nalLength, FragmentIndex fragments) {
    var codec =
        new AvcConfig(
            0x64, 0, 0x1e, nalLength, List.of(hex(SPS)), List.of(hex(PPS), hex(SECOND_PPS)));
    return video(name, bitrate, width, height, codec, fragments);
  }

  static Track video(
      String name, long bitrate, int width, int height, AvcConfig codec, FragmentIndex fragments) {
    var entry = new SampleEntry("avc1", NONE, 0, width, height, 0);
    return track(name, bitrate, TrackKind.VIDEO, "und", 90_000, entry, codec, fragments);
  }

  static Track audio(
      String name,
      long bitrate,
      String language,
      String audioSpecificConfig,
      AacConfig codec,
      FragmentIndex fragments) {
    Bytes box = audioEntry(hex(audioSpecificConfig));
    var entry = new SampleEntry("mp4a", box, 36, 0, 0, 0);
    return track(name, bitrate, TrackKind.AUDIO, language, 48_000, entry, codec, fragments);
  }

  static FragmentIndex fragments(long startTicks, long... durationTicks) {
    long[] starts = new long[durationTicks.length];
    long at = startTicks;
    for (int i = 0; i < starts.length; i++) {
      starts[i] = at;
      at += durationTicks[i];
    }
    return fragments(starts, durationTicks);
  }

  static FragmentIndex fragments(long[] startTicks, long... durationTicks) {
    int count = startTicks.length;
    return new FragmentIndex(
        startTicks,
        startTicks[count - 1] + durationTicks[count - 1],
        new long[count],
        new int[count],
        new long[count],
        50,
        durationTicks);
  }

  /** An mp4a entry (ISO/IEC 14496-14 5.6.1) with a box of no interest before its esds. */
  private static Bytes audioEntry(byte[] config) {
    int length = config.length;
    return Bytes.copyOf(
        new BoxWriter()
            .begin("mp4a")
            .zeros(28)
            .begin("free")
            .uint32(0)
            .end()
            .begin("esds", 0, 0)
            .raw(new byte[] {3, (byte) (23 + length), 0, 1, 0})
            .raw(new byte[] {4, (byte) (15 + length), 0x40, 0x15, 0, 0, 0})
            .uint32(128_000)
            .uint32(128_000)
            .raw(new byte[] {5, (byte) length})
            .raw(config)
            .raw(new byte[] {6, 1, 2})
            .end()
            .end()
            .toByteArray());
  }

  private static Track track(
      String name,
      long bitrate,
      TrackKind kind,
      String language,
      long timescale,
      SampleEntry entry,
      CodecConfig codec,
      FragmentIndex fragments) {
    var header =
        new TrackHeader(
            1,
            timescale,
            language,
            kind == TrackKind.VIDEO ? "vide" : "soun",
            entry.width(),
            entry.height(),
            NONE,
            Optional.empty(),
            0,
            NONE,
            NONE,
            NONE,
            List.of(entry),
            new TrackHeader.Defaults(1, 0, 0, 0));
    return new Track(
        name,
        bitrate,
        kind,
        language,
        header,
        codec,
        fragments,
        new StoredObject("bear/" + name + ".mp4", 1, "1"));
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
