package dev.sluice.origin.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.catalog.CatalogOfDocuments;
import dev.sluice.origin.catalog.Document;
import dev.sluice.origin.catalog.Document.Asset;
import dev.sluice.origin.catalog.Document.DeliveryType;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.media.Protocol;
import dev.sluice.origin.media.Scheme;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every protocol, every scheme asked for, and every set of policies, against a table. */
final class DecisionTableTest {
  /** What the columns ask for; a file is never asked for by scheme. */
  private static final List<Optional<Scheme>> ASKED =
      List.of(
          Optional.empty(),
          Optional.of(Scheme.CLEAR),
          Optional.of(Scheme.CENC),
          Optional.of(Scheme.CBCS),
          Optional.of(Scheme.CBC));

  /**
   * Types of the policies that name the protocol; then the answer for each of {@link #ASKED}, then
   * for a file. F: format blocked, R: encryption required, N: not set in a policy, S: not
   * specified.
   */
  private static final String TABLE =
      """
      clear               | clear clear N    N    N   | clear
      cenc                | cenc  R     cenc N    N   | R
      cbcs                | cbcs  R     N    cbcs N   | R
      cbc                 | cbc   R     N    N    cbc | R
      clear cenc          | S     clear cenc N    N   | clear
      clear cbcs          | S     clear N    cbcs N   | clear
      clear cbc           | S     clear N    N    cbc | clear
      cenc cbcs           | S     R     cenc cbcs N   | R
      cenc cbc            | S     R     cenc N    cbc | R
      cbcs cbc            | S     R     N    cbcs cbc | R
      clear cenc cbcs     | S     clear cenc cbcs N   | clear
      clear cenc cbc      | S     clear cenc N    cbc | clear
      clear cbcs cbc      | S     clear N    cbcs cbc | clear
      cenc cbcs cbc       | S     R     cenc cbcs cbc | R
      clear cenc cbcs cbc | S     clear cenc cbcs cbc | clear
      """;

  private static final Map<String, String> CODES =
      Map.of(
          "MPE_OUTPUT_FORMAT_BLOCKED", "F",
          "MPE_ENC_ENCRYPTION_REQUIRED", "R",
          "MPE_ENC_ENCRYPTION_NOT_SET_IN_DELIVERY_POLICY", "N",
          "MPE_ENC_ENCRYPTION_NOT_SPECIFIED_IN_URL", "S");
  private static final Map<String, DeliveryType> TYPES =
      Map.of(
          "clear", DeliveryType.NO_DYNAMIC_ENCRYPTION,
          "cenc", DeliveryType.DYNAMIC_COMMON_ENCRYPTION,
          "cbcs", DeliveryType.DYNAMIC_COMMON_ENCRYPTION_CBCS,
          "cbc", DeliveryType.DYNAMIC_ENVELOPE_ENCRYPTION,
          "blocked", DeliveryType.BLOCKED);
  private static final Map<Protocol, String> WORDS =
      Map.of(
          Protocol.DASH, "DASH",
          Protocol.HLS, "HLS",
          Protocol.SMOOTH_STREAMING, "Smooth",
          Protocol.PROGRESSIVE_DOWNLOAD, "progressive download");

  @Test
  void decidesAsTheTableSays() {
    int decisions = 0;
    for (String row : TABLE.lines().toList()) {
      List<String> cells = Arrays.stream(row.split("\\|", -1)).map(String::strip).toList();
      List<String> types = words(cells.get(0));
      for (Protocol protocol : Protocol.values()) {
        for (int i = 0; i < ASKED.size(); i++) {
          String expected =
              protocol == Protocol.PROGRESSIVE_DOWNLOAD ? cells.get(2) : words(cells.get(1)).get(i);
          for (List<Document> policies : arrangements(types, protocol)) {
            assertThat(decide(policies, protocol, ASKED.get(i)))
                .as("%s, %s asked for %s", policies, protocol, ASKED.get(i))
                .isEqualTo(expected);
            decisions++;
          }
          List<String> blocked = new ArrayList<>(types);
          blocked.add("blocked");
          for (List<Document> policies : arrangements(blocked, protocol)) {
            assertThat(decide(policies, protocol, ASKED.get(i))).isEqualTo("F");
            decisions++;
          }
        }
      }
    }
    // Rows, protocols, columns, arrangements, with and without one that blocks.
    assertThat(decisions).isEqualTo(15 * 4 * 5 * 4 * 2);
  }

  @Test
  void blocksWhatNoPolicyNames() {
    for (Protocol protocol : Protocol.values()) {
      for (String type : TYPES.keySet()) {
        List<Document> others = List.of(policy(type, others(protocol)));
        ASKED.forEach(asked -> assertThat(decide(others, protocol, asked)).isEqualTo("F"));
      }
    }
  }

  @Test
  void isClearWithoutPoliciesButForFiles() {
    for (Protocol protocol : Protocol.values()) {
      List<String> expected =
          protocol == Protocol.PROGRESSIVE_DOWNLOAD
              ? List.of("F", "F", "F", "F", "F")
              : List.of("clear", "clear", "N", "N", "N");
      assertThat(ASKED.stream().map(asked -> decide(List.of(), protocol, asked)).toList())
          .isEqualTo(expected);
    }
  }

  /** In both orders, with and without a policy that does everything else to other protocols. */
  private static List<List<Document>> arrangements(List<String> types, Protocol protocol) {
    List<Document> plain = new ArrayList<>();
    types.forEach(type -> plain.add(policy(type, EnumSet.of(protocol))));
    List<Document> reversed = new ArrayList<>(plain);
    Collections.reverse(reversed);
    List<Document> among = new ArrayList<>();
    TYPES.keySet().forEach(type -> among.add(policy(type + "-elsewhere", others(protocol))));
    among.addAll(plain);
    List<Document> behind = new ArrayList<>(reversed);
    behind.add(policy("blocked-elsewhere", others(protocol)));
    return List.of(plain, reversed, among, behind);
  }

  private static String decide(List<Document> policies, Protocol protocol, Optional<Scheme> asked) {
    List<String> names = policies.stream().map(Document::name).toList();
    var asset = new Asset("bear", "bear", Optional.empty(), names, List.of(), List.of(), List.of());
    var catalog = new CatalogOfDocuments().with(policies.toArray(Document[]::new));
    try {
      return switch (DeliveryPolicies.decide(catalog, asset, protocol, asked)) {
        case DeliveryDecision.Clear() -> "clear";
        case DeliveryDecision.Encrypted(Scheme scheme, var policy) -> {
          assertThat(policy.name()).isEqualTo(Names.of(scheme));
          yield Names.of(scheme);
        }
      };
    } catch (CallerFailure e) {
      assertReadable(e.detail(), names, protocol);
      return CODES.getOrDefault(e.code().name(), e.code().name());
    }
  }

  private static void assertReadable(String sentence, List<String> policies, Protocol protocol) {
    if (policies.isEmpty()) {
      assertThat(sentence).contains("the asset has no delivery policy");
    } else {
      assertThat(policies).anyMatch(name -> sentence.contains('"' + name + '"'));
      assertThat(sentence).contains(WORDS.get(protocol));
    }
    assertThat(sentence)
        .contains("(expected: ")
        .doesNotContainPattern("[A-Z]{3}_|Optional|CLEAR|CENC|CBC");
  }

  private static Document policy(String name, Set<Protocol> protocols) {
    String type = name.replace("-elsewhere", "");
    return new Document.AssetDeliveryPolicy(
        name, protocols, Optional.ofNullable(TYPES.get(type)).orElseThrow(), Set.of(), Map.of());
  }

  private static Set<Protocol> others(Protocol protocol) {
    return EnumSet.complementOf(EnumSet.of(protocol));
  }

  private static List<String> words(String cell) {
    return List.of(cell.split(" +", -1));
  }
}
