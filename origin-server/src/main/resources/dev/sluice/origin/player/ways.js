// The ways in which a title is offered, and which of them play in this browser, with what, and if
// not, why not. A way is an entry of assets.json: {protocol, format, scheme, url}.

const CONTAINERS = { csf: "MP4", cmaf: "CMAF", aapl: "MPEG-TS", "aapl-v3": "MPEG-TS", v3: "MPEG-TS" };
const SCHEMES = { clear: "clear", cenc: "cenc", cbcs: "cbcs", cbc: "AES-128", piff: "PIFF" };

export const PLAYERS = { shaka: "Shaka", hlsjs: "hls.js" };

/** What the table calls the container. */
export function containerOf(way) {
  if (way.protocol === "Smooth") return "PIFF";
  if (way.protocol === "Download") return "MP4";
  const kind = /^(?:mpd-time|m3u8)-(.+)$/.exec(way.format ?? "")?.[1];
  return CONTAINERS[kind] ?? "";
}

/** What the table calls the protection. */
export function schemeName(scheme) {
  return SCHEMES[scheme] ?? scheme ?? "";
}

/**
 * Which players play a way here, the best first, or why none does.
 *
 * @returns {{players: string[], why: string}} of `why` is empty where there is a player
 */
export function playability(way) {
  const { players, why } = playersOf(way);
  const needsKeySystem = ["cenc", "cbcs"].includes(way.scheme);
  if (players.length > 0 && needsKeySystem && !window.isSecureContext) {
    return no("This page is not a secure context, so the browser has no key system. Open it by its https address, or on localhost.");
  }
  return { players, why };
}

function playersOf(way) {
  switch (way.protocol) {
    case "DASH": return dash(way.scheme);
    case "HLS": return hls(way.scheme, containerOf(way) === "MPEG-TS");
    case "Smooth": return no("Browsers' players have dropped Smooth Streaming. Use dash.js with its Smooth module, Shaka Player 4, or a player on a device.");
    case "Download": return no(way.scheme === "clear" ? "A file to download, not to stream." : "An encrypted file, for apps that keep its licence.");
    default: return no("No player here knows this protocol.");
  }
}

function dash(scheme) {
  if (scheme === "cbc") return no("Whole-segment encryption in DASH is for apps: no browser player decrypts it.");
  return ["clear", "cenc", "cbcs"].includes(scheme) ? yes("shaka") : no("No player here knows this protection.");
}

function hls(scheme, isTransportStream) {
  if (scheme === "cbcs" && isTransportStream) {
    return no("Samples encrypted in MPEG-TS are for Apple's players, with FairPlay. The CMAF way plays here.");
  }
  if (scheme === "cenc" && isTransportStream) return no("MPEG-TS has no cenc.");
  if (isTransportStream) return yes("hlsjs", "shaka");
  return ["clear", "cenc", "cbcs", "cbc"].includes(scheme) ? yes("shaka", "hlsjs") : no("No player here knows this protection.");
}

const yes = (...players) => ({ players, why: "" });
const no = (why) => ({ players: [], why });

/**
 * The URL that a player is given. Shaka takes HLS keys as they are (identity) and hls.js those of
 * ClearKey, and either refuses playlists that carry several: the origin is asked for the one.
 */
export function urlFor(way, player) {
  const needsKeySystem = ["cenc", "cbcs"].includes(way.scheme);
  if (way.protocol !== "HLS" || !needsKeySystem) return way.url;
  const system = { shaka: "identity", hlsjs: "clearkey" }[player];
  return /[(,]system=/.test(way.url) ? way.url : way.url.replace(/\/manifest\(([^)]+)\)/, `/manifest($1,system=${system})`);
}

/** A way made of a bare URL: of an origin's URL the tags say what it is. */
export function wayOf(url) {
  const scheme = /encryption=([a-z0-9-]+)/i.exec(url)?.[1]?.toLowerCase() ?? null;
  const format = /format=([a-z0-9-]+)/i.exec(url)?.[1]?.toLowerCase() ?? null;
  return { url, protocol: protocolOf(url), format, scheme: scheme === "cbcs-aapl" ? "cbcs" : scheme };
}

function protocolOf(url) {
  if (/format=mpd|\.mpd(\?|$)/i.test(url)) return "DASH";
  if (/format=m3u8|\.m3u8(\?|$)/i.test(url)) return "HLS";
  return /\.isml?\/manifest(\(encryption=[a-z]+\))?(\?|$)/i.test(url) ? "Smooth" : null;
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

/** Which key systems this browser has: [{name, isHere, why}]. */
export async function keySystems() {
  const configuration = ["cenc", "sinf"].map((initDataType) => ({
    initDataTypes: [initDataType],
    videoCapabilities: [{ contentType: 'video/mp4; codecs="avc1.42e01e"' }],
  }));
  const found = KEY_SYSTEMS.map(async ([name, id, elsewhere]) => {
    if (!navigator.requestMediaKeySystemAccess) return { name, isHere: false, why: "This page is not a secure context." };
    const isHere = await navigator.requestMediaKeySystemAccess(id, configuration).then(() => true, () => false);
    return { name, isHere, why: isHere ? "" : `Not in this browser. ${elsewhere}` };
  });
  return Promise.all(found);
}
