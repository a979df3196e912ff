package dev.sluice.origin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.origin.media.KeyId;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.oracle.Browser;
import dev.sluice.origin.oracle.Browser.Engine;
import dev.sluice.origin.oracle.Browser.Playback;
import dev.sluice.origin.oracle.Browser.Player;
import dev.sluice.origin.oracle.Browser.Seen;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Players that real pages use play every cell that they know in a real browser, and none plays with
 * a wrong key. Each browser is started once, and plays all of its cells.
 */
final class MatrixPlaybackTest {
  private static final String TITLE = "sidx";
  private static final int SECONDS = 2;
  private static final int FRAMES = 40; // of 50 in that time; some may be late on a busy machine
  private static final int APPENDED = 3; // parts of each kind: the init segment and two segments
  private static final int LIMIT_SECONDS = 30;
  private static final int LIMIT_OF_WRONG_KEYS_SECONDS = 6;
  private static final KeyId CENC_KEY_ID = KeyId.parse(CellDocuments.CENC_KEY_ID).orElseThrow();
  private static final KeyId CBCS_KEY_ID = KeyId.parse(CellDocuments.CBCS_KEY_ID).orElseThrow();
  private static final String WRONG_KEY = "ff".repeat(16);

  /** The players' own code for PlayReady plays these: see {@link Playback#playReadyByClearKey}. */
  private static final List<Player> PLAY_READY_PLAYERS =
      List.of(Player.DASHJS_MSS, Player.RX_SMOOTH);

  private static final Map<Playing, Seen> SEEN = new HashMap<>();
  private static final Map<Playing, Seen> SEEN_WITH_A_WRONG_KEY = new HashMap<>();

  @TempDir private static Path folder;
  private static RunningServer server;

  /** Has other keys, and so encrypts with other keys, but its manifests name those of the other. */
  private static RunningServer wrongServer;

  /** A cell in a player in a browser. */
  record Playing(Cell cell, Player player, Engine engine) {

    private boolean needsKeysOfItsOwn() {
      return cell.isSmooth() && cell.scheme() != Scheme.CLEAR;
    }

    private Playback on(RunningServer origin) {
      String url = origin.httpBase() + cell.manifest(TITLE);
      boolean byKeySystem =
          player == Player.HLSJS
              && cell.format().equals("m3u8-cmaf")
              && (cell.scheme() == Scheme.CENC || cell.scheme() == Scheme.CBCS);
      // hls.js refuses a playlist of identity keys for samples in MP4.
      String chosen = byKeySystem ? url.replace(")", ",system=clearkey)") : url;
      var playback = Browser.manifest(chosen, player).to(SECONDS).within(LIMIT_SECONDS);
      return isByPlayReady() ? playback.playReadyByClearKey() : playback;
    }

    private boolean isByPlayReady() {
      return PLAY_READY_PLAYERS.contains(player) && needsKeysOfItsOwn();
    }

    private Playback right() {
      return needsKeysOfItsOwn()
          ? on(server).clearKeys(Map.of(CENC_KEY_ID, CellDocuments.CENC_KEY))
          : on(server);
    }

    /** With keys from a player's page where they come by a key system, else from the wrong URL. */
    private Playback wrong() {
      boolean identity =
          cell.isTransportStream() || (player == Player.SHAKA && cell.isHls()) || cell.isEnvelope();
      var playback =
          identity
              ? on(wrongServer)
              : on(server).clearKeys(Map.of(CENC_KEY_ID, WRONG_KEY, CBCS_KEY_ID, WRONG_KEY));
      return playback.within(LIMIT_OF_WRONG_KEYS_SECONDS);
    }
  }

  static List<Playing> playings() {
    var all = new ArrayList<Playing>();
    Cell.all()
        .forEach(cell ->
            players(cell).forEach(player -> all.add(new Playing(cell, player, Engine.CHROMIUM))));
    for (String encryption : List.of("cenc", "cbcs")) {
      var dash = new Cell("mpd-time-cmaf", encryption);
      all.add(new Playing(dash, Player.SHAKA, Engine.FIREFOX));
      all.add(new Playing(dash, Player.DASHJS, Engine.FIREFOX));
    }
    all.add(new Playing(new Cell("mpd-time-csf", "cbc"), Player.SHAKA, Engine.FIREFOX));
    all.add(new Playing(new Cell("m3u8-cmaf", "cbcs"), Player.HLSJS, Engine.FIREFOX));
    all.add(new Playing(new Cell("m3u8-cmaf", "cbc"), Player.HLSJS, Engine.FIREFOX));
    all.add(new Playing(new Cell("m3u8-aapl", "cbcs"), Player.HLSJS, Engine.FIREFOX));
    all.add(new Playing(new Cell("", "cenc"), Player.DASHJS_MSS, Engine.FIREFOX));
    return all;
  }

  /** The players that read a cell: of segment encryption in DASH only Shaka Player knows. */
  private static List<Player> players(Cell cell) {
    if (cell.isDash()) {
      return cell.isEnvelope()
          ? List.of(Player.SHAKA)
          : List.of(Player.SHAKA, Player.DASHJS, Player.RX);
    }
    if (cell.isHls()) {
      boolean sampleAes = cell.isTransportStream() && cell.scheme() == Scheme.CBCS;
      return sampleAes ? List.of(Player.HLSJS) : List.of(Player.SHAKA, Player.HLSJS);
    }
    // No client of Smooth Streaming has cbcs, or decrypts whole fragments.
    if (cell.scheme() == Scheme.CBCS || cell.isEnvelope()) {
      return List.of();
    }
    return cell.format().isEmpty()
        ? List.of(Player.SHAKA4_SMOOTH, Player.DASHJS_MSS, Player.RX_SMOOTH)
        : List.of(Player.DASHJS_MSS);
  }

  /** One of each player, and of each way in which it comes by keys. */
  static List<Playing> wrongPlayings() {
    return Stream.of(
            playing("mpd-time-csf", "cenc", Player.SHAKA),
            playing("mpd-time-csf", "cbc", Player.SHAKA),
            playing("m3u8-cmaf", "cbcs", Player.SHAKA),
            playing("mpd-time-cmaf", "cbcs", Player.DASHJS),
            playing("mpd-time-cmaf", "cenc", Player.RX),
            playing("m3u8-cmaf", "cbcs", Player.HLSJS),
            playing("m3u8-aapl", "cbc", Player.HLSJS),
            playing("m3u8-aapl", "cbcs", Player.HLSJS),
            playing("", "cenc", Player.SHAKA4_SMOOTH),
            playing("", "piff", Player.DASHJS_MSS),
            playing("", "cenc", Player.RX_SMOOTH),
            new Playing(new Cell("mpd-time-cmaf", "cbcs"), Player.SHAKA, Engine.FIREFOX),
            new Playing(new Cell("m3u8-aapl", "cbcs"), Player.HLSJS, Engine.FIREFOX))
        .toList();
  }

  private static Playing playing(String format, String encryption, Player player) {
    return new Playing(new Cell(format, encryption), player, Engine.CHROMIUM);
  }

  /** What the tests here show of each cell. */
  static Stream<Proof> proofs() {
    return Stream.concat(
        sampleAesInTransportStreams()
            .map(cell -> new Proof(cell, Proof.Kind.EXACT, "hls.js, as in the clear")),
        playings().stream()
            .map(playing ->
                new Proof(
                    playing.cell(),
                    playing.engine() == Engine.CHROMIUM ? Proof.Kind.CHROMIUM : Proof.Kind.FIREFOX,
                    playing.player().title())));
  }

  static Stream<Cell> sampleAesInTransportStreams() {
    return Cell.all(Scheme.CBCS).filter(Cell::isTransportStream);
  }

  static Stream<Playing> byPlayReady() {
    return playings().stream().filter(Playing::isByPlayReady);
  }

  @BeforeAll
  static void play() {
    server = serve("right", CellDocuments.of(TITLE));
    wrongServer =
        serve("wrong", CellDocuments.withOtherKeys(TITLE), "--public-url", server.httpBase());
    for (var engine : Engine.values()) {
      SEEN.putAll(playAll(engine, playings(), Playing::right));
      // Apart: Firefox's ClearKey module keeps a key for all pages of an origin.
      SEEN_WITH_A_WRONG_KEY.putAll(playAll(engine, wrongPlayings(), Playing::wrong));
    }
  }

  private static Map<Playing, Seen> playAll(
      Engine engine, List<Playing> playings, Function<Playing, Playback> how) {
    var here = playings.stream().filter(p -> p.engine() == engine).toList();
    var seen = Browser.playAll(engine, here.stream().map(how).toList());
    var all = new HashMap<Playing, Seen>();
    for (int i = 0; i < here.size(); i++) {
      all.put(here.get(i), seen.get(i));
    }
    return all;
  }

  private static Seen seen(Map<Playing, Seen> all, Playing playing) {
    return Objects.requireNonNull(all.get(playing), playing::toString);
  }

  private static RunningServer serve(String name, Documents documents, String... more) {
    Path data = folder.resolve(name);
    documents.applyTo(data);
    var arguments =
        new ArrayList<>(
            List.of(
                "serve",
                "--port",
                "0",
                "--tls-port",
                "-1",
                "--admin-port",
                "-1",
                "--media",
                SourceTitles.root().toString(),
                "--data",
                data.toString()));
    arguments.addAll(List.of(more));
    return RunningServer.start(List.of(), arguments);
  }

  @AfterAll
  static void stop() {
    server.close();
    wrongServer.close();
  }

  @ParameterizedTest
  @MethodSource("playings")
  void plays(Playing playing) {
    var seen = seen(SEEN, playing);
    assertThat(seen.error()).as(seen.all().toString()).isEmpty();
    assertThat(seen.ok()).as(seen.all().toString()).isTrue();
    assertThat(seen.currentTime()).isGreaterThanOrEqualTo(SECONDS);
    assertThat(seen.frames()).isGreaterThanOrEqualTo(FRAMES);
  }

  @ParameterizedTest
  @MethodSource("wrongPlayings")
  void doesNotPlayWithAWrongKey(Playing playing) {
    var seen = seen(SEEN_WITH_A_WRONG_KEY, playing);
    assertThat(seen.ok()).as(seen.all().toString()).isFalse();
    assertThat(seen.frames()).as(seen.all().toString()).isLessThan(FRAMES / 2);
  }

  /**
   * hls.js decrypts samples of transport streams itself, and makes MP4 of them: what it appends is
   * byte for byte what it makes of the clear ones.
   */
  @ParameterizedTest
  @MethodSource("sampleAesInTransportStreams")
  void hlsJsDecryptsToTheClearCell(Cell cell) {
    var decrypted = seen(SEEN, new Playing(cell, Player.HLSJS, Engine.CHROMIUM));
    var clear = seen(SEEN, new Playing(cell.clear(), Player.HLSJS, Engine.CHROMIUM));
    for (String type : List.of("video/mp4;codecs=avc1.64000c", "audio/mp4;codecs=mp4a.40.2")) {
      assertThat(firstAppended(decrypted, type))
          .isEqualTo(firstAppended(clear, type))
          .hasSize(APPENDED);
    }
  }

  private static List<String> firstAppended(Seen seen, String type) {
    var appended = new ArrayList<String>();
    seen.all().path("appended").path(type).forEach(part -> appended.add(part.asText()));
    return appended.subList(0, Math.min(APPENDED, appended.size()));
  }

  /** {@link ForeignClientsTest} holds that it is the MPD's. */
  @ParameterizedTest
  @MethodSource("byPlayReady")
  void thePlayersReadTheKeyIdInThePlayReadyObject(Playing playing) {
    var keyIds = seen(SEEN, playing).all().path("keyIds");
    assertThat(keyIds).isNotEmpty();
    keyIds.forEach(
        id -> assertThat(id.asText()).isEqualTo(CellDocuments.CENC_KEY_ID.replace("-", "")));
  }
}
