package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.storage.FileObjectStore;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Under one key no keystream ever meets two plaintexts. */
final class KeystreamReuseTest {
  private static final List<String> TITLES = List.of("slices", "muxed", "show", "small");

  /** A block of keystream: the key is always the same. */
  private record Block(long iv, long counter) {}

  /** What each block of keystream was added to. */
  private static final class Uses {
    private final Map<Block, byte[]> plaintexts = new HashMap<>();

    void add(Segment segment) {
      segment.samples().forEach(this::add);
    }

    private void add(Segment.Sample sample) {
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

  @Test
  void aSampleHasTheSameCiphertextInEveryFormatAndOnEveryNode() {
    try (var origin = InProcessOrigin.of(List.of("muxed"))) {
      var texts = new HashSet<List<String>>();
      for (String format : InProcessOrigin.FORMATS) {
        var samples = new ArrayList<String>();
        var node = origin.node(new FileObjectStore(TestMedia.root()));
        for (var served : node.everything("muxed", format)) {
          for (byte[] segment : served.segments()) {
            for (var sample : Segment.parse(segment).samples()) {
              samples.add(hex(sample.iv().orElseThrow()) + hex(sample.bytes()));
            }
          }
        }
        texts.add(samples);
      }
      assertThat(texts).hasSize(1);
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
