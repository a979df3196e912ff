package dev.sluice.origin.policy;

import dev.sluice.origin.media.TrackKind;

/**
 * What of a track decides about its key.
 *
 * @param language ISO 639-2 or RFC 5646; empty if unknown
 * @param fourCc the clear sample entry's type: {@code avc1}
 * @param bitrate in bits a second
 * @param height in pixels; 0 where it is no video
 */
public record TrackTraits(
    TrackKind kind, String name, String language, String fourCc, long bitrate, int height) {}
