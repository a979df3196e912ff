package dev.sluice.origin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SluiceCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path folder;

  @Test
  void appliesGetsAndDeletes() throws IOException {
    Path file = folder.resolve("asset.json");
    Files.writeString(file, "{\"kind\": \"Asset\", \"name\": \"a\", \"container\": \"b\"}");
    String data = folder.resolve("data").toString();
    assertThat(run("apply", "-f", file.toString(), "--data", data)).isZero();
    assertThat(run("apply", "-f", folder.toString(), "--data", data)).isZero();
    assertThat(run("get", "Asset", "a", "--data", data)).isZero();
    assertThat(run("delete", "asset", "a", "--data", data)).isZero();
    assertThat(run("get", "Asset", "--data", data)).isZero();
    assertThat(out)
        .hasToString(
            """
            created Asset "a"
            unchanged Asset "a"
            {
              "kind" : "Asset",
              "name" : "a",
              "container" : "b"
            }
            deleted asset "a"
            [ ]
            """);
    assertThat(err).hasToString("");
  }

  @Test
  void refusesWithTheReasonAlone() throws IOException {
    Path file = folder.resolve("asset.json");
    Files.writeString(file, "{\"kind\": \"Asset\", \"name\": \"a\"}");
    assertThat(run("apply", "-f", file.toString(), "--data", folder.toString())).isEqualTo(1);
    assertThat(run("get", "Asset", "a", "--data", folder.toString())).isEqualTo(1);
    assertThat(run("get", "Aset", "--data", folder.toString())).isEqualTo(1);
    assertThat(run("apply", "-f", "missing", "--data", folder.toString())).isEqualTo(1);
    assertThat(run("get", "Asset", "--admin", "http://127.0.0.1:1")).isEqualTo(1);
    assertThat(out).hasToString("");
    assertThat(err)
        .hasToString(
            """
            sluice: Asset "a": container: missing (expected: a folder below the media root, or a \
            storage URL) at documents[0]
            sluice: Asset "a": not in the catalog
            sluice: kind: Aset (expected: one of Asset, ContentKey, AssetDeliveryPolicy, \
            ContentKeyAuthorizationPolicy, StreamingLocator, Filter, AccessPolicy)
            sluice: -f: missing (expected: a file or folder that exists)
            sluice: http://127.0.0.1:1: no answer (expected: a running server's admin listener)
            """);
  }

  @Test
  void answersTwoToWrongUsage() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("nonsense")).isEqualTo(2);
    assertThat(run("apply", "--data", "x")).isEqualTo(2);
    assertThat(run("get", "Asset")).isEqualTo(2);
    assertThat(run("get", "Asset", "--data", "x", "--admin", "http://y")).isEqualTo(2);
    assertThat(run("key", "new", "--seed", "AAAA")).isEqualTo(2);
    assertThat(err.toString()).doesNotContain("Exception");
  }

  @Test
  void makesAKeyFromASeed() {
    assertThat(
            run(
                "key",
                "new",
                "--seed",
                "XVBovsmzhP9gRIZxWfFta3VVRPzVEWmJsazEJ46I",
                "--kid",
                "8BA94ADE-6eb9-449d-b44f-a5beefaf43b0"))
        .isZero();
    assertThat(out)
        .hasToString(
            """
            kid:      8ba94ade-6eb9-449d-b44f-a5beefaf43b0
            key:      2/1pIsMhxLtIb0ocRAl+1g==
            hex:      dbfd6922c321c4bb486f4a1c44097ed6
            checksum: Me48z71nuqY=
            """);
    assertThat(run("key", "new", "--seed", "AAAA", "--kid", "x")).isEqualTo(1);
    assertThat(run("key", "new", "--seed", "AAAA", "--kid", "8ba94ade-6eb9-449d-b44f-a5beefaf43b0"))
        .isEqualTo(1);
    assertThat(err)
        .hasToString(
            """
            sluice: --kid: x (expected: a GUID)
            sluice: key seed: 3 bytes (expected: at least 30 bytes)
            """);
  }

  private int run(String... args) {
    return SluiceCommand.run(
        Map.of(), new PrintWriter(out, true), new PrintWriter(err, true), args);
  }
}
