package dev.sluice.origin.track;

import dev.sluice.origin.codec.CodecConfig;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.mp4.TrackHeader;
import dev.sluice.origin.storage.StoredObject;

/**
 * One track of a title, with the index of its fragments.
 *
 * @param name as URLs name it ({@code Fragments(name=...)}); tracks of one kind may share it, and
 *     are then told apart by their bitrate
 * @param bitrate bits a second, as URLs name it; no two tracks of a kind in a title share it
 * @param kind what it carries
 * @param language RFC 5646, {@code und} where it is not known
 * @param header what the source's {@code moov} says of the track
 * @param codec its configuration, from the first sample entry
 * @param fragments its fragments
 * @param object where its samples lie
 * @param purpose what it is meant for
 */
public record Track(
    String name,
    long bitrate,
    TrackKind kind,
    String language,
    TrackHeader header,
    CodecConfig codec,
    FragmentIndex fragments,
    StoredObject object,
    Purpose purpose) {

  /** A track of no stated purpose. */
  public Track(
      String name,
      long bitrate,
      TrackKind kind,
      String language,
      TrackHeader header,
      CodecConfig codec,
      FragmentIndex fragments,
      StoredObject object) {
    this(name, bitrate, kind, language, header, codec, fragments, object, Purpose.UNSTATED);
  }

  /** The same track with other fragments: for what lists them. */
  public Track withFragments(FragmentIndex others) {
    return new Track(name, bitrate, kind, language, header, codec, others, object, purpose);
  }

  /** Ticks a second of every time in this track ({@code mdhd}). */
  public long timescale() {
    return header.timescale();
  }

  /** The four-character code of the first sample entry, such as {@code avc1}. */
  public String fourCc() {
    return header.sampleEntries().getFirst().fourCc();
  }
}
