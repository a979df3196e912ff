package dev.sluice.origin.cli;

import dev.sluice.origin.failure.Failure;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** {@code sluice inspect}: the box tree of an MP4 file or segment. */
@CommandLine.Command(
    name = "inspect",
    description = "Prints the box tree of an MP4 file or segment, or the fields of a pssh box.",
    mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
  private static final int MAX_DOWNLOAD_BYTES = 256 << 20;

  @CommandLine.Parameters(paramLabel = "FILE|URL", description = "What to read.")
  private String source = "";

  @CommandLine.Spec private CommandLine.Model.@org.jspecify.annotations.Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    var commandLine = java.util.Objects.requireNonNull(spec).commandLine();
    PrintWriter out = commandLine.getOut();
    try {
      if (source.startsWith("http://") || source.startsWith("https://")) {
        var bytes = download(URI.create(source));
        new BoxTree(out)
            .print(bytes.limit(), (offset, length) -> bytes.slice(Math.toIntExact(offset), length));
      } else {
        try (var file = FileChannel.open(Path.of(source), StandardOpenOption.READ)) {
          new BoxTree(out).print(file.size(), (offset, length) -> read(file, offset, length));
        }
      }
      out.flush();
      return 0;
    } catch (Failure e) {
      out.flush();
      commandLine.getErr().println("sluice: %s: %s".formatted(source, e.detail()));
    } catch (IllegalArgumentException e) {
      commandLine.getErr().println("sluice: %s: not a URL".formatted(source));
    } catch (IOException e) {
      commandLine.getErr().println("sluice: %s: %s".formatted(source, IoReasons.of(e)));
    }
    commandLine.getErr().flush();
    return 1;
  }

  private static ByteBuffer read(FileChannel file, long offset, int length) throws IOException {
    var bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, offset + bytes.position()) < 0) {
        throw new IOException("the file ended while it was read");
      }
    }
    return bytes.flip();
  }

  private static ByteBuffer download(URI uri) throws IOException, InterruptedException {
    try (var client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build()) {
      var response =
          client.send(
              HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60)).build(),
              HttpResponse.BodyHandlers.ofInputStream());
      try (var body = response.body()) {
        if (response.statusCode() != 200) {
          throw new IOException(
              "the server answered %d (expected: 200)".formatted(response.statusCode()));
        }
        byte[] bytes = body.readNBytes(MAX_DOWNLOAD_BYTES + 1);
        if (bytes.length > MAX_DOWNLOAD_BYTES) {
          throw new IOException("more than %d bytes".formatted(MAX_DOWNLOAD_BYTES));
        }
        return ByteBuffer.wrap(bytes);
      }
    }
  }
}
