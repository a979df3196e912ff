package dev.sluice.origin.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares with what ffmpeg's {@code trace_headers} finds in streams that x264 makes. */
final class AvcSliceHeaderFfmpegTest {
  private static final Path FOLDER = Path.of("target", "avc-corpus");
  private static final Pattern FIELD = Pattern.compile("\\] (\\d+) +\\S+ +([01]+) = -?\\d+");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "baseline-slices | yuv420p     | baseline | slices=4:ref=3",
        "main-interlaced | yuv420p     | main     | tff=1:bframes=3:weightp=0:slices=2",
        "main-cavlc      | yuv420p     | main     | cabac=0:bframes=2:weightp=1",
        "fake-interlaced | yuv420p     | high     | fake-interlaced=1:bframes=2",
        "weighted        | yuv420p     | high     | weightp=2:weightb=1:bframes=3:b-adapt=0:ref=5",
        "pyramid         | yuv420p     | high     | b-pyramid=normal:bframes=5:b-adapt=0:ref=4",
        "open-gop        | yuv420p     | high     | open-gop=1:keyint=12:bframes=3:ref=4",
        "high-422        | yuv422p     | high422  | slices=8:ref=4:weightp=2",
        "high-444        | yuv444p     | high444  | slices=2:weightp=2",
        "high-10         | yuv420p10le | high10   | cqm=jvt:ref=4:weightp=2",
        "interlaced-many | yuv420p     | high     | bff=1:slices=8:ref=6:b-pyramid=strict:bframes=4",
        "no-deblock      | yuv420p     | high     | no-deblock=1:slices=2",
        "one-slice-size  | yuv420p     | high     | slice-max-size=400:constrained-intra=1",
      })
  void findsTheSameEndsAsFfmpeg(String name, String format, String profile, String options)
      throws IOException, InterruptedException {
    var file = FOLDER.resolve(name + ".h264");
    Files.createDirectories(FOLDER);
    run(
        "ffmpeg",
        "-y",
        "-v",
        "error",
        "-f",
        "lavfi",
        "-i",
        "testsrc2=s=176x144:r=25:d=1,fade=in:0:12,noise=alls=12:allf=t",
        "-pix_fmt",
        format,
        "-c:v",
        "libx264",
        "-profile:v",
        profile,
        "-threads",
        "1",
        "-x264-params",
        options,
        file.toString());
    var expected = endsInBits(trace(file));
    var slices = new ArrayList<Integer>();
    var rawLengths = new ArrayList<Integer>();
    var sets = AvcParameterSets.of(new AvcConfig(0, 0, 0, 4, List.of(), List.of()));
    for (byte[] nal : AnnexB.units(Files.readAllBytes(file))) {
      sets = sets.accept(nal);
      if (AvcNalType.require(nal[0]) == AvcNalType.SLICE) {
        slices.add(AvcSliceHeader.lengthBytes(nal, sets));
        int index = rawLengths.size();
        assertThat(index).isLessThan(expected.size());
        rawLengths.add(rawLength(nal, (expected.get(index) + 7) / 8));
      }
    }
    assertThat(slices).hasSizeGreaterThan(24).hasSameSizeAs(expected).isEqualTo(rawLengths);
  }

  /**
   * ffmpeg knows more bounds than we need, so it refuses some of these headers; all that it reads
   * to their end have to be ours, bit by bit.
   */
  @Test
  void drawsHeadersThatFfmpegReadsTheSameWay() throws IOException, InterruptedException {
    var drawn = new HashSet<String>();
    var stream = new ByteArrayOutputStream();
    for (int seed = 0; seed < 1500; seed++) {
      var syntax = new AvcSyntax(seed);
      writeUnit(stream, syntax.sps());
      writeUnit(stream, syntax.pps());
      for (int i = 0; i < 2; i++) {
        var header = syntax.slice();
        drawn.add(header.bits());
        writeUnit(stream, header.toNal(40, 0xff));
      }
    }
    Files.createDirectories(FOLDER);
    var file = FOLDER.resolve("drawn.h264");
    Files.write(file, stream.toByteArray());
    var read = headersReadWhole(trace(file));
    assertThat(drawn).containsAll(read);
    assertThat(read).hasSizeGreaterThan(1000);
  }

  private static void writeUnit(ByteArrayOutputStream stream, byte[] nal) {
    stream.writeBytes(new byte[] {0, 0, 0, 1});
    stream.writeBytes(nal);
  }

  private static String trace(Path file) throws IOException, InterruptedException {
    return run(
        "ffmpeg",
        "-v",
        "info",
        "-nostats",
        "-f",
        "h264",
        "-i",
        file.toString(),
        "-c",
        "copy",
        "-bsf:v",
        "trace_headers",
        "-f",
        "null",
        "-");
  }

  /** The bits of the slice headers in ffmpeg's log that it did not refuse half-way. */
  private static List<String> headersReadWhole(String log) {
    var headers = new ArrayList<String>();
    @Nullable StringBuilder header = null;
    for (String line : log.lines().filter(l -> l.startsWith("[trace_headers")).toList()) {
      var field = FIELD.matcher(line);
      if (header != null && field.find()) {
        if (!line.contains("cabac_alignment_one_bit")) {
          header.append(field.group(2));
        }
        continue;
      }
      boolean refused = line.contains("out of range") && !line.contains("cabac_alignment_one_bit");
      if (header != null && !refused) {
        headers.add(header.toString());
      }
      header = line.endsWith("] Slice Header") ? new StringBuilder() : null;
    }
    return headers;
  }

  /** The position behind the last field of each slice header in ffmpeg's log. */
  private static List<Integer> endsInBits(String log) {
    var ends = new ArrayList<Integer>();
    boolean inSlice = false;
    for (String line : log.lines().toList()) {
      var field = FIELD.matcher(line);
      if (line.endsWith("] Slice Header")) {
        inSlice = true;
        ends.add(0);
      } else if (!field.find()) {
        inSlice = false;
      } else if (inSlice) {
        ends.set(ends.size() - 1, Integer.parseInt(field.group(1)) + field.group(2).length());
      }
    }
    return ends;
  }

  /** How many bytes of the unit the first bytes of its RBSP take. */
  private static int rawLength(byte[] nal, int rbspBytes) {
    int raw = 0;
    for (int rbsp = 0; rbsp < rbspBytes; rbsp++) {
      if (raw >= 2 && nal[raw] == 3 && nal[raw - 1] == 0 && nal[raw - 2] == 0) {
        raw++;
      }
      raw++;
    }
    return raw;
  }

  private static String run(String... command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
