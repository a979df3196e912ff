package dev.sluice.origin.encrypt;

import dev.sluice.crypto.MediaCipher;
import dev.sluice.crypto.MediaCipher.CbcJob;
import dev.sluice.crypto.SourceGoneException;
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
    for (int from = 0; from < pieces.size(); from += CHAINS) {
      readTogether(pieces.subList(from, Math.min(pieces.size(), from + CHAINS)));
    }
  }

  /** Reads at most so many pieces as one call of the cipher works on together. */
  private void readTogether(List<Piece> pieces) {
    var read = new Batch();
    var mapped = new Batch();
    for (Piece piece : pieces) {
      try {
        EnvelopeBody body = bodyOf(piece);
        boolean begun = ClearRest.wipedUnless(piece.out(), () -> begin(body, piece, read, mapped));
        if (!begun && body.readNow(piece.positionBytes(), piece.out())) {
          piece.succeed();
        }
      } catch (RuntimeException e) {
        piece.fail(e);
      }
    }
    read.encrypt();
    mapped.encrypt();
  }

  private static boolean begin(EnvelopeBody body, Piece piece, Batch read, Batch mapped) {
    Optional<CbcJob> job = body.begin(piece);
    job.ifPresent(j -> (body.isMapped() ? mapped : read).add(piece, j));
    return job.isPresent();
  }

  /** Pieces that have been begun. */
  private final class Batch {
    private final List<Piece> pieces = new ArrayList<>(CHAINS);
    private final List<CbcJob> jobs = new ArrayList<>(CHAINS);

    void add(Piece piece, CbcJob job) {
      pieces.add(piece);
      jobs.add(job);
    }

    void encrypt() {
      if (jobs.isEmpty()) {
        return;
      }
      try {
        cipher.cbc(jobs);
        pieces.forEach(this::succeed);
      } catch (SourceGoneException e) {
        encryptOneByOne();
      } catch (RuntimeException e) {
        for (int i = 0; i < jobs.size(); i++) {
          fail(pieces.get(i), jobs.get(i), e);
        }
      }
    }

    /**
     * One of the files has become shorter, and nobody knows which. The others' pieces are made
     * still: mappings are as they were, whatever has been written to the targets.
     */
    private void encryptOneByOne() {
      for (int i = 0; i < jobs.size(); i++) {
        Piece piece = pieces.get(i);
        CbcJob job = jobs.get(i);
        try {
          bodyOf(piece).beginAgain(piece);
          EnvelopeCipher.this.encrypt(job);
          succeed(piece);
        } catch (SourceGoneException e) {
          fail(piece, job, GoneSource.failure());
        } catch (RuntimeException e) {
          fail(piece, job, e);
        }
      }
    }

    private void succeed(Piece piece) {
      try {
        bodyOf(piece).end(piece, /* succeeded= */ true);
        piece.succeed();
      } catch (RuntimeException e) {
        piece.fail(e);
      }
    }

    private void fail(Piece piece, CbcJob job, RuntimeException cause) {
      // Clear bytes were read to where the encrypted ones are wanted.
      ClearRest.wipe(job.target().duplicate().clear());
      bodyOf(piece).end(piece, /* succeeded= */ false);
      piece.fail(cause);
    }
  }

  private EnvelopeBody bodyOf(Piece piece) {
    if (piece.body() instanceof EnvelopeBody body && body.cipher() == this) {
      return body;
    }
    throw new IllegalArgumentException("piece: of another body (expected: of one of this cipher)");
  }
}
