package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.oracle.Ffmpeg;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Files that change while clients read them slowly: an answer is right as far as it goes, other
 * titles' answers are right, and the server goes on.
 */
final class FilesChangeInFlightTest {

  /** What the client takes before the file changes; far less than the rest, in sockets' buffers. */
  private static final int FIRST_BYTES = 100_000;

  private static final int RECEIVE_BYTES = 32 * 1024;
  private static final List<String> SCHEMES = List.of("clear", "cenc", "cbcs", "cbc");
  private static final String CBCS_KEY_ID = "44444444-aaaa-4bbb-8ccc-000000000004";
  private static final String CBC_KEY_ID = "55555555-aaaa-4bbb-8ccc-000000000005";
  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");
  private static final Pattern BITRATE = Pattern.compile("QualityLevels\\((\\d+)\\)");

  @TempDir private static Path folder;
  private static Path media;
  private static Path source;
  private static RunningServer server;
  private static String bitrate = "";

  private static final ExecutorService READERS = Executors.newCachedThreadPool();
  private static final AtomicBoolean DONE = new AtomicBoolean();
  private static final AtomicInteger OTHERS = new AtomicInteger();
  private static final List<Future<?>> RESULTS = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    source = folder.resolve("source.mp4");
    Ffmpeg.make(
        List.of(
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=640x360:rate=25:duration=4,noise=alls=90:allf=t",
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-qp",
            "6",
            "-g",
            "100",
            "-pix_fmt",
            "yuv420p",
            "-movflags",
            "+empty_moov+default_base_moof+frag_keyframe",
            source.toString()));
    media = Files.createDirectory(folder.resolve("media"));
    var documents =
        Documents.ofKeys()
            .add(policy("cenc", "DynamicCommonEncryption"))
            .add(policy("cbcs", "DynamicCommonEncryptionCbcs"))
            .add(policy("cbc", "DynamicEnvelopeEncryption"))
            .add(key(CBCS_KEY_ID, "CommonEncryptionCbcs"))
            .add(key(CBC_KEY_ID, "EnvelopeEncryption"));
    for (String change : List.of("cut", "replaced", "removed", "again", "other")) {
      for (String transport : List.of("http", "https")) {
        for (String scheme : SCHEMES) {
          String title = title(scheme, change, transport);
          Files.createDirectory(media.resolve(title));
          Files.copy(source, file(title));
          asset(documents, title, scheme);
        }
      }
    }
    Path data = folder.resolve("data");
    documents.applyTo(data);
    server = RunningServer.serve(List.of(), media, data);
    String clear = title("clear", "other", "http");
    String url =
        Mpd.parse(server.get("/%s/%s.ism/manifest(format=mpd-time-csf)".formatted(clear, clear)))
            .representations()
            .getFirst()
            .segments()
            .getFirst()
            .url();
    var matcher = BITRATE.matcher(url);
    assertThat(matcher.find()).isTrue();
    bitrate = matcher.group(1);
    readOthers();
  }

  /** Reads titles that nobody changes, all the time. */
  private static void readOthers() {
    for (String scheme : List.of("cenc", "cbc")) {
      String url = segment(title(scheme, "other", "http"), scheme);
      byte[] expected = server.get(url);
      RESULTS.add(
          READERS.submit(() -> {
            while (!DONE.get()) {
              assertThat(Arrays.equals(server.get(url), expected)).isTrue();
              OTHERS.incrementAndGet();
            }
          }));
    }
  }

  @AfterAll
  static void stop() throws Exception {
    DONE.set(true);
    READERS.shutdown();
    for (Future<?> result : RESULTS) {
      result.get();
    }
    assertThat(OTHERS.get()).isPositive();
    // Fails unless the process ends as it should.
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "clear, http",
    "cenc, http",
    "cbcs, http",
    "cbc, http",
    "clear, https",
    "cenc, https",
    "cbcs, https",
    "cbc, https"
  })
  void anAnswerOfAFileThatIsCutIsCutOff(String scheme, String transport) throws IOException {
    String title = title(scheme, "cut", transport);
    byte[] expected = server.get(segment(title, scheme));
    try (var download = new Download(segment(title, scheme), transport)) {
      cut(file(title), 70_000);
      byte[] got = download.rest();
      assertThat(got.length).isBetween(FIRST_BYTES, expected.length - 1);
      // What the system sends from a file by itself is of the file as it is when it is sent: pages
      // that wait in the socket are cut as well.
      if (!scheme.equals("clear") || !transport.equals("http")) {
        assertThat(got).isEqualTo(Arrays.copyOf(expected, got.length));
      }
    }
    assertThat(server.send("GET", "/").statusCode()).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "clear, http",
    "cenc, http",
    "cbcs, http",
    "cbc, http",
    "clear, https",
    "cenc, https",
    "cbcs, https",
    "cbc, https"
  })
  void anAnswerOfAFileThatIsReplacedOrRemovedIsReadToItsEnd(String scheme, String transport)
      throws IOException {
    for (String change : List.of("replaced", "removed")) {
      String title = title(scheme, change, transport);
      byte[] expected = server.get(segment(title, scheme));
      try (var download = new Download(segment(title, scheme), transport)) {
        if (change.equals("removed")) {
          Files.delete(file(title));
        } else {
          Path other = Files.write(folder.resolve("other"), new byte[5_000]);
          Files.move(other, file(title), StandardCopyOption.ATOMIC_MOVE);
        }
        assertThat(download.rest()).isEqualTo(expected);
      }
    }
  }

  @Test
  void aFileMayBeCutAgainAndAgain() throws Exception {
    byte[] content = Files.readAllBytes(source);
    var done = new AtomicBoolean();
    var cutOff = new AtomicInteger();
    try (var clients = Executors.newCachedThreadPool()) {
      var results = new ArrayList<Future<?>>();
      for (String transport : List.of("http", "https")) {
        for (String scheme : SCHEMES) {
          String url = segment(title(scheme, "again", transport), scheme);
          for (int i = 0; i < 2; i++) {
            results.add(clients.submit(() -> readAll(url, transport, done, cutOff)));
          }
        }
      }
      long end = System.nanoTime() + 6_000_000_000L;
      for (int i = 1; System.nanoTime() < end; i++) {
        for (String transport : List.of("http", "https")) {
          for (String scheme : SCHEMES) {
            Path file = file(title(scheme, "again", transport));
            cut(file, (long) i * 77_777 % content.length);
            try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
              channel.write(ByteBuffer.wrap(content), 0);
            }
            Files.setLastModifiedTime(file, Files.getLastModifiedTime(source));
          }
        }
        Thread.sleep(50);
      }
      done.set(true);
      for (Future<?> result : results) {
        result.get();
      }
    }
    assertThat(cutOff.get()).isPositive();
    assertThat(server.log()).doesNotContain("SIGBUS", "fatal error");
  }

  private static void readAll(
      String url, String transport, AtomicBoolean done, AtomicInteger cutOff) {
    while (!done.get()) {
      try (var download = new Download(url, transport)) {
        if (download.restLength() < download.length) {
          cutOff.incrementAndGet();
        }
      } catch (IOException | AssertionError e) {
        // Refused, since the file is another by now; or cut off before its first bytes.
        cutOff.incrementAndGet();
      }
    }
  }

  private static String title(String scheme, String change, String transport) {
    return scheme + "-" + change + "-" + transport;
  }

  private static Path file(String title) {
    return media.resolve(title).resolve("video.mp4");
  }

  private static String segment(String title, String scheme) {
    return "/%s/%s.ism/QualityLevels(%s)/Fragments(video=0,format=m3u8-cmaf%s)"
        .formatted(title, title, bitrate, scheme.equals("clear") ? "" : ",encryption=" + scheme);
  }

  private static void cut(Path file, long size) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  private static String policy(String name, String type) {
    return """
    {"kind": "AssetDeliveryPolicy", "name": "%s", "protocols": ["All"], "type": "%s",
     "configuration": {}}
    """
        .formatted(name, type);
  }

  private static String key(String id, String type) {
    return """
    {"kind": "ContentKey", "id": "%s", "type": "%s", "value": "AQECAwQFBgcICQoLDA0ODw==",
     "authorizationPolicy": "open"}
    """
        .formatted(id, type);
  }

  private static void asset(Documents documents, String title, String scheme) {
    switch (scheme) {
      case "cenc" -> documents.asset(title, title, List.of(Documents.ONE_KEY_ID), "cenc");
      case "cbcs" -> documents.asset(title, title, List.of(CBCS_KEY_ID), "cbcs");
      case "cbc" -> documents.asset(title, title, List.of(CBC_KEY_ID), "cbc");
      default -> documents.asset(title, title, List.of());
    }
  }

  /** An answer whose first bytes have been taken, by a client that buffers little. */
  private static final class Download implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final byte[] first = new byte[FIRST_BYTES];
    final int length;

    Download(String path, String transport) throws IOException {
      socket = server.connect(transport.equals("https"), RECEIVE_BYTES);
      try {
        socket
            .getOutputStream()
            .write(
                "GET %s HTTP/1.1\r\nHost: origin.test\r\nConnection: close\r\n\r\n"
                    .formatted(path)
                    .getBytes(StandardCharsets.US_ASCII));
        in = socket.getInputStream();
        String head = head();
        var matcher = LENGTH.matcher(head);
        assertThat(head).startsWith("HTTP/1.1 200 ");
        assertThat(matcher.find()).isTrue();
        length = Integer.parseInt(matcher.group(1));
        if (in.readNBytes(first, 0, FIRST_BYTES) < FIRST_BYTES) {
          throw new IOException("cut off");
        }
      } catch (IOException | AssertionError e) {
        socket.close();
        throw e;
      }
    }

    private String head() throws IOException {
      var head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        if (next < 0) {
          throw new IOException("no answer");
        }
        head.append((char) next);
      }
      return head.toString();
    }

    /** All bytes that there are of the body, those that were taken before as well. */
    byte[] rest() {
      byte[] body = Arrays.copyOf(first, length);
      return Arrays.copyOf(body, readRest(body));
    }

    /** How many there are. */
    int restLength() {
      return readRest(new byte[16 * 1024]);
    }

    /** Reads to the end, into a buffer that has room for all, or else again and again into it. */
    private int readRest(byte[] buffer) {
      int taken = FIRST_BYTES;
      try {
        int read = 0;
        while (taken < length && read >= 0) {
          taken += read;
          int at = buffer.length == length ? taken : 0;
          read = in.read(buffer, at, Math.min(buffer.length - at, length - taken));
        }
      } catch (IOException cutOff) {
        return taken;
      }
      return taken;
    }

    @Override
    public void close() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
