package dev.sluice.origin.drm;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.mp4.BoxHeader;
import dev.sluice.origin.mp4.PsshBox;
import dev.sluice.origin.oracle.ShakaPackager;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our {@code pssh} boxes against those that Shaka Packager writes for the same key. */
final class PackagerPsshTest {
  private static final Path VIDEO =
      Path.of("src/main/resources/dev/sluice/origin/demo/video_240.mp4");
  private static final KeyId KEY_ID =
      KeyId.parse("8ba94ade-6eb9-449d-b44f-a5beefaf43b0").orElseThrow();
  private static final String KEY = "dbfd6922c321c4bb486f4a1c44097ed6";
  private static final String URL = "https://l.example/?a=1";

  @ParameterizedTest
  @EnumSource(names = {"CENC", "CBCS"})
  void writesTheBoxesThatThePackagerWrites(Scheme scheme, @TempDir Path folder) throws IOException {
    Map<UUID, Bytes> theirs = packaged(scheme, folder.resolve("out.mp4"));

    assertThat(theirs)
        .containsOnlyKeys(SystemIds.PLAY_READY, SystemIds.WIDEVINE, SystemIds.COMMON)
        .containsEntry(SystemIds.COMMON, CommonPssh.of(List.of(KEY_ID)))
        .containsEntry(SystemIds.PLAY_READY, playReady(scheme).toPssh());
    byte[] widevine =
        PsshBox.read(requireNonNull(theirs.get(SystemIds.WIDEVINE)).asBuffer()).data().toArray();
    // The packager no longer writes the deprecated algorithm, which old devices want under CTR.
    String algorithm = scheme == Scheme.CENC ? "0801" : "";
    assertThat(HexFormat.of().formatHex(WidevineData.of(scheme, KEY_ID).toBytes().toArray()))
        .isEqualTo(algorithm + HexFormat.of().formatHex(widevine));
  }

  private static PlayReadyObject playReady(Scheme scheme) {
    try (var key = ContentKey.taking(KEY_ID, HexFormat.of().parseHex(KEY))) {
      var named =
          scheme == Scheme.CENC
              ? PlayReadyHeader.Key.withChecksum(key)
              : PlayReadyHeader.Key.withoutChecksum(KEY_ID);
      return PlayReadyObject.of(
          PlayReadyHeader.of(
              scheme, List.of(named), Optional.of(URL), PlayReadyCustomAttributes.NONE));
    }
  }

  private static Map<UUID, Bytes> packaged(Scheme scheme, Path out) throws IOException {
    ShakaPackager.run(
        List.of(
            "in=%s,stream=video,output=%s".formatted(VIDEO, out),
            "--enable_raw_key_encryption",
            "--keys",
            "key_id=%s:key=%s".formatted(KEY_ID.toString().replace("-", ""), KEY),
            "--protection_systems",
            "Widevine,PlayReady,CommonSystem",
            "--playready_extra_header_data",
            "<LA_URL>%s</LA_URL>".formatted(URL),
            "--protection_scheme",
            scheme.name().toLowerCase(Locale.ROOT),
            "--clear_lead",
            "0"));
    var boxes = new HashMap<UUID, Bytes>();
    var file = ByteBuffer.wrap(Files.readAllBytes(out));
    for (BoxHeader top : boxes(file, 0, file.limit(), "")) {
      if (top.type().equals("moov")) {
        long first = top.offsetBytes() + top.headerBytes();
        for (BoxHeader box : boxes(file, first, top.endBytes(), "moov")) {
          if (box.type().equals("pssh")) {
            var bytes = Bytes.copyOf(file.array(), (int) box.offsetBytes(), (int) box.sizeBytes());
            assertThat(boxes.put(PsshBox.read(bytes.asBuffer()).systemId(), bytes)).isNull();
          }
        }
      }
    }
    return boxes;
  }

  private static List<BoxHeader> boxes(ByteBuffer file, long start, long end, String parent) {
    var boxes = new ArrayList<BoxHeader>();
    for (long at = start; at < end; at = boxes.getLast().endBytes()) {
      var in = file.duplicate().position(Math.toIntExact(at));
      boxes.add(BoxHeader.read(in, at, end, parent));
    }
    return boxes;
  }
}
