// What the bare players' pages have in common: the query, and where an error is noted.
"use strict";

const query = new URLSearchParams(location.search);

/** What a manifest is; the origin's URLs have no extension that says so, but a tag. */
function mimeOf(url) {
  if (/format=m3u8|\.m3u8/i.test(url)) return "application/vnd.apple.mpegurl";
  return /format=mpd|\.mpd/i.test(url) ? "application/dash+xml" : "application/vnd.ms-sstr+xml";
}

/** {manifest, mime, transport, token, clearkeys: {kidHex: keyHex}}; read by play.mjs: error. */
window.bare = {
  video: document.querySelector("video"),
  manifest: query.get("manifest"),
  mime: mimeOf(query.get("manifest")),
  transport: query.get("transport") ?? "dash",
  token: query.get("token"),
  clearkeys: Object.fromEntries((query.get("clearkeys") ?? "").split(",").filter(Boolean).map((pair) => pair.replaceAll("-", "").split("="))),
  error: null,
  fail(player, code, text) {
    this.error ??= { player, code, text: String(text).slice(0, 500) };
  },
  /** Hex to base64url without padding, as ClearKey wants it. */
  base64url(hex) {
    const bytes = hex.match(/../g).map((h) => String.fromCharCode(parseInt(h, 16))).join("");
    return btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  },
};
