package dev.sluice.origin.catalog;

import dev.sluice.origin.catalog.CatalogStore.Change;
import dev.sluice.origin.catalog.CatalogStore.DocumentRow;
import dev.sluice.origin.catalog.CatalogStore.KeyRow;
import dev.sluice.origin.catalog.CatalogStore.Rows;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.key.ContentKeys;
import dev.sluice.origin.key.KeyWrapper;
import dev.sluice.origin.media.KeyId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns documents to apply, or a name to delete, into rows to write; checks the outcome first. */
final class CatalogChanges {
  private final KeyWrapper wrapper;
  private final SecureRandom random;

  CatalogChanges(KeyWrapper wrapper, SecureRandom random) {
    this.wrapper = wrapper;
    this.random = random;
  }

  /** What rows say. */
  Snapshot read(Rows rows) {
    Map<KeyId, String> wrapped = new HashMap<>();
    rows.keys()
        .forEach(row -> KeyId.parse(row.id()).ifPresent(id -> wrapped.put(id, row.wrapped())));
    return new Snapshot(rows.revision(), documents(rows).values(), wrapped);
  }

  /** The change that brings these documents into force. */
  Change<ApplyResult> apply(Rows rows, List<ParsedDocument> given) {
    Map<String, Document> documents = documents(rows);
    Map<String, KeyRow> keys = new LinkedHashMap<>();
    rows.keys().forEach(row -> keys.put(row.id(), row));
    List<DocumentRow> written = new ArrayList<>();
    List<KeyRow> newKeys = new ArrayList<>();
    List<String> created = new ArrayList<>();
    List<String> updated = new ArrayList<>();
    List<String> unchanged = new ArrayList<>();
    Map<String, String> places = new HashMap<>();
    for (ParsedDocument parsed : given) {
      Document document = parsed.document();
      String label = CatalogValidation.label(document);
      String earlier = places.putIfAbsent(label, parsed.place());
      if (earlier != null) {
        throw CatalogValidation.refused(
            "%s: given twice (expected: once) at %s and %s"
                .formatted(label, earlier, parsed.place()));
      }
      Optional<Document> before = Optional.ofNullable(documents.put(label, document));
      if (document instanceof Document.ContentKey key) {
        before.ifPresent(old -> requireSameType((Document.ContentKey) old, key, parsed.place()));
        keyRow(key, parsed, keys).ifPresent(newKeys::add);
      }
      if (before.isPresent() && before.get().equals(document)) {
        unchanged.add(label);
      } else {
        (before.isPresent() ? updated : created).add(label);
        written.add(row(document));
      }
    }
    newKeys.forEach(row -> keys.put(row.id(), row));
    CatalogValidation.check(new Snapshot(rows.revision(), documents.values(), Map.of()));
    requireOneMode(documents, keys);
    return new Change<>(written, newKeys, List.of(), new ApplyResult(created, updated, unchanged));
  }

  /** The change that deletes a document. */
  Change<Boolean> delete(Rows rows, Kind kind, String name) {
    Snapshot before = read(rows);
    Optional<Document> gone = before.find(kind, name);
    if (gone.isEmpty()) {
      throw new CallerFailure(
          FailureCode.MPE_RESOURCE_NOT_FOUND,
          "%s \"%s\": not in the catalog".formatted(kind.word(), Fields.shown(name)));
    }
    for (Kind other : Kind.values()) {
      for (Document document : before.all(other)) {
        for (CatalogValidation.Reference reference : CatalogValidation.references(document)) {
          if (reference.kind() == kind && reference.name().equals(name)) {
            throw CatalogValidation.refused(
                "%s: still named by %s (expected: that %s no longer names it)"
                    .formatted(
                        CatalogValidation.label(gone.get()),
                        CatalogValidation.label(document),
                        reference.field()));
          }
        }
      }
    }
    return new Change<>(
        List.of(), List.of(), List.of(new DocumentRow(kind.word(), name, "")), true);
  }

  private Optional<KeyRow> keyRow(
      Document.ContentKey key, ParsedDocument parsed, Map<String, KeyRow> keys) {
    Optional<KeyRow> before = Optional.ofNullable(keys.get(key.name()));
    if (before.isPresent()) {
      parsed
          .keyValue()
          .map(wrapper::fingerprint)
          .filter(fingerprint -> !fingerprint.equals(before.get().fingerprint()))
          .ifPresent(_ -> {
            throw CatalogValidation.refused(
                "%s: value: another than the key has (expected: the same; delete the key first"
                        .formatted(CatalogValidation.label(key))
                    + " to give it another) at "
                    + parsed.place());
          });
      return Optional.empty();
    }
    if (parsed.keyValue().isPresent()) {
      var value = parsed.keyValue().get();
      return Optional.of(new KeyRow(key.name(), wrapper.wrap(value), wrapper.fingerprint(value)));
    }
    try (var value = ContentKeys.random(key.id(), random)) {
      return Optional.of(new KeyRow(key.name(), wrapper.wrap(value), wrapper.fingerprint(value)));
    }
  }

  private static void requireSameType(
      Document.ContentKey before, Document.ContentKey after, String place) {
    if (before.type() != after.type()) {
      throw CatalogValidation.refused(
          "%s: type: %s (expected: %s, which it has; a key never changes its cipher) at %s"
              .formatted(
                  CatalogValidation.label(after),
                  Words.of(after.type()),
                  Words.of(before.type()),
                  place));
    }
  }

  /** One value in CTR and in CBC, under whatever ids, gives keystream away. */
  private static void requireOneMode(Map<String, Document> documents, Map<String, KeyRow> keys) {
    Map<String, Document.ContentKey> byValue = new HashMap<>();
    for (Document document : documents.values()) {
      if (document instanceof Document.ContentKey key) {
        Optional<KeyRow> row = Optional.ofNullable(keys.get(key.name()));
        Optional<Document.ContentKey> other =
            row.flatMap(it -> Optional.ofNullable(byValue.putIfAbsent(it.fingerprint(), key)));
        if (other.isPresent()
            && CatalogValidation.isCbc(other.get().type()) != CatalogValidation.isCbc(key.type())) {
          throw CatalogValidation.refused(
              "%s: value: that of %s (expected: another; one value never serves %s and %s)"
                  .formatted(
                      CatalogValidation.label(key),
                      CatalogValidation.label(other.get()),
                      Words.of(key.type()),
                      Words.of(other.get().type())));
        }
      }
    }
  }

  private DocumentRow row(Document document) {
    String json = DocumentWriter.write(document, true).toString();
    String stored =
        document instanceof Document.ContentKeyAuthorizationPolicy
            ? wrapper.wrapText(json, CatalogValidation.label(document))
            : json;
    return new DocumentRow(Kind.of(document).word(), document.name(), stored);
  }

  private Map<String, Document> documents(Rows rows) {
    Map<String, Document> documents = new LinkedHashMap<>();
    for (DocumentRow row : rows.documents()) {
      String label = "%s \"%s\"".formatted(row.kind(), row.name());
      String json =
          row.kind().equals(Kind.CONTENT_KEY_AUTHORIZATION_POLICY.word())
              ? wrapper.unwrapText(row.json(), label)
              : row.json();
      for (ParsedDocument parsed :
          DocumentReader.read(json.getBytes(StandardCharsets.UTF_8), "the store")) {
        documents.put(label, parsed.document());
      }
    }
    return documents;
  }
}
