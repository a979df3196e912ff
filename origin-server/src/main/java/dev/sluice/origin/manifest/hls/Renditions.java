package dev.sluice.origin.manifest.hls;

import dev.sluice.origin.manifest.Presentation.PresentedTrack;
import dev.sluice.origin.media.LanguageTags;
import dev.sluice.origin.track.Track;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The audio of a multivariant playlist in groups: one for each codec, if each has the same members,
 * else one for all.
 *
 * <p>Spec: RFC 8216 4.3.4.1.1 (groups have the same members, names are unique, one is the default,
 * and those to be chosen automatically differ in language).
 *
 * @param groups in the order of their first tracks
 */
record Renditions(List<Group> groups) {

  Renditions {
    groups = List.copyOf(groups);
  }

  /**
   * A group.
   *
   * @param id GROUP-ID
   * @param members at least 1; the first is the default
   */
  record Group(String id, List<Member> members) {
    Group {
      members = List.copyOf(members);
    }
  }

  /**
   * An alternative rendition.
   *
   * @param name unique in its group
   * @param language the shortest tag, {@code und} where it is not known
   * @param automatic whether a player may choose it by language, or because it describes the
   *     pictures: the first of each
   */
  record Member(PresentedTrack presented, String name, String language, boolean automatic) {}

  /**
   * What makes members of two groups the same: the language, whether they describe the pictures,
   * and the place among their like.
   */
  private record Role(String language, boolean describesVideo, int ordinal) {
    Role like(int place) {
      return new Role(language, describesVideo, place);
    }
  }

  /** The groups of these audio tracks; none where there is no track. */
  static Renditions of(List<PresentedTrack> audio) {
    Map<String, List<PresentedTrack>> byCodec = new LinkedHashMap<>();
    audio.forEach(p -> byCodec.computeIfAbsent(codec(p.track()), _ -> new ArrayList<>()).add(p));
    if (byCodec.isEmpty()) {
      return new Renditions(List.of());
    }
    List<Group> groups = new ArrayList<>();
    if (byCodec.size() > 1 && haveSameRoles(byCodec.values().stream().toList())) {
      Map<Role, String> names = names(byCodec.values().iterator().next());
      byCodec.forEach(
          (codec, tracks) -> groups.add(new Group("audio-" + codec, members(tracks, names))));
    } else {
      groups.add(new Group("audio", members(audio, names(audio))));
    }
    return new Renditions(groups);
  }

  /** The RFC 6381 codec string of a track. */
  static String codec(Track track) {
    return track.codec().codecString(track.fourCc());
  }

  private static boolean haveSameRoles(List<List<PresentedTrack>> groups) {
    Set<Role> first = roles(groups.getFirst()).keySet();
    return groups.stream().allMatch(group -> roles(group).keySet().equals(first));
  }

  /** Those that describe the pictures come last: none of them is the default beside others. */
  private static Map<Role, PresentedTrack> roles(List<PresentedTrack> tracks) {
    Map<Role, Integer> seen = new HashMap<>();
    Map<Role, PresentedTrack> roles = new LinkedHashMap<>();
    tracks.stream()
        .sorted(Comparator.comparing(p -> p.track().purpose().describesVideo()))
        .forEach(presented -> {
          var track = presented.track();
          String language = LanguageTags.shortest(track.language());
          var first = new Role(language, track.purpose().describesVideo(), 1);
          roles.put(first.like(seen.merge(first, 1, Integer::sum)), presented);
        });
    return roles;
  }

  /** The tracks' names; a name that is taken already gets the bitrate behind it. */
  private static Map<Role, String> names(List<PresentedTrack> tracks) {
    Set<String> taken = new HashSet<>();
    Map<Role, String> names = new LinkedHashMap<>();
    roles(tracks)
        .forEach((role, presented) -> {
          String name = AttributeList.printable(presented.track().name());
          while (!taken.add(name)) {
            name = name + "_" + presented.track().bitrate();
          }
          names.put(role, name);
        });
    return names;
  }

  /** In the order of the names, so that the default is the same in each group. */
  private static List<Member> members(List<PresentedTrack> tracks, Map<Role, String> names) {
    Map<Role, PresentedTrack> roles = roles(tracks);
    List<Member> members = new ArrayList<>();
    names.forEach((role, name) -> {
      var presented = Objects.requireNonNull(roles.get(role), "each group has each role");
      members.add(new Member(presented, name, role.language(), role.ordinal() == 1));
    });
    return members;
  }
}
