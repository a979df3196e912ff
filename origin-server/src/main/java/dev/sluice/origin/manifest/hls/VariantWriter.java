package dev.sluice.origin.manifest.hls;

import dev.sluice.origin.codec.AacConfig;
import dev.sluice.origin.codec.AvcColour;
import dev.sluice.origin.codec.AvcConfig;
import dev.sluice.origin.drm.Protection;
import dev.sluice.origin.failure.CallerFailure;
import dev.sluice.origin.failure.FailureCode;
import dev.sluice.origin.manifest.Presentation;
import dev.sluice.origin.manifest.Presentation.PresentedTrack;
import dev.sluice.origin.manifest.hls.Renditions.Group;
import dev.sluice.origin.manifest.hls.Renditions.Member;
import dev.sluice.origin.media.LanguageTags;
import dev.sluice.origin.media.TrackKind;
import dev.sluice.origin.track.Track;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes one multivariant playlist. */
final class VariantWriter {
  private final Presentation presentation;
  private final HlsFormat format;
  private final PlaylistUrls urls;
  private final List<PresentedTrack> video;
  private final List<PresentedTrack> audio;
  private final Renditions renditions;
  private final long targetSeconds;
  private final PlaylistWriter out;

  /** By identity: an index has no equality. */
  private final IdentityHashMap<PresentedTrack, BitRates> rates = new IdentityHashMap<>();

  VariantWriter(Presentation presentation) {
    this.presentation = presentation;
    this.format = HlsFormat.of(presentation.tags());
    this.urls = new PlaylistUrls(presentation);
    this.video = firstQualityFirst(byBitrate(TrackKind.VIDEO));
    this.audio = presentation.tracks().stream().filter(p -> isOf(p, TrackKind.AUDIO)).toList();
    if (video.isEmpty() && audio.isEmpty()) {
      throw new CallerFailure(
          FailureCode.MPE_EGRESS_TRACK_NOT_FOUND, "tracks: none (expected: video or audio)");
    }
    // A lone audio track without video is a variant, and no alternative to anything.
    boolean alternatives = !format.isMuxed() && video.size() + audio.size() > 1;
    this.targetSeconds = SegmentTimes.targetSeconds(presentation);
    this.renditions = byRate(Renditions.of(alternatives ? audio : List.of()));
    this.out = new PlaylistWriter(format.version(protections()));
    out.independentSegments(presentation.tracks().stream().map(PresentedTrack::track));
  }

  byte[] write() {
    sessionKeys().forEach(key -> out.tag("EXT-X-SESSION-KEY", key));
    for (Group group : renditions.groups()) {
      for (Member member : group.members()) {
        writeMember(group, member);
      }
    }
    video.forEach(this::writeVariants);
    if (video.isEmpty() || presentation.tags().audioOnly()) {
      writeAudioVariants();
    }
    return out.toBytes();
  }

  private void writeMember(Group group, Member member) {
    boolean isDefault = member.equals(group.members().getFirst());
    var track = member.presented().track();
    var tag =
        new AttributeList()
            .plain("TYPE", "AUDIO")
            .text("GROUP-ID", group.id())
            .text("NAME", member.name());
    if (!member.language().equals(LanguageTags.UNDETERMINED)) {
      tag.text("LANGUAGE", member.language());
    }
    tag.plain("DEFAULT", isDefault ? "YES" : "NO")
        .plain("AUTOSELECT", member.automatic() ? "YES" : "NO");
    if (track.purpose().describesVideo()) {
      tag.text("CHARACTERISTICS", "public.accessibility.describes-video");
    }
    if (track.codec() instanceof AacConfig aac) {
      tag.text("CHANNELS", Integer.toString(aac.channels()));
    }
    out.tag("EXT-X-MEDIA", tag.uri("URI", urls.mediaPlaylist(track, /* keyframes= */ false)));
  }

  /** The variants of a video track, and its I-frame playlist. */
  private void writeVariants(PresentedTrack presented) {
    BitRates own = rates(presented);
    if (renditions.groups().isEmpty()) {
      var muxed = MuxedAudio.with(presented, presentation);
      writeVariant(
          presented,
          muxed.map(this::rates).map(own::plus).orElse(own),
          muxed.map(PresentedTrack::track).map(Renditions::codec).stream().toList(),
          Optional.empty());
    }
    for (Group group : renditions.groups()) {
      writeVariant(presented, own.plus(rates(group)), codecs(group), Optional.of(group.id()));
    }
    if (!format.isMuxed()) {
      writeKeyframes(presented);
    }
  }

  private void writeVariant(
      PresentedTrack presented, BitRates rates, List<String> audioCodecs, Optional<String> group) {
    var track = presented.track();
    var codecs = new LinkedHashSet<String>(List.of(videoCodec(track)));
    codecs.addAll(audioCodecs);
    var tag = streamInf(rates, codecs).plain("RESOLUTION", resolution(track));
    FrameRate.of(track).ifPresent(rate -> tag.plain("FRAME-RATE", rate));
    range(track).ifPresent(range -> tag.plain("VIDEO-RANGE", range));
    group.ifPresent(id -> tag.text("AUDIO", id));
    writeStream(tag, track);
  }

  private void writeKeyframes(PresentedTrack presented) {
    var track = presented.track();
    var rates =
        BitRates.of(
            new ServedSizes(presented, format, /* keyframes= */ true),
            new SegmentTimes(track),
            targetSeconds);
    var tag =
        new AttributeList()
            .number("BANDWIDTH", rates.peak())
            .number("AVERAGE-BANDWIDTH", rates.average())
            .text("CODECS", videoCodec(track))
            .plain("RESOLUTION", resolution(track));
    range(track).ifPresent(range -> tag.plain("VIDEO-RANGE", range));
    out.tag(
        "EXT-X-I-FRAME-STREAM-INF",
        tag.uri("URI", urls.mediaPlaylist(track, /* keyframes= */ true)));
  }

  private void writeAudioVariants() {
    for (Group group : renditions.groups()) {
      writeStream(
          streamInf(rates(group), codecs(group)).text("AUDIO", group.id()),
          group.members().getFirst().presented().track());
    }
    if (renditions.groups().isEmpty()) {
      audioWithoutGroup()
          .forEach(presented ->
              writeStream(
                  streamInf(rates(presented), List.of(Renditions.codec(presented.track()))),
                  presented.track()));
    }
  }

  /** Beside muxed video the audio that it holds; without video all. */
  private List<PresentedTrack> audioWithoutGroup() {
    return video.isEmpty()
        ? byBitrate(TrackKind.AUDIO)
        : MuxedAudio.of(presentation).stream().toList();
  }

  private void writeStream(AttributeList tag, Track track) {
    out.tag("EXT-X-STREAM-INF", tag.plain("CLOSED-CAPTIONS", "NONE"));
    out.uri(urls.mediaPlaylist(track, /* keyframes= */ false));
  }

  private static AttributeList streamInf(BitRates rates, Iterable<String> codecs) {
    return new AttributeList()
        .number("BANDWIDTH", rates.peak())
        .number("AVERAGE-BANDWIDTH", rates.average())
        .text("CODECS", String.join(",", codecs));
  }

  /** Of what the playlist leads to: muxed audio has its video's. */
  private List<Protection> protections() {
    var rendered = new ArrayList<PresentedTrack>(video);
    if (video.isEmpty() || !format.isMuxed()) {
      rendered.addAll(audio);
    }
    return rendered.stream().flatMap(p -> p.protection().stream()).distinct().toList();
  }

  /** The keys of all media playlists, each once. */
  private Set<String> sessionKeys() {
    return protections().stream()
        .flatMap(p -> KeyTags.of(p, format, presentation.tags().systems()).stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private BitRates rates(PresentedTrack presented) {
    return rates.computeIfAbsent(
        presented,
        p -> BitRates.of(new ServedSizes(p, format), new SegmentTimes(p.track()), targetSeconds));
  }

  private BitRates rates(Group group) {
    return BitRates.worst(
        group.members().stream().map(Member::presented).map(this::rates).toList());
  }

  private Renditions byRate(Renditions unordered) {
    return new Renditions(
        unordered.groups().stream()
            .sorted(Comparator.comparingLong(group -> rates(group).peak()))
            .toList());
  }

  private static List<String> codecs(Group group) {
    return group.members().stream()
        .map(member -> Renditions.codec(member.presented().track()))
        .distinct()
        .toList();
  }

  private List<PresentedTrack> byBitrate(TrackKind kind) {
    return presentation.tracks().stream()
        .filter(p -> isOf(p, kind))
        .sorted(Comparator.comparingLong(p -> p.track().bitrate()))
        .toList();
  }

  /** Players begin with the first variant, so the order says which. Spec: RFC 8216 6.3.1. */
  private List<PresentedTrack> firstQualityFirst(List<PresentedTrack> byBitrate) {
    return byBitrate.stream().sorted(Comparator.comparing(p -> !isFirstQuality(p))).toList();
  }

  private boolean isFirstQuality(PresentedTrack presented) {
    return presentation.firstQuality().filter(b -> b == presented.track().bitrate()).isPresent();
  }

  private static boolean isOf(PresentedTrack presented, TrackKind kind) {
    return presented.track().kind() == kind;
  }

  /** In a transport stream parameter sets are in the stream, and its name is that of avc1. */
  private String videoCodec(Track track) {
    return track.codec().codecString(format.isTransportStream() ? "avc1" : track.fourCc());
  }

  private static String resolution(Track track) {
    var entry = track.header().sampleEntries().getFirst();
    return entry.width() + "x" + entry.height();
  }

  /** VIDEO-RANGE. Some players refuse it where there is no frame rate. */
  private static Optional<String> range(Track track) {
    return FrameRate.of(track)
        .flatMap(_ ->
            track.codec() instanceof AvcConfig avc
                ? AvcColour.of(avc).map(AvcColour::name)
                : Optional.empty());
  }
}
