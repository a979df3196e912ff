package dev.sluice.origin.segment.ts;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A strict reader of transport streams, written from ISO/IEC 13818-1 2.4: it fails on whatever a
 * lenient one passes over.
 */
public final class TsParser {
  private static final int PACKET = 188;
  private static final long PCR_MAX_STEP = 27_000_000 / 10;

  /**
   * A PES packet. Times are on the 90 kHz clock.
   *
   * @param number of all PES packets, by their first transport packet
   */
  public record Pes(
      int pid,
      int number,
      int streamId,
      long pts,
      long dts,
      boolean randomAccess,
      long pcr,
      boolean wholeHeaderInFirstPacket,
      ByteArrayOutputStream data) {

    public byte[] payload() {
      return data.toByteArray();
    }
  }

  /** An entry of the program map. */
  public record Stream(int pid, int type, ByteArrayOutputStream descriptorBytes) {

    public byte[] descriptors() {
      return descriptorBytes.toByteArray();
    }
  }

  /** A PES packet whose end is not seen yet. */
  private record Open(
      int number, boolean randomAccess, long pcr, int firstBytes, ByteArrayOutputStream data) {}

  public final List<Pes> pes = new ArrayList<>();
  public final Map<Integer, Stream> streams = new TreeMap<>();
  private final Map<Integer, Integer> packets = new TreeMap<>();
  private final Map<Integer, Integer> counters = new TreeMap<>();
  private final Map<Integer, Open> open = new TreeMap<>();
  private int pmtPid = -1;
  private int pcrPid = -1;
  private long lastPcr = -1;
  private int started;
  public int pcrs;

  public static TsParser parse(byte[]... segments) {
    var parser = new TsParser();
    for (byte[] segment : segments) {
      assertThat(segment.length % PACKET).isZero();
      for (int at = 0; at < segment.length; at += PACKET) {
        parser.packet(Arrays.copyOfRange(segment, at, at + PACKET), at / PACKET);
      }
    }
    for (int pid : List.copyOf(parser.open.keySet())) {
      parser.endPes(pid);
    }
    return parser;
  }

  public List<Pes> of(int pid) {
    return pes.stream().filter(p -> p.pid() == pid).toList();
  }

  List<Pes> inOrderOfStarts() {
    return pes.stream().sorted(Comparator.comparingInt(Pes::number)).toList();
  }

  /** How many packets of a PID carry payload. */
  public int packets(int pid) {
    return packets.getOrDefault(pid, 0);
  }

  public Stream stream(int pid) {
    return requireNonNull(streams.get(pid), "program map");
  }

  /** The first packets of each segment are PAT and PMT, in this order. */
  private void packet(byte[] p, int number) {
    assertThat(p[0]).as("sync_byte").isEqualTo((byte) 0x47);
    assertThat(p[1] & 0xa0).as("error indicator, priority").isZero();
    boolean start = (p[1] & 0x40) != 0;
    int pid = (p[1] & 0x1f) << 8 | (p[2] & 0xff);
    assertThat(p[3] & 0xc0).as("scrambling").isZero();
    int control = p[3] >> 4 & 3;
    int counter = p[3] & 0xf;
    assertThat(control).as("adaptation_field_control").isNotZero();
    if (number == 0) {
      assertThat(pid).isZero();
    } else if (number == 1) {
      assertThat(pid).isEqualTo(pmtPid);
    }
    int at = 4;
    boolean randomAccess = false;
    long pcr = -1;
    if ((control & 2) != 0) {
      int length = p[4] & 0xff;
      if (control == 2) {
        assertThat(length).as("adaptation_field_length").isEqualTo(183);
      } else {
        assertThat(length).as("adaptation_field_length").isBetween(0, 182);
      }
      at = 5 + length;
      int end = at;
      int field = 5;
      if (length > 0) {
        int flags = p[field++] & 0xff;
        assertThat(flags & ~0x50).as("flags of the adaptation field").isZero();
        randomAccess = (flags & 0x40) != 0;
        if ((flags & 0x10) != 0) {
          pcr = pcr(p, field);
          field += 6;
        }
        for (; field < end; field++) {
          assertThat(p[field]).as("stuffing_byte").isEqualTo((byte) 0xff);
        }
      }
    }
    boolean payload = (control & 1) != 0;
    counter(pid, counter, payload);
    if (pid == 0) {
      pat(section(p, at, start));
    } else if (pid == pmtPid) {
      pmt(section(p, at, start));
    } else {
      assertThat(streams).as("PIDs of the program map").containsKey(pid);
      packets.merge(pid, payload ? 1 : 0, Integer::sum);
      if (pcr >= 0) {
        pcr(pid, pcr);
      }
      if (start) {
        assertThat(payload).isTrue();
        endPes(pid);
        open.put(
            pid, new Open(started++, randomAccess, pcr, PACKET - at, new ByteArrayOutputStream()));
      } else {
        assertThat(randomAccess).as("random access without a start").isFalse();
      }
      if (payload) {
        requireNonNull(open.get(pid), "payload before the first start")
            .data()
            .write(p, at, PACKET - at);
      }
    }
  }

  private void counter(int pid, int counter, boolean payload) {
    Integer last = counters.put(pid, counter);
    if (last != null) {
      int expected = payload ? (last + 1) % 16 : last;
      assertThat(counter).as("continuity_counter of PID " + pid).isEqualTo(expected);
    }
  }

  private void pcr(int pid, long pcr) {
    assertThat(pid).as("PID with a PCR").isEqualTo(pcrPid);
    if (lastPcr >= 0) {
      assertThat(pcr - lastPcr).as("step of the PCR").isBetween(0L, PCR_MAX_STEP + 300);
    }
    lastPcr = pcr;
    pcrs++;
  }

  private static long pcr(byte[] p, int at) {
    long base =
        (p[at] & 0xffL) << 25
            | (p[at + 1] & 0xff) << 17
            | (p[at + 2] & 0xff) << 9
            | (p[at + 3] & 0xff) << 1
            | (p[at + 4] & 0xff) >> 7;
    assertThat(p[at + 4] & 0x7e).as("reserved bits of the PCR").isEqualTo(0x7e);
    int extension = (p[at + 4] & 1) << 8 | (p[at + 5] & 0xff);
    assertThat(extension).isLessThan(300);
    return base * 300 + extension;
  }

  private static byte[] section(byte[] p, int at, boolean start) {
    assertThat(start).isTrue();
    assertThat(p[at]).as("pointer_field").isZero();
    int from = at + 1;
    int length = (p[from + 1] & 0xf) << 8 | (p[from + 2] & 0xff);
    assertThat(p[from + 1] & 0xf0).isEqualTo(0xb0);
    int end = from + 3 + length;
    for (int i = end; i < PACKET; i++) {
      assertThat(p[i]).as("stuffing behind a section").isEqualTo((byte) 0xff);
    }
    byte[] section = Arrays.copyOfRange(p, from, end);
    assertThat(crc(section)).as("CRC over a section with its CRC_32").isZero();
    assertThat(section[5] & 0xff).as("version, current_next").isEqualTo(0xc1);
    assertThat(section[6] | section[7]).as("section numbers").isZero();
    return section;
  }

  /** Bit by bit, as annex A draws it. */
  private static int crc(byte[] bytes) {
    int register = 0xffff_ffff;
    for (byte b : bytes) {
      for (int bit = 7; bit >= 0; bit--) {
        boolean feedback = (register < 0) != ((b >> bit & 1) == 1);
        register <<= 1;
        if (feedback) {
          register ^= 0b0000_0100_1100_0001_0001_1101_1011_0111;
        }
      }
    }
    return register;
  }

  private void pat(byte[] s) {
    assertThat(s[0]).isZero();
    assertThat(s).hasSize(16);
    assertThat((s[8] & 0xff) << 8 | (s[9] & 0xff)).as("program_number").isEqualTo(1);
    pmtPid = (s[10] & 0x1f) << 8 | (s[11] & 0xff);
  }

  private void pmt(byte[] s) {
    assertThat(s[0]).isEqualTo((byte) 2);
    assertThat((s[3] & 0xff) << 8 | (s[4] & 0xff)).as("program_number").isEqualTo(1);
    pcrPid = (s[8] & 0x1f) << 8 | (s[9] & 0xff);
    assertThat((s[10] & 0xf) << 8 | (s[11] & 0xff)).as("program_info_length").isZero();
    int at = 12;
    while (at < s.length - 4) {
      int pid = (s[at + 1] & 0x1f) << 8 | (s[at + 2] & 0xff);
      int length = (s[at + 3] & 0xf) << 8 | (s[at + 4] & 0xff);
      var descriptors = new ByteArrayOutputStream();
      descriptors.write(s, at + 5, length);
      var stream = new Stream(pid, s[at] & 0xff, descriptors);
      var before = streams.put(pid, stream);
      if (before != null) {
        assertThat(before.descriptors()).isEqualTo(stream.descriptors());
        assertThat(before.type()).isEqualTo(stream.type());
      }
      at += 5 + length;
    }
    assertThat(at).isEqualTo(s.length - 4);
    assertThat(streams).containsKey(pcrPid);
  }

  private void endPes(int pid) {
    var opened = open.remove(pid);
    if (opened == null) {
      return;
    }
    byte[] b = opened.data().toByteArray();
    assertThat(b[0] << 16 | b[1] << 8 | b[2]).as("packet_start_code_prefix").isEqualTo(1);
    int streamId = b[3] & 0xff;
    int length = (b[4] & 0xff) << 8 | (b[5] & 0xff);
    if (length == 0) {
      assertThat(streamId).as("stream_id of a packet without length").isEqualTo(0xe0);
    } else {
      assertThat(b.length - 6).as("PES_packet_length").isEqualTo(length);
    }
    assertThat(b[6] & 0xff).isEqualTo(0x84);
    int flags = b[7] & 0xff;
    assertThat(flags).as("PTS_DTS_flags").isIn(0x80, 0xc0);
    int headerLength = b[8] & 0xff;
    int times = flags == 0xc0 ? 10 : 5;
    assertThat(headerLength).isBetween(times, times + 32);
    for (int i = 9 + times; i < 9 + headerLength; i++) {
      assertThat(b[i]).as("stuffing of the header").isEqualTo((byte) 0xff);
    }
    long pts = time(b, 9, flags == 0xc0 ? 3 : 2);
    long dts = flags == 0xc0 ? time(b, 14, 1) : pts;
    assertThat(pts).isGreaterThanOrEqualTo(dts);
    if (opened.pcr() >= 0) {
      assertThat(dts * 300).as("DTS against PCR").isGreaterThanOrEqualTo(opened.pcr());
    }
    var payload = new ByteArrayOutputStream();
    payload.write(b, 9 + headerLength, b.length - 9 - headerLength);
    var last = of(pid);
    if (!last.isEmpty()) {
      assertThat(dts).as("DTS order").isGreaterThan(last.getLast().dts());
    }
    pes.add(
        new Pes(
            pid,
            opened.number(),
            streamId,
            pts,
            dts,
            opened.randomAccess(),
            opened.pcr(),
            opened.firstBytes() >= 9 + headerLength,
            payload));
  }

  private static long time(byte[] b, int at, int prefix) {
    assertThat(b[at] >> 4 & 0xf).as("prefix of a time").isEqualTo(prefix);
    assertThat(b[at] & b[at + 2] & b[at + 4] & 1).as("marker bits").isEqualTo(1);
    return (b[at] >> 1 & 7L) << 30
        | (b[at + 1] & 0xffL) << 22
        | (b[at + 2] >> 1 & 0x7fL) << 15
        | (b[at + 3] & 0xffL) << 7
        | (b[at + 4] >> 1 & 0x7fL);
  }
}
