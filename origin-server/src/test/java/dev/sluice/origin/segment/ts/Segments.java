package dev.sluice.origin.segment.ts;

import dev.sluice.origin.encrypt.SampleAes;
import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.track.FragmentSamples;
import dev.sluice.origin.track.Track;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** Segments of whole tracks, fetched in any order. */
public final class Segments {
  static final String KEY_HEX = "0123456789abcdeffedcba9876543210";
  static final String IV_HEX = "d5fbd6b82ed93e4ef98ae40931ee33b7";
  private static final KeyId KEY_ID =
      KeyId.parse("8ba94ade-6eb9-449d-b44f-a5beefaf43b0").orElseThrow();

  private Segments() {}

  static SampleAes sampleAes() {
    var hex = HexFormat.of();
    try (var key = ContentKey.taking(KEY_ID, hex.parseHex(KEY_HEX))) {
      return new SampleAes(key, Bytes.copyOf(hex.parseHex(IV_HEX)));
    }
  }

  static Body body(int number, boolean encrypted, Track track) {
    var samples = TsTitles.samples(track, number);
    return TransportStreamSegment.of(
        number, List.of(stream(track, samples, track.fragments().startTicks(number), encrypted)));
  }

  static Body muxed(int number, boolean encrypted, Track video, Track audio) {
    var part = MuxedAudio.of(video, number, audio);
    var fragments =
        IntStream.rangeClosed(part.firstFragment(), part.lastFragment())
            .mapToObj(i -> TsTitles.samples(audio, i))
            .toList();
    var cut = part.cut(audio, fragments);
    return TransportStreamSegment.of(
        number,
        List.of(
            stream(
                video,
                TsTitles.samples(video, number),
                video.fragments().startTicks(number),
                encrypted),
            stream(audio, cut.samples(), cut.startTicks(), encrypted)));
  }

  static ElementaryStream stream(
      Track track, FragmentSamples samples, long startTicks, boolean encrypted) {
    return new ElementaryStream(
        track,
        samples,
        startTicks,
        TsTitles.store().open(track.object()),
        encrypted ? Optional.of(sampleAes()) : Optional.empty());
  }

  /** Each segment of a track, or of video with muxed audio, made in random order. */
  static byte[][] all(boolean encrypted, Track... tracks) {
    int count = tracks[0].fragments().count();
    var order = new ArrayList<>(IntStream.range(0, count).boxed().toList());
    Collections.shuffle(order, new Random(1));
    byte[][] segments = new byte[count][];
    for (int i : order) {
      try (var body =
          tracks.length == 1
              ? body(i, encrypted, tracks[0])
              : muxed(i, encrypted, tracks[0], tracks[1])) {
        segments[i] = read(body);
      }
    }
    return segments;
  }

  static byte[] read(Body body) {
    return read(body, 0, Math.toIntExact(body.lengthBytes()));
  }

  static byte[] read(Body body, int position, int length) {
    byte[] bytes = new byte[length];
    body.read(position, ByteBuffer.wrap(bytes));
    return bytes;
  }

  static byte[] concat(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** The NAL units of a byte stream, without start codes. */
  public static List<byte[]> nals(byte[] stream) {
    var nals = new ArrayList<byte[]>();
    int begin = -1;
    int i = 0;
    while (i + 2 < stream.length) {
      if (stream[i] == 0 && stream[i + 1] == 0 && stream[i + 2] == 1) {
        if (begin >= 0) {
          // A start code of 4 bytes begins with a zero_byte.
          int end = i > begin && stream[i - 1] == 0 ? i - 1 : i;
          nals.add(Arrays.copyOfRange(stream, begin, end));
        }
        begin = i + 3;
        i += 3;
      } else {
        i++;
      }
    }
    nals.add(Arrays.copyOfRange(stream, begin, stream.length));
    return nals;
  }

  /** The NAL units of a sample whose length fields have 4 bytes. */
  public static List<byte[]> lengthPrefixed(byte[] sample) {
    var nals = new ArrayList<byte[]>();
    var in = ByteBuffer.wrap(sample);
    while (in.hasRemaining()) {
      byte[] nal = new byte[in.getInt()];
      in.get(nal);
      nals.add(nal);
    }
    return nals;
  }

  /** The raw frames of an ADTS stream. */
  public static List<byte[]> frames(byte[] stream) {
    var frames = new ArrayList<byte[]>();
    int at = 0;
    while (at < stream.length) {
      if (stream[at] != -1 || (stream[at + 1] & 0xff) != 0xf1) {
        throw new AssertionError("ADTS syncword: none at " + at);
      }
      int length =
          (stream[at + 3] & 3) << 11 | (stream[at + 4] & 0xff) << 3 | (stream[at + 5] & 0xff) >> 5;
      frames.add(Arrays.copyOfRange(stream, at + 7, at + length));
      at += length;
    }
    return frames;
  }
}
