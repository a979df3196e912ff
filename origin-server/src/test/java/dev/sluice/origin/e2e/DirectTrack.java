package dev.sluice.origin.e2e;

import dev.sluice.crypto.MediaCiphers;
import dev.sluice.origin.codec.AacConfig;
import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.encrypt.AvcSampleMap;
import dev.sluice.origin.encrypt.CbcsPass;
import dev.sluice.origin.encrypt.CencIvs;
import dev.sluice.origin.encrypt.CencPass;
import dev.sluice.origin.encrypt.SubsampleMap;
import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.segment.InitSegment;
import dev.sluice.origin.segment.MediaSegment;
import dev.sluice.origin.segment.ProtectedSamples;
import dev.sluice.origin.segment.SegmentBoxes;
import dev.sluice.origin.segment.TrackEncryption;
import dev.sluice.origin.storage.FileObjectStore;
import dev.sluice.origin.track.FragmentSamples;
import dev.sluice.origin.track.FragmentSamplesReader;
import dev.sluice.origin.track.TitleReader;
import dev.sluice.origin.track.Track;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** A track of a title below a folder, whose segments are made without a server. */
record DirectTrack(Path root, Track track) {
  static final KeyId KEY_ID = KeyId.parse("8ba94ade-6eb9-449d-b44f-a5beefaf43b0").orElseThrow();
  static final String KEY = "3a2a1b68dd2bd9b2eeb25e84c4776668";
  static final Bytes CONSTANT_IV =
      Bytes.copyOf(HexFormat.of().parseHex("d5fbd6b82ed93e4ef98ae40931ee33b7"));

  static DirectTrack of(Path root, String title, TrackKind kind) {
    return new DirectTrack(
        root,
        new TitleReader(new FileObjectStore(root), 8)
            .read(title, Optional.empty(), title)
            .of(kind)
            .getFirst());
  }

  /** The file that it is stored in. */
  Path file() {
    return root.resolve(track.object().path());
  }

  boolean isAudio() {
    return track.kind() == TrackKind.AUDIO;
  }

  byte[] init(Scheme scheme) {
    var encryption =
        switch (scheme) {
          case CENC -> Optional.of(TrackEncryption.cenc(KEY_ID));
          case CBCS -> Optional.of(TrackEncryption.cbcs(KEY_ID, CONSTANT_IV, isAudio()));
          case CLEAR, CBC -> Optional.<TrackEncryption>empty();
        };
    return InitSegment.write(track.header(), List.of("iso6", "cmfc"), encryption);
  }

  List<byte[]> segments(SegmentBoxes boxes, Scheme scheme) {
    var segments = new ArrayList<byte[]>();
    for (int i = 0; i < track.fragments().count(); i++) {
      try (var body = open(boxes, scheme, i, false)) {
        segments.add(read(body, 0, (int) body.lengthBytes()));
      }
    }
    return segments;
  }

  /** The body of a segment, of all samples or of the first alone. The caller closes it. */
  Body open(SegmentBoxes boxes, Scheme scheme, int fragment, boolean firstOnly) {
    var object = new FileObjectStore(root).open(track.object());
    var all = FragmentSamplesReader.read(object, track, fragment);
    var samples = firstOnly ? all.first() : all;
    Optional<ProtectedSamples> protection = Optional.empty();
    if (scheme != Scheme.CLEAR) {
      var map =
          switch (track.codec()) {
            case AvcConfig avc -> AvcSampleMap.plan(samples, avc, object::readFully, scheme);
            case AacConfig _ -> SubsampleMap.fullSamples(samples);
          };
      protection = Optional.of(protection(scheme, fragment, map));
    }
    return MediaSegment.of(boxes, track, fragment, samples, object, protection);
  }

  FragmentSamples samples(int fragment) {
    try (var object = new FileObjectStore(root).open(track.object())) {
      return FragmentSamplesReader.read(object, track, fragment);
    }
  }

  static byte[] read(Body body, long from, int length) {
    var out = ByteBuffer.allocate(length);
    body.read(from, out);
    if (out.hasRemaining()) {
      throw new AssertionError("a read that fills its buffer (expected)");
    }
    return out.array();
  }

  private static ProtectedSamples protection(Scheme scheme, int fragment, SubsampleMap map) {
    var cipher = MediaCiphers.best();
    try (var key = ContentKey.taking(KEY_ID, HexFormat.of().parseHex(KEY))) {
      return new ProtectedSamples(
          map,
          scheme == Scheme.CENC
              ? new CencPass(cipher, key, new CencIvs(-7), fragment, map)
              : new CbcsPass(cipher, key, CONSTANT_IV, map));
    }
  }
}
