package dev.sluice.origin.manifest.dash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.manifest.XmlWriter;
import dev.sluice.origin.track.FragmentIndex;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class TimelineTest {
  @Test
  void statesTheSamplesDurationsAndTheTimeBehindAGap() {
    assertThat(timeline(new long[] {0, 10, 25, 35}, 10, 10, 10, 10))
        .isEqualTo("<S t=\"0\" d=\"10\" r=\"1\"/><S t=\"25\" d=\"10\" r=\"1\"/>");
  }

  @Test
  void writesNoTimeWhereSegmentsFollowEachOther() {
    assertThat(timeline(new long[] {5, 15, 25}, 10, 10, 7))
        .isEqualTo("<S t=\"5\" d=\"10\" r=\"1\"/><S d=\"7\"/>");
  }

  @Test
  void statesTheTimeOfASegmentThatOverlaps() {
    assertThat(timeline(new long[] {0, 10}, 11, 10))
        .isEqualTo("<S t=\"0\" d=\"11\"/><S t=\"10\" d=\"10\"/>");
  }

  private static String timeline(long[] starts, long... durations) {
    int count = starts.length;
    long end = starts[count - 1] + durations[count - 1];
    var index =
        new FragmentIndex(
            starts, end, new long[count], new int[count], new long[count], 1, durations);
    var xml = new XmlWriter();
    Timeline.write(xml, index);
    return new String(xml.toBytes(), StandardCharsets.UTF_8)
        .replaceAll(">\\s+<", "><")
        .replaceAll("^.*<SegmentTimeline>|</SegmentTimeline>\\s*$", "");
  }
}
