package dev.sluice.origin.delivery;

import dev.sluice.crypto.MediaCipher;
import dev.sluice.origin.delivery.TransportBodies.EncryptedSamples;
import dev.sluice.origin.failure.Failure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.failure.ServerFailure;
import dev.sluice.origin.manifest.hls.MuxedAudio;
import dev.sluice.origin.media.Answer;
import dev.sluice.origin.media.Body;
import dev.sluice.origin.media.CacheFigures;
import dev.sluice.origin.media.Digests;
import dev.sluice.origin.media.Scheme;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.policy.TrackProtection;
import dev.sluice.origin.policy.TrackProtection.Encrypted;
import dev.sluice.origin.route.Caller;
import dev.sluice.origin.route.ChildUrls;
import dev.sluice.origin.route.Format;
import dev.sluice.origin.route.OriginRequest;
import dev.sluice.origin.segment.SegmentBoxes;
import dev.sluice.origin.storage.ObjectStore;
import dev.sluice.origin.track.Track;
import java.util.Map;
import java.util.Optional;

/** Answers a request for a media segment. */
final class SegmentDelivery {
  private final Resolver resolver;
  private final KeyMaterial keys;
  private final FragmentedBodies fragmented;
  private final TransportBodies transport;
  private final Envelopes envelopes;
  private final SegmentCache cache;

  SegmentDelivery(
      Resolver resolver,
      KeyMaterial keys,
      ObjectStore store,
      Fragments fragments,
      MediaCipher cipher,
      SegmentCache cache) {
    this.resolver = resolver;
    this.keys = keys;
    this.fragmented = new FragmentedBodies(store, fragments, keys, cipher);
    this.transport = new TransportBodies(store, fragments, keys, cipher);
    this.envelopes = new Envelopes(keys, cipher);
    this.cache = cache;
  }

  /** For metrics. */
  CacheFigures figures() {
    return transport.figures();
  }

  /**
   * Answers.
   *
   * @param caller may want to know the next segment's path
   */
  Answer answer(OriginRequest.MediaSegment request, Caller caller) {
    return answer(request, caller, segment(request, resolver.resolve(request)));
  }

  /** The answer, where it needs no wait for storage; refusals are left to {@link #answer}. */
  Optional<Answer> atHand(OriginRequest.MediaSegment request, Caller caller) {
    if (cache.isOn()) {
      return Optional.empty();
    }
    try {
      return resolver
          .find(request)
          .map(resolved -> segment(request, resolved))
          .filter(this::isAtHand)
          .map(segment -> answer(request, caller, segment));
    } catch (Failure refused) {
      return Optional.empty();
    }
  }

  /**
   * A segment of a format.
   *
   * @param standing of the documents by which it was found
   */
  private record Segment(
      Format format, SegmentPart part, Optional<Track> audio, String etag, Standing standing) {

    /** How its samples are encrypted; empty: they are clear, or a whole answer is encrypted. */
    Optional<Encrypted> samples() {
      return part.protection() instanceof Encrypted encrypted && encrypted.scheme() != Scheme.CBC
          ? Optional.of(encrypted)
          : Optional.empty();
    }
  }

  private Optional<EncryptedSamples> samplesOfTransport(Segment segment) {
    return segment
        .samples()
        .map(how -> new EncryptedSamples(how, segment.etag(), () -> requireKeyOfTag(segment)));
  }

  private Segment segment(OriginRequest.MediaSegment request, Resolver.Resolved resolved) {
    var resolution = resolved.resolution();
    var track = resolution.requireTrack(request.track(), request.bitrate());
    var format = request.tags().format();
    var part =
        new SegmentPart(
            resolution,
            track,
            resolution.requireFragment(track, request.time(), format.protocol()),
            request.tags().keyframes());
    var audio = muxedAudio(request, part);
    return new Segment(format, part, audio, etag(format, part, audio), resolved.standing());
  }

  private boolean isAtHand(Segment segment) {
    return boxes(segment.format()).isPresent()
        ? fragmented.isAtHand(segment.part(), segment.samples())
        : transport.isAtHand(segment.part(), segment.audio(), samplesOfTransport(segment));
  }

  private Answer answer(OriginRequest.MediaSegment request, Caller caller, Segment segment) {
    return new Answer(
        200,
        contentType(segment.format(), segment.part().track()),
        Optional.of(segment.etag()),
        Answer.Cache.SEGMENT,
        false,
        caller.wantsPrefetchPath() ? prefetchPath(request, segment.part()) : Map.of(),
        () -> open(segment));
  }

  /** The audio in the segments of video, in the format that has it there. */
  private static Optional<Track> muxedAudio(OriginRequest.MediaSegment request, SegmentPart part) {
    if (request.tags().format() != Format.HLS_TS_V3 || part.track().kind() != TrackKind.VIDEO) {
      return Optional.empty();
    }
    // Whole: a segment at the edge of a time range is the same as without it.
    var audio = MuxedAudio.choose(part.resolution().wholeTracks(), request.tags().audioTrack());
    if (audio
        .map(part.resolution()::protectionOf)
        .filter(p -> !p.equals(part.protection()))
        .isPresent()) {
      throw PossibleAnswers.notAlike(part.resolution().decision());
    }
    return audio;
  }

  private String etag(Format format, SegmentPart part, Optional<Track> audio) {
    var etag =
        new Digests("segment 2")
            .add(boxes(format).map(SegmentBoxes::name).orElse("TS"))
            .add(part.keyframe() ? "first frame" : "all frames");
    addTo(etag, part.track());
    etag.add(part.fragment());
    audio.ifPresent(track -> addTo(etag, track));
    switch (part.protection()) {
      case TrackProtection.Clear() -> etag.add("clear");
      case Encrypted encrypted -> keys.addTo(etag, part.resolution(), part.track(), encrypted);
    }
    return etag.etag();
  }

  private static void addTo(Digests etag, Track track) {
    etag.add(track.object().path()).add(track.object().revision()).add(track.header().trackId());
  }

  private static Map<String, String> prefetchPath(
      OriginRequest.MediaSegment request, SegmentPart part) {
    var track = part.track();
    int next = part.fragment() + 1;
    if (next == track.fragments().count() || !part.resolution().leaves(part.track(), next)) {
      return Map.of();
    }
    var tags = request.tags();
    long start = Resolver.ticks(track, next, tags.format().protocol());
    String extension =
        switch (tags.format()) {
          case HLS_CMAF -> ".m4s";
          case HLS_TS, HLS_TS_V4, HLS_TS_V3 -> ".ts";
          case DASH_CSF, DASH_CMAF, SMOOTH, SMOOTH_20 -> "";
        };
    return Map.of(
        Answer.PREFETCH_PATH,
        ChildUrls.fragment(
            track.name(),
            Long.toString(start),
            tags.keyframes(),
            tags,
            tags.encryption(),
            extension));
  }

  private Body open(Segment segment) {
    return switch (segment.part().protection()) {
      case TrackProtection.Clear() -> samples(segment);
      case Encrypted encrypted ->
          cache.open(
              segment.etag(), () -> openUnderKeyOfTag(segment, encrypted), () -> etagNow(segment));
    };
  }

  private Body openUnderKeyOfTag(Segment segment, Encrypted encrypted) {
    Body body = encrypted(segment, encrypted);
    try {
      requireKeyOfTag(segment);
      return body;
    } catch (RuntimeException e) {
      body.close();
      throw e;
    }
  }

  /**
   * Looks, once the key has been unwrapped, whether the tag stands for it: between the two a key
   * may have got another value.
   *
   * @throws ServerFailure if it does not; asked again, the answer is another
   */
  private void requireKeyOfTag(Segment segment) {
    if (!segment.standing().isOfNow() && !etagNow(segment).equals(segment.etag())) {
      throw new ServerFailure(
          FailureCode.OVERLOADED, "the content key changed while the answer was made");
    }
  }

  private String etagNow(Segment segment) {
    return etag(segment.format(), segment.part(), segment.audio());
  }

  private Body encrypted(Segment segment, Encrypted encrypted) {
    return encrypted.scheme() == Scheme.CBC
        ? envelopes.around(samples(segment), segment.part().resolution(), encrypted)
        : samples(segment);
  }

  /** The body with its samples clear or encrypted. */
  private Body samples(Segment segment) {
    return boxes(segment.format())
        .map(boxes -> fragmented.open(boxes, segment.part(), segment.samples()))
        .orElseGet(
            () -> transport.open(segment.part(), segment.audio(), samplesOfTransport(segment)));
  }

  /** The boxes of a format's segments; empty where they are transport streams. */
  private static Optional<SegmentBoxes> boxes(Format format) {
    return switch (format) {
      case HLS_CMAF, DASH_CSF, DASH_CMAF -> Optional.of(SegmentBoxes.CMAF);
      case SMOOTH, SMOOTH_20 -> Optional.of(SegmentBoxes.PIFF);
      case HLS_TS, HLS_TS_V4, HLS_TS_V3 -> Optional.empty();
    };
  }

  private static String contentType(Format format, Track track) {
    return boxes(format).isPresent() ? InitDelivery.contentType(track) : "video/mp2t";
  }
}
