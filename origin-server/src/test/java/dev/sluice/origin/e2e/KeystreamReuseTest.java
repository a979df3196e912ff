package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.storage.FileObjectStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Under one key no keystream ever meets two plaintexts. */
final class KeystreamReuseTest {
  private static final Pattern KEY_ID =
      Pattern.compile("(?:kid=|default_KID=\")([0-9a-f-]{36})", Pattern.CASE_INSENSITIVE);
  private static final String KEYFRAMES = " keyframes";
  private static final List<String> TITLES = List.of("slices", "muxed", "show", "small");

  /** A block of keystream: the key is always the same. */
  private record Block(long iv, long counter) {}

  /** What each block of keystream was added to. */
  private static final class Uses {
    private final Map<Block, byte[]> plaintexts = new HashMap<>();

    void add(Segment segment) {
      segment.samples().forEach(this::add);
    }

    void add(Segment.Sample sample) {
      byte[] clear = sample.decrypt(InProcessOrigin.KEY);
      long iv = ByteBuffer.wrap(sample.iv().orElseThrow()).getLong();
      var protectedBytes = new java.io.ByteArrayOutputStream();
      for (int[] range : sample.protectedRanges()) {
        protectedBytes.write(clear, range[0], range[1]);
      }
      byte[] plain = protectedBytes.toByteArray();
      for (int at = 0; at < plain.length; at += 16) {
        byte[] block = Arrays.copyOfRange(plain, at, Math.min(at + 16, plain.length));
        byte[] before = plaintexts.putIfAbsent(new Block(iv, at / 16), block);
        if (before != null && !Arrays.equals(before, block)) {
          throw new AssertionError("IV %016x, block %d: two plaintexts".formatted(iv, at / 16));
        }
      }
    }
  }

  @Test
  void noBlockOfKeystreamHasTwoPlaintextsOverTitlesFormatsAndNodes() {
    var uses = new Uses();
    try (var origin = InProcessOrigin.of(TITLES)) {
      for (int i = 0; i < 2; i++) {
        var node = origin.node(new FileObjectStore(TestMedia.root()));
        for (String title : TITLES) {
          for (String format : InProcessOrigin.FORMATS) {
            for (var served : node.everything(title, format)) {
              served.segments().forEach(s -> uses.add(Segment.parse(s)));
            }
          }
        }
      }
    }
    assertThat(uses.plaintexts).hasSizeGreaterThan(10_000);
  }

  /** Every cell of {@code cenc}, the segments of single pictures included, and all titles. */
  @Test
  void noBlockOfKeystreamHasTwoPlaintextsOverCells() {
    var uses = new Uses();
    try (var origin = InProcessOrigin.of(CellDocuments.of(TITLES.toArray(String[]::new)))) {
      var node = origin.node(new FileObjectStore(TestMedia.root()));
      for (String title : TITLES) {
        Cell.all(Scheme.CENC)
            .flatMap(cell -> node.crawl(cell, title).renditions().stream())
            .flatMap(rendition -> rendition.segments().stream())
            .flatMap(s -> FragmentSample.of(node.get(s.url()), 8).stream())
            .forEach(sample -> uses.add(sample.toCenc()));
      }
    }
    assertThat(uses.plaintexts).hasSizeGreaterThan(10_000);
  }

  /** What would be found if a picture got its own IV's keystream for other bytes. */
  @Test
  void twoPlaintextsUnderOneBlockAreFound() {
    byte[] iv = {1, 2, 3, 4, 5, 6, 7, 8};
    var uses = new Uses();
    uses.add(new Segment.Sample(Optional.of(iv), List.of(), new byte[40]));
    uses.add(new Segment.Sample(Optional.of(iv), List.of(), new byte[40]));
    byte[] other = new byte[40];
    other[39] = 1;
    var sample = new Segment.Sample(Optional.of(iv), List.of(), other);
    assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> uses.add(sample));
  }

  /** A key that serves CTR never serves CBC, by what manifests, init segments and bytes say. */
  @Test
  void noKeyIsUsedInBothModes() {
    try (var origin = InProcessOrigin.of(CellDocuments.of("muxed"))) {
      var node = origin.node(new FileObjectStore(TestMedia.root()));
      var keys = new EnumMap<Scheme, Set<String>>(Scheme.class);
      Cell.allProtected()
          .map(cell -> CellBytes.of(cell, "muxed", node::get))
          .forEach(cell ->
              keys.computeIfAbsent(cell.cell().scheme(), _ -> new TreeSet<>())
                  .addAll(keyIds(cell)));
      assertThat(keys)
          .containsEntry(Scheme.CENC, Set.of(CellDocuments.CENC_KEY_ID))
          .containsEntry(Scheme.CBCS, Set.of(CellDocuments.CBCS_KEY_ID))
          .containsEntry(Scheme.CBC, Set.of(CellDocuments.CBC_KEY_ID));
    }
  }

  /** The ids of the keys that a cell names, in default_KID and elsewhere. */
  private static Set<String> keyIds(CellBytes cell) {
    var ids = new TreeSet<String>();
    cell.answers()
        .forEach((url, bytes) -> {
          if (cell.crawled().manifests().containsKey(url)) {
            var guids = KEY_ID.matcher(new String(bytes, StandardCharsets.UTF_8));
            while (guids.find()) {
              ids.add(guids.group(1));
            }
          } else {
            Segment.keyIdOf(bytes).ifPresent(ids::add);
          }
        });
    return ids;
  }

  @Test
  void theSameTracksUnderTwoAssetsHaveOtherIvs(@TempDir Path root) throws Exception {
    copy("small", root.resolve("one"));
    copy("small", root.resolve("two"));
    var uses = new Uses();
    try (var origin = InProcessOrigin.of(List.of("one", "two"))) {
      var node = origin.node(new FileObjectStore(root));
      assertThat(ivs(node, "one")).doesNotContainAnyElementsOf(ivs(node, "two"));
      for (String title : List.of("one", "two")) {
        for (var served : node.everything(title, "mpd-time-csf")) {
          served.segments().forEach(s -> uses.add(Segment.parse(s)));
        }
      }
    }
  }

  @Test
  void oneChangedByteChangesEveryIv(@TempDir Path root) throws Exception {
    var file = copy("small", root.resolve("small"));
    try (var origin = InProcessOrigin.of(List.of("small"))) {
      var before = ivs(origin.node(new FileObjectStore(root)), "small");
      byte[] bytes = TestMedia.read(file);
      bytes[bytes.length - 200] ^= 1;
      Files.write(file, bytes);
      Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_001_000L));
      var after = ivs(origin.node(new FileObjectStore(root)), "small");
      assertThat(after).hasSameSizeAs(before).doesNotContainAnyElementsOf(before);
    }
  }

  /** In one layout a sample has one ciphertext, so nobody gets a second one to compare it with. */
  @ParameterizedTest
  @EnumSource(names = {"CENC", "CBCS"})
  void aSampleHasTheSameCiphertextInEveryProtocolAndOnEveryNode(Scheme scheme) {
    try (var origin = InProcessOrigin.of(CellDocuments.of("muxed", "show"))) {
      for (String title : List.of("muxed", "show")) {
        var texts = new HashMap<String, Map<String, String>>();
        for (int i = 0; i < 2; i++) {
          var node = origin.node(new FileObjectStore(TestMedia.root()));
          Cell.all(scheme)
              .filter(cell -> !cell.isTransportStream())
              .forEach(cell -> addSamples(CellBytes.of(cell, title, node::get), texts));
        }
        assertThat(texts).hasSizeGreaterThan(4);
        assertThat(texts)
            .allSatisfy((fragment, byText) -> assertThat(byText.values()).as(fragment).hasSize(1));
        texts.keySet().stream()
            .filter(fragment -> fragment.endsWith(KEYFRAMES))
            .forEach(fragment ->
                assertThat(only(texts, fragment.replace(KEYFRAMES, "")))
                    .startsWith(only(texts, fragment)));
      }
    }
  }

  private static String only(Map<String, Map<String, String>> texts, String fragment) {
    return texts.getOrDefault(fragment, Map.of()).keySet().iterator().next();
  }

  /** By fragment what its samples are, IVs included, and the cell that was the first to say so. */
  private static void addSamples(CellBytes cell, Map<String, Map<String, String>> texts) {
    for (var rendition : cell.crawled().renditions()) {
      byte[][] segments = cell.segments(rendition);
      for (int i = 0; i < segments.length; i++) {
        var samples = new StringBuilder();
        int ivBytes = cell.cell().scheme() == Scheme.CENC ? 8 : 0;
        for (var sample : FragmentSample.of(segments[i], ivBytes)) {
          samples
              .append(sample.iv().map(KeystreamReuseTest::hex).orElse(""))
              .append(hex(sample.bytes()));
        }
        texts
            .computeIfAbsent(i + " of " + rendition.name(), _ -> new HashMap<>())
            .putIfAbsent(samples.toString(), cell.cell().toString());
      }
    }
  }

  @Test
  void rangesAskedForAgainAreSlicesOfTheWhole() {
    var random = new Random(5);
    try (var origin = InProcessOrigin.of(List.of("slices"))) {
      var node = origin.node(new FileObjectStore(TestMedia.root()));
      for (var representation :
          Mpd.parse(node.manifest("slices", "mpd-time-csf")).representations()) {
        for (var segment : representation.segments()) {
          String url = InProcessOrigin.Node.url("slices", segment.url());
          byte[] whole = node.get(url);
          for (int i = 0; i < 20; i++) {
            int from = random.nextInt(whole.length);
            int to = from + random.nextInt(whole.length - from + 1);
            try (var body = node.open(url)) {
              var out = ByteBuffer.allocate(to - from);
              body.read(from, out);
              assertThat(out.array()).isEqualTo(Arrays.copyOfRange(whole, from, to));
            }
          }
        }
      }
    }
  }

  private static Set<Optional<String>> ivs(InProcessOrigin.Node node, String title) {
    var ivs = new HashSet<Optional<String>>();
    for (var served : node.everything(title, "mpd-time-csf")) {
      for (byte[] segment : served.segments()) {
        Segment.parse(segment).samples().forEach(s -> ivs.add(s.iv().map(KeystreamReuseTest::hex)));
      }
    }
    return ivs;
  }

  private static Path copy(String title, Path folder) throws java.io.IOException {
    Path from = TestMedia.files(title).getFirst();
    Path file = Files.createDirectories(folder).resolve(from.getFileName());
    Files.copy(from, file);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L));
    return file;
  }

  private static String hex(byte[] bytes) {
    return java.util.HexFormat.of().formatHex(bytes);
  }
}
