// The ways in which a title is offered, and which of them play in this browser, with what, and if
// not, why not. A way is an entry of assets.json: {protocol, format, scheme, url}.

const CONTAINERS = {
  "mpd-time-csf": "MP4", "mpd-time-cmaf": "CMAF", "m3u8-cmaf": "CMAF",
  "m3u8-aapl": "TS", "m3u8-aapl-v4": "TS", "m3u8-aapl-v3": "TS v3", "fmp4-v20": "PIFF 2.0",
};
const SCHEMES = { clear: "clear", cenc: "cenc", cbcs: "cbcs", cbc: "AES-128", piff: "PIFF" };

export const PLAYERS = { shaka: "Shaka", hlsjs: "hls.js" };

/** What the table calls the container. */
export function containerOf(way) {
  return CONTAINERS[way.format] ?? { Smooth: "PIFF", Download: "file" }[way.protocol] ?? "";
}

/** What the table calls the protection. */
export function schemeName(scheme) {
  return SCHEMES[scheme] ?? scheme ?? "";
}

/**
 * Which players play a way here, the best first, or why none does.
 *
 * @returns {{players: string[], why: string}} why is empty where there is a player
 */
export function playability(way) {
  // What no URL tells may be anything; the player will see.
  const { players, why } = playersOf({ ...way, scheme: way.scheme ?? "clear" });
  if (players.length > 0 && needsKeySystem(way) && !window.isSecureContext) {
    return no("This page is not a secure context, so the browser has no key system. Open it by its https address, or on localhost.");
  }
  return { players, why };
}

function needsKeySystem(way) {
  return ["cenc", "cbcs"].includes(way.scheme) && !isTransportStream(way);
}

function playersOf(way) {
  switch (way.protocol) {
    case "DASH": return dash(way.scheme);
    case "HLS": return isTransportStream(way) ? hlsInTransportStream(way.scheme) : hlsInMp4(way.scheme);
    case "Smooth": return no("Shaka Player 5 and hls.js have no Smooth Streaming. dash.js with its Smooth module, RxPlayer and Shaka Player 4 do.");
    case "Download": return no(way.scheme === "clear" ? "A file to keep, not a stream." : "An encrypted file, for apps that keep its licence.");
    default: return no("No player here knows this protocol.");
  }
}

function isTransportStream(way) {
  return /^m3u8-aapl/.test(way.format ?? "");
}

function dash(scheme) {
  return ["clear", "cenc", "cbcs", "cbc"].includes(scheme) ? yes("shaka") : no("No player here knows this protection.");
}

function hlsInMp4(scheme) {
  return ["clear", "cenc", "cbcs", "cbc"].includes(scheme) ? yes("shaka", "hlsjs") : no("No player here knows this protection.");
}

/** Samples encrypted in a transport stream are decrypted by hls.js alone, and without a key system. */
function hlsInTransportStream(scheme) {
  switch (scheme) {
    case "clear":
    case "cbc": return yes("hlsjs", "shaka");
    case "cbcs": return yes("hlsjs");
    default: return no("No player here knows this protection of MPEG-TS.");
  }
}

const yes = (...players) => ({ players, why: "" });
const no = (why) => ({ players: [], why });

/**
 * The URL that a player is given. Of HLS keys, Shaka takes the plain ones (identity), and hls.js
 * those of ClearKey, but in a transport stream the plain ones; either refuses playlists that carry
 * several kinds. So the origin is asked for the one.
 */
export function urlFor(way, player) {
  if (way.protocol !== "HLS" || !["cenc", "cbcs"].includes(way.scheme) || /[(,]system=/.test(way.url)) return way.url;
  const system = player === "hlsjs" && !isTransportStream(way) ? "clearkey" : "identity";
  return way.url.replace(/\/manifest\(([^)]+)\)/, `/manifest($1,system=${system})`);
}

const SYNONYMS = { "cbcs-aapl": "cbcs", none: "clear" };

/** A way made of a bare URL: of an origin's URL the tags say what it is. */
export function wayOf(url) {
  const scheme = /encryption=([a-z0-9-]+)/i.exec(url)?.[1]?.toLowerCase() ?? null;
  const format = /format=([a-z0-9-]+)/i.exec(url)?.[1]?.toLowerCase() ?? null;
  return { url, protocol: protocolOf(url), format, scheme: SYNONYMS[scheme] ?? scheme };
}

function protocolOf(url) {
  if (/format=mpd|\.mpd(\?|$)/i.test(url)) return "DASH";
  if (/format=m3u8|\.m3u8(\?|$)/i.test(url)) return "HLS";
  return /\.isml?\/manifest(\(|\?|$)/i.test(url) ? "Smooth" : null;
}

/** The MIME type of a way's manifest, which its URL has no extension to tell; null: find out. */
export function mimeTypeOf(way) {
  return { DASH: "application/dash+xml", HLS: "application/vnd.apple.mpegurl" }[way.protocol] ?? null;
}

const KEY_SYSTEMS = [
  ["ClearKey", "org.w3.clearkey", "It is in every browser, for secure pages."],
  ["Widevine", "com.widevine.alpha", "It is in Chrome, Edge and Firefox; Chromium lacks its module."],
  ["PlayReady", "com.microsoft.playready.recommendation", "It is in Edge on Windows, and in televisions and consoles."],
  ["FairPlay", "com.apple.fps", "It is in Safari, and on Apple's devices."],
];

/** Asks for each key system whether this browser has it: [{name, answer}], a promise of words. */
export function keySystems() {
  const configuration = ["cenc", "sinf"].map((initDataType) => ({
    initDataTypes: [initDataType],
    videoCapabilities: [{ contentType: 'video/mp4; codecs="avc1.42e01e"' }],
  }));
  return KEY_SYSTEMS.map(([name, id, elsewhere]) => {
    if (!navigator.requestMediaKeySystemAccess) {
      return { name, answer: Promise.resolve({ isHere: false, why: "This page is not a secure context." }) };
    }
    const answer = navigator.requestMediaKeySystemAccess(id, configuration).then(() => true, () => false)
      .then((isHere) => ({ isHere, why: isHere ? "In this browser." : `Not in this browser. ${elsewhere}` }));
    return { name, answer };
  });
}
