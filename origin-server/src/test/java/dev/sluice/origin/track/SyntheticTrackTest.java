package dev.sluice.origin.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.failure.ContentFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Fragments made by hand behind the {@code moov} of a title made by ffmpeg. */
final class SyntheticTrackTest {
  private static final int SAMPLE_TICKS = 512;

  @Test
  void indexesADayOfTwoSecondFragments() throws IOException {
    int fragments = 43_200;
    FragmentIndex index = index(ofFragments(fragments), new TrackProblems());
    assertThat(index.count()).isEqualTo(fragments);
    assertThat(index.endTicks()).isEqualTo(fragments * 50L * SAMPLE_TICKS);
    assertThat(index.find(20_000L * 50 * SAMPLE_TICKS)).isEqualTo(20_000);
    assertThat(index.find(1)).isEqualTo(-1);
    assertThat(index.maxSampleCount()).isEqualTo(50);
  }

  @Test
  void acceptsAGapAndTellsOfIt() throws IOException {
    var problems = new TrackProblems();
    FragmentIndex index = index(two(10_000, 0x02000000), problems);
    assertThat(index.durationTicks(0)).isEqualTo(1_024);
    assertThat(index.startTicks(1)).isEqualTo(10_000);
    assertThat(problems.all())
        .containsExactly("track 1: a gap of 8976 ticks before the fragment at 10000");
  }

  @Test
  void refusesAnOverlapOfMoreThanOneSample() throws IOException {
    byte[] file = two(500, 0x02000000);
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> index(file, new TrackProblems()))
        .withMessageStartingWith(
            "track 1: start: 500 ticks (expected: 1024, the end of the fragment before)");
  }

  @Test
  void joinsAFragmentThatDoesNotBeginWithASyncSample() throws IOException {
    FragmentIndex index = index(two(2 * SAMPLE_TICKS, 0x01010000), new TrackProblems());
    assertThat(index.count()).isEqualTo(1);
    assertThat(index.endTicks()).isEqualTo(4 * SAMPLE_TICKS);
    assertThat(index.sampleBytes(0)).isEqualTo(4);
  }

  @Test
  void refusesVideoThatDoesNotBeginWithASyncSample() throws IOException {
    var file = new ByteArrayOutputStream();
    file.write(header());
    file.write(fragment(0, 2, 1, 0x01010000));
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> index(file.toByteArray(), new TrackProblems()))
        .withMessageStartingWith("track 1: first sample: no sync sample (expected: one)");
  }

  @Test
  void refusesSamplesThatTheFileCannotHold() throws IOException {
    var file = new ByteArrayOutputStream();
    file.write(header());
    file.write(fragment(0, 1 << 20, 1000, 0x02000000));
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> index(file.toByteArray(), new TrackProblems()))
        .withMessageStartingWith("sample_count: 1048576 of size 1000 (expected: within the file's");
  }

  @Test
  void refusesManySamplesWithoutBytes() throws IOException {
    var file = new ByteArrayOutputStream();
    file.write(header());
    file.write(fragment(0, 1 << 20, 0, 0x02000000));
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> index(file.toByteArray(), new TrackProblems()))
        .withMessageStartingWith("sample_count: 1048576 of size 0 (expected: <= 4096)");
  }

  /** A file with one video track of so many fragments of two seconds. */
  static byte[] ofFragments(int fragments) throws IOException {
    var file = new ByteArrayOutputStream();
    file.write(header());
    for (int i = 0; i < fragments; i++) {
      file.write(fragment(i * 50L * SAMPLE_TICKS, 50, 1, 0x02000000));
    }
    return file.toByteArray();
  }

  private static byte[] two(long secondStart, int secondFlags) throws IOException {
    var file = new ByteArrayOutputStream();
    file.write(header());
    file.write(fragment(0, 2, 1, 0x02000000));
    file.write(fragment(secondStart, 2, 1, secondFlags));
    return file.toByteArray();
  }

  private static byte[] header() throws IOException {
    byte[] file = Files.readAllBytes(TestTitles.root().resolve("ladder/video.mp4"));
    int sidx = new String(file, StandardCharsets.ISO_8859_1).indexOf("sidx") - 4;
    return ByteBuffer.allocate(sidx).put(file, 0, sidx).array();
  }

  private static byte[] fragment(long start, int samples, int sampleBytes, int flags) {
    int moof = 8 + 16 + 8 + 28 + 20 + 20;
    int mdat = 8 + Math.min(samples * sampleBytes, 64);
    ByteBuffer out = ByteBuffer.allocate(moof + mdat);
    out.putInt(moof).putInt(0x6d6f6f66);
    out.putInt(16).putInt(0x6d666864).putInt(0).putInt(1);
    out.putInt(moof - 24).putInt(0x74726166);
    out.putInt(28).putInt(0x74666864).putInt(0x020038).putInt(1);
    out.putInt(SAMPLE_TICKS).putInt(sampleBytes).putInt(flags);
    out.putInt(20).putInt(0x74666474).putInt(0x01000000).putLong(start);
    out.putInt(20).putInt(0x7472756e).putInt(1).putInt(samples).putInt(moof + 8);
    out.putInt(mdat).putInt(0x6d646174);
    return out.array();
  }

  private static FragmentIndex index(byte[] file, TrackProblems problems) {
    return Mp4Reader.read(MemoryObject.of(file, file.length), problems)
        .tracks()
        .getFirst()
        .fragments()
        .orElseThrow();
  }
}
