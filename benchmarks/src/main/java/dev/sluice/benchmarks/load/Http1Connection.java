package dev.sluice.benchmarks.load;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** One connection of HTTP/1.1 (RFC 9112), one request at a time. */
final class Http1Connection {
  /** Of a head, status line and fields. */
  private static final int MAX_HEAD_BYTES = 65_536;

  private static final int MAX_INFORMATIONAL = 8;
  private static final int BUFFER_BYTES = 8192;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final Duration timeout;

  private Http1Connection(Socket socket, Duration timeout) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
    this.out = socket.getOutputStream();
    this.timeout = timeout;
  }

  /** That an idle connection was closed, before a byte of an answer. */
  static final class GoneException extends IOException {
    private static final long serialVersionUID = 1;

    GoneException(IOException cause) {
      super("closed before an answer", cause);
    }
  }

  /** Connects, and shakes hands if the URL is of https. */
  static Http1Connection open(
      URI uri, SSLContext tls, boolean checksName, Duration timeout, int receiveBufferBytes)
      throws IOException {
    String host = uri.getHost().replaceAll("[\\[\\]]", "");
    int timeoutMs = Math.toIntExact(timeout.toMillis());
    var socket = new Socket();
    try {
      if (receiveBufferBytes > 0) {
        socket.setReceiveBufferSize(receiveBufferBytes);
      }
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(timeoutMs);
      var address = new InetSocketAddress(host, Urls.port(uri));
      if (address.isUnresolved()) {
        throw new LoadFailure("unknown host", "host: not found");
      }
      socket.connect(address, timeoutMs);
      var connected = Urls.isTls(uri) ? handshake(socket, host, uri, tls, checksName) : socket;
      return new Http1Connection(connected, timeout);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static Socket handshake(
      Socket plain, String host, URI uri, SSLContext tls, boolean checksName) throws IOException {
    var socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, host, Urls.port(uri), true);
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    if (checksName) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  /**
   * Sends a request and reads the head of the answer.
   *
   * @param whenFree is run when the answer was read to its end, and the connection can be used
   *     again
   * @throws GoneException if the connection ended before a byte of an answer
   */
  Transport.Answer exchange(LoadRequest request, Runnable whenFree) throws IOException {
    int first;
    try {
      write(request);
      first = in.read();
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      throw new GoneException(e);
    }
    long firstByteNanos = System.nanoTime();
    if (first < 0) {
      throw new GoneException(new IOException("end of stream"));
    }
    var head = new HeadReader(first, System.nanoTime() + timeout.toNanos());
    int status = head.readStatus();
    var fields = head.readFields();
    for (int i = 0; status >= 100 && status < 200; i++) {
      if (i >= MAX_INFORMATIONAL) {
        throw new IOException("more than %d informational answers".formatted(MAX_INFORMATIONAL));
      }
      head = new HeadReader(in.read(), System.nanoTime() + timeout.toNanos());
      status = head.readStatus();
      fields = head.readFields();
    }
    return new Http1Answer(
        this, status, fields, firstByteNanos, Http1Body.of(in, status, fields), whenFree);
  }

  void close() {
    try {
      socket.close();
    } catch (IOException _) {
      // It was of no more use.
    }
  }

  private void write(LoadRequest request) throws IOException {
    var uri = request.uri();
    var head = new StringBuilder(512);
    head.append(request.body().isPresent() ? "POST " : "GET ").append(Urls.target(uri));
    head.append(" HTTP/1.1\r\nHost: ").append(uri.getHost());
    if (uri.getPort() >= 0) {
      head.append(':').append(uri.getPort());
    }
    head.append("\r\nUser-Agent: sluice-load\r\nAccept: */*\r\n");
    request
        .fields()
        .forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    byte[] body = request.body().orElse(new byte[0]);
    if (request.body().isPresent()) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    head.append("\r\n");
    var bytes = new ByteArrayOutputStream(head.length() + body.length);
    bytes.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    bytes.writeBytes(body);
    bytes.writeTo(out);
    out.flush();
  }

  /** Reads lines up to the empty one, with a bound on their bytes and on the time they take. */
  private final class HeadReader {
    private final long deadlineNanos;
    private int pending;
    private int bytes;

    HeadReader(int first, long deadlineNanos) {
      this.pending = first;
      this.deadlineNanos = deadlineNanos;
    }

    int readStatus() throws IOException {
      String line = readLine();
      if (!line.matches("HTTP/1\\.[01] [1-5][0-9]{2}( .*)?")) {
        throw new IOException("status line: not one (expected: that of HTTP/1.1)");
      }
      return Integer.parseInt(line.substring(9, 12));
    }

    Map<String, String> readFields() throws IOException {
      var fields = new LinkedHashMap<String, String>();
      for (String line = readLine(); !line.isEmpty(); line = readLine()) {
        int colon = line.indexOf(':');
        if (colon < 1) {
          throw new IOException("field: no name (expected: name: value)");
        }
        fields.putIfAbsent(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
      return fields;
    }

    private String readLine() throws IOException {
      var line = new StringBuilder(64);
      if (System.nanoTime() > deadlineNanos) {
        throw new SocketTimeoutException("head");
      }
      for (int b = next(); b != '\n'; b = next()) {
        line.append((char) b);
      }
      int end = line.length();
      return line.substring(0, end > 0 && line.charAt(end - 1) == '\r' ? end - 1 : end);
    }

    private int next() throws IOException {
      int b = pending >= 0 ? pending : in.read();
      pending = -1;
      if (b < 0) {
        throw new IOException("end of stream within a head");
      }
      if (++bytes > MAX_HEAD_BYTES) {
        throw new IOException("head: more than %d bytes".formatted(MAX_HEAD_BYTES));
      }
      // A server that sends a byte now and then must not hold a session for long.
      if ((bytes & 63) == 0 && System.nanoTime() > deadlineNanos) {
        throw new SocketTimeoutException("head");
      }
      return b;
    }
  }

  /** An answer; closing it frees the connection, or gives it up. */
  private record Http1Answer(
      Http1Connection connection,
      int status,
      Map<String, String> fields,
      long firstByteNanos,
      Http1Body body,
      Runnable whenFree)
      implements Transport.Answer {
    @Override
    public Optional<String> field(String name) {
      return Optional.ofNullable(fields.get(name.toLowerCase(Locale.ROOT)));
    }

    @Override
    public void close() {
      boolean stays = !"close".equalsIgnoreCase(fields.getOrDefault("connection", ""));
      if (body.isAtEnd() && body.isDelimited() && stays) {
        whenFree.run();
      } else {
        connection.close();
      }
    }
  }
}
