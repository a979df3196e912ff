package dev.sluice.origin.manifest.hls;

import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.manifest.Presentation.PresentedTrack;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.route.Format;
import dev.sluice.origin.route.StreamTags.Encryption;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** The presentations that golden playlists are kept of. */
final class HlsPresentations {

  private HlsPresentations() {}

  /** By the names of their folders. */
  static Map<String, Presentation> all() {
    var all = new LinkedHashMap<String, Presentation>();
    all.put("cmaf-clear", HlsTracks.ladder(Format.HLS_CMAF));
    all.put(
        "cmaf-cbc",
        HlsTracks.ladder(HlsTracks.tags(Format.HLS_CMAF, Encryption.CBC), HlsTracks.cbc()));
    all.put(
        "cmaf-cenc",
        HlsTracks.ladder(
            HlsTracks.tags(Format.HLS_CMAF, Encryption.CENC), HlsTracks.cenc(HlsTracks.SD_KEY)));
    all.put(
        "cmaf-cbcs",
        HlsTracks.ladder(
            HlsTracks.tags(Format.HLS_CMAF, Encryption.CBCS_AAPL),
            HlsTracks.cbcs(HlsTracks.SD_KEY)));
    all.put(
        "cmaf-cbcs-identity",
        HlsTracks.ladder(
            HlsTracks.tags(Format.HLS_CMAF, Encryption.CBCS, "identity"),
            HlsTracks.cbcs(HlsTracks.SD_KEY)));
    all.put(
        "cmaf-cenc-clearkey",
        HlsTracks.ladder(
            HlsTracks.tags(Format.HLS_CMAF, Encryption.CENC, "clearkey"),
            HlsTracks.cenc(HlsTracks.SD_KEY)));
    all.put(
        "cmaf-two-keys",
        HlsTracks.of(
            HlsTracks.tags(Format.HLS_CMAF),
            Stream.of(
                HlsTracks.with(HlsTracks.cenc(HlsTracks.SD_KEY), HlsTracks.LOW),
                HlsTracks.with(HlsTracks.cenc(HlsTracks.HD_KEY), HlsTracks.HIGH),
                HlsTracks.clear(HlsTracks.ENGLISH))));
    all.put(
        "cmaf-two-codecs",
        HlsTracks.of(
            HlsTracks.tags(Format.HLS_CMAF),
            Stream.of(
                    HlsTracks.HIGH,
                    HlsTracks.LOW,
                    HlsTracks.ENGLISH,
                    HlsTracks.GERMAN,
                    HlsTracks.GERMAN_HE,
                    HlsTracks.ENGLISH_HE)
                .map(HlsTracks::clear)));
    all.put(
        "cmaf-audio",
        HlsTracks.of(
            HlsTracks.tags(Format.HLS_CMAF, Encryption.CBCS),
            Stream.of(HlsTracks.ENGLISH, HlsTracks.GERMAN)
                .map(t -> HlsTracks.with(HlsTracks.cbcs(HlsTracks.HD_KEY), t))));
    all.put("ts-clear", HlsTracks.ladder(Format.HLS_TS));
    all.put(
        "ts-cbc",
        HlsTracks.ladder(HlsTracks.tags(Format.HLS_TS_V4, Encryption.CBC), HlsTracks.cbc()));
    all.put(
        "ts-cbcs",
        HlsTracks.ladder(
            HlsTracks.tags(Format.HLS_TS_V4, Encryption.CBCS), HlsTracks.cbcs(HlsTracks.SD_KEY)));
    all.put("v3-clear", HlsTracks.ladder(Format.HLS_TS_V3));
    all.put(
        "v3-cbc",
        HlsTracks.ladder(HlsTracks.tags(Format.HLS_TS_V3, Encryption.CBC), HlsTracks.cbc()));
    return all;
  }

  /** Every playlist that a player can be led to, by a name that says which. */
  static Map<String, String> playlists(Presentation presentation) {
    var all = new LinkedHashMap<String, String>();
    all.put("multivariant", text(new MultivariantPlaylist().render(presentation)));
    boolean muxed = presentation.tags().format() == Format.HLS_TS_V3;
    for (PresentedTrack track : presentation.tracks()) {
      boolean video = track.track().kind() == TrackKind.VIDEO;
      String name = (video ? "video-" : "audio-") + track.track().bitrate();
      if (video || !muxed) {
        all.put(name, text(new MediaPlaylist().render(presentation, track)));
      }
      if (video && !muxed) {
        var keyframes = HlsTracks.keyframes(presentation);
        all.put(name + "-keyframes", text(new MediaPlaylist().render(keyframes, track)));
      }
    }
    return all;
  }

  private static String text(byte[] playlist) {
    return new String(playlist, StandardCharsets.UTF_8);
  }
}
