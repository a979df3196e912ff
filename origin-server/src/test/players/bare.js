// What the bare players' pages have in common: the query, and where an error is noted.
"use strict";

const query = new URLSearchParams(location.search);

/** {manifest, token, clearkeys: {kidHex: keyHex}}; read by play.mjs: error. */
window.bare = {
  video: document.querySelector("video"),
  manifest: query.get("manifest"),
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
