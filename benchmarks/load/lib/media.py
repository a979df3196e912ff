"""The title, the documents that protect it, and what is asked of it."""

import base64
import dataclasses
import http.client
import os
import re

import shell

SECONDS = 60
CONTAINER = "title"
_VERSION = "title-1"  # another name makes the title anew

# Asset, type of its key, type of its policy, and the word of URLs.
_SCHEMES = (
    ("clear", None, None, ""),
    ("cenc", "CommonEncryption", "DynamicCommonEncryption", ",encryption=cenc"),
    ("cbcs", "CommonEncryptionCbcs", "DynamicCommonEncryptionCbcs", ",encryption=cbcs"),
    ("aes128", "EnvelopeEncryption", "DynamicEnvelopeEncryption", ",encryption=cbc"),
)


def make_title(work):
    """The folder for --media, with a title of 60 s: H.264 1080p at 6 Mbit/s in GOPs of 2 s, and AAC
    at 128 kbit/s, in one fragmented MP4. Noise makes the bits, since filler would not be encrypted."""
    media = os.path.join(work, _VERSION)
    file = os.path.join(media, CONTAINER, "title.mp4")
    if os.path.exists(file):
        return media
    os.makedirs(os.path.dirname(file), exist_ok=True)
    shell.say(f"making the title ({SECONDS} s of 1080p; kept in the work folder)")
    part = f"{file}.{os.getpid()}.part"
    code, _, err = shell.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-y",
         "-f", "lavfi", "-i", f"testsrc2=size=1920x1080:rate=25:duration={SECONDS},noise=alls=24:allf=t",
         "-f", "lavfi", "-i", f"anoisesrc=color=pink:amplitude=0.4:sample_rate=48000:seed=1:duration={SECONDS}",
         "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p",
         "-b:v", "6M", "-minrate", "6M", "-maxrate", "6M", "-bufsize", "6M",
         "-g", "50", "-keyint_min", "50", "-sc_threshold", "0",
         "-c:a", "aac", "-b:a", "128k", "-ac", "2",
         "-movflags", "+frag_keyframe+empty_moov+default_base_moof", "-f", "mp4", part],
        900)
    if code != 0:
        shell.die(f"ffmpeg: {err.strip()[-500:]}")
    os.rename(part, file)
    return media


def documents():
    """The catalog: one asset for each scheme, all of the same container, keys open to all."""
    docs = [{"kind": "ContentKeyAuthorizationPolicy", "name": "open", "options": [
        {"name": "clearkey", "keyDeliveryType": "ClearKey", "restriction": {"type": "Open"}},
        {"name": "raw", "keyDeliveryType": "BaselineHttp", "restriction": {"type": "Open"}}]}]
    for number, (asset, key, policy, _) in enumerate(_SCHEMES):
        one = {"kind": "Asset", "name": asset, "container": CONTAINER}
        if key:
            kid = f"8ba94ade-6eb9-449d-b44f-{number:012x}"
            value = base64.b64encode(bytes((number + i) & 255 for i in range(16))).decode()
            docs += [
                {"kind": "ContentKey", "id": kid, "type": key, "value": value, "authorizationPolicy": "open"},
                {"kind": "AssetDeliveryPolicy", "name": asset, "protocols": ["All"], "type": policy,
                 "configuration": {}}]
            one.update(deliveryPolicies=[asset], contentKeys=[kid])
        docs.append(one)
    return docs


@dataclasses.dataclass
class Content:
    """What one cell asks for, in turn: the paths of Sluice, and of nginx's copies."""

    name: str
    kind: str  # video, audio or manifest
    origin: list
    static: list
    headers: dict
    sizes: list = dataclasses.field(default_factory=list)

    def paths(self, is_static):
        return self.static if is_static else self.origin


def fetch(port, path, headers=None):
    """The body of a 200, and its Content-Encoding."""
    connection = http.client.HTTPConnection(shell.LOOPBACK, port, timeout=60)
    try:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            shell.die(f"{path}: {answer.status} {body[:300]!r} (expected: 200)")
        return body, answer.getheader("Content-Encoding", "")
    finally:
        connection.close()


def _join(base, relative):
    return relative if relative.startswith("/") else base.rsplit("/", 1)[0] + "/" + relative


def _playlists(port, master):
    """The playlists of the video and of the audio that an HLS multivariant playlist names."""
    lines = fetch(port, master)[0].decode().splitlines()
    video = next(_join(master, lines[i + 1]) for i, line in enumerate(lines) if line.startswith("#EXT-X-STREAM-INF"))
    audio = [re.search(r'URI="([^"]+)"', line) for line in lines if line.startswith("#EXT-X-MEDIA:TYPE=AUDIO")]
    return video, next((_join(master, m[1]) for m in audio if m), None)


def _segments(port, playlist):
    lines = fetch(port, playlist)[0].decode().splitlines()
    return [_join(playlist, line) for line in lines if line and not line.startswith("#")]


def contents(port, static_folder):
    """Reads what there is to ask for out of the server's own playlists, and keeps its answers below a
    folder for nginx, so that both send the same bytes."""
    found = []
    for asset, _, _, tag in _SCHEMES:
        base = f"/{asset}/{asset}.ism/manifest(format="
        video, audio = _playlists(port, f"{base}m3u8-cmaf{tag})")
        found.append(Content(asset, "video", _segments(port, video), [], {}))
        found.append(Content(f"audio-{asset}", "audio", _segments(port, audio), [], {}))
        if asset in ("clear", "aes128"):
            video, _ = _playlists(port, f"{base}m3u8-aapl{tag})")
            found.append(Content(f"{asset}-ts", "video", _segments(port, video), [], {}))
    mpd = "/cenc/cenc.ism/manifest(format=mpd-time-cmaf,encryption=cenc)"
    found.append(Content("mpd", "manifest", [mpd], [], {}))
    found.append(Content("mpd-gzip", "manifest", [mpd], [], {"Accept-Encoding": "gzip"}))
    found.append(Content("hls", "manifest", [_playlists(
        port, "/cenc/cenc.ism/manifest(format=m3u8-cmaf,encryption=cenc)")[0]], [], {}))
    for content in found:
        os.makedirs(os.path.join(static_folder, content.name))
        for number, path in enumerate(content.origin):
            body, coding = fetch(port, path, content.headers)
            name = f"{content.name}/{number}.{_extension(content)}"
            content.static.append(f"/{name}")
            content.sizes.append(len(body))
            if content.headers and coding != "gzip":
                shell.die(f"{path}: Content-Encoding {coding!r} (expected: gzip)")
            # With gzip_static nginx looks for NAME.gz; the plain file stands beside it.
            file = os.path.join(static_folder, name)
            with open(file + (".gz" if content.headers else ""), "wb") as f:
                f.write(body)
            if content.headers:
                with open(file, "wb") as f:
                    f.write(fetch(port, path)[0])
    return {content.name: content for content in found}


def _extension(content):
    if content.kind == "manifest":
        return "m3u8" if content.name == "hls" else "mpd"
    return "ts" if content.name.endswith("-ts") else "m4s"


def different(content, port_a, port_b, static_b):
    """The first path whose answers differ between two servers, None if all are equal."""
    for a, b in zip(content.origin, content.paths(static_b)):
        if fetch(port_a, a, content.headers)[0] != fetch(port_b, b, content.headers)[0]:
            return a
    return None
