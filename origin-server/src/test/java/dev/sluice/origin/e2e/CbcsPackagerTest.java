package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.oracle.Ffmpeg;
import dev.sluice.origin.oracle.ShakaPackager;
import dev.sluice.origin.segment.SegmentBoxes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code cbcs} is a function of key and constant IV alone, so what the packager writes equals ours
 * byte for byte. Its tracks all have the id 1: it crashes on others.
 */
final class CbcsPackagerTest {
  @TempDir private static Path folder;

  @ParameterizedTest
  @CsvSource({
    "slices, VIDEO",
    "slices, AUDIO",
    "sidx, VIDEO",
    "sidx, AUDIO",
    "mfra, VIDEO",
    "bare, AUDIO"
  })
  void equalsThePackagersAndDecryptsToTheSource(String title, TrackKind kind) throws IOException {
    Path root = title.equals("slices") ? TestMedia.root() : SourceTitles.root();
    var track = DirectTrack.of(root, title, kind);
    List<byte[]> segments = track.segments(SegmentBoxes.CMAF, Scheme.CBCS);
    assertThat(segments).hasSizeGreaterThan(1);
    byte[] ours = join(segments);
    byte[] init = track.init(Scheme.CBCS);

    byte[] packaged = packaged(track);
    assertThat(samples(ours)).isEqualTo(samples(packaged)).hasSizeGreaterThan(10_000);
    assertThat(auxiliaryInformation(ours)).isEqualTo(auxiliaryInformation(packaged));
    assertThat(trackEncryption(init)).isEqualTo(trackEncryption(packaged));
    assertThat(samples(ours))
        .isNotEqualTo(samples(join(track.segments(SegmentBoxes.CMAF, Scheme.CLEAR))));

    var expected = Ffmpeg.packetHashes(Ffmpeg.Input.file(track.file())).get(0);
    assertThat(expected).hasSizeGreaterThan(50);
    var piped = Ffmpeg.Input.piped(init, ours);
    assertThat(Ffmpeg.packetHashes(piped.decryptedWith(DirectTrack.KEY)).get(0))
        .as("by ffmpeg")
        .isEqualTo(expected);
    assertThat(Ffmpeg.packetHashes(piped).get(0)).as("without a key").isNotEqualTo(expected);
    assertThat(decrypted(track, init, ours)).as("by the packager").isEqualTo(expected);
  }

  /** Of these, the first tracks of their kind, the audio has the id 2. */
  @ParameterizedTest
  @CsvSource({"muxed, VIDEO", "muxed, AUDIO", "show, VIDEO", "show, AUDIO"})
  void decryptsToTheSourceWhateverTheTracksId(String title, TrackKind kind) {
    var track = DirectTrack.of(TestMedia.root(), title, kind);
    int stream = kind == TrackKind.VIDEO ? 0 : 1;
    assertThat(track.track().header().trackId()).isEqualTo(stream + 1);
    byte[] segments = join(track.segments(SegmentBoxes.CMAF, Scheme.CBCS));
    var piped =
        Ffmpeg.Input.piped(track.init(Scheme.CBCS), segments).decryptedWith(DirectTrack.KEY);
    assertThat(Ffmpeg.packetHashes(piped).get(0))
        .hasSizeGreaterThan(50)
        .isEqualTo(Ffmpeg.packetHashes(Ffmpeg.Input.file(track.file())).get(stream));
  }

  private static byte[] packaged(DirectTrack track) throws IOException {
    Path out = Files.createTempFile(folder, "packaged", ".mp4");
    ShakaPackager.encrypt(
        track.file(),
        stream(track),
        out,
        DirectTrack.KEY_ID,
        DirectTrack.KEY,
        HexFormat.of().formatHex(DirectTrack.CONSTANT_IV.toArray()),
        "cbcs");
    return Files.readAllBytes(out);
  }

  private static List<String> decrypted(DirectTrack track, byte[] init, byte[] segments)
      throws IOException {
    Path in = Files.createTempFile(folder, "ours", ".mp4");
    Path out = Files.createTempFile(folder, "clear", ".mp4");
    Files.write(in, join(List.of(init, segments)));
    ShakaPackager.decrypt(in, stream(track), out, Map.of(DirectTrack.KEY_ID, DirectTrack.KEY));
    return Ffmpeg.packetHashes(Ffmpeg.Input.file(out)).values().iterator().next();
  }

  private static String stream(DirectTrack track) {
    return track.track().kind().name().toLowerCase(Locale.ROOT);
  }

  /** The samples of all fragments, in decode order. */
  private static byte[] samples(byte[] file) {
    var out = new ByteArrayOutputStream();
    for (var mdat : BoxWalk.all(file, "mdat")) {
      out.writeBytes(mdat.payloadOf(file));
    }
    return out.toByteArray();
  }

  /** The entries of {@code senc} of all fragments; none for audio. */
  private static byte[] auxiliaryInformation(byte[] file) {
    var out = new ByteArrayOutputStream();
    for (var senc : BoxWalk.all(file, "moof", "traf", "senc")) {
      byte[] payload = senc.payloadOf(file);
      out.write(payload, 8, payload.length - 8);
    }
    return out.toByteArray();
  }

  private static byte[] trackEncryption(byte[] file) {
    int at = new String(file, StandardCharsets.ISO_8859_1).indexOf("tenc");
    return Arrays.copyOfRange(file, at - 4, at - 4 + 49);
  }

  private static byte[] join(List<byte[]> parts) {
    var out = new ByteArrayOutputStream();
    parts.forEach(out::writeBytes);
    return out.toByteArray();
  }
}
