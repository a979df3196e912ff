package dev.sluice.origin.oracle;

import dev.sluice.origin.media.KeyId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A short title in every form that the players are held to, made without a line of Sluice: by Shaka
 * Packager and FFmpeg, and for whole-segment AES-128 by the JDK. What plays here and not from
 * Sluice is Sluice's fault.
 *
 * @param folder where its files are
 */
record ReferenceTitle(Path folder) {
  static final KeyId KEY_ID = KeyId.parse("d3300000-51ce-4000-8000-000000000001").orElseThrow();
  static final String KEY = "000102030405060708090a0b0c0d0e0f";
  static final String WRONG_KEY = "ff0102030405060708090a0b0c0d0e0f";
  static final String IV = "00112233445566778899aabbccddeeff";
  private static final String CTR_IV = "0011223344556677";
  private static final Path MEDIA = Path.of("src/main/resources/dev/sluice/origin/demo");
  static final Path VIDEO = MEDIA.resolve("video_240.mp4");
  private static final Path AUDIO = MEDIA.resolve("audio_eng.mp4");
  private static final List<String> KINDS = List.of("video", "audio");
  private static final Pattern KEY_TAG = Pattern.compile("#EXT-X-KEY.*\n");
  private static final Pattern MAP_TAG = Pattern.compile("#EXT-X-MAP.*\n");
  private static final Pattern CHUNK = Pattern.compile("<c n=\"(\\d+)\" d=\"(\\d+)\" />");

  /**
   * Packages the title as DASH and HLS: {@code NAME.mpd} and {@code NAME.m3u8}.
   *
   * @param scheme {@code cenc} or {@code cbcs}, which is also the name; or {@code clear}
   */
  ReferenceTitle packaged(String scheme) {
    return packaged(scheme, scheme);
  }

  private ReferenceTitle packaged(String name, String scheme) {
    makeFolder(name);
    var outputs =
        List.of(
            stream(VIDEO, "video", name),
            stream(AUDIO, "audio", name) + ",hls_group_id=audio",
            "--segment_duration",
            "2",
            "--generate_static_live_mpd",
            "--mpd_output",
            folder.resolve(name + ".mpd").toString(),
            "--hls_master_playlist_output",
            folder.resolve(name + ".m3u8").toString());
    ShakaPackager.run(
        Stream.of(outputs, scheme.equals("clear") ? List.<String>of() : encryption(scheme))
            .flatMap(List::stream)
            .toList());
    return this;
  }

  /** The packager makes it too, but from two threads, of which one may fail. */
  private void makeFolder(String name) {
    try {
      var _ = Files.createDirectories(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> encryption(String scheme) {
    return List.of(
        "--enable_raw_key_encryption",
        "--keys",
        "key_id=%s:key=%s".formatted(ShakaPackager.hex(KEY_ID), KEY),
        "--iv",
        scheme.equals("cbcs") ? IV : CTR_IV,
        "--protection_scheme",
        scheme,
        "--protection_systems",
        "Common",
        "--clear_lead",
        "0",
        "--hls_key_uri",
        "/keys/?kid=" + KEY_ID);
  }

  private String stream(Path in, String kind, String name) {
    Path to = folder.resolve(name);
    return "in=%s,stream=%s,init_segment=%s,segment_template=%s,playlist_name=%s"
        .formatted(
            in,
            kind,
            to.resolve(kind + "-init.mp4"),
            to.resolve(kind + "-$Number$.m4s"),
            name + "/" + kind + ".m3u8");
  }

  /**
   * The packaged title's HLS under another name, {@code SCHEME-FORMAT.m3u8}, with a key of this
   * format, and the key's or licence's URL at the origin.
   */
  ReferenceTitle withKeyFormat(String scheme, String format) {
    boolean identity = format.equals("identity");
    String tag =
        "#EXT-X-KEY:METHOD=%s,URI=\"/keys/%s?kid=%s\"%s,KEYFORMAT=\"%s\"\n"
            .formatted(
                scheme.equals("cbcs") ? "SAMPLE-AES" : "SAMPLE-AES-CTR",
                identity ? "" : "ClearKey/",
                KEY_ID,
                scheme.equals("cbcs") ? ",IV=0x" + IV : "",
                format);
    String suffix = "-" + format;
    for (String kind : KINDS) {
      copy(
          folder.resolve(scheme).resolve(kind + ".m3u8"),
          folder.resolve(scheme).resolve(kind + suffix + ".m3u8"),
          text -> KEY_TAG.matcher(text).replaceAll(tag));
    }
    copy(
        folder.resolve(scheme + ".m3u8"),
        folder.resolve(scheme + suffix + ".m3u8"),
        text ->
            KINDS.stream()
                .reduce(text, (t, kind) -> t.replace(kind + ".m3u8", kind + suffix + ".m3u8")));
    return this;
  }

  /** HLS in MPEG-TS with encrypted samples and an {@code identity} key: {@code ts.m3u8}. */
  ReferenceTitle transportStream() {
    makeFolder("ts");
    var arguments = new ArrayList<String>();
    for (String kind : KINDS) {
      arguments.add(
          "in=%s,stream=%s,segment_template=%s,playlist_name=ts/%s.m3u8%s"
              .formatted(
                  kind.equals("video") ? VIDEO : AUDIO,
                  kind,
                  folder.resolve("ts").resolve(kind + "-$Number$.ts"),
                  kind,
                  kind.equals("video") ? "" : ",hls_group_id=audio"));
    }
    arguments.addAll(encryption("cbcs"));
    arguments.addAll(
        List.of(
            "--segment_duration",
            "2",
            "--hls_master_playlist_output",
            folder.resolve("ts.m3u8").toString()));
    ShakaPackager.run(arguments);
    return this;
  }

  /** HLS with whole segments in AES-128-CBC and init segments in the clear: {@code aes.m3u8}. */
  ReferenceTitle aes128() {
    packaged("aes", "clear");
    String tag =
        "$0#EXT-X-KEY:METHOD=AES-128,URI=\"/keys/?kid=%s\",IV=0x%s\n".formatted(KEY_ID, IV);
    try (var files = Files.list(folder.resolve("aes"))) {
      for (Path file : files.toList()) {
        if (file.toString().endsWith(".m4s")) {
          Files.write(file, encrypted(Files.readAllBytes(file)));
        } else if (file.toString().endsWith(".m3u8")) {
          copy(file, file, text -> MAP_TAG.matcher(text).replaceFirst(tag));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  private static byte[] encrypted(byte[] segment) {
    try {
      var hex = HexFormat.of();
      var cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(hex.parseHex(KEY), "AES"),
          new IvParameterSpec(hex.parseHex(IV)));
      return cipher.doFinal(segment);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Smooth Streaming in the clear: {@code smooth.ism/manifest}. FFmpeg's own manifest states no
   * times and so says that the title starts at 0, which is not where its fragments do.
   */
  ReferenceTitle smooth() {
    Path ism = folder.resolve("smooth.ism");
    Ffmpeg.make(
        List.of(
            "-i",
            VIDEO.toString(),
            "-i",
            AUDIO.toString(),
            "-map",
            "0:v",
            "-map",
            "1:a",
            "-c",
            "copy",
            "-f",
            "smoothstreaming",
            "-min_frag_duration",
            "2000000",
            ism.toString()));
    copy(
        ism.resolve("Manifest"),
        ism.resolve("manifest"),
        text -> {
          String timed = text;
          for (String kind : KINDS) {
            timed = timed(timed, kind, times(ism, kind));
          }
          return timed;
        });
    return this;
  }

  /** The start times of the fragments of a kind, by the names of their files, ascending. */
  private static List<Long> times(Path ism, String kind) {
    String prefix = "Fragments(" + kind + "=";
    try (var files = Files.walk(ism)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(prefix))
          .map(name -> Long.valueOf(name.substring(prefix.length(), name.length() - 1)))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String timed(String manifest, String kind, List<Long> times) {
    int start = manifest.indexOf("Type=\"" + kind + "\"");
    int end = manifest.indexOf("</StreamIndex>", start);
    Function<MatchResult, String> chunk =
        m ->
            "<c t=\"%d\" d=\"%s\" />"
                .formatted(times.get(Integer.parseInt(m.group(1))), m.group(2));
    return manifest.substring(0, start)
        + CHUNK.matcher(manifest.substring(start, end)).replaceAll(chunk)
        + manifest.substring(end);
  }

  private static void copy(Path from, Path to, UnaryOperator<String> change) {
    try {
      var _ = Files.writeString(to, change.apply(Files.readString(from)), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
