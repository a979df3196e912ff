package dev.sluice.origin.catalog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.key.ContentKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads catalog documents from JSON: one object, or an array of them. */
public final class DocumentReader {
  /** How long a document may be. */
  public static final int DOCUMENT_MAX_BYTES = 1 << 20;

  /** How many documents one application may have. */
  public static final int DOCUMENTS_MAX = 10_000;

  /** How long all documents of one application may be together. */
  public static final int INPUT_MAX_BYTES = 64 << 20;

  private static final int DEPTH_MAX = 32;
  private static final int NUMBER_MAX_CHARS = 32;
  private static final int MEMBER_NAME_MAX_CHARS = 256;

  static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");
  static final String NAME_RULE = "1 to 128 of A-Z a-z 0-9 . _ -";

  static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEPTH_MAX)
                          .maxStringLength(DOCUMENT_MAX_BYTES)
                          .maxNumberLength(NUMBER_MAX_CHARS)
                          .maxNameLength(MEMBER_NAME_MAX_CHARS)
                          .maxDocumentLength(INPUT_MAX_BYTES)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final ObjectReader TREES =
      MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private DocumentReader() {}

  /** Reads documents. Ownership: the caller closes the keys in them. */
  public static List<ParsedDocument> read(byte[] json) {
    return read(json, "");
  }

  /**
   * Reads documents.
   *
   * @param source the file they come from, for messages; empty: none is named
   */
  public static List<ParsedDocument> read(byte[] json, String source) {
    String prefix = source.isEmpty() ? "" : source + ", ";
    List<ParsedDocument> documents = new ArrayList<>();
    List<JsonNode> trees = trees(json, prefix);
    try {
      for (JsonNode tree : trees) {
        documents.add(parse(tree, "%sdocuments[%d]".formatted(prefix, documents.size())));
      }
      return documents;
    } catch (RuntimeException e) {
      documents.forEach(document -> document.keyValue().ifPresent(ContentKey::close));
      throw e;
    }
  }

  /** Checks documents as {@link #read} does, and returns the text of each by itself. */
  public static List<DocumentText> split(byte[] json, String source) {
    String prefix = source.isEmpty() ? "" : source + ", ";
    List<DocumentText> texts = new ArrayList<>();
    for (JsonNode tree : trees(json, prefix)) {
      ParsedDocument parsed = parse(tree, "%sdocuments[%d]".formatted(prefix, texts.size()));
      parsed.keyValue().ifPresent(ContentKey::close);
      texts.add(
          new DocumentText(Kind.of(parsed.document()), parsed.document().name(), tree.toString()));
    }
    return texts;
  }

  private static List<JsonNode> trees(byte[] json, String prefix) {
    if (json.length > INPUT_MAX_BYTES) {
      throw refused(
          "%d bytes (expected: at most %d bytes)".formatted(json.length, INPUT_MAX_BYTES), prefix);
    }
    List<JsonNode> trees = new ArrayList<>();
    try (JsonParser in = MAPPER.createParser(json)) {
      JsonToken first = in.nextToken();
      if (first == null) {
        throw refused("nothing (expected: a document, or a list of documents)", prefix);
      }
      boolean many = first == JsonToken.START_ARRAY;
      JsonToken token = many ? in.nextToken() : first;
      while (token != null && token != JsonToken.END_ARRAY) {
        if (trees.size() == DOCUMENTS_MAX) {
          throw refused("more than %d documents".formatted(DOCUMENTS_MAX), prefix);
        }
        long start = in.currentTokenLocation().getByteOffset();
        trees.add(TREES.readTree(in));
        long length = in.currentLocation().getByteOffset() - start;
        if (length > DOCUMENT_MAX_BYTES) {
          throw refused(
              "documents[%d]: %d bytes (expected: at most %d bytes)"
                  .formatted(trees.size() - 1, length, DOCUMENT_MAX_BYTES),
              prefix);
        }
        token = many ? in.nextToken() : JsonToken.END_ARRAY;
      }
      if (in.nextToken() != null) {
        var where = in.currentTokenLocation();
        throw refused(
            "more text behind the documents at line %d, column %d"
                .formatted(where.getLineNr(), where.getColumnNr()),
            prefix);
      }
    } catch (JsonProcessingException e) {
      var where = Optional.ofNullable(e.getLocation());
      throw refused(
          Fields.shown(reason(e))
              + where
                  .map(at -> " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr()))
                  .orElse(""),
          prefix);
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory can be read", e);
    }
    return trees;
  }

  /** The parser's reason without what it quotes of the text, which may be a secret. */
  private static String reason(JsonProcessingException e) {
    String message = String.valueOf(e.getOriginalMessage());
    if (message.contains("nesting depth")) {
      return "nested too deeply (expected: at most %d levels)".formatted(DEPTH_MAX);
    }
    if (message.startsWith("Duplicate")) {
      return message
          .replace("Duplicate Object property", "duplicate member")
          .replace("Duplicate field", "duplicate member")
          .replace('\'', '"');
    }
    if (message.contains("maximum allowed")) {
      return "a name, number or string is too long";
    }
    return "not well-formed";
  }

  private static ParsedDocument parse(JsonNode tree, String place) {
    if (!tree.isObject()) {
      throw new Fields(tree, "document", "", place)
          .refuse("kind", Fields.typeOf(tree), "an object with kind");
    }
    var unnamed = new Fields(tree, "document", "", place);
    String expected = "one of " + Kind.words();
    String word = unnamed.text("kind", expected);
    Kind kind =
        Kind.parse(word).orElseThrow(() -> unnamed.refuse("kind", Fields.shown(word), expected));
    String nameField =
        switch (kind) {
          case CONTENT_KEY, STREAMING_LOCATOR -> "id";
          case ASSET,
              ASSET_DELIVERY_POLICY,
              CONTENT_KEY_AUTHORIZATION_POLICY,
              FILTER,
              ACCESS_POLICY ->
              "name";
        };
    String subject =
        tree.path(nameField).isTextual()
            ? "%s \"%s\"".formatted(kind.word(), Fields.shown(tree.path(nameField).textValue()))
            : kind.word();
    var in = new Fields(tree, subject, "", place);
    return switch (kind) {
      case ASSET -> plain(AssetReader.asset(in), place);
      case CONTENT_KEY -> ContentKeyReader.read(in, place);
      case ASSET_DELIVERY_POLICY -> plain(DeliveryPolicyReader.read(in), place);
      case CONTENT_KEY_AUTHORIZATION_POLICY -> plain(AuthorizationPolicyReader.read(in), place);
      case STREAMING_LOCATOR -> plain(AssetReader.locator(in), place);
      case FILTER -> plain(FilterReader.read(in), place);
      case ACCESS_POLICY -> plain(AccessPolicyReader.read(in), place);
    };
  }

  /** The document's name. */
  static String name(Fields in) {
    String name = in.text("name", NAME_RULE);
    return checkedName(in, "name", name);
  }

  static String checkedName(Fields in, String field, String name) {
    if (!NAME.matcher(name).matches()) {
      throw in.refuse(field, Fields.shown(name), NAME_RULE);
    }
    return name;
  }

  /** Names of other documents. */
  static List<String> names(Fields in, String field) {
    List<String> names = in.texts(field);
    for (int i = 0; i < names.size(); i++) {
      checkedName(in, "%s[%d]".formatted(field, i), names.get(i));
    }
    return names;
  }

  private static ParsedDocument plain(Document document, String place) {
    return new ParsedDocument(document, Optional.empty(), place);
  }

  private static CallerFailure refused(String what, String prefix) {
    return new CallerFailure(
        FailureCode.BAD_REQUEST,
        "JSON: "
            + what
            + (prefix.isEmpty() ? "" : " in " + prefix.substring(0, prefix.length() - 2)));
  }
}
