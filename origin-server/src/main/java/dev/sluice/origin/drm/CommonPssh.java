package dev.sluice.origin.drm;

import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.mp4.PsshBox;
import java.util.List;

/**
 * The {@code pssh} box that lists key ids and belongs to no system (version 1).
 *
 * <p>Spec: W3C "cenc" Initialization Data Format 4.
 */
public final class CommonPssh {
  private CommonPssh() {}

  /** The whole box. */
  public static Bytes of(List<KeyId> keyIds) {
    return PsshBox.ofKeyIds(SystemIds.COMMON, keyIds).toBytes();
  }
}
