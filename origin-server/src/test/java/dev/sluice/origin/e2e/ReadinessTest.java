package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a load balancer is told. */
final class ReadinessTest {
  @Test
  void isReadyWhileItsMediaCanBeRead(@TempDir Path folder) throws IOException {
    Path media = Files.createDirectory(folder.resolve("media"));
    try (var server = RunningServer.serve(List.of(), media, folder.resolve("data"))) {
      assertThat(status(server, "/readyz")).isEqualTo(200);
      Files.delete(media);
      assertThat(status(server, "/readyz")).isEqualTo(503);
      assertThat(status(server, "/healthz")).isEqualTo(200);
    }
  }

  /** Whoever finds it waits for its owner, so that a restart would take 4 s longer. */
  @Test
  void leavesNoLockBehindWhenItIsTold(@TempDir Path folder) throws IOException {
    Path media = Files.createDirectory(folder.resolve("media"));
    Path data = folder.resolve("data");
    for (int start = 0; start < 3; start++) {
      try (var server = RunningServer.serve(List.of(), media, data)) {
        assertThat(status(server, "/readyz")).isEqualTo(200);
        assertThat(data.resolve("catalog.lock.db")).exists();
      }
      assertThat(data.resolve("catalog.lock.db")).doesNotExist();
    }
  }

  private static int status(RunningServer server, String path) {
    var uri = URI.create("http://127.0.0.1:%d%s".formatted(server.adminPort(), path));
    return server.send(HttpRequest.newBuilder(uri).build()).statusCode();
  }
}
