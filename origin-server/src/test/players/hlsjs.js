// Plays what the query names with hls.js.
//
// hls.js takes the address of a licence server from its configuration alone. Its licenseXhrSetup
// may open another one: that of the playlist's EXT-X-KEY, where it is one (a data: URI is a key id).
"use strict";

const CLEAR_KEY = "org.w3.clearkey";
const keyUrls = new Set();

const keyServer = new URL("/keys/ClearKey/", bare.manifest).href;

/** Where a licence is to be had: named by the key, else the key server beside the manifest. */
function licenceUrl(key) {
  if (/^https?:/.test(key.uri)) return key.uri;
  const kid = Array.from(key.keyId, (b) => b.toString(16).padStart(2, "0")).join("");
  return `${keyServer}?kid=${kid.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")}`;
}

/** A licence of the keys that the query gave. */
function ownLicence() {
  const keys = Object.entries(bare.clearkeys).map(([kid, key]) => ({ kty: "oct", kid: bare.base64url(kid), k: bare.base64url(key) }));
  return URL.createObjectURL(new Blob([JSON.stringify({ keys, type: "temporary" })]));
}

const hls = new Hls({
  emeEnabled: true,
  drmSystems: { [CLEAR_KEY]: { licenseUrl: keyServer } },
  licenseXhrSetup(xhr, url, context) {
    if (Object.keys(bare.clearkeys).length > 0) {
      xhr.open("GET", ownLicence(), true);
      return;
    }
    xhr.open("POST", licenceUrl(context.decryptdata), true);
    xhr.setRequestHeader("Content-Type", "application/json");
    if (bare.token) xhr.setRequestHeader("Authorization", `Bearer ${bare.token}`);
  },
  xhrSetup(xhr, url) {
    xhr.open("GET", url, true);
    if (bare.token && keyUrls.has(url)) xhr.setRequestHeader("Authorization", `Bearer ${bare.token}`);
  },
});
hls.on(Hls.Events.KEY_LOADING, (name, data) => keyUrls.add(data.frag.decryptdata.uri));
hls.on(Hls.Events.ERROR, (name, data) => {
  if (data.fatal) bare.fail("hls.js", data.details, data.error?.message ?? data.reason);
});
hls.attachMedia(bare.video);
hls.loadSource(bare.manifest);
