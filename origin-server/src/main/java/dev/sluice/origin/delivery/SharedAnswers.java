package dev.sluice.origin.delivery;

import dev.sluice.origin.catalog.Catalog;
import dev.sluice.origin.catalog.Document;
import dev.sluice.origin.catalog.KeyVersion;
import dev.sluice.origin.media.Answer;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.CacheFigures;
import dev.sluice.origin.policy.DeliveryDecision;
import dev.sluice.origin.policy.PublishedAsset;
import dev.sluice.origin.route.OriginRequest;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Answers that are the same for all who ask: manifests, playlists and init segments. Each is made
 * once, and all who read it share its bytes.
 *
 * <p>An answer may be given again
 *
 * <ul>
 *   <li>without a look at anything while its {@link Standing} holds ({@link #find});
 *   <li>to a request that has been resolved anew, if that came to the same ({@link #answer}). So a
 *       change of documents that do not matter to an answer does not make it anew, and neither does
 *       a second look at the title's folder.
 * </ul>
 */
final class SharedAnswers {
  /** Of an entry besides the bytes of its answer: measured. */
  private static final int ENTRY_BYTES = 1_000;

  /** What tells answers apart while documents and media stay as they are. */
  private record Key(OriginRequest.OfPresentation request, boolean secure) {}

  /**
   * Everything that an answer depends on besides the request and the settings. Refers to the title
   * weakly, so that its memory is bounded where titles are kept.
   *
   * @param keyVersions of the asset's keys, in its order
   * @param keyDelivery the ways in which each of them is delivered here
   */
  private record Grounds(
      PublishedAsset published,
      DeliveryDecision decision,
      List<Document.ContentKey> keys,
      List<Document.Filter> filters,
      List<Optional<KeyVersion>> keyVersions,
      List<Set<Document.KeyDeliveryType>> keyDelivery,
      Same title) {}

  /** An object that is equal to itself alone, while anybody else holds it. */
  private static final class Same {
    private final WeakReference<Object> object;
    private final int hash;

    Same(Object object) {
      this.object = new WeakReference<>(object);
      this.hash = System.identityHashCode(object);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Same that
          && object.get() != null
          && that.object.refersTo(object.get());
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  /** An answer, and while what it may be given again. */
  private static final class Entry {
    private final Answer answer;
    private final int weightBytes;

    /** Absent where they changed while the answer was made. */
    private final Optional<Grounds> grounds;

    private volatile Standing standing;

    Entry(Answer answer, int weightBytes, Optional<Grounds> grounds, Standing standing) {
      this.answer = answer;
      this.weightBytes = weightBytes;
      this.grounds = grounds;
      this.standing = standing;
    }
  }

  private final Catalog catalog;
  private final LoadOnceCache<Key, Entry> entries;

  /**
   * None yet.
   *
   * @param limitBytes what all answers may take together, the least used go first
   */
  SharedAnswers(Catalog catalog, long limitBytes) {
    this.catalog = catalog;
    this.entries =
        new LoadOnceCache<>("answers", limitBytes, (Key _, Entry entry) -> entry.weightBytes);
  }

  /**
   * The answer to a request, where it is here and all that it depends on is as it was. Does not
   * block.
   *
   * @param secure whether the caller came by TLS, where the answer depends on it
   */
  Optional<Answer> find(OriginRequest.OfPresentation request, boolean secure) {
    return entries.find(
        new Key(request, secure),
        entry -> entry.standing.holds() ? Optional.of(entry.answer) : Optional.empty());
  }

  /**
   * The answer to a request.
   *
   * @param secure whether the caller came by TLS, where the answer depends on it
   * @param resolved what the request resolves to now
   * @param make makes the answer; its body is read to the end
   */
  Answer answer(
      OriginRequest.OfPresentation request,
      boolean secure,
      Resolver.Resolved resolved,
      Supplier<Answer> make) {
    var grounds = grounds(resolved);
    Entry entry =
        entries.get(
            new Key(request, secure),
            grounds,
            kept -> kept.grounds.filter(grounds::equals).isPresent(),
            _ -> make(request, grounds, resolved.standing(), make));
    // The grounds are of this standing's edition, if that is still in force.
    if (entry.grounds.isPresent() && resolved.standing().isOfNow()) {
      entry.standing = resolved.standing();
    }
    return entry.answer;
  }

  /** For metrics. */
  CacheFigures figures() {
    return entries;
  }

  private Entry make(
      OriginRequest.OfPresentation request,
      Grounds grounds,
      Standing standing,
      Supplier<Answer> make) {
    Answer made = make.get();
    Answer answer = made.shared(read(made));
    int weight = weightBytes(request, answer);
    return new Entry(
        answer, weight, standing.isOfNow() ? Optional.of(grounds) : Optional.empty(), standing);
  }

  private static Bytes read(Answer answer) {
    try (var body = answer.body().get()) {
      var bytes = body.bytes();
      if (bytes.isPresent()) {
        return bytes.get();
      }
      byte[] all = new byte[Math.toIntExact(body.lengthBytes())];
      var out = ByteBuffer.wrap(all);
      body.read(0, out);
      if (out.hasRemaining()) {
        throw new IllegalStateException(
            "body: %d bytes missing (expected: %d)".formatted(out.remaining(), all.length));
      }
      return Bytes.taking(all);
    }
  }

  private static int weightBytes(OriginRequest.OfPresentation request, Answer answer) {
    return ENTRY_BYTES
        + request.toString().length()
        + answer.body().get().bytes().map(Bytes::size).orElse(0)
        + answer.gzipped().map(Bytes::size).orElse(0);
  }

  private Grounds grounds(Resolver.Resolved resolved) {
    var resolution = resolved.resolution();
    return new Grounds(
        resolution.published(),
        resolution.decision(),
        resolution.keys(),
        resolution.filters(),
        resolution.keys().stream().map(key -> catalog.keyVersion(key.id())).toList(),
        resolution.keys().stream().map(this::keyDelivery).toList(),
        new Same(resolved.title()));
  }

  private Set<Document.KeyDeliveryType> keyDelivery(Document.ContentKey key) {
    return key.authorizationPolicy().flatMap(catalog::findAuthorizationPolicy).stream()
        .flatMap(policy -> policy.options().stream())
        .map(Document.Option::keyDeliveryType)
        .collect(Collectors.toSet());
  }
}
