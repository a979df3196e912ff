package dev.sluice.origin.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The samples of a file as ffprobe sees them, and what of them must never leave in the clear: audio
 * as a whole, and of each slice what lies behind any possible header.
 */
record ClearSource(List<Sample> samples) {

  /** Longer than the slice headers of our titles, with the remainder of an AES block behind. */
  static final int HEADER_BYTES = 48;

  @SuppressWarnings("ArrayRecordComponent")
  record Sample(boolean video, int offset, byte[] bytes) {

    /** The NAL units, as offset behind the length field and length. Lengths have 4 bytes. */
    List<int[]> nals() {
      var nals = new ArrayList<int[]>();
      var in = ByteBuffer.wrap(bytes);
      for (int at = 0; at < bytes.length; ) {
        int length = in.getInt(at);
        nals.add(new int[] {at + 4, length});
        at += 4 + length;
      }
      return nals;
    }
  }

  /** The samples of all files of a title of {@link TestMedia}. */
  static ClearSource of(String title) {
    return new ClearSource(
        TestMedia.files(title).stream().flatMap(f -> of(f).samples().stream()).toList());
  }

  static ClearSource of(Path file) {
    var samples = new ArrayList<Sample>();
    try {
      byte[] bytes = Files.readAllBytes(file);
      for (boolean video : new boolean[] {true, false}) {
        for (String line :
            TestMedia.run(
                "ffprobe",
                "-v",
                "error",
                "-select_streams",
                video ? "v" : "a",
                "-show_entries",
                "packet=pos,size",
                "-of",
                "compact=p=0:nk=0",
                file.toString())) {
          if (line.contains("size=") && line.contains("pos=")) {
            int offset = field(line, "pos=");
            samples.add(
                new Sample(
                    video,
                    offset,
                    Arrays.copyOfRange(bytes, offset, offset + field(line, "size="))));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ClearSource(samples);
  }

  private static int field(String line, String name) {
    int at = line.indexOf(name) + name.length();
    int end = line.indexOf('|', at);
    return Integer.parseInt(end < 0 ? line.substring(at) : line.substring(at, end));
  }

  /** Secrets, with this much of each slice allowed to be its header. */
  List<byte[]> secrets(int headerBytes) {
    var secrets = new ArrayList<byte[]>();
    for (var sample : samples) {
      if (!sample.video()) {
        secrets.add(sample.bytes());
        continue;
      }
      for (int[] nal : sample.nals()) {
        int type = sample.bytes()[nal[0]] & 0x1F;
        if ((type == 1 || type == 5) && nal[1] > headerBytes) {
          secrets.add(Arrays.copyOfRange(sample.bytes(), nal[0] + headerBytes, nal[0] + nal[1]));
        }
      }
    }
    return secrets;
  }

  /** All samples as wholes. */
  List<byte[]> wholes() {
    return samples.stream().map(Sample::bytes).toList();
  }
}
