package dev.sluice.origin.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.origin.failure.ContentFailure;
import dev.sluice.origin.media.TrackKind;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerManifestReaderTest {
  private static final String NAMESPACE = "http://www.w3.org/2001/SMIL20/Language";

  @Test
  void readsEveryFieldOfATrack() {
    ServerManifest manifest =
        read(
            """
            <?xml version="1.0" encoding="utf-8"?>
            <smil xmlns="%s"><head><meta name="formats" content="mp4"/></head><body><switch>
              <video src="v.ismv" systemBitrate="1000" systemLanguage="eng">
                <param name="trackID" value="2" valuetype="data"/>
                <param name="trackName" value="main" valuetype="data"/>
              </video>
              <audio src="d.isma">
                <param name="role" value="Alternate" valuetype="data"/>
                <param name="accessibility" value="description" valuetype="data"/>
              </audio>
              <textstream src="sub/t.ismt"><param name="role" value="main&quot;/>"/></textstream>
            </switch></body></smil>
            """
                .formatted(NAMESPACE));
    assertThat(manifest.tracks())
        .containsExactly(
            new ServerManifest.Entry(
                TrackKind.VIDEO,
                "v.ismv",
                Optional.of(1000L),
                Optional.of("eng"),
                Optional.of(2),
                Optional.of("main"),
                Purpose.UNSTATED),
            new ServerManifest.Entry(
                TrackKind.AUDIO,
                "d.isma",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new Purpose(Optional.of("alternate"), Optional.of("description"))),
            new ServerManifest.Entry(
                TrackKind.TEXT,
                "sub/t.ismt",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Purpose.UNSTATED));
  }

  @Test
  void readsAPrefixedNamespace() {
    String text =
        "<s:smil xmlns:s='%s'><s:body><s:video src='a.mp4'/></s:body></s:smil>"
            .formatted(NAMESPACE);
    assertThat(read(text).tracks()).hasSize(1);
  }

  @Test
  void readsUtf16() {
    String text = "<?xml version='1.0' encoding='utf-16'?><smil><audio src='\u00e9.m4a'/></smil>";
    byte[] document = text.getBytes(StandardCharsets.UTF_16);
    assertThat(ServerManifestReader.read(document).tracks().getFirst().src())
        .isEqualTo("\u00e9.m4a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../a.mp4",
        "/a.mp4",
        "a/../../b.mp4",
        "http://x/a.mp4",
        "file:a.mp4",
        "c:a.mp4",
        "a\\b.mp4",
        "",
        ".",
        "a//b.mp4"
      })
  void refusesToLeaveTheFolder(String src) {
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> read("<smil><video src='" + src + "'/></smil>"))
        .withMessageStartingWith("src: not a path below the manifest's folder");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE smil [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><smil><video src='&x;'/></smil>",
        "<!DOCTYPE smil SYSTEM 'http://127.0.0.1:1/x.dtd'><smil><video src='a'/></smil>",
        "<smil><video src='&x;'/></smil>",
        "<smil><video src='a'/>",
        "<smil/>",
        "<other><video src='a'/></other>",
        "<smil><video/></smil>",
        "<smil><video src='a' systemBitrate='-1'/></smil>",
        ""
      })
  void refusesWhatIsNoServerManifest(String text) {
    assertThatExceptionOfType(ContentFailure.class)
        .isThrownBy(() -> read(text))
        .withMessageEndingWith(" at the server manifest");
  }

  private static ServerManifest read(String text) {
    return ServerManifestReader.read(text.getBytes(StandardCharsets.UTF_8));
  }
}
