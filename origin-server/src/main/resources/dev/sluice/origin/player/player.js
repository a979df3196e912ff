"use strict";

// The player page: lists the titles, plays one with Shaka Player, shows what plays and, when
// nothing does, says why in words. Tests read window.sluicePlayer.

const $ = (id) => document.getElementById(id);
const video = $("video");
const NONE = "\u2014";
const STATE_REFRESH_MS = 250;
const MAX_PROBLEM_CHARS = 500;
const RETRY_MS = 1000;
const LEAST_BUFFER_SECONDS = 0.5; // with less the picture stands, and waiting shows nothing

const sluicePlayer = { video, state, lastError: null };
window.sluicePlayer = sluicePlayer;

let player = null;
let current = null; // {url, protocol, scheme}
let phase = "idle";
let loadStartedMs = 0;
let startupMs = null;
let decoderGaveUp = false; // after which appends fail as well, and that may be told first
let lastRefusal = null; // what the server said about the request that failed

// ---- What is playing ------------------------------------------------------------------------

/** A snapshot for tests and for the facts below the picture. */
function state() {
  const variant = player?.getVariantTracks().find((track) => track.active) ?? null;
  const drm = player?.drmInfo() ?? null;
  const stats = player?.getStats() ?? null;
  return {
    phase,
    url: current?.url ?? null,
    protocol: current?.protocol ?? null,
    scheme: current?.scheme ?? null,
    currentTime: video.currentTime,
    duration: video.duration || 0,
    paused: video.paused,
    width: video.videoWidth,
    height: video.videoHeight,
    bitrate: variant?.bandwidth ?? null,
    codecs: variant?.codecs ?? null,
    language: variant?.language ?? null,
    languages: [...new Set((player?.getVariantTracks() ?? []).map((track) => track.language))],
    heights: [...new Set((player?.getVariantTracks() ?? []).map((track) => track.height))],
    keySystem: drm?.keySystem || null,
    keyIds: keyIds(),
    bufferedSeconds: bufferedAhead(),
    decodedFrames: stats?.decodedFrames ?? 0,
    droppedFrames: stats?.droppedFrames ?? 0,
    startupMs,
    error: sluicePlayer.lastError,
  };
}

/** The key ids that the manifest names and those that the licence brought, as GUIDs. */
function keyIds() {
  if (!player) return [];
  const ids = new Set(player.drmInfo()?.keyIds ?? []);
  for (const variant of player.getManifest()?.variants ?? []) {
    for (const stream of [variant.video, variant.audio]) {
      for (const id of stream?.keyIds ?? []) ids.add(id);
    }
  }
  return [...ids].map(guid).sort();
}

function guid(hex) {
  const h = hex.toLowerCase().replaceAll("-", "");
  return [h.slice(0, 8), h.slice(8, 12), h.slice(12, 16), h.slice(16, 20), h.slice(20)].join("-");
}

function bufferedAhead() {
  const ranges = video.buffered;
  for (let i = 0; i < ranges.length; i++) {
    if (ranges.start(i) <= video.currentTime + 0.1 && video.currentTime <= ranges.end(i)) {
      return ranges.end(i) - video.currentTime;
    }
  }
  return 0;
}

function schemeName(scheme) {
  return { clear: "clear", cenc: "cenc", cbcs: "cbcs", cbc: "AES-128" }[scheme] ?? scheme;
}

function showFacts() {
  const now = state();
  const show = (name, value) => { $(`fact-${name}`).textContent = value || NONE; };
  show("protocol", now.protocol && (now.scheme ? `${now.protocol}, ${schemeName(now.scheme)}` : now.protocol));
  show("resolution", now.width ? `${now.width} \u00d7 ${now.height}` : "");
  show("bitrate", now.bitrate ? `${Math.round(now.bitrate / 1000)} kb/s` : "");
  show("codecs", now.codecs);
  show("keySystem", now.keySystem ?? (phase === "playing" ? "none, clear" : ""));
  show("buffered", current ? `${now.bufferedSeconds.toFixed(1)} s` : "");
  show("dropped", current ? `${now.droppedFrames} of ${now.decodedFrames}` : "");
  show("startup", startupMs === null ? "" : `${startupMs} ms`);
  show("keyIds", now.keyIds.join("\n"));
}

function enter(newPhase, words) {
  phase = newPhase;
  $("status").dataset.state = newPhase;
  $("status").textContent = words;
}

// ---- Why it failed, in words ----------------------------------------------------------------

/** A title and a sentence for a Shaka error. */
function explain(error) {
  const { Category, Code } = shaka.util.Error;
  const said = lastRefusal ? ` The server says: ${lastRefusal}` : "";
  switch (error.code) {
    case Code.LICENSE_REQUEST_FAILED:
      if (statusOf(error) === 401) return ["Token needed", `Type a licence token into the field and press Play.${said}`];
      if (statusOf(error) === 403) return ["Token refused", `The key server does not accept this licence token.${said}`];
      if (statusOf(error) === null) return ["Key server not reachable", unreachable("key server")];
      return ["No licence", `The licence request was refused.${said || " The key server gave no reason."}`];
    case Code.LICENSE_RESPONSE_REJECTED:
      return ["No licence", "The licence came, but the browser could not read it."];
    case Code.REQUESTED_KEY_SYSTEM_CONFIG_UNAVAILABLE:
      return window.isSecureContext
        ? ["Key system missing", "This browser has none of the key systems that the title is protected for."]
        : notSecure();
    case Code.NO_LICENSE_SERVER_GIVEN:
    case Code.NO_RECOGNIZED_KEY_SYSTEMS:
      return ["No licence server", "The title is protected, but its manifest names no licence server for a key system of this browser."];
    case Code.ENCRYPTED_CONTENT_WITHOUT_DRM_INFO:
      return ["No key", "The media is encrypted, but the manifest does not say with which key."];
    case Code.EXPIRED:
      return ["Licence expired", "The licence was valid and is no longer."];
    case Code.BAD_HTTP_STATUS:
      return [statusWords(error.data[1]), said.trim() || "The server refused the request and gave no reason."];
    case Code.HTTP_ERROR:
    case Code.TIMEOUT:
      return ["Server not reachable", unreachable("server")];
    case Code.CONTENT_UNSUPPORTED_BY_BROWSER:
      return ["Unsupported codec", "This browser can play none of the title's codecs."];
    case Code.UNABLE_TO_GUESS_MANIFEST_TYPE:
      return ["Not a manifest", "The URL answers, but not with a DASH or HLS manifest."];
    case Code.VIDEO_ERROR:
      return undecodable();
    default:
  }
  if (error.category === Category.MEDIA && decoderGaveUp) return undecodable();
  switch (error.category) {
    case Category.NETWORK: return ["Network", `A request failed.${said}`];
    case Category.DRM: return window.isSecureContext ? ["Protection", `The browser could not set up decryption.${said}`] : notSecure();
    case Category.MANIFEST: return ["Manifest", "The manifest could not be understood, or nothing in it can be played here."];
    case Category.MEDIA: return ["Media", "A segment could not be appended or decoded."];
    case Category.STREAMING: return ["Streaming", "Segments could not be fetched in the order that the manifest promises."];
    default: return ["Playback failed", "The player stopped with an unexpected error."];
  }
}

function unreachable(who) {
  return `The ${who} did not answer: it is not running, not reachable, or does not allow this page's origin.`;
}

/** The status of a refused request, also within the error of a licence; null if nothing answered. */
function statusOf(error) {
  const { Code } = shaka.util.Error;
  if (error?.code === Code.LICENSE_REQUEST_FAILED) return statusOf(error.data[0]);
  return error?.code === Code.BAD_HTTP_STATUS ? error.data[1] : null;
}

function statusWords(status) {
  return { 401: "Token needed", 403: "Not allowed", 404: "Not found" }[status] ?? `Refused with status ${status}`;
}

function undecodable() {
  return player?.drmInfo()
    ? ["Wrong key", "The decrypted media is no valid picture or sound: the key is very likely not the one that it was encrypted with."]
    : ["Damaged media", "The browser could not decode the media."];
}

function notSecure() {
  return ["Not a secure context", "Browsers decrypt only on https pages, and on http://localhost or http://127.0.0.1. Open this page by its https address."];
}

function codeName(error) {
  const named = Object.entries(shaka.util.Error.Code).find(([, value]) => value === error.code);
  return named ? `${named[0]} (${error.code})` : String(error.code);
}

function fail(error) {
  if (error instanceof shaka.util.Error === false && error?.code === undefined) {
    showFailure("Playback failed", String(error?.message ?? error), "");
    return;
  }
  const { Code, Severity } = shaka.util.Error;
  if (error.code === Code.LOAD_INTERRUPTED || error.severity === Severity.RECOVERABLE) return;
  if (phase === "failed") return; // what failed first is the reason
  if (playsOn(error)) return;
  lastRefusal = refusalOf(error);
  const [title, text] = explain(error);
  showFailure(title, text, `Shaka ${codeName(error)}`, error);
}

/** Whether the picture goes on from the buffer while the server is asked again. */
function playsOn(error) {
  const { Code } = shaka.util.Error;
  if (![Code.HTTP_ERROR, Code.TIMEOUT].includes(error.code)) return false;
  if (!["playing", "reconnecting"].includes(phase) || bufferedAhead() < LEAST_BUFFER_SECONDS) return false;
  enter("reconnecting", "Reconnecting");
  const choice = current;
  setTimeout(() => { if (current === choice && phase === "reconnecting") player.retryStreaming(); }, RETRY_MS);
  return true;
}

function showFailure(title, text, code, error = null) {
  sluicePlayer.lastError = { title, text, code: error?.code ?? null, category: error?.category ?? null };
  $("failure-title").textContent = title;
  $("failure-text").textContent = text;
  $("failure-code").textContent = code;
  $("failure").hidden = false;
  video.hidden = true;
  enter("failed", "Failed");
  showFacts();
}

/** What a refused request's problem document (RFC 9457) says, for people. */
function problemOf(response) {
  if (!response?.data) return null;
  const text = new TextDecoder().decode(response.data).slice(0, MAX_PROBLEM_CHARS);
  try {
    const problem = JSON.parse(text);
    const said = problem.detail || problem.title || "";
    return problem.code ? `${said} [${problem.code}]` : said || null;
  } catch {
    return null;
  }
}

// ---- Playing --------------------------------------------------------------------------------

async function createPlayer() {
  shaka.polyfill.installAll();
  if (!shaka.Player.isBrowserSupported()) {
    showFailure("Browser not supported", "This browser lacks Media Source Extensions.", "");
    return null;
  }
  const made = new shaka.Player();
  await made.attach(video);
  const retryParameters = { maxAttempts: 2, baseDelay: 300, timeout: 15000, stallTimeout: 5000 };
  made.configure({
    manifest: { retryParameters },
    drm: { retryParameters },
    streaming: { retryParameters, bufferingGoal: 12 },
    abr: { defaultBandwidthEstimate: 2e6 },
  });
  const networking = made.getNetworkingEngine();
  const { RequestType } = shaka.net.NetworkingEngine;
  networking.registerRequestFilter((type, request) => {
    const token = $("token").value.trim();
    if (type === RequestType.LICENSE && token) {
      request.headers.Authorization = `Bearer ${token}`;
    }
  });
  networking.registerResponseFilter((type) => {
    if (type === RequestType.SEGMENT && phase === "reconnecting") enter("playing", "Playing");
  });
  made.addEventListener("error", (event) => fail(event.detail));
  made.addEventListener("trackschanged", showChoices);
  made.addEventListener("variantchanged", showFacts);
  made.addEventListener("adaptation", showFacts);
  return made;
}

/** The bytes of a refused answer, wherever Shaka put them: in data, or in a nested error. */
function refusalOf(error) {
  const { Code } = shaka.util.Error;
  if (error?.code === Code.LICENSE_REQUEST_FAILED) return refusalOf(error.data[0]);
  if (error?.code !== Code.BAD_HTTP_STATUS) return null;
  const body = error.data[2];
  const data = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return problemOf({ data });
}

async function play(choice) {
  current = choice;
  sluicePlayer.lastError = null;
  lastRefusal = null;
  decoderGaveUp = false;
  startupMs = null;
  $("failure").hidden = true;
  video.hidden = false;
  $("url").value = choice.url;
  markPressed();
  enter("loading", "Loading");
  loadStartedMs = performance.now();
  try {
    player ??= await createPlayer();
    await player?.load(new URL(choice.url, location.href).href, null, mimeTypeOf(choice.url));
    if (current === choice) showChoices();
    await video.play().catch(() => {}); // refused autoplay is no failure: the controls are there
  } catch (error) {
    if (current === choice) fail(error);
  }
}

/** Manifest URLs of the origin have no extension that says what they are: their format tag does. */
function mimeTypeOf(url) {
  if (/format=mpd|\.mpd(\?|$)/i.test(url)) return "application/dash+xml";
  if (/format=m3u8|\.m3u8(\?|$)/i.test(url)) return "application/vnd.apple.mpegurl";
  return null;
}

function protocolOf(url) {
  const mime = mimeTypeOf(url);
  return mime === null ? null : mime === "application/dash+xml" ? "DASH" : "HLS";
}

function schemeOf(url) {
  return /encryption=([a-z0-9-]+)/i.exec(url)?.[1]?.toLowerCase() ?? null;
}

// ---- Choices --------------------------------------------------------------------------------

function fill(select, choices, chosen) {
  select.replaceChildren(...choices.map(([value, words]) => new Option(words, value, false, value === chosen)));
  select.disabled = choices.length < 2;
}

function languageName(code) {
  if (!code || code === "und") return "Not stated";
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

function showChoices() {
  if (!player) return;
  const variants = player.getVariantTracks();
  const active = variants.find((track) => track.active);
  const heights = [...new Set(variants.map((track) => track.height).filter(Boolean))].sort((a, b) => b - a);
  const adaptive = player.getConfiguration().abr.enabled;
  fill($("quality"), [["auto", "Automatic"], ...heights.map((h) => [String(h), `${h}p`])],
    adaptive ? "auto" : String(active?.height));
  const languages = [...new Set(variants.map((track) => track.language))].sort();
  fill($("language"), languages.map((code) => [code, languageName(code)]), active?.language);
  showFacts();
}

function chooseQuality() {
  const wanted = $("quality").value;
  player.configure({ abr: { enabled: wanted === "auto" } });
  if (wanted === "auto") return;
  const language = player.getVariantTracks().find((track) => track.active)?.language;
  const track = player.getVariantTracks().find((t) => String(t.height) === wanted && t.language === language);
  if (track) player.selectVariantTrack(track, true);
}

function chooseLanguage() {
  const wanted = $("language").value;
  const track = player.getAudioTracks().find((t) => t.language === wanted);
  if (track) player.selectAudioTrack(track);
}

function markPressed() {
  for (const button of document.querySelectorAll(".ways button")) {
    button.setAttribute("aria-pressed", String(button.dataset.url === current?.url));
  }
}

function titleItem(asset) {
  const item = document.createElement("li");
  item.dataset.testid = "title";
  const name = document.createElement("h3");
  name.textContent = asset.name;
  const ways = document.createElement("div");
  ways.className = "ways";
  for (const manifest of asset.manifests) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.url = manifest.url;
    button.title = manifest.url;
    button.dataset.testid = `play-${asset.name}-${manifest.protocol}-${manifest.scheme}`.toLowerCase();
    button.setAttribute("aria-pressed", "false");
    const scheme = document.createElement("small");
    scheme.textContent = schemeName(manifest.scheme);
    button.append(`${manifest.format?.endsWith("-cmaf") ? "CMAF" : manifest.protocol} `, scheme);
    button.addEventListener("click", () => play(manifest));
    ways.append(button);
  }
  item.append(name, ways);
  return item;
}

async function listTitles() {
  const list = $("titles");
  try {
    const response = await fetch("assets.json", { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(`status ${response.status}`);
    // Smooth is left out: Shaka Player 5 does not play it.
    const assets = (await response.json())
      .map((asset) => ({ ...asset, manifests: asset.manifests.filter((m) => ["DASH", "HLS"].includes(m.protocol)) }))
      .filter((asset) => asset.manifests.length > 0);
    list.replaceChildren(...assets.map(titleItem));
    if (assets.length === 0) hint("No title in the catalog can be played here.");
    return assets;
  } catch (error) {
    hint(`The titles could not be listed: ${error.message}.`);
    return [];
  }
}

function hint(words) {
  const item = document.createElement("li");
  item.className = "hint";
  item.textContent = words;
  $("titles").replaceChildren(item);
}

// ---- Start ----------------------------------------------------------------------------------

function showMuted() {
  $("mute").textContent = video.muted ? "Turn sound on" : "Turn sound off";
}

async function start() {
  video.muted = true;
  $("quality").addEventListener("change", chooseQuality);
  $("language").addEventListener("change", chooseLanguage);
  $("mute").addEventListener("click", () => { video.muted = !video.muted; });
  video.addEventListener("volumechange", showMuted);
  video.addEventListener("error", () => {
    decoderGaveUp ||= video.error?.code === MediaError.MEDIA_ERR_DECODE;
  });
  video.addEventListener("playing", () => {
    startupMs ??= Math.round(performance.now() - loadStartedMs);
    if (phase !== "failed") enter("playing", "Playing");
  });
  video.addEventListener("pause", () => { if (phase === "playing") enter("paused", video.ended ? "Ended" : "Paused"); });
  video.addEventListener("waiting", () => { if (phase === "playing") enter("waiting", "Buffering"); });
  $("open").addEventListener("submit", (event) => {
    event.preventDefault();
    const url = $("url").value.trim();
    play({ url, protocol: protocolOf(url), scheme: schemeOf(url) });
  });
  setInterval(showFacts, STATE_REFRESH_MS);

  const query = new URLSearchParams(location.search);
  const url = query.get("url");
  const listed = await listTitles();
  const all = listed.flatMap((asset) => asset.manifests);
  if (url) {
    play(all.find((m) => m.url === url) ?? { url, protocol: protocolOf(url), scheme: schemeOf(url) });
  } else if (all.length > 0) {
    play(all[0]);
  }
}

start();
