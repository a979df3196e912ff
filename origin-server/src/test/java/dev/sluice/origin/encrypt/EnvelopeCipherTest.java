package dev.sluice.origin.encrypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sluice.crypto.CbcRanges;
import dev.sluice.crypto.CtrRanges;
import dev.sluice.crypto.MediaCipher;
import dev.sluice.crypto.MediaCiphers;
import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.Body.Piece;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Pieces of several enveloped bodies at a time, against the JDK's cipher over each body. */
final class EnvelopeCipherTest {
  private final Random random = new Random(11);
  private EnvelopeCipher cipher = new EnvelopeCipher(MediaCiphers.best());

  @Test
  void givesEachBodyItsOwnBytes() {
    for (int round = 0; round < 60; round++) {
      var readers = new ArrayList<Reader>();
      for (int i = random.nextInt(9); i >= 0; i--) {
        readers.add(new Reader(random.nextInt(round % 10 == 0 ? 400_000 : 2_000)));
      }
      while (readers.stream().anyMatch(Reader::isUnfinished)) {
        var turn = new ArrayList<Reader>();
        var pieces = new ArrayList<Piece>();
        for (Reader reader : readers) {
          if (reader.isUnfinished() && random.nextInt(4) > 0) {
            turn.add(reader);
            pieces.add(reader.next());
          }
        }
        cipher.readNow(pieces);
        for (int i = 0; i < pieces.size(); i++) {
          turn.get(i).read(pieces.get(i));
        }
      }
      readers.forEach(Reader::check);
    }
  }

  @Test
  void failsOnlyThePieceThatCannotBeRead() {
    var good = new Reader(100_000);
    var bad = new Reader(100_000);
    bad.fails = true;
    var pieces = List.of(good.next(), bad.next());
    cipher.readNow(pieces);
    assertThat(pieces.get(0).isRead()).isTrue();
    assertThatIllegalStateException().isThrownBy(() -> pieces.get(1).isRead()).withMessage("lost");
    requireWiped(pieces.get(1));
    good.read(pieces.get(0));
    while (good.isUnfinished()) {
      var piece = good.next();
      cipher.readNow(List.of(piece));
      good.read(piece);
    }
    good.check();
  }

  @Test
  void leavesNoClearBytesWhereTheEngineFails() {
    cipher = new EnvelopeCipher(new FailingCipher());
    var pieces = Stream.generate(() -> new Reader(100_000).next()).limit(4).toList();
    cipher.readNow(pieces);
    for (Piece piece : pieces) {
      try {
        // One that must wait for storage has not been read at all.
        assertThat(piece.isRead()).isFalse();
      } catch (IllegalStateException e) {
        assertThat(e).hasMessage("the engine failed");
      }
      requireWiped(piece);
    }
  }

  private static void requireWiped(Piece piece) {
    var all = piece.out().duplicate().clear();
    while (all.hasRemaining()) {
      assertThat(all.get()).isZero();
    }
  }

  @Test
  void refusesABodyOfAnotherCipher() {
    var other = new EnvelopeCipher(MediaCiphers.best());
    var piece = new Reader(100).next();
    other.readNow(List.of(piece));
    assertThatIllegalArgumentException().isThrownBy(piece::isRead);
  }

  @Test
  void isWhatTheBodiesAskFor() {
    assertThat(new Reader(1).body.together()).containsSame(cipher);
    assertThat(cipher.piecesAtOnce()).isEqualTo(8);
  }

  /** An engine that encrypts nothing. */
  private static final class FailingCipher implements MediaCipher {
    @Override
    public String engine() {
      return "failing";
    }

    @Override
    public void ctr(byte[] key, CtrRanges ranges, ByteBuffer source, ByteBuffer target) {
      throw new IllegalStateException("the engine failed");
    }

    @Override
    public void cbc(byte[] key, CbcRanges ranges, ByteBuffer source, ByteBuffer target) {
      throw new IllegalStateException("the engine failed");
    }
  }

  /** Reads a body from its begin to its end, in pieces of any size. */
  private final class Reader {
    private final byte[] clear;
    private final byte[] key = bytes(16);
    private final byte[] iv = bytes(16);
    private final EnvelopeBody body;
    private final byte[] out;
    private int at;
    private boolean fails;

    Reader(int length) {
      clear = bytes(length);
      out = new byte[(int) EnvelopeBody.lengthBytes(length)];
      try (var contentKey =
          ContentKey.taking(
              KeyId.parse("8ba94ade-6eb9-449d-b44f-a5beefaf43b0").orElseThrow(), key.clone())) {
        body = new EnvelopeBody(new Inner(), contentKey, Bytes.copyOf(iv), cipher);
      }
    }

    boolean isUnfinished() {
      return at < out.length;
    }

    Piece next() {
      int blocks = 1 + random.nextInt(4_096);
      int length = random.nextInt(5) == 0 ? 1 + random.nextInt(100) : 16 * blocks;
      return new Piece(body, at, ByteBuffer.allocateDirect(Math.min(length, out.length - at)));
    }

    void read(Piece piece) {
      if (!piece.isRead()) {
        assertThat(piece.out().position()).isZero();
        body.read(piece.positionBytes(), piece.out());
      }
      assertThat(piece.out().hasRemaining()).isFalse();
      piece.out().get(0, out, at, piece.out().capacity());
      at += piece.out().capacity();
    }

    void check() {
      try {
        var reference = Cipher.getInstance("AES/CBC/PKCS5Padding");
        reference.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
        assertThat(out).isEqualTo(reference.doFinal(clear));
      } catch (GeneralSecurityException e) {
        throw new AssertionError(e);
      }
      body.close();
    }

    private final class Inner implements Body {
      @Override
      public long lengthBytes() {
        return clear.length;
      }

      @Override
      public void read(long positionBytes, ByteBuffer to) {
        to.put(clear, (int) positionBytes, to.remaining());
      }

      @Override
      public boolean readNow(long positionBytes, ByteBuffer to) {
        if (fails) {
          to.put(clear, (int) positionBytes, to.remaining() / 2);
          throw new IllegalStateException("lost");
        }
        if (random.nextInt(10) == 0) {
          return false;
        }
        read(positionBytes, to);
        return true;
      }
    }
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
