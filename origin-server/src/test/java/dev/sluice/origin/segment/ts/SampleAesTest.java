package dev.sluice.origin.segment.ts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.oracle.ShakaPackager;
import dev.sluice.origin.track.Track;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * SAMPLE-AES, decrypted by a second implementation of the format's text, and compared with Shaka
 * Packager's. ffmpeg is of no use here: it fails on the packager's streams, too.
 */
final class SampleAesTest {
  private static final byte[] KEY = HexFormat.of().parseHex(Segments.KEY_HEX);
  private static final byte[] IV = HexFormat.of().parseHex(Segments.IV_HEX);
  @TempDir Path folder;

  static Stream<String> titles() {
    return TsTitles.ALL.stream();
  }

  @ParameterizedTest
  @MethodSource("titles")
  void isDecryptedToTheSource(String title) {
    var video = TsTitles.track(title, TrackKind.VIDEO);
    var audio = TsTitles.track(title, TrackKind.AUDIO);
    var parsed = TsParser.parse(Segments.all(true, video, audio));
    requireSlices(title, video, parsed);
    requireFrames(audio, parsed);
  }

  private static void requireSlices(String title, Track video, TsParser parsed) {
    var pes = parsed.of(ProgramTables.VIDEO_PID);
    int unit = 0;
    int encrypted = 0;
    int escaped = 0;
    for (int f = 0; f < video.fragments().count(); f++) {
      var samples = TsTitles.samples(video, f);
      for (int i = 0; i < samples.count(); i++) {
        var expected = slices(Segments.lengthPrefixed(TsTitles.bytes(video, samples, i)));
        var found = slices(Segments.nals(pes.get(unit).payload()));
        assertThat(found).hasSameSizeAs(expected);
        for (int n = 0; n < found.size(); n++) {
          byte[] nal = found.get(n);
          assertThat(decryptSlice(nal)).isEqualTo(expected.get(n));
          encrypted += expected.get(n).length > 48 ? 1 : 0;
          escaped += nal.length > expected.get(n).length ? 1 : 0;
          assertThat(Arrays.equals(nal, expected.get(n))).isEqualTo(nal.length <= 48);
        }
        unit++;
      }
    }
    assertThat(unit).isEqualTo(pes.size());
    assertThat(encrypted).isGreaterThan(20);
    if (title.equals(TsTitles.MUXED)) {
      assertThat(escaped).as("slices with emulation prevention of their own").isPositive();
    }
  }

  /** The unit has such bytes already, and the last of them behind the encrypted blocks. */
  @Test
  void appliesEmulationPreventionToTheWholeUnitAgain() {
    byte[] nal = new byte[60];
    Arrays.fill(nal, (byte) 0x77);
    nal[0] = 0x65;
    System.arraycopy(new byte[] {0, 0, 3, 1, 0, 0, 3, 0, 0, 3, 3}, 0, nal, 5, 11);
    System.arraycopy(new byte[] {0, 0, 3, 2, 0, 0, 3}, 0, nal, 53, 7);
    var samples = HandMade.of(HandMade.avc(nal));
    var parsed = TsParser.parse(samples.segment(TrackKind.VIDEO, true));
    var found = slices(Segments.nals(parsed.pes.getFirst().payload())).getFirst();
    String hex = HexFormat.of().formatHex(found);
    assertThat(hex).startsWith("6577777777" + "0000030301" + "0000030300" + "00030303" + "77");
    assertThat(hex).endsWith("0000030302" + "00000303");
    assertThat(decryptSlice(found)).isEqualTo(nal);
  }

  private static void requireFrames(Track audio, TsParser parsed) {
    var frames = new ArrayList<byte[]>();
    parsed.of(ProgramTables.AUDIO_PID).forEach(p -> frames.addAll(Segments.frames(p.payload())));
    int at = 0;
    for (int f = 0; f < audio.fragments().count(); f++) {
      var samples = TsTitles.samples(audio, f);
      for (int i = 0; i < samples.count(); i++) {
        byte[] expected = TsTitles.bytes(audio, samples, i);
        assertThat(decryptFrame(frames.get(at))).isEqualTo(expected);
        assertThat(Arrays.equals(frames.get(at), expected)).isEqualTo(expected.length < 32);
        at++;
      }
    }
    assertThat(at).isEqualTo(frames.size());
  }

  @Test
  void isSignalledAsTheFormatSays() {
    var parsed =
        TsParser.parse(
            Segments.all(
                true,
                TsTitles.track(TsTitles.MUXED, TrackKind.VIDEO),
                TsTitles.track(TsTitles.MUXED, TrackKind.AUDIO)));
    var video = parsed.stream(ProgramTables.VIDEO_PID);
    assertThat(video.type()).isEqualTo(0xdb);
    assertThat(HexFormat.of().formatHex(video.descriptors())).isEqualTo("0f04" + ascii("zavc"));
    var audio = parsed.stream(ProgramTables.AUDIO_PID);
    assertThat(audio.type()).isEqualTo(0xcf);
    String config = "118856e500"; // AAC-LC, 48 kHz, mono, and ffmpeg's note that there is no SBR
    assertThat(HexFormat.of().formatHex(audio.descriptors()))
        .isEqualTo(
            "0f04"
                + ascii("aacd")
                + "0511"
                + ascii("apad")
                + ascii("zaac")
                + "0000"
                + "01"
                + "05"
                + config);
  }

  /** Every length around each edge of the pattern. */
  @Test
  void encryptsABlockOnlyWhereMoreIsLeft() {
    for (int length = 1; length < 700; length++) {
      byte[] slice = new byte[length];
      Arrays.fill(slice, (byte) 0x41);
      byte[] encrypted = slice.clone();
      try (var aes = Segments.sampleAes()) {
        aes.slice(encrypted, 0, length);
      }
      for (int block = 0; 32 + block * 16 < length; block++) {
        int from = 32 + block * 16;
        int to = Math.min(length, from + 16);
        boolean expected = block % 10 == 0 && length - from > 16;
        assertThat(Arrays.equals(encrypted, from, to, slice, from, to))
            .as("block %d of %d bytes is clear", block, length)
            .isEqualTo(!expected);
      }
      assertThat(Arrays.equals(encrypted, 0, Math.min(32, length), slice, 0, Math.min(32, length)))
          .isTrue();
    }
  }

  @Test
  void encryptsEveryWholeBlockOfAFrameBehindItsFirst() {
    for (int length = 0; length < 100; length++) {
      byte[] frame = new byte[length];
      byte[] encrypted = frame.clone();
      try (var aes = Segments.sampleAes()) {
        aes.audioFrame(encrypted, 0, length);
      }
      for (int from = 0; from < length; from += 16) {
        int to = Math.min(length, from + 16);
        assertThat(Arrays.equals(encrypted, from, to, frame, from, to))
            .isEqualTo(from == 0 || to - from < 16);
      }
      assertThat(decryptFrame(encrypted)).isEqualTo(frame);
    }
  }

  /** The packager cuts segments elsewhere, so the slices and frames of the whole are compared. */
  @ParameterizedTest
  @ValueSource(strings = {TsTitles.EDITED, TsTitles.NEGATIVE, TsTitles.MUXED})
  void equalsShakaPackagersBytes(String title) throws IOException {
    var video = TsTitles.track(title, TrackKind.VIDEO);
    var audio = TsTitles.track(title, TrackKind.AUDIO);
    var pictures = new ArrayList<byte[]>();
    for (byte[] segment : packaged(video, "video")) {
      pictures.addAll(slices(Segments.nals(esOf(segment))));
    }
    var ours = new ArrayList<byte[]>();
    for (var pes : TsParser.parse(Segments.all(true, video)).pes) {
      ours.addAll(slices(Segments.nals(pes.payload())));
    }
    assertThat(ours).hasSameSizeAs(pictures);
    for (int i = 0; i < ours.size(); i++) {
      assertThat(ours.get(i)).as("slice %d", i).isEqualTo(pictures.get(i));
    }
    var sound = new ArrayList<byte[]>();
    for (byte[] segment : packaged(audio, "audio")) {
      sound.addAll(Segments.frames(esOf(segment)));
    }
    var ourSound = new ArrayList<byte[]>();
    for (var pes : TsParser.parse(Segments.all(true, audio)).pes) {
      ourSound.addAll(Segments.frames(pes.payload()));
    }
    assertThat(ourSound).hasSameSizeAs(sound);
    for (int i = 0; i < sound.size(); i++) {
      assertThat(ourSound.get(i)).as("frame %d", i).isEqualTo(sound.get(i));
    }
  }

  private List<byte[]> packaged(Track track, String stream) throws IOException {
    Path out = Files.createDirectories(folder.resolve(stream));
    ShakaPackager.run(
        List.of(
            "in=%s,stream=%s,segment_template=%s/$Number%%05d$.ts"
                .formatted(TsTitles.file(track), stream, out),
            "--enable_raw_key_encryption",
            "--keys",
            "key_id=%s:key=%s"
                .formatted(
                    KeyId.parse("8ba94ade-6eb9-449d-b44f-a5beefaf43b0")
                        .orElseThrow()
                        .toString()
                        .replace("-", ""),
                    Segments.KEY_HEX),
            "--iv",
            Segments.IV_HEX,
            "--protection_scheme",
            "cbcs",
            "--clear_lead",
            "0",
            "--hls_master_playlist_output",
            out.resolve("master.m3u8").toString()));
    var segments = new ArrayList<byte[]>();
    try (var files = Files.list(out)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".ts")).sorted().toList()) {
        segments.add(Files.readAllBytes(file));
      }
    }
    return segments;
  }

  /** The elementary stream of a segment that may be written otherwise than ours. */
  private static byte[] esOf(byte[] segment) {
    var out = new ByteArrayOutputStream();
    for (int at = 0; at < segment.length; at += 188) {
      int pid = (segment[at + 1] & 0x1f) << 8 | (segment[at + 2] & 0xff);
      if (pid == 0 || pid == 0x20) {
        continue;
      }
      int from = at + 4;
      if ((segment[at + 3] & 0x20) != 0) {
        from += 1 + (segment[from] & 0xff);
      }
      if ((segment[at + 1] & 0x40) != 0) {
        from += 9 + (segment[from + 8] & 0xff);
      }
      out.write(segment, from, at + 188 - from);
    }
    return out.toByteArray();
  }

  private static List<byte[]> slices(List<byte[]> nals) {
    return nals.stream().filter(n -> (n[0] & 0x1f) == 1 || (n[0] & 0x1f) == 5).toList();
  }

  /**
   * The text read from the other side: remove the emulation prevention that was applied last, then
   * one block in ten, chained, each block by hand from ECB.
   */
  private static byte[] decryptSlice(byte[] nal) {
    if (nal.length <= 48) {
      return nal;
    }
    byte[] bytes = withoutEmulationPrevention(nal);
    byte[] chain = IV;
    int at = 32;
    int left = bytes.length - 32;
    while (left > 0) {
      if (left > 16) {
        byte[] cipherText = Arrays.copyOfRange(bytes, at, at + 16);
        decryptBlock(bytes, at, chain);
        chain = cipherText;
        at += 16;
        left -= 16;
      }
      int clear = Math.min(144, left);
      at += clear;
      left -= clear;
    }
    return bytes;
  }

  private static byte[] decryptFrame(byte[] frame) {
    byte[] bytes = frame.clone();
    byte[] chain = IV;
    for (int at = 16; bytes.length - at >= 16; at += 16) {
      byte[] cipherText = Arrays.copyOfRange(bytes, at, at + 16);
      decryptBlock(bytes, at, chain);
      chain = cipherText;
    }
    return bytes;
  }

  private static void decryptBlock(byte[] bytes, int at, byte[] chain) {
    try {
      var ecb = Cipher.getInstance("AES/ECB/NoPadding");
      ecb.init(Cipher.DECRYPT_MODE, new SecretKeySpec(KEY, "AES"));
      byte[] block = ecb.doFinal(bytes, at, 16);
      for (int i = 0; i < 16; i++) {
        bytes[at + i] = (byte) (block[i] ^ chain[i]);
      }
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] withoutEmulationPrevention(byte[] nal) {
    var out = new ByteArrayOutputStream();
    for (int i = 0; i < nal.length; i++) {
      if (i >= 2 && nal[i] == 3 && nal[i - 1] == 0 && nal[i - 2] == 0) {
        continue;
      }
      out.write(nal[i]);
    }
    return out.toByteArray();
  }

  private static String ascii(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
  }
}
