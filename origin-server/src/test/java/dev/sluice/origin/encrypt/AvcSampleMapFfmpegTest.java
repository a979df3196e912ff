package dev.sluice.origin.encrypt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.codec.AnnexB;
import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.codec.AvcNalType;
import dev.sluice.origin.codec.AvcParameterSets;
import dev.sluice.origin.codec.AvcSliceHeader;
import dev.sluice.origin.media.Scheme;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans streams that x264 makes. */
final class AvcSampleMapFfmpegTest {
  private static final Path FOLDER = Path.of("target", "avc-corpus");

  @ParameterizedTest
  @CsvSource({"plan-one, slices=1", "plan-four, slices=4:cabac=0", "plan-field, slices=8:tff=1"})
  void leavesHeadersClearAndNearlyAllElseProtected(String name, String options)
      throws IOException, InterruptedException {
    var file = FOLDER.resolve(name + ".h264");
    encode(file, options);
    var samples = new ArrayList<byte[]>();
    var sets = new ArrayList<byte[]>();
    var pictures = pictures(AnnexB.units(Files.readAllBytes(file)), sets);
    for (var picture : pictures) {
      samples.add(FragmentOfBytes.sample(4, picture.toArray(byte[][]::new)));
    }
    var config = new AvcConfig(100, 0, 10, 4, List.of(sets.get(0)), List.of(sets.get(1)));
    var fragment = new FragmentOfBytes(0, samples);
    var map = AvcSampleMap.plan(fragment.samples(), config, fragment, Scheme.CENC);
    for (int sample = 0; sample < samples.size(); sample++) {
      assertThat(protectedRanges(map, sample)).isEqualTo(expected(pictures.get(sample), config));
      var alone = new FragmentOfBytes(0, List.of(samples.get(sample)));
      var mapAlone = AvcSampleMap.plan(alone.samples(), config, alone, Scheme.CENC);
      assertThat(protectedRanges(mapAlone, 0)).isEqualTo(protectedRanges(map, sample));
    }
    long total = fragment.samples().totalBytes();
    assertThat(map.totalProtectedBytes()).isBetween(total * 7 / 10, total);
  }

  private static List<Integer> protectedRanges(SubsampleMap map, int sample) {
    var ranges = new ArrayList<Integer>();
    int position = 0;
    for (int k = 0; k < map.entryCount(sample); k++) {
      position += map.clearBytes(sample, k);
      if (map.protectedBytes(sample, k) > 0) {
        ranges.add(position);
        ranges.add(map.protectedBytes(sample, k));
      }
      position += map.protectedBytes(sample, k);
    }
    return ranges;
  }

  private static List<Integer> expected(List<byte[]> picture, AvcConfig config) {
    var ranges = new ArrayList<Integer>();
    int end = 0;
    for (byte[] nal : picture) {
      end += 4 + nal.length;
      if (AvcNalType.require(nal[0]) == AvcNalType.SLICE) {
        int header = AvcSliceHeader.lengthBytes(nal, AvcParameterSets.of(config));
        int blocks = (nal.length - header) / 16;
        if (blocks > 0) {
          ranges.add(end - 16 * blocks);
          ranges.add(16 * blocks);
        }
      }
    }
    return ranges;
  }

  /** The units of each picture, which begins with a delimiter; the first sets apart too. */
  private static List<List<byte[]>> pictures(List<byte[]> units, List<byte[]> sets) {
    var pictures = new ArrayList<List<byte[]>>();
    for (byte[] nal : units) {
      if (AvcNalType.of(nal[0]) == 9) {
        pictures.add(new ArrayList<>());
      }
      pictures.getLast().add(nal);
      if (AvcNalType.require(nal[0]) == AvcNalType.PARAMETER_SET) {
        sets.add(nal);
      }
    }
    return pictures;
  }

  private static void encode(Path file, String options) throws IOException, InterruptedException {
    Files.createDirectories(FOLDER);
    var process =
        new ProcessBuilder(
                "ffmpeg",
                "-y",
                "-v",
                "error",
                "-f",
                "lavfi",
                "-i",
                "testsrc2=s=320x176:r=25:d=1",
                "-pix_fmt",
                "yuv420p",
                "-c:v",
                "libx264",
                "-threads",
                "1",
                "-x264-params",
                options + ":aud=1:qp=18",
                file.toString())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }
}
