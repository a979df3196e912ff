package dev.sluice.benchmarks.load;

import java.util.ArrayList;
import java.util.List;

/**
 * Checks the outermost boxes of an MP4 resource as it comes (ISOBMFF 4.2): they fill it exactly,
 * and are those that a segment, or an init segment, has. Keeps no media.
 */
final class BoxCheck implements BodySink {
  /** Outermost boxes of one resource: a segment of many chunks has hundreds. */
  private static final int MAX_BOXES = 100_000;

  private static final int HEADER_BYTES = 8;
  private static final int LARGE_HEADER_BYTES = 16;

  private final boolean init;
  private final byte[] header = new byte[LARGE_HEADER_BYTES];
  private int headerBytes;
  private int headerWanted = HEADER_BYTES;
  private long payloadLeft;
  private boolean untilEnd;
  private int boxes;

  // Only what decides is kept of the order of boxes.
  private boolean movie;
  private boolean pendingFragment;
  private int fragments;
  private final List<String> firstTypes = new ArrayList<>();

  /**
   * @param init whether it has to be an init segment, else a media segment
   */
  BoxCheck(boolean init) {
    this.init = init;
  }

  @Override
  public void accept(byte[] bytes, int offset, int length) throws LoadFailure {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      if (untilEnd) {
        return;
      }
      if (payloadLeft > 0) {
        int skipped = (int) Math.min(payloadLeft, end - at);
        payloadLeft -= skipped;
        at += skipped;
      } else {
        header[headerBytes++] = bytes[at++];
        if (headerBytes == headerWanted) {
          readHeader();
        }
      }
    }
  }

  @Override
  public void end() throws LoadFailure {
    if (payloadLeft > 0 || headerBytes > 0) {
      throw failure("cut short in a box");
    }
    if (init ? !movie : fragments == 0 || pendingFragment) {
      throw failure("boxes %s".formatted(firstTypes));
    }
  }

  private void readHeader() throws LoadFailure {
    long size = uint32(0);
    if (size == 1 && headerWanted == HEADER_BYTES) {
      headerWanted = LARGE_HEADER_BYTES;
      return;
    }
    if (headerWanted == LARGE_HEADER_BYTES) {
      size = uint32(8) << Integer.SIZE | uint32(12);
    }
    untilEnd = size == 0;
    if (!untilEnd && size < headerWanted) {
      throw failure("a box of %d bytes".formatted(size));
    }
    payloadLeft = untilEnd ? 0 : size - headerWanted;
    headerBytes = 0;
    headerWanted = HEADER_BYTES;
    note(type());
  }

  private void note(String type) throws LoadFailure {
    if (++boxes > MAX_BOXES) {
      throw failure("more than %d boxes".formatted(MAX_BOXES));
    }
    if (firstTypes.size() < 8) {
      firstTypes.add(type);
    }
    switch (type) {
      case "moov" -> movie = true;
      case "moof" -> {
        if (pendingFragment) {
          throw failure("moof after moof");
        }
        pendingFragment = true;
      }
      case "mdat" -> {
        if (pendingFragment) {
          fragments++;
        }
        pendingFragment = false;
      }
      default -> {} // styp, sidx, emsg, prft …
    }
  }

  private LoadFailure failure(String got) {
    return new LoadFailure(
        "structure",
        "%s (expected: whole boxes, %s)".formatted(got, init ? "moov" : "moof and mdat"));
  }

  private long uint32(int at) {
    return (header[at] & 0xffL) << 24
        | (header[at + 1] & 0xffL) << 16
        | (header[at + 2] & 0xffL) << 8
        | (header[at + 3] & 0xffL);
  }

  /** Four characters; what is not one of them prints as a dot. */
  private String type() {
    var type = new StringBuilder(4);
    for (int i = 4; i < HEADER_BYTES; i++) {
      char c = (char) (header[i] & 0xff);
      type.append(c > ' ' && c < 0x7f ? c : '.');
    }
    return type.toString();
  }
}
