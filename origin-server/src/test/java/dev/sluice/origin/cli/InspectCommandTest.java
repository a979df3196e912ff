package dev.sluice.origin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.origin.drm.CommonPssh;
import dev.sluice.origin.drm.PlayReadyCustomAttributes;
import dev.sluice.origin.drm.PlayReadyHeader;
import dev.sluice.origin.drm.PlayReadyObject;
import dev.sluice.origin.drm.WidevineData;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code sluice inspect} says of boxes and objects about protection. */
final class InspectCommandTest {
  private static final KeyId KEY_ID =
      KeyId.parse("8ba94ade-6eb9-449d-b44f-a5beefaf43b0").orElseThrow();
  private static final String KID = "8ba94ade6eb9449db44fa5beefaf43b0";
  private static final PlayReadyObject OBJECT =
      PlayReadyObject.of(
          PlayReadyHeader.of(
              Scheme.CBCS,
              List.of(PlayReadyHeader.Key.withoutChecksum(KEY_ID)),
              Optional.of("https://l.example/?a=1&b=2"),
              PlayReadyCustomAttributes.NONE));
  private static final String HEADER =
      "<WRMHEADER xmlns=\"http://schemas.microsoft.com/DRM/2007/03/PlayReadyHeader\""
          + " version=\"4.3.0.0\"><DATA><PROTECTINFO><KIDS>"
          + "<KID ALGID=\"AESCBC\" VALUE=\"3kqpi7lunUS0T6W+769DsA==\"></KID></KIDS></PROTECTINFO>"
          + "<LA_URL>https://l.example/?a=1&amp;b=2</LA_URL></DATA></WRMHEADER>";
  private static final String OBJECT_LINES =
      """
      PlayReady object: 540 bytes, records: 1
      record type 1 (header): 530 bytes
      %s
      key id 8ba94ade-6eb9-449d-b44f-a5beefaf43b0
      """
          .formatted(HEADER);

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path folder;

  @Test
  void showsAPlayReadyObjectInEveryFormThatItIsHandedRoundIn() throws IOException {
    byte[] object = OBJECT.bytes().toArray();
    String base64 = Base64.getEncoder().encodeToString(object);

    assertThat(inspect(object)).isEqualTo(OBJECT_LINES);
    assertThat(inspect(ascii(base64 + "\n"))).isEqualTo(OBJECT_LINES);
    assertThat(inspect(ascii(Base64.getMimeEncoder().encodeToString(object))))
        .isEqualTo(OBJECT_LINES);
    assertThat(inspect(ascii("data:text/plain;charset=UTF-16;base64," + base64)))
        .isEqualTo(OBJECT_LINES);
  }

  @Test
  void showsAPlayReadyPssh() throws IOException {
    String lines =
        "pssh  @0  572 bytes\n"
            + "  system=PlayReady (9a04f079-9840-4286-ab92-e65be0885f95) version=0\n"
            + OBJECT_LINES.indent(2);

    assertThat(inspect(OBJECT.toPssh().toArray())).isEqualTo(lines);
    assertThat(inspect(base64(OBJECT.toPssh()))).isEqualTo(lines);
  }

  @Test
  void showsEveryFieldOfAWidevinePssh() throws IOException {
    var data =
        new WidevineData(
            Scheme.CENC,
            List.of(KEY_ID),
            Optional.of("sluice"),
            Optional.of(Bytes.copyOf(ascii("bear\u001b[0m"))));

    assertThat(inspect(base64(data.toPssh())))
        .isEqualTo(
            """
            pssh  @0  76 bytes
              system=Widevine (edef8ba9-79d6-4ace-a3c8-27dcd51d21ed) version=0
              algorithm (1): 1
              key_id (2): 8ba94ade-6eb9-449d-b44f-a5beefaf43b0
              provider (3): "sluice"
              content_id (4): 626561721b5b306d "bear\\u001b[0m"
              protection_scheme (9): cenc
            """);
  }

  @Test
  void showsACommonPssh() throws IOException {
    assertThat(inspect(CommonPssh.of(List.of(KEY_ID)).toArray()))
        .isEqualTo(
            """
            pssh  @0  52 bytes
              system=Common (1077efec-c0b2-4d02-ace3-3c1e52e2fb4b) version=1
              key id 8ba94ade-6eb9-449d-b44f-a5beefaf43b0
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tenc|00000000 0000 0108 KID|version=0 isProtected=1 perSampleIvSize=8 KID=GUID",
        "tenc|01000000 0019 0100 KID 10 d5fbd6b82ed93e4ef98ae40931ee33b7"
            + "|version=1 isProtected=1 pattern=1:9 perSampleIvSize=0 KID=GUID"
            + " constantIv=d5fbd6b82ed93e4ef98ae40931ee33b7",
        "tenc|01000000 0019 0100 KID 10 d5fb|(not readable: the box is cut short)",
        "senc|00000000 00000002 0000000000000001 0000000000000002"
            + "|flags=0x0 samples=2 perSampleIvSize=8; sample 0: iv=0000000000000001;"
            + " sample 1: iv=0000000000000002",
        "senc|00000002 00000001 00000000000000aa 0002 0005 00000010 ffff 00000000"
            + "|flags=0x2 samples=1 perSampleIvSize=8;"
            + " sample 0: iv=00000000000000aa clear+protected=5+16,65535+0",
        "senc|00000002 00000001 0001 0005 00000010"
            + "|flags=0x2 samples=1 perSampleIvSize=0; sample 0: clear+protected=5+16",
        "senc|00000002 ffffffff 0001|flags=0x2 samples=4294967295 (no size of IV fits the box)",
        "uuid|a2394f525a9b4f14a2446c427c648df4 00000001 00000108 KID 00000001 00000000000000aa"
            + "|a2394f52-5a9b-4f14-a244-6c427c648df4 PIFF sample encryption;"
            + " algorithm=1 perSampleIvSize=8 KID=GUID; flags=0x1 samples=1 perSampleIvSize=8;"
            + " sample 0: iv=00000000000000aa",
        "uuid|8974dbce7be74c5184f97148f9882554 00000000 00000108 KID"
            + "|8974dbce-7be7-4c51-84f9-7148f9882554 PIFF track encryption;"
            + " algorithm=1 perSampleIvSize=8 KID=GUID",
        "uuid|d08a4f1810f34a82b6c832d8aba183d3 00000000 edef8ba979d64acea3c827dcd51d21ed"
            + " 00000006 48f3c6899b06"
            + "|d08a4f18-10f3-4a82-b6c8-32d8aba183d3 PIFF pssh;"
            + " system=Widevine (edef8ba9-79d6-4ace-a3c8-27dcd51d21ed) version=0;"
            + " protection_scheme (9): cbcs",
        "uuid|6d1d9b0542d544e680e2141daff757b2 01000000 0000000000000005 0000000000000007"
            + "|6d1d9b05-42d5-44e6-80e2-141daff757b2 Smooth tfxd; time=5 duration=7",
        "uuid|d4807ef2ca3946958e5426cb9e46a79f 00000000 02 00000005 00000007 0000000c 00000007"
            + "|d4807ef2-ca39-4695-8e54-26cb9e46a79f Smooth tfrf; fragments=2;"
            + " time=5 duration=7; time=12 duration=7",
        "uuid|a5d40b30e81411ddba2f0800200c9a66 00|a5d40b30-e814-11dd-ba2f-0800200c9a66",
        "uuid|d4807ef2ca3946958e5426cb9e46a79f 00000000 02 00000005"
            + "|d4807ef2-ca39-4695-8e54-26cb9e46a79f Smooth tfrf;"
            + " (not readable: the box is cut short)",
        "pssh|01000000 edef8ba979d64acea3c827dcd51d21ed 7fffffff"
            + "|(not readable: KID_count: 2147483647 (expected: <= 0, what fits the box) at pssh [CENC 8.1])"
      })
  void showsTheFieldsOfBoxesAboutProtection(String type, String payload, String lines)
      throws IOException {
    String hex = payload.replace(" ", "").replace("KID", KID);
    int size = 8 + hex.length() / 2;
    String box = HexFormat.of().toHexDigits(size) + HexFormat.of().formatHex(ascii(type)) + hex;

    assertThat(inspect(HexFormat.of().parseHex(box)))
        .isEqualTo(
            "%s  @0  %d bytes\n".formatted(type, size)
                + lines.replace("GUID", KEY_ID.toString()).replace("; ", "\n").indent(2));
  }

  @Test
  void readsFromAUrlToo() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/pro",
        exchange -> {
          byte[] body = base64(OBJECT.bytes());
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      assertThat(run("http://127.0.0.1:%d/pro".formatted(server.getAddress().getPort())))
          .isEqualTo(OBJECT_LINES);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void saysWhereAnObjectCannotBeRead() throws IOException {
    byte[] object = OBJECT.bytes().toArray();
    object[8]++;

    assertThat(inspect(object))
        .isEqualTo("(not readable: record length: 531 (expected: <= 530) at PlayReady object)\n");
  }

  /** No box, cut anywhere, ends the command otherwise than with lines or a reason. */
  @Test
  void survivesBoxesThatAreCutShort() throws IOException {
    byte[] pssh = OBJECT.toPssh().toArray();
    for (int length = 9; length < pssh.length; length += 7) {
      byte[] cut = Arrays.copyOf(pssh, length);
      cut[2] = (byte) (length >> 8);
      cut[3] = (byte) length;
      assertThat(inspect(cut)).startsWith("pssh  @0  " + length).contains("(not readable: ");
    }
  }

  private String inspect(byte[] content) throws IOException {
    return run(Files.write(folder.resolve("x"), content).toString());
  }

  private String run(String source) {
    out.getBuffer().setLength(0);
    int code =
        SluiceCommand.run(
            Map.of(), new PrintWriter(out, true), new PrintWriter(err, true), "inspect", source);
    assertThat(err).hasToString("");
    assertThat(code).isZero();
    return out.toString();
  }

  private static byte[] base64(Bytes bytes) {
    return Base64.getEncoder().encode(bytes.toArray());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
