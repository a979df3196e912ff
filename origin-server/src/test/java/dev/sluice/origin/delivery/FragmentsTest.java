package dev.sluice.origin.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.mp4.TrackHeader;
import dev.sluice.origin.storage.ObjectReader;
import dev.sluice.origin.storage.StoredObject;
import dev.sluice.origin.track.FragmentIndex;
import dev.sluice.origin.track.FragmentSamples;
import dev.sluice.origin.track.Track;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FragmentsTest {
  /** Two samples of one SEI each. */
  private static final FragmentSamples SAMPLES =
      new FragmentSamples(
          new long[] {0, 20}, new int[] {20, 20}, new int[2], new int[2], new int[2], 1, 1);

  private final Fragments fragments = new Fragments(1 << 20);
  private final Seis object = new Seis();

  @Test
  void keepsAMapForEachSchemeAndForTheFirstSampleAlone() {
    var cenc = fragments.map(object, track(), 0, SAMPLES, Scheme.CENC);
    var cbcs = fragments.map(object, track(), 0, SAMPLES, Scheme.CBCS);
    var first = fragments.map(object, track(), 0, SAMPLES.first(), Scheme.CENC);
    int reads = object.reads;

    assertThat(fragments.map(object, track(), 0, SAMPLES, Scheme.CENC)).isSameAs(cenc);
    assertThat(fragments.map(object, track(), 0, SAMPLES, Scheme.CBCS)).isSameAs(cbcs);
    assertThat(fragments.map(object, track(), 0, SAMPLES.first(), Scheme.CENC)).isSameAs(first);
    assertThat(object.reads).isEqualTo(reads);
    assertThat(cenc).isNotSameAs(cbcs);
    assertThat(cenc.sampleCount()).isEqualTo(2);
    assertThat(first.sampleCount()).isEqualTo(1);
  }

  @Test
  void keepsNoFailure() {
    object.lengthField = 99;
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> fragments.map(object, track(), 0, SAMPLES, Scheme.CBCS));
    object.lengthField = 16;
    assertThat(fragments.map(object, track(), 0, SAMPLES, Scheme.CBCS).sampleCount()).isEqualTo(2);
  }

  private static Track track() {
    var none = Bytes.copyOf();
    return new Track(
        "video",
        1,
        TrackKind.VIDEO,
        "und",
        new TrackHeader(
            3,
            1000,
            "und",
            "vide",
            0,
            0,
            none,
            Optional.empty(),
            0,
            none,
            none,
            none,
            List.of(),
            new TrackHeader.Defaults(1, 0, 0, 0)),
        new AvcConfig(66, 0, 30, 4, List.of(), List.of()),
        new FragmentIndex(new long[1], 2, new long[1], new int[1], new long[1], 2),
        new StoredObject("a", 40, "1"));
  }

  private static final class Seis implements ObjectReader {
    private int reads;
    private int lengthField = 16;

    @Override
    public StoredObject object() {
      return new StoredObject("a", 40, "1");
    }

    @Override
    public void readFully(long offsetBytes, ByteBuffer out) {
      reads++;
      var both = ByteBuffer.allocate(40);
      both.putInt(0, lengthField).put(4, (byte) 6).putInt(20, lengthField).put(24, (byte) 6);
      out.put(both.slice((int) offsetBytes, out.remaining()));
    }

    @Override
    public void close() {}
  }
}
