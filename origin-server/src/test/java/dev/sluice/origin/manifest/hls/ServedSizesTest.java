package dev.sluice.origin.manifest.hls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.crypto.MediaCiphers;
import dev.sluice.origin.codec.AacConfig;
import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.encrypt.AvcSampleMap;
import dev.sluice.origin.encrypt.CbcsPass;
import dev.sluice.origin.encrypt.CencIvs;
import dev.sluice.origin.encrypt.CencPass;
import dev.sluice.origin.encrypt.SubsampleMap;
import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.manifest.Presentation.PresentedTrack;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.segment.MediaSegment;
import dev.sluice.origin.segment.ProtectedSamples;
import dev.sluice.origin.segment.SegmentBoxes;
import dev.sluice.origin.segment.ts.ElementaryStream;
import dev.sluice.origin.segment.ts.TransportStreamSegment;
import dev.sluice.origin.storage.FileObjectStore;
import dev.sluice.origin.track.FragmentSamplesReader;
import dev.sluice.origin.track.TestTitles;
import dev.sluice.origin.track.TitleReader;
import dev.sluice.origin.track.Track;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the estimates against segments as they are really written. */
final class ServedSizesTest {
  /** Audio can end in a segment of a frame that is next to nothing. */
  private static final int TRIFLE_BYTES = 64;

  private static final long STEP_BYTES = 16 * 188;

  private final FileObjectStore store = new FileObjectStore(TestTitles.root());

  @ParameterizedTest
  @ValueSource(strings = {"ladder", "ismv", "muxed"})
  void isNeverBelowAndHardlyAboveClearSegments(String title) {
    for (Track track : tracks(title)) {
      var sizes = new ServedSizes(HlsTracks.clear(track), HlsFormat.CMAF);
      for (int i = 0; i < track.fragments().count(); i++) {
        assertClose(track, sizes.bytes(i), clearBytes(track, i));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ladder", "ismv", "muxed"})
  void isNeverBelowAndHardlyAboveSegmentsWithProtectedSamples(String title) {
    for (Track track : tracks(title)) {
      for (var protection :
          List.of(HlsTracks.cenc(HlsTracks.HD_KEY), HlsTracks.cbcs(HlsTracks.HD_KEY))) {
        var sizes = new ServedSizes(HlsTracks.with(protection, track), HlsFormat.CMAF);
        for (int i = 0; i < track.fragments().count(); i++) {
          assertClose(track, sizes.bytes(i), protectedBytes(track, i, protection.scheme()));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ladder"})
  void countsThePaddingOfWholeSegments(String title) {
    for (Track track : tracks(title)) {
      var sizes =
          new ServedSizes(new PresentedTrack(track, Optional.of(HlsTracks.cbc())), HlsFormat.CMAF);
      for (int i = 0; i < track.fragments().count(); i++) {
        long padded = (clearBytes(track, i) / 16 + 1) * 16;
        assertClose(track, sizes.bytes(i), padded);
        assertThat(sizes.bytes(i) % 16).isZero();
      }
    }
  }

  /** What BANDWIDTH of an I-frame playlist is made from. */
  @ParameterizedTest
  @ValueSource(strings = {"ladder", "ismv", "muxed"})
  void isCloseToSegmentsOfOneFrame(String title) {
    for (Track track : tracks(title)) {
      var fmp4 = new ServedSizes(HlsTracks.clear(track), HlsFormat.CMAF, /* keyframes= */ true);
      var ts = new ServedSizes(HlsTracks.clear(track), HlsFormat.TS, /* keyframes= */ true);
      for (int i = 0; i < track.fragments().count() && track.kind() == TrackKind.VIDEO; i++) {
        assertClose(track, fmp4.bytes(i), keyframeBytes(track, i));
        assertThat(ts.bytes(i) - keyframeTransportBytes(track, i))
            .isBetween(-STEP_BYTES, STEP_BYTES);
        assertThat(track.fragments().firstSampleBytes(i))
            .isLessThan(track.fragments().sampleBytes(i));
      }
    }
  }

  /**
   * The packets of a stream come in sixteens, which in these small segments are up to a tenth: one
   * such step is allowed up or down.
   */
  @ParameterizedTest
  @ValueSource(strings = {"ladder", "ismv", "muxed", "small"})
  void isWithinAStepOfTransportStreams(String title) {
    for (Track track : tracks(title)) {
      var sizes = new ServedSizes(HlsTracks.clear(track), HlsFormat.TS);
      long estimated = 0;
      long real = 0;
      for (int i = 0; i < track.fragments().count(); i++) {
        estimated += sizes.bytes(i);
        real += transportBytes(track, i);
        assertThat(sizes.bytes(i) - transportBytes(track, i))
            .as("%s %d, segment %d", track.name(), track.bitrate(), i)
            .isBetween(-STEP_BYTES, STEP_BYTES);
      }
      assertThat(estimated).isBetween(real, real * 112 / 100);
    }
  }

  /** The titles are small: some hundred bytes a sample, on which boxes weigh as nowhere else. */
  private static void assertClose(Track track, long estimated, long real) {
    assertThat(estimated)
        .as("%s %d: %d, really %d", track.name(), track.bitrate(), estimated, real)
        .isGreaterThanOrEqualTo(real)
        .isLessThanOrEqualTo(real * 105 / 100 + TRIFLE_BYTES);
  }

  private List<Track> tracks(String title) {
    return new TitleReader(store, 10).read(title, Optional.empty(), title).tracks();
  }

  private long keyframeBytes(Track track, int fragment) {
    var object = store.open(track.object());
    var first = FragmentSamplesReader.read(object, track, fragment).first();
    try (var segment =
        MediaSegment.of(SegmentBoxes.CMAF, track, fragment, first, object, Optional.empty())) {
      return segment.lengthBytes();
    }
  }

  private long keyframeTransportBytes(Track track, int fragment) {
    var object = store.open(track.object());
    var first = FragmentSamplesReader.read(object, track, fragment).first();
    long start = track.fragments().startTicks(fragment);
    var stream = new ElementaryStream(track, first, start, object, Optional.empty());
    try (var segment = TransportStreamSegment.of(fragment, List.of(stream))) {
      return segment.lengthBytes();
    }
  }

  private long clearBytes(Track track, int fragment) {
    var object = store.open(track.object());
    var samples = FragmentSamplesReader.read(object, track, fragment);
    try (var segment =
        MediaSegment.of(SegmentBoxes.CMAF, track, fragment, samples, object, Optional.empty())) {
      return segment.lengthBytes();
    }
  }

  private long protectedBytes(Track track, int fragment, Scheme scheme) {
    var object = store.open(track.object());
    var samples = FragmentSamplesReader.read(object, track, fragment);
    SubsampleMap map =
        switch (track.codec()) {
          case AvcConfig avc -> AvcSampleMap.plan(samples, avc, object::readFully, scheme);
          case AacConfig _ -> SubsampleMap.fullSamples(samples);
        };
    var cipher = MediaCiphers.best();
    try (var key = ContentKey.taking(HlsTracks.HD_KEY, new byte[16])) {
      var pass =
          scheme == Scheme.CENC
              ? new CencPass(cipher, key, new CencIvs(0), fragment, map)
              : new CbcsPass(cipher, key, HlsTracks.IV, map);
      var protection = Optional.of(new ProtectedSamples(map, pass));
      try (var segment =
          MediaSegment.of(SegmentBoxes.CMAF, track, fragment, samples, object, protection)) {
        return segment.lengthBytes();
      }
    }
  }

  private long transportBytes(Track track, int fragment) {
    var object = store.open(track.object());
    var samples = FragmentSamplesReader.read(object, track, fragment);
    long start = track.fragments().startTicks(fragment);
    var stream = new ElementaryStream(track, samples, start, object, Optional.empty());
    try (var segment = TransportStreamSegment.of(fragment, List.of(stream))) {
      return segment.lengthBytes();
    }
  }
}
