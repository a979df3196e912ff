package dev.sluice.benchmarks.media;

import dev.sluice.origin.mp4.BoxWriter;
import dev.sluice.origin.mp4.TrackHeader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A fragment of two seconds of a source file.
 *
 * @param durationTicks of each sample
 * @param sizesBytes of each sample
 * @param offsetsTicks composition offsets, one a sample; empty: all are 0
 */
record Fragment(
    TrackHeader header, int durationTicks, List<Integer> sizesBytes, List<Integer> offsetsTicks) {
  private static final int PICTURE_TICKS = Headers.VIDEO_TIMESCALE / 25;
  private static final int AUDIO_SAMPLES = 94;
  private static final int AUDIO_SAMPLE_BYTES = 370;
  private static final int AUDIO_SAMPLE_TICKS = 1024;
  private static final int SYNC = 0x0200_0000;
  private static final int NON_SYNC = 0x0101_0000;

  Fragment {
    sizesBytes = List.copyOf(sizesBytes);
    offsetsTicks = List.copyOf(offsetsTicks);
  }

  /** A group of pictures: 50 samples, 1,491,000 bytes. */
  static Fragment video() {
    return new Fragment(
        Headers.video(AvcPictures.WIDTH, AvcPictures.HEIGHT, 6_000_000),
        PICTURE_TICKS,
        IntStream.range(0, AvcPictures.GROUP).mapToObj(AvcPictures::sizeBytes).toList(),
        IntStream.range(0, AvcPictures.GROUP)
            .mapToObj(i -> PICTURE_TICKS * AvcPictures.delay(i))
            .toList());
  }

  /** 94 frames of AAC, 34,780 bytes. */
  static Fragment audio() {
    return new Fragment(
        Headers.audio(139_000),
        AUDIO_SAMPLE_TICKS,
        IntStream.range(0, AUDIO_SAMPLES).mapToObj(_ -> AUDIO_SAMPLE_BYTES).toList(),
        List.of());
  }

  long ticks() {
    return (long) durationTicks * sizesBytes.size();
  }

  /** The sizes of the samples, added up. */
  int payloadBytes() {
    return sizesBytes.stream().mapToInt(Integer::intValue).sum();
  }

  /** The samples: pictures of so many slices, or frames of noise. */
  byte[] payload(int slices) {
    var samples = new ArrayList<byte[]>();
    var pictures = new AvcPictures(slices);
    var random = new Random(2);
    for (int i = 0; i < sizesBytes.size(); i++) {
      byte[] sample = new byte[sizesBytes.get(i)];
      random.nextBytes(sample);
      samples.add(offsetsTicks.isEmpty() ? sample : pictures.sample(i));
    }
    byte[] payload = new byte[payloadBytes()];
    int at = 0;
    for (byte[] sample : samples) {
      System.arraycopy(sample, 0, payload, at, sample.length);
      at += sample.length;
    }
    return payload;
  }

  /**
   * {@code moof}, and the header of {@code mdat}.
   *
   * @param number of the fragment in the file, from 0
   */
  byte[] boxes(int number) {
    boolean video = !offsetsTicks.isEmpty();
    var out = new BoxWriter().begin("moof").begin("mfhd", 0, 0).uint32(number + 1L).end();
    out.begin("traf").begin("tfhd", 0, 0x2_0028).uint32(header.trackId()).uint32(durationTicks);
    out.uint32(video ? NON_SYNC : SYNC).end();
    out.begin("tfdt", 1, 0).uint64(number * ticks()).end();
    out.begin("trun", 1, video ? 0xa05 : 0x201).uint32(sizesBytes.size());
    int dataOffsetAt = out.size();
    out.uint32(0);
    if (video) {
      out.uint32(SYNC);
    }
    for (int i = 0; i < sizesBytes.size(); i++) {
      out.uint32(sizesBytes.get(i));
      if (video) {
        out.uint32(offsetsTicks.get(i));
      }
    }
    out.end().end().end();
    out.set32(dataOffsetAt, out.size() + 8L);
    return out.uint32(payloadBytes() + 8L).fourCc("mdat").toByteArray();
  }

  /** The same as one file behind an init segment, and this payload. */
  byte[] file(byte[] init, byte[] payload) {
    byte[] boxes = boxes(0);
    byte[] file = Arrays.copyOf(init, init.length + boxes.length + payload.length);
    System.arraycopy(boxes, 0, file, init.length, boxes.length);
    System.arraycopy(payload, 0, file, init.length + boxes.length, payload.length);
    return file;
  }
}
