package dev.sluice.origin.encrypt;

import dev.sluice.crypto.MediaCipher;
import dev.sluice.crypto.MediaCipher.CbcJob;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.Body.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Encrypts pieces of {@linkplain EnvelopeBody enveloped bodies}: those of several at a time, since
 * a processor that works on one chain waits most of its time for the block before.
 */
public final class EnvelopeCipher implements Body.Together {

  /** More chains than this have too many buffers for a processor's cache. */
  private static final int CHAINS = 8;

  private final MediaCipher cipher;

  /** Pieces by this cipher. */
  public EnvelopeCipher(MediaCipher cipher) {
    this.cipher = cipher;
  }

  void encrypt(CbcJob job) {
    cipher.cbc(job.key(), job.ranges(), job.source(), job.target());
  }

  @Override
  public int piecesAtOnce() {
    return CHAINS;
  }

  @Override
  public void readNow(List<Piece> pieces) {
    var begun = new ArrayList<Piece>(pieces.size());
    var jobs = new ArrayList<CbcJob>(pieces.size());
    for (Piece piece : pieces) {
      try {
        Optional<CbcJob> job = bodyOf(piece).begin(piece);
        if (job.isPresent()) {
          begun.add(piece);
          jobs.add(job.get());
        } else if (bodyOf(piece).readNow(piece.positionBytes(), piece.out())) {
          piece.succeed();
        }
      } catch (RuntimeException e) {
        piece.fail(e);
      }
    }
    try {
      cipher.cbc(jobs);
      begun.forEach(piece -> {
        bodyOf(piece).end(piece, /* succeeded= */ true);
        piece.succeed();
      });
    } catch (RuntimeException e) {
      begun.forEach(piece -> {
        bodyOf(piece).end(piece, /* succeeded= */ false);
        piece.fail(e);
      });
    }
  }

  private EnvelopeBody bodyOf(Piece piece) {
    if (piece.body() instanceof EnvelopeBody body && body.cipher() == this) {
      return body;
    }
    throw new IllegalArgumentException("piece: of another body (expected: of one of this cipher)");
  }
}
