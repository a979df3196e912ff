package dev.sluice.origin.segment.ts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.StoreFailure;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.mp4.ElementaryStreamBox;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Segments of random units, cut anywhere, with and without a wait for storage. */
final class PieceCutsTest {
  private static final int[] TYPES = {0x65, 0x41, 0x41, 0x06, 0x09, 0x67, 0x0c};

  static Stream<Arguments> segments() {
    return Stream.of(TrackKind.VIDEO, TrackKind.AUDIO)
        .flatMap(kind -> Stream.of(Arguments.of(kind, false), Arguments.of(kind, true)));
  }

  /** Samples of few and many units, with zeros and without, next to each other or not. */
  private static HandMade samples(TrackKind kind, Random random) {
    byte[][] samples = new byte[1 + random.nextInt(6)][];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = sample(kind, random);
    }
    return HandMade.of(samples);
  }

  private static byte[] sample(TrackKind kind, Random random) {
    return kind == TrackKind.VIDEO ? picture(random) : bytes(random, random.nextInt(900));
  }

  private static byte[] picture(Random random) {
    byte[][] nals = new byte[random.nextInt(6)][];
    for (int i = 0; i < nals.length; i++) {
      boolean empty = random.nextInt(8) == 0;
      nals[i] = bytes(random, empty ? 0 : 1 + random.nextInt(1 << (1 + random.nextInt(13))));
      if (!empty) {
        nals[i][0] = (byte) TYPES[random.nextInt(TYPES.length)];
      }
    }
    return HandMade.avc(nals);
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    if (random.nextBoolean()) {
      for (int i = 0; i < length; i++) {
        bytes[i] = (byte) (random.nextInt(3) == 0 ? bytes[i] & 7 : 0);
      }
    }
    return bytes;
  }

  @ParameterizedTest
  @MethodSource("segments")
  void givesTheSameBytesInAnyCut(TrackKind kind, boolean encrypted) {
    var random = new Random(11);
    for (int i = 0; i < 30; i++) {
      var samples = samples(kind, random);
      try (var body = samples.body(kind, encrypted);
          var cut = samples.body(kind, encrypted)) {
        byte[] whole = Segments.read(body);
        int piece = 1 + random.nextInt(random.nextBoolean() ? 40 : 2000);
        for (int at = 0; at < whole.length; at += piece) {
          requireRange(whole, cut, at, Math.min(piece, whole.length - at));
        }
        for (int j = 0; j < 60; j++) {
          int at = random.nextInt(whole.length);
          requireRange(whole, cut, at, random.nextInt(Math.min(whole.length - at, 700) + 1));
        }
      }
    }
  }

  private static void requireRange(byte[] whole, Body body, int from, int length) {
    if (!Arrays.equals(Segments.read(body, from, length), 0, length, whole, from, from + length)) {
      throw new AssertionError("bytes of %d+%d: other ones".formatted(from, length));
    }
  }

  /** Against what a program without any haste makes of the samples. */
  @ParameterizedTest
  @MethodSource("segments")
  void carriesWhatItsSamplesHave(TrackKind kind, boolean encrypted) {
    var random = new Random(12);
    for (int i = 0; i < 60; i++) {
      byte[][] sources = new byte[1 + random.nextInt(6)][];
      Arrays.setAll(sources, _ -> sample(kind, random));
      var payload = new ByteArrayOutputStream();
      for (int j = 0; j < sources.length; j++) {
        payload.writeBytes(
            kind == TrackKind.VIDEO
                ? expectedPicture(sources[j], j == 0, encrypted)
                : expectedFrame(sources[j], encrypted));
      }
      var found = new ByteArrayOutputStream();
      byte[] segment = HandMade.of(sources).segment(kind, encrypted);
      TsParser.parse(segment).pes.forEach(pes -> found.writeBytes(pes.payload()));
      assertThat(found.toByteArray()).isEqualTo(payload.toByteArray());
    }
  }

  private static byte[] expectedPicture(byte[] sample, boolean first, boolean encrypted) {
    var config = (AvcConfig) TsTitles.track(TsTitles.MUXED, TrackKind.VIDEO).codec();
    var nals = Segments.lengthPrefixed(sample).stream().filter(nal -> nal.length > 0).toList();
    var out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0, 0, 0, 1, 9, (byte) 0xf0});
    // No picture here has both kinds of sets.
    if (first || nals.stream().anyMatch(nal -> (nal[0] & 0x1f) == 5)) {
      Stream.concat(config.sps().stream(), config.pps().stream()).forEach(set -> putUnit(set, out));
    }
    for (byte[] nal : nals) {
      int type = nal[0] & 0x1f;
      if (encrypted && (type == 1 || type == 5) && nal.length > 48) {
        byte[] slice = nal.clone();
        try (var aes = Segments.sampleAes()) {
          aes.slice(slice, 0, slice.length);
        }
        putUnit(escaped(slice), out);
      } else if (type != 9) {
        putUnit(nal, out);
      }
    }
    return out.toByteArray();
  }

  private static void putUnit(byte[] nal, ByteArrayOutputStream out) {
    out.writeBytes(new byte[] {0, 0, 0, 1});
    out.writeBytes(nal);
  }

  private static byte[] escaped(byte[] nal) {
    var out = new ByteArrayOutputStream();
    int zeros = 0;
    for (byte b : nal) {
      if (zeros == 2 && b >= 0 && b <= 3) {
        out.write(3);
        zeros = 0;
      }
      out.write(b);
      zeros = b == 0 ? Math.min(zeros + 1, 2) : 0;
    }
    return out.toByteArray();
  }

  private static byte[] expectedFrame(byte[] sample, boolean encrypted) {
    var audio = TsTitles.track(TsTitles.MUXED, TrackKind.AUDIO);
    var stream =
        new ElementaryStream(
            audio,
            TsTitles.samples(audio, 0),
            0,
            TsTitles.store().open(audio.object()),
            Optional.empty());
    var esds = stream.configuration("esds");
    byte[] header = new byte[AdtsHeader.BYTES];
    AdtsHeader.of(ElementaryStreamBox.read(esds).decoderSpecificInfo()).put(sample.length, header);
    stream.close();
    byte[] frame = sample.clone();
    if (encrypted) {
      try (var aes = Segments.sampleAes()) {
        aes.audioFrame(frame, 0, frame.length);
      }
    }
    return Segments.concat(header, frame);
  }

  /** A read that would wait leaves the buffer and the body as they were. */
  @ParameterizedTest
  @MethodSource("segments")
  void readsWithoutAWaitWhatIsAtHand(TrackKind kind, boolean encrypted) {
    var random = new Random(13);
    int refused = 0;
    int read = 0;
    for (int i = 0; i < 40; i++) {
      var samples = samples(kind, random);
      samples.isThere = () -> random.nextInt(3) > 0;
      try (var body = samples.body(kind, encrypted);
          var other = samples.body(kind, encrypted)) {
        byte[] whole = Segments.read(other);
        var out = ByteBuffer.allocateDirect(whole.length);
        while (out.position() < whole.length) {
          int at = out.position();
          out.limit(at + Math.min(1 + random.nextInt(900), whole.length - at));
          if (body.readNow(at, out)) {
            read++;
          } else {
            refused++;
            assertThat(out.position()).isEqualTo(at);
            if (random.nextBoolean()) {
              body.read(at, out);
            }
          }
        }
        byte[] all = new byte[whole.length];
        out.flip().get(all);
        assertThat(all).isEqualTo(whole);
      }
    }
    assertThat(refused).isPositive();
    assertThat(read).isPositive();
  }

  /** Its chain would have to be encrypted from far back. */
  @Test
  void waitsForAPlaceFarWithinAnEncryptedUnit() {
    var samples = HandMade.of(HandMade.avc(HandMade.nal(0x65, 1 << 20)));
    samples.isThere = () -> true;
    try (var body = samples.body(TrackKind.VIDEO, true);
        var clear = samples.body(TrackKind.VIDEO, false)) {
      var out = ByteBuffer.allocate(1000);
      assertThat(clear.readNow(900_000, out)).isTrue();
      assertThat(body.readNow(900_000, out.clear())).isFalse();
      assertThat(body.readNow(150_000, out)).isTrue();
      body.read(900_000, out.clear());
      assertThat(body.readNow(901_000, out.clear())).isTrue();
      assertThat(out.array()).isEqualTo(Segments.read(body, 901_000, 1000));
    }
  }

  /** Pictures and frames of two objects. */
  @ParameterizedTest
  @MethodSource("segments")
  void muxesInAnyCut(TrackKind kind, boolean encrypted) {
    var random = new Random(kind == TrackKind.VIDEO ? 14 : 15);
    byte[][] pictures = new byte[20][];
    byte[][] frames = new byte[30][];
    Arrays.setAll(pictures, _ -> picture(random));
    Arrays.setAll(frames, _ -> bytes(random, random.nextInt(400)));
    var video = HandMade.of(new int[20], 512, pictures);
    var audio = HandMade.of(frames);
    try (var body = muxed(encrypted, video, audio);
        var cut = muxed(encrypted, video, audio)) {
      byte[] whole = Segments.read(body);
      assertThat(TsParser.parse(whole).streams).hasSize(2);
      for (int piece : new int[] {7, 100, 188, 1000, 5000}) {
        var parts = new ArrayList<byte[]>();
        for (int at = 0; at < whole.length; at += piece) {
          parts.add(Segments.read(cut, at, Math.min(piece, whole.length - at)));
        }
        assertThat(Segments.concat(parts.toArray(byte[][]::new))).isEqualTo(whole);
      }
      for (int i = 0; i < 300; i++) {
        int at = random.nextInt(whole.length);
        requireRange(whole, cut, at, random.nextInt(Math.min(whole.length - at, 9000) + 1));
      }
    }
  }

  private static Body muxed(boolean encrypted, HandMade video, HandMade audio) {
    return TransportStreamSegment.of(
        0,
        List.of(
            video.stream(TrackKind.VIDEO, encrypted), audio.stream(TrackKind.AUDIO, encrypted)));
  }

  @Test
  void weighsLittleAgainstItsSegment() {
    byte[][] samples = new byte[120][];
    Arrays.fill(samples, HandMade.avc(HandMade.nal(0x41, 12_000)));
    var plan = SegmentPlan.of(0, List.of(HandMade.of(samples).stream(TrackKind.VIDEO, true)));
    assertThat(plan.weightBytes()).isLessThan(9000);
    assertThat(plan.lengthBytes()).isGreaterThan(120 * 12_000);
  }

  @Test
  void refusesMoreUnitsThanItPlans() {
    byte[] ones = new byte[8000 * 5];
    for (int i = 0; i < ones.length; i += 5) {
      ones[i + 3] = 1;
      ones[i + 4] = 6;
    }
    byte[][] samples = new byte[132][];
    Arrays.fill(samples, ones);
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> HandMade.of(samples).segment(TrackKind.VIDEO, false))
        .withMessageStartingWith("units and emulation prevention bytes in a segment: more than");
  }

  @Test
  void goesOnBehindAFailure() {
    var samples = HandMade.of(HandMade.avc(HandMade.nal(0x65, 90_000)));
    try (var body = samples.body(TrackKind.VIDEO, true);
        var other = samples.body(TrackKind.VIDEO, true)) {
      byte[] whole = Segments.read(other);
      requireRange(whole, body, 0, 30_000);
      samples.isThere =
          () -> {
            throw new StoreFailure(FailureCode.MPE_STORAGE_INTERNAL_ERROR, "lost");
          };
      assertThatExceptionOfType(StoreFailure.class)
          .isThrownBy(() -> body.readNow(30_000, ByteBuffer.allocate(30_000)));
      requireRange(whole, body, 30_000, 30_000);
      requireRange(whole, body, 60_000, 30_000);
    }
  }
}
