package dev.sluice.origin.cli;

import dev.sluice.origin.failure.Failure;
import dev.sluice.origin.media.Bytes;
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

/**
 * {@code sluice inspect}: the box tree of an MP4 file or segment, or what a {@code pssh} box or a
 * PlayReady object says, as bytes or in base64.
 */
@CommandLine.Command(
    name = "inspect",
    description =
        "Prints the box tree of an MP4 file or segment, or the fields of a pssh or PlayReady object,"
            + " also in base64.",
    mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
  private static final int MAX_DOWNLOAD_BYTES = 256 << 20;

  /** What is larger is no pssh or PlayReady object on its own, in base64 neither. */
  private static final int MAX_OBJECT_BYTES = 1 << 20;

  @CommandLine.Parameters(paramLabel = "FILE|URL", description = "What to read.")
  private String source = "";

  @CommandLine.Spec private CommandLine.Model.@org.jspecify.annotations.Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    var commandLine = java.util.Objects.requireNonNull(spec).commandLine();
    PrintWriter out = commandLine.getOut();
    try {
      if (source.startsWith("http://") || source.startsWith("https://")) {
        print(out, download(URI.create(source)));
      } else {
        try (var file = FileChannel.open(Path.of(source), StandardOpenOption.READ)) {
          if (file.size() <= MAX_OBJECT_BYTES) {
            print(out, read(file, 0, (int) file.size()));
          } else {
            new BoxTree(out).print(file.size(), (offset, length) -> read(file, offset, length));
          }
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

  private static void print(PrintWriter out, ByteBuffer file) throws IOException {
    var bytes = file.limit() > MAX_OBJECT_BYTES ? file : InspectedText.decode(file).orElse(file);
    if (InspectedText.isPlayReadyObject(bytes)) {
      byte[] object = new byte[bytes.limit()];
      bytes.get(0, object);
      PlayReadyFields.of(Bytes.copyOf(object)).forEach(out::println);
    } else {
      new BoxTree(out)
          .print(bytes.limit(), (offset, length) -> bytes.slice(Math.toIntExact(offset), length));
    }
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
