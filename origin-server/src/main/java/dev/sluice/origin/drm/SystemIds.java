package dev.sluice.origin.drm;

import java.util.UUID;

/** The registered ids of DRM systems, which {@code pssh} boxes and manifests carry. */
public final class SystemIds {
  /** PlayReady. In {@code pssh} its bytes stand as printed, unlike the key ids of PlayReady. */
  public static final UUID PLAY_READY = UUID.fromString("9a04f079-9840-4286-ab92-e65be0885f95");

  /** Widevine. */
  public static final UUID WIDEVINE = UUID.fromString("edef8ba9-79d6-4ace-a3c8-27dcd51d21ed");

  /** ClearKey of DASH-IF, which has no {@code pssh} box. */
  public static final UUID CLEAR_KEY = UUID.fromString("e2719d58-a985-b3c9-781a-b030af78d30e");

  /** The Common {@code pssh} of the W3C, which only lists key ids. */
  public static final UUID COMMON = UUID.fromString("1077efec-c0b2-4d02-ace3-3c1e52e2fb4b");

  private SystemIds() {}
}
