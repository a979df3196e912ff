package dev.sluice.origin.segment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.mp4.BoxWriter;
import dev.sluice.origin.mp4.TrackHeader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mp4parser.IsoFile;
import org.mp4parser.PropertyBoxParserImpl;
import org.mp4parser.boxes.iso14496.part12.MovieBox;
import org.mp4parser.boxes.iso14496.part12.OriginalFormatBox;
import org.mp4parser.boxes.iso14496.part12.SchemeTypeBox;
import org.mp4parser.boxes.iso14496.part12.TrackExtendsBox;
import org.mp4parser.boxes.iso23001.part7.TrackEncryptionBox;
import org.mp4parser.boxes.microsoft.PiffTrackEncryptionBox;
import org.mp4parser.boxes.sampleentry.AudioSampleEntry;
import org.mp4parser.tools.Path;

final class InitSegmentTest {
  private static final KeyId KEY_ID =
      KeyId.parse("8ba94ade-6eb9-449d-b44f-a5beefaf43b0").orElseThrow();
  private static final Optional<TrackEncryption> ENCRYPTED =
      Optional.of(TrackEncryption.cenc(KEY_ID));

  @Test
  void describesOneEncryptedTrackAndNothingElse() throws IOException {
    assertThat(BoxDump.of(init(entry(false, 0), ENCRYPTED)))
        .isEqualTo(golden("/golden/segment/init-encrypted.txt"));
  }

  @Test
  void statesThePatternAndTheConstantIvOfCbcs() throws IOException {
    var iv = Bytes.copyOf(java.util.HexFormat.of().parseHex("d5fbd6b82ed93e4ef98ae40931ee33b7"));
    String audio =
        BoxDump.of(init(entry(false, 0), Optional.of(TrackEncryption.cbcs(KEY_ID, iv, true))));
    assertThat(audio).isEqualTo(golden("/golden/segment/init-cbcs.txt"));
    // Of video one block of ten is encrypted; all else is the same.
    assertThat(
            BoxDump.of(init(entry(false, 0), Optional.of(TrackEncryption.cbcs(KEY_ID, iv, false)))))
        .isEqualTo(audio.replace("tenc 49 010000000000", "tenc 49 010000000019"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TrackEncryption.cbcs(KEY_ID, Bytes.copyOf(new byte[8]), true))
        .withMessage("constant IV: 8 bytes (expected: 16)");
  }

  @Test
  void statesCencInTheBoxesOfPiff() throws IOException {
    assertThat(BoxDump.of(init(entry(false, 0), Optional.of(TrackEncryption.piff(KEY_ID)))))
        .isEqualTo(golden("/golden/segment/init-piff.txt"));
    try (var file =
        new IsoFile(
            Channels.newChannel(
                new ByteArrayInputStream(
                    init(entry(false, 0), Optional.of(TrackEncryption.piff(KEY_ID))))),
            new PropertyBoxParserImpl())) {
      AudioSampleEntry entry =
          Path.getPath(file, "moov[0]/trak[0]/mdia[0]/minf[0]/stbl[0]/stsd[0]/enca[0]");
      PiffTrackEncryptionBox encryption = Path.getPath(entry, "sinf[0]/schi[0]/uuid[0]");
      assertThat(encryption.getDefault_KID())
          .isEqualTo(java.util.UUID.fromString(KEY_ID.toString()));
      assertThat(encryption.getDefaultAlgorithmId()).isEqualTo(1);
      assertThat(encryption.getDefaultIvSize()).isEqualTo(8);
    }
  }

  @Test
  void carriesOnTheEntryOfAClearTrack() {
    var entry = entry(false, 0);
    assertThat(BoxDump.of(init(entry, Optional.empty())))
        .contains("mp4a " + entry.size())
        .doesNotContain("sinf");
  }

  @Test
  void writesAnEntryWithALargeSizeAsAnyOther() {
    assertThat(init(entry(true, 0), ENCRYPTED)).isEqualTo(init(entry(false, 0), ENCRYPTED));
  }

  @Test
  void leavesOutZeroBytesBehindTheLastChild() {
    assertThat(init(entry(false, 4), ENCRYPTED)).isEqualTo(init(entry(false, 0), ENCRYPTED));
  }

  @Test
  void isReadByMp4parserAsItIsMeant() throws IOException {
    byte[] init = init(entry(false, 4), ENCRYPTED);
    try (var file =
        new IsoFile(
            Channels.newChannel(new ByteArrayInputStream(init)), new PropertyBoxParserImpl())) {
      assertThat(file.getBoxes(MovieBox.class)).hasSize(1);
      AudioSampleEntry entry =
          Path.getPath(file, "moov[0]/trak[0]/mdia[0]/minf[0]/stbl[0]/stsd[0]/enca[0]");
      assertThat(entry.getChannelCount()).isEqualTo(2);
      TrackEncryptionBox encryption = Path.getPath(entry, "sinf[0]/schi[0]/tenc[0]");
      assertThat(encryption.getDefault_KID())
          .isEqualTo(java.util.UUID.fromString(KEY_ID.toString()));
      assertThat(encryption.getDefaultIvSize()).isEqualTo(8);
      assertThat(encryption.getDefaultAlgorithmId()).isEqualTo(1);
      OriginalFormatBox format = Path.getPath(entry, "sinf[0]/frma[0]");
      assertThat(format.getDataFormat()).isEqualTo("mp4a");
      SchemeTypeBox scheme = Path.getPath(entry, "sinf[0]/schm[0]");
      assertThat(scheme.getSchemeType()).isEqualTo("cenc");
      assertThat(scheme.getSchemeVersion()).isEqualTo(0x10000);
      TrackExtendsBox defaults = Path.getPath(file, "moov[0]/mvex[0]/trex[0]");
      assertThat(defaults.getTrackId()).isEqualTo(3);
      assertThat(defaults.getDefaultSampleDuration()).isEqualTo(1024);
    }
  }

  private static byte[] init(Bytes entry, Optional<TrackEncryption> encryption) {
    int childrenOffset = entry.at(3) == 1 ? 44 : 36;
    var track =
        new TrackHeader(
            3,
            48_000,
            "und",
            "soun",
            0,
            0,
            Bytes.copyOf(
                new BoxWriter()
                    .begin("tkhd", 0, 7)
                    .uint32(0)
                    .uint32(0)
                    .uint32(3)
                    .zeros(68)
                    .end()
                    .toByteArray()),
            Optional.empty(),
            0,
            Bytes.copyOf(
                new BoxWriter()
                    .begin("mdhd", 0, 0)
                    .zeros(8)
                    .uint32(48_000)
                    .zeros(4)
                    .uint32(0x55C40000L)
                    .end()
                    .toByteArray()),
            Bytes.copyOf(
                new BoxWriter()
                    .begin("hdlr", 0, 0)
                    .uint32(0)
                    .fourCc("soun")
                    .zeros(13)
                    .end()
                    .toByteArray()),
            Bytes.copyOf(new BoxWriter().begin("smhd", 0, 0).zeros(4).end().toByteArray()),
            List.of(new TrackHeader.SampleEntry("mp4a", entry, childrenOffset, 0, 0, 0)),
            new TrackHeader.Defaults(1, 1024, 0, 0x2000000));
    return InitSegment.write(track, List.of("iso6", "cmfc"), encryption);
  }

  /** A sample entry with one child, and zero bytes behind it. */
  private static Bytes entry(boolean large, int zeroBytes) {
    byte[] child =
        new BoxWriter().begin("btrt").zeros(4).uint32(64_000).uint32(64_000).end().toByteArray();
    var out = new BoxWriter();
    int size = (large ? 44 : 36) + child.length + zeroBytes;
    if (large) {
      out.uint32(1).fourCc("mp4a").uint64(size);
    } else {
      out.uint32(size).fourCc("mp4a");
    }
    out.zeros(6).uint16(1).zeros(8).uint16(2).uint16(16).zeros(4).uint32(48_000L << 16);
    return Bytes.copyOf(out.raw(child).zeros(zeroBytes).toByteArray());
  }

  private static String golden(String resource) throws IOException {
    try (var in = Objects.requireNonNull(InitSegmentTest.class.getResourceAsStream(resource))) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
