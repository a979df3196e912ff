package dev.sluice.origin.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.origin.catalog.Document.KeyType;
import dev.sluice.origin.catalog.Document.TrackSelector;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.key.ContentKey;
import dev.sluice.origin.key.KeySeed;
import dev.sluice.origin.media.Bytes;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.TrackKind;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads content keys. Says nothing of a value but its length. */
final class ContentKeyReader {
  private static final Pattern RANGE = Pattern.compile("(\\d{1,18})(?:(-)(\\d{1,18})?)?");
  private static final String RANGE_RULE = "a-b with a <= b, such as 0-2500000";

  private ContentKeyReader() {}

  static ParsedDocument read(Fields in, String place) {
    in.only("kind", "id", "type", "value", "keySeed", "iv", "tracks", "authorizationPolicy");
    KeyId id = AssetReader.guid(in, "id");
    KeyType type = in.word(KeyType.class, "type");
    var document =
        new Document.ContentKey(
            id,
            type,
            iv(in, type),
            in.objects("tracks").stream().map(ContentKeyReader::selector).toList(),
            in.findText("authorizationPolicy")
                .map(name -> DocumentReader.checkedName(in, "authorizationPolicy", name)));
    return new ParsedDocument(document, value(in, id), place);
  }

  private static Optional<Bytes> iv(Fields in, KeyType type) {
    Optional<String> text = in.findText("iv");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    switch (type) {
      case COMMON_ENCRYPTION_CBCS, ENVELOPE_ENCRYPTION -> {}
      case COMMON_ENCRYPTION, STORAGE_ENCRYPTION ->
          throw in.refuse(
              "iv",
              "given for " + Words.of(type),
              "only for CommonEncryptionCbcs and EnvelopeEncryption");
    }
    byte[] iv =
        Encodings.hexIv(text.get())
            .orElseThrow(() -> in.refuse("iv", Fields.shown(text.get()), "32 hex digits"));
    return Optional.of(Bytes.copyOf(iv));
  }

  private static Optional<ContentKey> value(Fields in, KeyId id) {
    Optional<String> value = in.findText("value");
    Optional<String> seed = in.findText("keySeed");
    if (value.isPresent() && seed.isPresent()) {
      throw in.refuse("keySeed", "given beside value", "one of them");
    }
    if (value.isPresent()) {
      byte[] bytes = secret(in, "value", value.get(), "base64 of 16 bytes");
      if (bytes.length != ContentKey.BYTES) {
        throw in.refuse("value", bytes.length + " bytes", "base64 of 16 bytes");
      }
      return Optional.of(ContentKey.taking(id, bytes));
    }
    return seed.map(text -> derive(in, id, text));
  }

  private static ContentKey derive(Fields in, KeyId id, String text) {
    byte[] bytes = secret(in, "keySeed", text, "base64 of at least 30 bytes");
    try {
      return KeySeed.derive(bytes, id);
    } catch (CallerFailure e) {
      throw in.refuse("keySeed", bytes.length + " bytes", "base64 of at least 30 bytes");
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** The bytes of a secret, which no message shows. */
  static byte[] secret(Fields in, String field, String text, String expected) {
    if (text.equals(DocumentWriter.MASK)) {
      throw in.refuse(field, "the mask ***", expected + "; get shows secrets only when asked to");
    }
    return Encodings.base64(text).orElseThrow(() -> in.refuse(field, "not base64", expected));
  }

  private static TrackSelector selector(Fields in) {
    in.only("type", "name", "language", "fourCC", "bitrate", "height");
    Optional<TrackKind> type =
        in.has("type") ? Optional.of(in.word(TrackKind.class, "type")) : Optional.empty();
    var selector =
        new TrackSelector(
            type,
            in.findText("name"),
            in.findText("language"),
            in.findText("fourCC"),
            range(in, "bitrate"),
            range(in, "height"));
    List<Optional<?>> conditions =
        List.of(
            selector.type(),
            selector.name(),
            selector.language(),
            selector.fourCc(),
            selector.bitrate(),
            selector.height());
    if (conditions.stream().allMatch(Optional::isEmpty)) {
      throw in.refuse("type", "missing", "at least one condition in each entry");
    }
    return selector;
  }

  private static Optional<TrackSelector.Range> range(Fields in, String field) {
    if (!in.has(field)) {
      return Optional.empty();
    }
    JsonNode node = in.node().get(field);
    if (!node.isTextual() && !node.isIntegralNumber()) {
      throw in.refuse(field, Fields.typeOf(node), RANGE_RULE);
    }
    return Optional.of(
        parseRange(node.asText())
            .orElseThrow(() -> in.refuse(field, Fields.shown(node.asText()), RANGE_RULE)));
  }

  /** The range of {@code a-b}, {@code a-} or {@code a}. */
  static Optional<TrackSelector.Range> parseRange(String text) {
    Matcher matcher = RANGE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long first = Long.parseLong(matcher.group(1));
    long open = matcher.group(2) == null ? first : Long.MAX_VALUE;
    long last = matcher.group(3) == null ? open : Long.parseLong(matcher.group(3));
    return first <= last ? Optional.of(new TrackSelector.Range(first, last)) : Optional.empty();
  }
}
