package dev.sluice.origin.catalog;

import dev.sluice.origin.key.ContentKey;
import java.util.Optional;

/**
 * A document as it was given.
 *
 * @param keyValue of a content key, given or derived from a seed; absent: keep it, or make it at
 *     random
 * @param place where it stood, for messages
 */
public record ParsedDocument(Document document, Optional<ContentKey> keyValue, String place) {}
