// What the bare players' pages have in common: the query, and where an error is noted.
"use strict";

const query = new URLSearchParams(location.search);

/** What a manifest is; the origin's URLs have no extension that says so, but a tag. */
function mimeOf(url) {
  if (/format=m3u8|\.m3u8/i.test(url)) return "application/vnd.apple.mpegurl";
  return /format=mpd|\.mpd/i.test(url) ? "application/dash+xml" : "application/vnd.ms-sstr+xml";
}

/** {manifest, mime, transport, token, clearkeys: {kidHex: keyHex}}; read by play.mjs: error, appended, keyIds. */
window.bare = {
  video: document.querySelector("video"),
  manifest: query.get("manifest"),
  mime: mimeOf(query.get("manifest")),
  transport: query.get("transport") ?? "dash",
  token: query.get("token"),
  clearkeys: Object.fromEntries((query.get("clearkeys") ?? "").split(",").filter(Boolean).map((pair) => pair.replaceAll("-", "").split("="))),
  error: null,
  appended: {},
  keyIds: null,
  fail(player, code, text) {
    this.error ??= { player, code, text: String(text).slice(0, 500) };
  },
  /** Hex to base64url without padding, as ClearKey wants it. */
  base64url(hex) {
    const bytes = hex.match(/../g).map((h) => String.fromCharCode(parseInt(h, 16))).join("");
    return btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  },
};

/**
 * Notes what a player appends, by type: the size and a hash (FNV-1a) of each part. What it decrypts
 * itself is thus told from what it would append of a clear title.
 */
{
  const addSourceBuffer = MediaSource.prototype.addSourceBuffer;
  MediaSource.prototype.addSourceBuffer = function (type) {
    const buffer = addSourceBuffer.call(this, type);
    const parts = (bare.appended[type] ??= []);
    const appendBuffer = buffer.appendBuffer.bind(buffer);
    buffer.appendBuffer = (data) => {
      const bytes = ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
      let hash = 0x811c9dc5;
      for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
      if (parts.length < 50) parts.push(`${bytes.length}:${hash.toString(16)}`);
      return appendBuffer(data);
    };
    return buffer;
  };
}
