package dev.sluice.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

final class SegmentChecksTest {
  private static final byte[] SEGMENT =
      join(box("styp", 12), box("moof", 40), box("mdat", 300), box("moof", 9), largeBox("mdat", 5));
  private static final byte[] INIT = join(box("ftyp", 16), box("moov", 600));

  @Test
  void takesSegmentsInAnyCut() throws Exception {
    for (int cut = 1; cut <= SEGMENT.length; cut++) {
      feed(new BoxCheck(false), SEGMENT, cut);
    }
    feed(new BoxCheck(true), INIT, 7);
  }

  @Test
  void refusesASegmentCutShortAnywhere() {
    int firstFragment = 20 + 48 + 308;
    for (int length = 0; length < SEGMENT.length; length++) {
      if (length != firstFragment) {
        byte[] cut = Arrays.copyOf(SEGMENT, length);
        assertThatExceptionOfType(LoadFailure.class)
            .as("%d bytes", length)
            .isThrownBy(() -> feed(new BoxCheck(false), cut, 11))
            .matches(failure -> failure.reason().equals("structure"));
      }
    }
  }

  @Test
  void refusesOtherBoxes() {
    refused(
        () -> new BoxCheck(false),
        INIT,
        "boxes [ftyp, moov] (expected: whole boxes, moof and mdat)");
    refused(
        () -> new BoxCheck(true), box("free", 10), "boxes [free] (expected: whole boxes, moov)");
    refused(
        () -> new BoxCheck(false),
        join(box("moof", 1), box("moof", 1)),
        "moof after moof (expected: whole boxes, moof and mdat)");
    refused(
        () -> new BoxCheck(false),
        new byte[] {0, 0, 0, 7, 'm', 'o', 'o', 'f'},
        "a box of 7 bytes (expected: whole boxes, moof and mdat)");
  }

  @Test
  void takesTransportStreamsInAnyCut() throws Exception {
    for (int cut = 1; cut <= 400; cut++) {
      feed(new TransportStreamCheck(), packets(4), cut);
    }
    feed(new TransportStreamCheck(), new byte[] {'I', 'D', '3', 4, 0}, 2);
  }

  @Test
  void refusesStreamsOutOfSync() {
    byte[] broken = packets(3);
    broken[376] = 0;

    for (int cut : new int[] {1, 50, 188, 564}) {
      assertThatExceptionOfType(LoadFailure.class)
          .isThrownBy(() -> feed(new TransportStreamCheck(), broken, cut))
          .withMessage("0x00 at byte 376 (expected: 0x47, the sync byte)");
    }
    refused(
        TransportStreamCheck::new,
        Arrays.copyOf(packets(3), 500),
        "500 bytes (expected: a multiple of 188)");
    refused(TransportStreamCheck::new, new byte[0], "0 bytes (expected: a multiple of 188)");
  }

  @Test
  void opensEnvelopes() throws Exception {
    byte[] key = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    var envelope = new Envelope(URI.create("http://k.example/"), 5, -7);
    byte[] encrypted = encrypt(key, envelope.iv(), packets(5));

    for (int cut : new int[] {1, 15, 16, 17, 300, 5000}) {
      feed(new DecryptingSink(envelope, key, new TransportStreamCheck()), encrypted, cut);
    }
    byte[] other = key.clone();
    other[3]++;
    assertThatExceptionOfType(LoadFailure.class)
        .isThrownBy(() ->
            feed(new DecryptingSink(envelope, other, new TransportStreamCheck()), encrypted, 300));
    assertThatExceptionOfType(LoadFailure.class)
        .isThrownBy(() ->
            feed(
                new DecryptingSink(envelope, key, new TransportStreamCheck()),
                Arrays.copyOf(encrypted, encrypted.length - 16),
                300))
        .withMessage("padding: wrong (expected: PKCS7 under the key that was had)");
  }

  static byte[] encrypt(byte[] key, byte[] iv, byte[] plain) throws Exception {
    var cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
    return cipher.doFinal(plain);
  }

  static byte[] packets(int count) {
    byte[] packets = new byte[188 * count];
    for (int i = 0; i < packets.length; i += 188) {
      packets[i] = 0x47;
    }
    return packets;
  }

  static byte[] box(String type, int payloadBytes) {
    return ByteBuffer.allocate(8 + payloadBytes)
        .putInt(8 + payloadBytes)
        .put(type.getBytes(StandardCharsets.US_ASCII))
        .array();
  }

  static byte[] join(byte[]... parts) {
    var joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }

  private static byte[] largeBox(String type, int payloadBytes) {
    return ByteBuffer.allocate(16 + payloadBytes)
        .putInt(1)
        .put(type.getBytes(StandardCharsets.US_ASCII))
        .putLong(16L + payloadBytes)
        .array();
  }

  private static void refused(Supplier<BodySink> check, byte[] bytes, String message) {
    assertThatExceptionOfType(LoadFailure.class)
        .isThrownBy(() -> feed(check.get(), bytes, 5))
        .withMessage(message);
  }

  private static void feed(BodySink sink, byte[] bytes, int cut) throws LoadFailure {
    for (int at = 0; at < bytes.length; at += cut) {
      sink.accept(bytes, at, Math.min(cut, bytes.length - at));
    }
    sink.end();
  }
}
