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

/**
 * Asks for the licence as soon as the playlist tells the key id. By itself hls.js waits for a pssh
 * box in the init segment, and for ever where there is none.
 */
function generateRequest(initDataType, initData, { decryptdata }) {
  if (initData !== null || !decryptdata.keyId) return { initDataType, initData };
  // A pssh box, version 1, of the common system of W3C's EME, with one key id.
  const head = [0, 0, 0, 0x34, 0x70, 0x73, 0x73, 0x68, 1, 0, 0, 0];
  const common = [0x10, 0x77, 0xef, 0xec, 0xc0, 0xb2, 0x4d, 0x02, 0xac, 0xe3, 0x3c, 0x1e, 0x52, 0xe2, 0xfb, 0x4b];
  const pssh = Uint8Array.from([...head, ...common, 0, 0, 0, 1, ...decryptdata.keyId, 0, 0, 0, 0]);
  return { initDataType: "cenc", initData: pssh.buffer };
}

const hls = new Hls({
  emeEnabled: true,
  drmSystems: { [CLEAR_KEY]: { licenseUrl: keyServer, generateRequest } },
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
