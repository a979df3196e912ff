package dev.sluice.origin.segment.ts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.codec.AvcReordering;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.oracle.Ffmpeg;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How far decode times are set back, and the parameter sets that tell it, as x264 writes them. */
final class DecodeLeadTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "negative, 1024", // two frames of 512 ticks
    "edited, 0", // offsets are positive
    "muxed, 1024", // two of 512
    "smooth, 833334", // two twenty-fourths of a second, rounded up
    "slow, 0", // Baseline profile
  })
  void isAsLongAsPicturesWait(String title, long expected) {
    var track = TsTitles.track(title, TrackKind.VIDEO);
    assertThat(DecodeLead.ticks(track.header(), (AvcConfig) track.codec())).isEqualTo(expected);
  }

  @Test
  void isATenthOfASecondWhereNothingTells() {
    var header = TsTitles.track(TsTitles.NEGATIVE, TrackKind.VIDEO).header();
    var config = new AvcConfig(100, 0, 30, 4, List.of(new byte[] {0x67, 0x64}), List.of());
    assertThat(DecodeLead.ticks(header, config)).isEqualTo(1280);
    var without = new AvcConfig(100, 0, 30, 4, List.of(), List.of());
    assertThat(DecodeLead.ticks(header, without)).isEqualTo(1280);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-bf 0 | nal-hrd=none | 0",
        "-bf 1 | nal-hrd=vbr:vbv-maxrate=500:vbv-bufsize=500 | 1",
        "-bf 3 | nal-hrd=cbr:bitrate=400:vbv-maxrate=400:vbv-bufsize=500:pic-struct=1 | 2",
        "-bf 3 -aspect 7:5 | overscan=crop:chromaloc=2:colorprim=bt709:videoformat=pal | 2",
        "-bf 3 | b-pyramid=none:interlaced=1:range=pc:sar=16/11 | 1",
      })
  void readsWhatX264Says(String options, String parameters, int expected) throws IOException {
    Path file = folder.resolve("v.264");
    var arguments = new ArrayList<>(List.of("-f", "lavfi", "-i"));
    // A height that needs cropping.
    arguments.add("testsrc2=size=322x180:rate=25:duration=1");
    arguments.addAll(List.of("-c:v", "libx264", "-pix_fmt", "yuv420p"));
    arguments.addAll(Arrays.asList(options.strip().split(" ", -1)));
    arguments.addAll(List.of("-x264-params", parameters.strip(), file.toString()));
    Ffmpeg.make(arguments);
    byte[] sps =
        Segments.nals(Files.readAllBytes(file)).stream()
            .filter(nal -> (nal[0] & 0x1f) == 7)
            .findFirst()
            .orElseThrow();
    var read = AvcReordering.read(ByteBuffer.wrap(sps)).orElseThrow();
    assertThat(read.maxFrames()).isEqualTo(expected);
    assertThat((double) read.frameUnits() / read.unitsPerSecond()).isEqualTo(0.04);
    for (int length = 0; length < sps.length; length++) {
      // Cut short at any byte: nothing, or (where only the last fields are gone) the same.
      assertThat(AvcReordering.read(ByteBuffer.wrap(sps, 0, length)))
          .isIn(Optional.empty(), Optional.of(read));
    }
  }
}
