package dev.sluice.origin.segment.ts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.track.FragmentIndex;
import dev.sluice.origin.track.FragmentSamples;
import dev.sluice.origin.track.Track;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which audio samples are in which segment, against the rule tried on each sample. */
final class MuxedAudioTest {
  private static final int FRAME = 1024;

  /** Fragments of random lengths, with gaps, in both tracks; audio from before to behind. */
  @Test
  void putsEachSampleIntoTheSegmentItBeginsIn() {
    var random = new Random(11);
    for (int round = 0; round < 200; round++) {
      long[] video = starts(random, 1 + random.nextInt(8), 100_000);
      int[] counts = random.ints(1 + random.nextInt(12), 1, 60).toArray();
      long[] audio = new long[counts.length];
      long at = random.nextInt(3) * 48_000L;
      for (int i = 0; i < counts.length; i++) {
        audio[i] = at;
        at += (long) counts[i] * FRAME + (random.nextInt(4) == 0 ? random.nextInt(5000) : 0);
      }
      requirePartition(
          track(TrackKind.VIDEO, video, new int[0]), audioTrack(audio, counts), counts);
    }
  }

  /** A tick of the video is 3.125 of the audio: a frame at 3 begins before it, one at 4 behind. */
  @Test
  void comparesTimesExactly() {
    var video = track(TrackKind.VIDEO, new long[] {0, 1}, new int[0]);
    for (long start : new long[] {2, 3, 4, 5}) {
      requirePartition(video, audioTrack(new long[] {start}, new int[] {1}), new int[] {1});
    }
  }

  private static void requirePartition(Track video, Track audio, int[] counts) {
    var expected = new ArrayList<List<Long>>();
    int segments = video.fragments().count();
    for (int n = 0; n < segments; n++) {
      expected.add(new ArrayList<>());
    }
    for (int f = 0; f < counts.length; f++) {
      for (int i = 0; i < counts[f]; i++) {
        long ticks = audio.fragments().startTicks(f) + (long) i * FRAME;
        int n = segments - 1;
        // Exact in long: ticks of 48 kHz against ticks of 15,360 Hz.
        while (n > 0
            && (ticks - audio.header().editMediaTimeTicks()) * video.timescale()
                < video.fragments().startTicks(n) * audio.timescale()) {
          n--;
        }
        expected.get(n).add(ticks);
      }
    }
    for (int n = 0; n < segments; n++) {
      var part = MuxedAudio.of(video, n, audio);
      var fragments =
          IntStream.rangeClosed(part.firstFragment(), part.lastFragment())
              .mapToObj(f -> samples(counts[f]))
              .toList();
      var cut = part.cut(audio, fragments);
      assertThat(cut.samples().count()).isEqualTo(expected.get(n).size());
      long ticks = cut.startTicks();
      for (int i = 0; i < cut.samples().count(); i++) {
        assertThat(ticks).isEqualTo(expected.get(n).get(i));
        ticks += cut.samples().durationTicks(i);
      }
    }
  }

  private static long[] starts(Random random, int count, int longest) {
    long[] starts = new long[count];
    long at = random.nextInt(2) * 5_000L;
    for (int i = 0; i < count; i++) {
      starts[i] = at;
      at += 1 + random.nextInt(longest);
    }
    return starts;
  }

  private static Track audioTrack(long[] starts, int[] counts) {
    return track(TrackKind.AUDIO, starts, counts);
  }

  private static Track track(TrackKind kind, long[] starts, int[] counts) {
    var made = TsTitles.track(TsTitles.MUXED, kind);
    long[] durations =
        kind == TrackKind.AUDIO
            ? Arrays.stream(counts).mapToLong(c -> (long) c * FRAME).toArray()
            : new long[0];
    var index =
        new FragmentIndex(
            starts,
            starts[starts.length - 1] + 100_000,
            new long[starts.length],
            new int[starts.length],
            new long[starts.length],
            1,
            durations);
    return new Track(
        made.name(),
        made.bitrate(),
        made.kind(),
        made.language(),
        made.header(),
        made.codec(),
        index,
        made.object());
  }

  private static FragmentSamples samples(int count) {
    int[] durations = new int[count];
    Arrays.fill(durations, FRAME);
    return new FragmentSamples(
        new long[count], new int[count], durations, new int[count], new int[count], 1, 1);
  }
}
