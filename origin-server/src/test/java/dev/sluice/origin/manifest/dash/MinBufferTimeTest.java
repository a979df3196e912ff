package dev.sluice.origin.manifest.dash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.manifest.Tracks;
import dev.sluice.origin.track.FragmentIndex;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MinBufferTimeTest {
  private static final int BITRATE = 800_000;

  @Test
  void isTwoSecondsForSmallSegments() {
    assertThat(micros(Tracks.fragmentsOfSize(50_000, 0, 90_000, 90_000))).isEqualTo(2_000_000);
  }

  @Test
  void isTheTransferOfTheLargestSegmentWithTheAllowanceForBoxes() {
    // 500 kB and 2 % are 5.1 s at 100 kB a second.
    long[] sizes = {50_000, 500_000, 50_000};

    assertThat(micros(Tracks.fragmentsOfSizes(sizes, 0, 540_000, 540_000, 540_000)))
        .isEqualTo(5_100_000);
  }

  @Test
  void addsUpWhatSegmentsOweInARow() {
    // Each of the three takes 3.06 s and plays 2 s: 3.06 + 1.06 + 1.06 = 5.18.
    long[] sizes = {10_000, 300_000, 300_000, 300_000, 10_000};

    assertThat(
            micros(Tracks.fragmentsOfSizes(sizes, 0, 180_000, 180_000, 180_000, 180_000, 180_000)))
        .isEqualTo(5_200_000);
  }

  @Test
  void takesTheWorstTrack() {
    var good = Tracks.video(BITRATE, 640, 360, Tracks.fragmentsOfSize(1000, 0, 90_000));
    var bad = Tracks.video(BITRATE, 640, 360, Tracks.fragmentsOfSize(300_000, 0, 270_000));

    assertThat(MinBufferTime.micros(List.of(good, bad, good))).isEqualTo(3_100_000);
  }

  @Test
  void isSevenSecondsAtMostHoweverWrongTheBitrateIs() {
    assertThat(micros(Tracks.fragmentsOfSize(Integer.MAX_VALUE * 8L, 0, 1, 1, 1)))
        .isEqualTo(7_000_000);
    var silent = Tracks.video(1, 640, 360, Tracks.fragmentsOfSize(1L << 40, 0, 1, 1));
    assertThat(MinBufferTime.micros(List.of(silent))).isEqualTo(7_000_000);
  }

  private static long micros(FragmentIndex fragments) {
    return MinBufferTime.micros(List.of(Tracks.video(BITRATE, 640, 360, fragments)));
  }
}
