package dev.sluice.origin.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.catalog.Document.ContentKey;
import dev.sluice.origin.catalog.DocumentReader;
import dev.sluice.origin.catalog.StoredCatalog;
import dev.sluice.origin.key.MasterKey;
import dev.sluice.origin.media.Protocol;
import dev.sluice.origin.media.TrackKind;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The four relations of keys and assets, in one catalog: which key each track gets. */
final class KeyRelationsTest {
  private static final Map<String, TrackTraits> TRACKS =
      Map.of(
          "uhd", new TrackTraits(TrackKind.VIDEO, "video", "und", "hvc1", 9_000_000, 2160),
          "hd", new TrackTraits(TrackKind.VIDEO, "video", "und", "avc1", 3_000_000, 1080),
          "sd", new TrackTraits(TrackKind.VIDEO, "video", "und", "avc1", 800_000, 480),
          "en", new TrackTraits(TrackKind.AUDIO, "english", "en", "mp4a", 128_000, 0),
          "de", new TrackTraits(TrackKind.AUDIO, "german", "de", "ec-3", 384_000, 0),
          "subs", new TrackTraits(TrackKind.TEXT, "subs", "en", "wvtt", 1_000, 0));

  private final StoredCatalog catalog =
      StoredCatalog.inMemory(MasterKey.taking(new byte[MasterKey.BYTES]), new SecureRandom());

  @BeforeEach
  void apply() {
    String json =
        List.of(
                policy("dash", "Dash", "DynamicCommonEncryption", ""),
                policy("hls-aes", "HLS", "DynamicEnvelopeEncryption", ""),
                policy("hls-cbcs", "HLS", "DynamicCommonEncryptionCbcs", ""),
                policy(
                    "smooth",
                    "SmoothStreaming",
                    "DynamicCommonEncryption",
                    "\"unencryptedTracksByFourCC\": \"mp4a, ec-3\""),
                // One key, one asset.
                key(1, "CommonEncryption", ""),
                asset("single", "\"dash\", \"smooth\"", 1),
                // One key for all assets of a genre.
                key(2, "CommonEncryption", ""),
                asset("western-1", "\"dash\"", 2),
                asset("western-2", "\"dash\"", 2),
                // Many keys, one asset: by scheme, kind, size, bitrate, language, name, codec.
                key(3, "CommonEncryption", "{\"type\": \"video\", \"height\": \"0-576\"}"),
                key(
                    4,
                    "CommonEncryption",
                    "{\"type\": \"video\", \"height\": \"577-1080\", \"bitrate\": \"0-4000000\"}"),
                key(5, "CommonEncryption", "{\"fourCC\": \"hvc1\"}"),
                key(6, "CommonEncryption", "{\"type\": \"audio\", \"language\": \"eng\"}"),
                key(7, "CommonEncryption", "{\"name\": \"german\"}"),
                key(8, "EnvelopeEncryption", ""),
                asset("ladder", "\"dash\", \"hls-aes\"", 3, 4, 5, 6, 7, 8),
                // Many keys, many assets: the video key of each is its own, the others are shared.
                key(9, "CommonEncryption", "{\"type\": \"video\"}"),
                key(10, "CommonEncryption", "{\"type\": \"video\"}"),
                key(11, "CommonEncryption", "{\"type\": \"audio\"}"),
                key(12, "CommonEncryptionCbcs", "{\"type\": \"video\"}, {\"type\": \"audio\"}"),
                asset("series-1", "\"dash\", \"hls-cbcs\", \"smooth\"", 9, 11, 12),
                asset("series-2", "\"dash\", \"hls-cbcs\"", 10, 11, 12))
            .stream()
            .collect(Collectors.joining(",\n", "[", "]"));
    catalog.apply(DocumentReader.read(json.getBytes(UTF_8)));
  }

  @AfterEach
  void close() {
    catalog.close();
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "single, DASH, uhd=1 hd=1 sd=1 en=1 de=1 subs=clear",
    "single, SMOOTH_STREAMING, uhd=1 hd=1 sd=1 en=clear de=clear subs=clear",
    "western-1, DASH, uhd=2 hd=2 sd=2 en=2 de=2 subs=clear",
    "western-2, DASH, uhd=2 hd=2 sd=2 en=2 de=2 subs=clear",
    "ladder, DASH, uhd=5 hd=4 sd=3 en=6 de=7 subs=clear",
    "ladder, HLS, uhd=8 hd=8 sd=8 en=8 de=8 subs=clear",
    "series-1, DASH, uhd=9 hd=9 sd=9 en=11 de=11 subs=clear",
    "series-1, HLS, uhd=12 hd=12 sd=12 en=12 de=12 subs=clear",
    "series-1, SMOOTH_STREAMING, uhd=9 hd=9 sd=9 en=clear de=clear subs=clear",
    "series-2, DASH, uhd=10 hd=10 sd=10 en=11 de=11 subs=clear",
    "series-2, HLS, uhd=12 hd=12 sd=12 en=12 de=12 subs=clear",
  })
  void givesEachTrackItsKey(String asset, Protocol protocol, String expected) {
    var document = catalog.findAsset(asset).orElseThrow();
    var decision = DeliveryPolicies.decide(catalog, document, protocol, Optional.empty());
    List<ContentKey> keys =
        document.contentKeys().stream().flatMap(id -> catalog.findContentKey(id).stream()).toList();
    String actual =
        List.of("uhd", "hd", "sd", "en", "de", "subs").stream()
            .map(name -> name + "=" + keyOf(name, decision, keys))
            .collect(Collectors.joining(" "));
    assertThat(actual).isEqualTo(expected);
  }

  private static String keyOf(String track, DeliveryDecision decision, List<ContentKey> keys) {
    TrackTraits traits = Optional.ofNullable(TRACKS.get(track)).orElseThrow();
    return switch (TrackKeys.protect(traits, decision, keys)) {
      case TrackProtection.Clear() -> "clear";
      case TrackProtection.Encrypted(var _, var id) ->
          Long.toString(Long.parseLong(id.toString().substring(24)));
    };
  }

  private static String policy(String name, String protocol, String type, String configuration) {
    return """
    {"kind": "AssetDeliveryPolicy", "name": "%s", "protocols": ["%s"], "type": "%s",
     "configuration": {%s}}
    """
        .formatted(name, protocol, type, configuration);
  }

  private static String key(int number, String type, String selectors) {
    return """
    {"kind": "ContentKey", "id": "%s", "type": "%s", "tracks": [%s]}
    """
        .formatted(id(number), type, selectors);
  }

  private static String asset(String name, String policies, int... keys) {
    String ids =
        Arrays.stream(keys)
            .mapToObj(number -> '"' + id(number) + '"')
            .collect(Collectors.joining(", "));
    return """
    {"kind": "Asset", "name": "%1$s", "container": "%1$s", "deliveryPolicies": [%2$s],
     "contentKeys": [%3$s]}
    """
        .formatted(name, policies, ids);
  }

  private static String id(int number) {
    return "00000000-0000-0000-0000-%012d".formatted(number);
  }
}
