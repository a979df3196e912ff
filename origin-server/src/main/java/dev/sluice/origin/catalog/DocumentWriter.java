package dev.sluice.origin.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.origin.catalog.Document.Option;
import dev.sluice.origin.catalog.Document.Restriction;
import dev.sluice.origin.catalog.Document.TrackSelector;
import dev.sluice.origin.catalog.Document.VerificationKey;
import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Protocol;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Writes documents as JSON, so that reading them gives the same document. */
final class DocumentWriter {
  /** What stands for a secret that was not asked for. */
  static final String MASK = "***";

  private static final Set<String> SECRET_TEMPLATE_MEMBERS =
      Set.of("ask", "fairPlayPfx", "fairPlayPfxPassword", "key", "keyValue");

  private final boolean secrets;

  private DocumentWriter(boolean secrets) {
    this.secrets = secrets;
  }

  /**
   * The document as a tree.
   *
   * @param secrets whether its secrets are written; else each is {@code ***}
   */
  static ObjectNode write(Document document, boolean secrets) {
    return new DocumentWriter(secrets).tree(document);
  }

  private ObjectNode tree(Document document) {
    ObjectNode out = object().put("kind", Kind.of(document).word());
    switch (document) {
      case Document.Asset asset -> write(out, asset);
      case Document.ContentKey key -> write(out, key);
      case Document.AssetDeliveryPolicy policy -> write(out, policy);
      case Document.ContentKeyAuthorizationPolicy policy -> {
        out.put("name", policy.name());
        ArrayNode options = out.putArray("options");
        policy.options().forEach(option -> write(options.addObject(), option));
      }
      case Document.StreamingLocator locator -> write(out, locator);
      case Document.Filter filter -> {
        out.put("name", filter.name());
        filter.asset().ifPresent(asset -> out.put("asset", asset));
        write(out, filter);
      }
      case Document.AccessPolicy policy ->
          out.put("name", policy.name()).setAll(members(policy.json()));
    }
    return out;
  }

  private static void write(ObjectNode out, Document.Asset asset) {
    out.put("name", asset.name()).put("container", asset.container());
    asset.manifest().ifPresent(name -> out.put("manifest", name));
    putTexts(out, "deliveryPolicies", asset.deliveryPolicies());
    putTexts(out, "contentKeys", asset.contentKeys().stream().map(KeyId::toString).toList());
    putTexts(out, "filters", asset.filters());
    putTexts(out, "accessPolicies", asset.accessPolicies());
  }

  private static void write(ObjectNode out, Document.ContentKey key) {
    out.put("id", key.id().toString()).put("type", Words.of(key.type()));
    key.iv().ifPresent(iv -> out.put("iv", HexFormat.of().formatHex(iv.toArray())));
    if (!key.tracks().isEmpty()) {
      ArrayNode tracks = out.putArray("tracks");
      key.tracks().forEach(selector -> write(tracks.addObject(), selector));
    }
    key.authorizationPolicy().ifPresent(name -> out.put("authorizationPolicy", name));
  }

  private static void write(ObjectNode out, TrackSelector selector) {
    selector.type().ifPresent(type -> out.put("type", type.name().toLowerCase(Locale.ROOT)));
    selector.name().ifPresent(name -> out.put("name", name));
    selector.language().ifPresent(language -> out.put("language", language));
    selector.fourCc().ifPresent(fourCc -> out.put("fourCC", fourCc));
    putRange(out, "bitrate", selector.bitrate());
    putRange(out, "height", selector.height());
  }

  private static void putRange(
      ObjectNode out, String name, Optional<TrackSelector.Range> optional) {
    optional.ifPresent(range ->
        out.put(
            name,
            range.first()
                + "-"
                + (range.last() == Long.MAX_VALUE ? "" : Long.toString(range.last()))));
  }

  private static void write(ObjectNode out, Document.AssetDeliveryPolicy policy) {
    out.put("name", policy.name());
    putTexts(
        out,
        "protocols",
        policy.protocols().equals(EnumSet.allOf(Protocol.class))
            ? List.of(DeliveryPolicyReader.ALL)
            : policy.protocols().stream().map(Words::of).toList());
    out.put("type", Words.of(policy.type()));
    putTexts(out, "systems", policy.systems().stream().map(Words::of).toList());
    if (!policy.configuration().isEmpty()) {
      ObjectNode configuration = out.putObject("configuration");
      policy.configuration().forEach(configuration::put);
    }
  }

  private static void write(ObjectNode out, Document.StreamingLocator locator) {
    out.put("id", locator.name()).put("asset", locator.asset());
    locator.startTime().ifPresent(time -> out.put("startTime", time.toString()));
    locator.endTime().ifPresent(time -> out.put("endTime", time.toString()));
    putTexts(out, "filters", locator.filters());
    locator.alternativeMediaId().ifPresent(id -> out.put("alternativeMediaId", id));
  }

  private static void write(ObjectNode out, Document.Filter filter) {
    filter
        .presentationTimeRange()
        .ifPresent(range -> write(out.putObject("presentationTimeRange"), range));
    filter
        .firstQuality()
        .ifPresent(bitrate -> out.putObject("firstQuality").put("bitrate", bitrate));
    if (!filter.tracks().isEmpty()) {
      ArrayNode tracks = out.putArray("tracks");
      for (Document.TrackSelection selection : filter.tracks()) {
        ArrayNode conditions = tracks.addObject().putArray("trackSelections");
        for (Document.TrackCondition condition : selection.conditions()) {
          conditions
              .addObject()
              .put("property", Words.of(condition.property()))
              .put("operation", Words.of(condition.operation()))
              .put("value", condition.value());
        }
      }
    }
  }

  private static void write(ObjectNode out, Document.PresentationTimeRange range) {
    range.startTimestamp().ifPresent(ticks -> out.put("startTimestamp", ticks));
    range.endTimestamp().ifPresent(ticks -> out.put("endTimestamp", ticks));
    range
        .presentationWindowDuration()
        .ifPresent(ticks -> out.put("presentationWindowDuration", ticks));
    range.liveBackoffDuration().ifPresent(ticks -> out.put("liveBackoffDuration", ticks));
    range.timescale().ifPresent(ticks -> out.put("timescale", ticks));
    range.forceEndTimestamp().ifPresent(forced -> out.put("forceEndTimestamp", forced));
  }

  private void write(ObjectNode out, Option option) {
    out.put("name", option.name()).put("keyDeliveryType", Words.of(option.keyDeliveryType()));
    option
        .configuration()
        .ifPresent(json -> out.set("configuration", secrets ? parse(json) : masked(parse(json))));
    ObjectNode restriction = out.putObject("restriction");
    switch (option.restriction()) {
      case Restriction.Open _ -> restriction.put("type", "Open");
      case Restriction.TokenRestricted token -> write(restriction, token);
    }
  }

  private void write(ObjectNode out, Restriction.TokenRestricted token) {
    out.put("type", "TokenRestricted")
        .put("tokenType", Words.of(token.tokenType()))
        .put("issuer", token.issuer())
        .put("audience", token.audience());
    List<VerificationKey> keys = token.verificationKeys();
    if (!keys.isEmpty()) {
      write(out.putObject("primaryVerificationKey"), keys.getFirst());
    }
    if (keys.size() > 1) {
      ArrayNode alternates = out.putArray("alternateVerificationKeys");
      keys.stream().skip(1).forEach(key -> write(alternates.addObject(), key));
    }
    token
        .openIdConnectDiscoveryDocument()
        .ifPresent(url -> out.put("openIdConnectDiscoveryDocument", url));
    if (!token.requiredClaims().isEmpty()) {
      ArrayNode claims = out.putArray("requiredClaims");
      token
          .requiredClaims()
          .forEach(claim -> {
            ObjectNode node = claims.addObject().put("type", claim.type());
            claim.value().ifPresent(value -> node.put("value", value));
          });
    }
  }

  private void write(ObjectNode out, VerificationKey key) {
    switch (key) {
      case VerificationKey.Symmetric symmetric ->
          out.put("symmetric", secrets ? Encodings.base64(symmetric.key().toArray()) : MASK);
      case VerificationKey.X509 x509 ->
          out.put("x509", Encodings.base64(x509.certificate().toArray()));
      case VerificationKey.Jwk jwk -> {
        ObjectNode tree = members(jwk.json());
        if (!secrets && tree.has("k")) {
          tree.put("k", MASK);
        }
        out.set("jwk", tree);
      }
    }
  }

  /** A template with its secrets masked. A text is PlayReady's XML, which holds none. */
  private static JsonNode masked(JsonNode template) {
    if (template.isTextual()) {
      return template;
    }
    for (JsonNode child : template) {
      masked(child);
    }
    if (template instanceof ObjectNode object) {
      SECRET_TEMPLATE_MEMBERS.stream()
          .filter(name -> object.path(name).isTextual())
          .forEach(name -> object.put(name, MASK));
    }
    return template;
  }

  private static void putTexts(ObjectNode out, String name, Collection<String> texts) {
    if (!texts.isEmpty()) {
      ArrayNode array = out.putArray(name);
      texts.forEach(array::add);
    }
  }

  private static ObjectNode members(String json) {
    return (ObjectNode) parse(json);
  }

  private static JsonNode parse(String json) {
    try {
      return DocumentReader.MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a document holds the text of a JSON value", e);
    }
  }

  private static ObjectNode object() {
    return DocumentReader.MAPPER.createObjectNode();
  }
}
