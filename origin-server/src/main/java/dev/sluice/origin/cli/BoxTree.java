package dev.sluice.origin.cli;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.mp4.BoxHeader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mp4parser.PropertyBoxParserImpl;

/**
 * Prints boxes as a tree: type, offset and size, and the fields of those that are about protection
 * and of those that mp4parser knows.
 *
 * <p>mp4parser believes what a box says of its size, so it is given boxes only that our own reader
 * has bounded, and never {@code mdat}.
 */
final class BoxTree {
  private static final int MAX_DEPTH = 16;
  private static final int MAX_BOXES = 1_000_000;
  private static final int MAX_DESCRIBED_BYTES = 1 << 20;

  /** A whole PlayReady header fits, which has at most 15 KiB of two bytes each. */
  private static final int MAX_LINE = 8 * 1024;

  /** What mp4parser says of a box may be a table. */
  private static final int MAX_FIELDS = 400;

  /** Boxes whose payload is boxes, and how many bytes stand before the first. */
  private static final Map<String, Integer> CONTAINERS =
      Map.ofEntries(
          Map.entry("moov", 0),
          Map.entry("trak", 0),
          Map.entry("edts", 0),
          Map.entry("mdia", 0),
          Map.entry("minf", 0),
          Map.entry("dinf", 0),
          Map.entry("stbl", 0),
          Map.entry("mvex", 0),
          Map.entry("moof", 0),
          Map.entry("traf", 0),
          Map.entry("mfra", 0),
          Map.entry("sinf", 0),
          Map.entry("schi", 0),
          Map.entry("dref", 8),
          Map.entry("stsd", 8),
          Map.entry("avc1", 78),
          Map.entry("avc3", 78),
          Map.entry("hvc1", 78),
          Map.entry("hev1", 78),
          Map.entry("encv", 78),
          Map.entry("mp4a", 28),
          Map.entry("enca", 28));

  private static final Set<String> NOT_DESCRIBED = Set.of("mdat", "free", "skip");

  /** Where the bytes come from. */
  interface Source {
    /** These bytes, the position at the first. */
    ByteBuffer read(long offsetBytes, int lengthBytes) throws IOException;
  }

  private final PrintWriter out;
  private int boxes;

  BoxTree(PrintWriter out) {
    this.out = out;
  }

  /** Prints everything there is. */
  void print(long sizeBytes, Source source) throws IOException {
    print(0, sizeBytes, "", 0, source);
  }

  private void print(long start, long end, String parent, int depth, Source source)
      throws IOException {
    long at = start;
    while (at < end) {
      if (++boxes > MAX_BOXES || depth > MAX_DEPTH) {
        throw new ContentFailure(
            FailureCode.MPE_INPUT_NOT_SUPPORTED,
            "boxes: more than %d, or nested deeper than %d".formatted(MAX_BOXES, MAX_DEPTH),
            "byte " + at);
      }
      int shown = (int) Math.min(BoxHeader.LONG_BYTES, end - at);
      var box = BoxHeader.read(source.read(at, shown), at, end, parent);
      out.printf("%s%s  @%d  %d bytes%n", "  ".repeat(depth), name(box), at, box.sizeBytes());
      Integer before = CONTAINERS.get(box.type());
      if (before != null && box.sizeBytes() >= box.headerBytes() + before) {
        print(
            at + box.headerBytes() + before,
            box.endBytes(),
            parent.isEmpty() ? box.type() : parent + "/" + box.type(),
            depth + 1,
            source);
      } else if (!NOT_DESCRIBED.contains(box.type()) && box.sizeBytes() <= MAX_DESCRIBED_BYTES) {
        describe(source.read(at, (int) box.sizeBytes()), box, depth + 1);
      }
      at = box.endBytes();
    }
  }

  private void describe(ByteBuffer bytes, BoxHeader box, int depth) {
    for (String text : lines(bytes, box)) {
      String line = shortened(text, MAX_LINE);
      if (!line.isEmpty()) {
        out.printf("%s%s%n", "  ".repeat(depth), line);
      }
    }
  }

  private static List<String> lines(ByteBuffer bytes, BoxHeader box) {
    return ProtectionFields.of(box.type(), box.headerBytes(), bytes)
        .orElseGet(() -> {
          try {
            return List.of(ShownText.of(shortened(fields(bytes), MAX_FIELDS)));
          } catch (IOException | RuntimeException e) {
            return List.of(
                "(not readable: %s)".formatted(ShownText.of(String.valueOf(e.getMessage()))));
          }
        });
  }

  private static String shortened(String text, int maxChars) {
    return text.length() > maxChars ? text.substring(0, maxChars) + "..." : text;
  }

  private static String fields(ByteBuffer bytes) throws IOException {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    try (var channel = Channels.newChannel(new ByteArrayInputStream(copy))) {
      return BoxFields.of(new PropertyBoxParserImpl().parseBox(channel, ""));
    }
  }

  private static String name(BoxHeader box) {
    return box.type().chars().allMatch(c -> c >= 0x20 && c < 0x7F) ? box.type() : "????";
  }
}
