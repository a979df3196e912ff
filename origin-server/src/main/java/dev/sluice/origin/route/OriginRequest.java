package dev.sluice.origin.route;

import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import java.util.Optional;

/** What a URL asks for. */
public sealed interface OriginRequest {

  /** Anything of an asset's presentation. */
  sealed interface OfPresentation extends OriginRequest {
    /** A locator's GUID or an asset's name, as the URL has it. */
    String locator();

    /** The server manifest's name: {@code bear.ism}. */
    String manifestName();

    /** The tags of the URL. */
    StreamTags tags();
  }

  /** {@code /{locator}/{name}.ism/manifest(...)}. */
  record Manifest(String locator, String manifestName, StreamTags tags) implements OfPresentation {}

  /** {@code .../QualityLevels({bitrate})/Manifest({track},...)}: a media playlist. */
  record MediaPlaylist(
      String locator, String manifestName, long bitrate, String track, StreamTags tags)
      implements OfPresentation {}

  /** {@code .../QualityLevels({bitrate})/Fragments({track}=i,...)}. */
  record InitSegment(
      String locator, String manifestName, long bitrate, String track, StreamTags tags)
      implements OfPresentation {}

  /** {@code .../QualityLevels({bitrate})/Fragments({track}={time},...)}. */
  record MediaSegment(
      String locator, String manifestName, long bitrate, String track, long time, StreamTags tags)
      implements OfPresentation {}

  /** {@code /{locator}/{file}}: progressive download. */
  record Download(String locator, String file) implements OriginRequest {}

  /** {@code /keys/...}. */
  record KeyDelivery(KeyService service, Optional<KeyId> keyId, Bytes body)
      implements OriginRequest {}

  /** {@code /videos} and {@code /videos/{asset}}. */
  record Videos(Optional<String> asset) implements OriginRequest {}

  /** {@code /player/...}: the player page and what it loads; {@code file} is one name. */
  record Player(String file) implements OriginRequest {}

  /** What {@code /keys/} delivers, by path. */
  enum KeyService {
    BASELINE_HTTP,
    CLEAR_KEY,
    PLAY_READY,
    WIDEVINE,
    FAIR_PLAY
  }
}
