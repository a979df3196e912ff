package dev.sluice.benchmarks.load;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * One player: opens the manifest, picks a video and an audio rendition, asks for keys, and then for
 * segments one after another, always for the rendition that has less in its buffer. For one thread.
 */
final class Session {
  /** A manifest at most, unpacked. */
  private static final int MAX_MANIFEST_BYTES = 4 << 20;

  private static final long BUFFER_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** As many segments in a row that fail end a play. */
  private static final int MAX_FAILURES = 3;

  /** Before anything is asked for again that failed. */
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final LoadSettings settings;
  private final LoadStats stats;
  private final ManifestReader manifests;
  private final MemoryBudget memory;
  private final Fetcher fetcher;
  private final Optional<String> token;
  private final Random random;

  private PlaybackClock clock = new PlaybackClock();
  private long countedStalls;
  private long countedStallNanos;

  /**
   * @param index from 0: picks the token, and what is random
   * @param memory for manifests that all sessions hold while they read them
   * @param fetcher closed by the caller
   */
  Session(
      int index,
      LoadSettings settings,
      LoadStats stats,
      ManifestReader manifests,
      MemoryBudget memory,
      Fetcher fetcher) {
    this.settings = settings;
    this.stats = stats;
    this.manifests = manifests;
    this.memory = memory;
    this.fetcher = fetcher;
    this.token = settings.token(index);
    this.random = new Random(settings.seed() * 1_000_003 + index);
  }

  /**
   * Plays the title once.
   *
   * @return whether to its end; else a player would have given up
   * @throws InterruptedException when the run ends
   */
  boolean play() throws InterruptedException {
    clock = new PlaybackClock();
    countedStalls = 0;
    countedStallNanos = 0;
    long started = System.nanoTime();
    try (var keys = new SessionKeys(fetcher, stats, memory, token, settings.license())) {
      var lanes = open();
      playLanes(lanes, keys, started);
      stats.playsEnded.increment();
      return true;
    } catch (LoadFailure _) {
      stats.playsGivenUp.increment(); // what failed was counted where it failed
      return false;
    } finally {
      countStalls();
    }
  }

  /** Counts the stalls of this play since it was asked last; also what is not over yet. */
  private void countStalls() {
    if (settings.pace() == LoadSettings.Pace.REALTIME) {
      stats.stalled(clock.stalls() - countedStalls, clock.stallNanos() - countedStallNanos);
      countedStalls = clock.stalls();
      countedStallNanos = clock.stallNanos();
    }
  }

  private void playLanes(List<Lane> lanes, SessionKeys keys, long started)
      throws LoadFailure, InterruptedException {
    int failures = 0;
    for (var lane = emptiest(lanes); lane.isPresent(); lane = emptiest(lanes)) {
      if (!lane.get().hasNext()) {
        TimeUnit.NANOSECONDS.sleep(lane.get().reloadNanos());
        reload(lane.get().source(), lanes);
        continue;
      }
      pace(lane.get());
      var segment = lane.get().peek();
      boolean had = fetchSegment(lane.get(), segment, keys);
      lane.get().pass(segment);
      failures = had ? 0 : failures + 1;
      if (failures >= MAX_FAILURES) {
        throw new LoadFailure("given up", "segments: %d in a row failed".formatted(failures));
      }
      advance(lanes, started);
      if (!had) {
        TimeUnit.NANOSECONDS.sleep(RETRY_NANOS);
      }
    }
    if (settings.pace() == LoadSettings.Pace.REALTIME) {
      TimeUnit.NANOSECONDS.sleep(clock.leftNanos(System.nanoTime()));
    }
  }

  /** Waits until the buffer has room. */
  private void pace(Lane lane) throws InterruptedException {
    if (settings.pace() == LoadSettings.Pace.REALTIME) {
      long ahead = lane.bufferedNanos() - clock.played(System.nanoTime());
      TimeUnit.NANOSECONDS.sleep(ahead - BUFFER_NANOS);
    }
  }

  private void advance(List<Lane> lanes, long started) {
    long now = System.nanoTime();
    boolean before = clock.isStarted();
    clock.buffered(bufferedNanos(lanes), now);
    if (!before && clock.isStarted()) {
      stats.startups.record(now - started);
    }
    countStalls();
  }

  /** What all lanes have; those that have ended have all that there is. */
  private static long bufferedNanos(List<Lane> lanes) {
    var open = lanes.stream().filter(lane -> !lane.isEnded()).mapToLong(Lane::bufferedNanos).min();
    return open.orElseGet(() -> lanes.stream().mapToLong(Lane::bufferedNanos).max().orElse(0));
  }

  private static Optional<Lane> emptiest(List<Lane> lanes) {
    return lanes.stream()
        .filter(lane -> !lane.isEnded())
        .min(Comparator.comparingLong(Lane::bufferedNanos));
  }

  /**
   * @return whether the segment came
   * @throws LoadFailure if its init segment or its key did not
   */
  private boolean fetchSegment(Lane lane, Segment segment, SessionKeys keys)
      throws LoadFailure, InterruptedException {
    if (segment.init().isPresent() && lane.takesNew(segment.init().get())) {
      var init = segment.init().get();
      var sink = sink(init.envelope(), keys, new BoxCheck(/* init= */ true));
      fetcher.fetch(RequestKind.INIT, request(init.uri()), init.range(), sink);
    }
    keys.require(segment);
    try {
      fetcher.fetch(
          lane.kind(),
          request(segment.uri()),
          segment.range(),
          sink(segment.envelope(), keys, check(segment)));
      return true;
    } catch (LoadFailure _) {
      return false; // a player goes on with the next
    }
  }

  private BodySink sink(Optional<Envelope> envelope, SessionKeys keys, BodySink check)
      throws LoadFailure, InterruptedException {
    return settings.verify() ? keys.opening(envelope, check) : BodySink.DISCARD;
  }

  private static BodySink check(Segment segment) {
    return segment.isMp4() ? new BoxCheck(/* init= */ false) : new TransportStreamCheck();
  }

  private List<Lane> open() throws LoadFailure, InterruptedException {
    var read = manifest(settings.manifest());
    return switch (read.manifest()) {
      case Manifest.Presentation presentation -> lanes(presentation, read.uri());
      case Manifest.Multivariant multivariant -> lanes(multivariant);
      case Manifest.Playlist(var segments, var live) ->
          List.of(new Lane(RequestKind.VIDEO, read.uri(), "", segments, live));
    };
  }

  private List<Lane> lanes(Manifest.Presentation presentation, URI source) {
    var lanes = new ArrayList<Lane>();
    if (!presentation.video().isEmpty()) {
      var video = pick(presentation.video(), Comparator.comparingLong(Manifest.Rendition::bitrate));
      lanes.add(lane(RequestKind.VIDEO, source, video, presentation.live()));
    }
    if (!presentation.audio().isEmpty()) {
      lanes.add(
          lane(RequestKind.AUDIO, source, pickAudio(presentation.audio()), presentation.live()));
    }
    return lanes;
  }

  private static Lane lane(
      RequestKind kind, URI source, Manifest.Rendition rendition, boolean live) {
    return new Lane(kind, source, rendition.name(), rendition.segments(), live);
  }

  private List<Lane> lanes(Manifest.Multivariant multivariant)
      throws LoadFailure, InterruptedException {
    var lanes = new ArrayList<Lane>();
    var variant =
        pick(multivariant.variants(), Comparator.comparingLong(Manifest.Variant::bandwidth));
    lanes.add(playlistLane(RequestKind.VIDEO, variant.playlist()));
    var audio =
        multivariant.audio().stream()
            .filter(a -> variant.audioGroup().equals(Optional.of(a.group())))
            .toList();
    if (!audio.isEmpty()) {
      lanes.add(playlistLane(RequestKind.AUDIO, pickAudio(audio).playlist()));
    }
    return lanes;
  }

  private Lane playlistLane(RequestKind kind, URI uri) throws LoadFailure, InterruptedException {
    var read = manifest(uri);
    if (read.manifest() instanceof Manifest.Playlist(var segments, var live)) {
      return new Lane(kind, read.uri(), "", segments, live);
    }
    throw wrong(uri, "a media playlist");
  }

  private void reload(URI source, List<Lane> lanes) throws LoadFailure, InterruptedException {
    var read = manifest(source);
    for (var lane : lanes) {
      if (lane.source().equals(source)) {
        switch (read.manifest()) {
          case Manifest.Playlist(var segments, var live) -> lane.renew(segments, live);
          case Manifest.Presentation presentation -> renew(lane, presentation, source);
          case Manifest.Multivariant _ -> throw wrong(source, "what it was before");
        }
      }
    }
  }

  private void renew(Lane lane, Manifest.Presentation presentation, URI source) throws LoadFailure {
    var same =
        (lane.kind() == RequestKind.VIDEO ? presentation.video() : presentation.audio())
            .stream().filter(rendition -> rendition.name().equals(lane.name())).findFirst();
    lane.renew(
        same.orElseThrow(() -> wrong(source, "rendition " + lane.name())).segments(),
        presentation.live());
  }

  private LoadFailure wrong(URI uri, String expected) {
    var failure =
        new LoadFailure("manifest", "manifest: another (expected: %s)".formatted(expected));
    return fetcher.refuse(RequestKind.MANIFEST, uri, failure);
  }

  /**
   * @param uri that of the answer
   */
  private record ReadManifest(Manifest manifest, URI uri) {}

  private ReadManifest manifest(URI uri) throws LoadFailure, InterruptedException {
    try (var body = new BoundedBody(MAX_MANIFEST_BYTES, memory)) {
      var place =
          fetcher.fetch(
              RequestKind.MANIFEST,
              request(uri).with("Accept-Encoding", "gzip"),
              Optional.empty(),
              body);
      try {
        return new ReadManifest(manifests.read(body.toArray(), place), place);
      } catch (LoadFailure e) {
        throw fetcher.refuse(RequestKind.MANIFEST, uri, e);
      }
    }
  }

  private LoadRequest request(URI uri) {
    var request = LoadRequest.get(uri);
    boolean ours = Urls.origin(uri).equals(Urls.origin(settings.manifest()));
    return settings.tokenEverywhere() && ours && token.isPresent()
        ? request.with("Authorization", "Bearer " + token.get())
        : request;
  }

  private <T> T pick(List<T> renditions, Comparator<T> byBitrate) {
    return switch (settings.rendition()) {
      case LOWEST -> Collections.min(renditions, byBitrate);
      case HIGHEST -> Collections.max(renditions, byBitrate);
      case RANDOM -> renditions.get(random.nextInt(renditions.size()));
    };
  }

  /** The first, as the title's maker meant it, unless chance decides. */
  private <T> T pickAudio(List<T> renditions) {
    boolean any = settings.rendition() == LoadSettings.Choice.RANDOM;
    return any ? renditions.get(random.nextInt(renditions.size())) : renditions.getFirst();
  }
}
