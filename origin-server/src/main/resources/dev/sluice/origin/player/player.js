// The player page: lists the titles and the ways in which they are offered, plays one, shows what
// plays and, when nothing does, says why in words. Tests read window.sluicePlayer, and choose by
// the query: url=, or any of asset=, protocol=, format= and scheme=; and player=shaka|hlsjs.

import { HlsEngine } from "./hls-engine.js";
import { guid } from "./ids.js";
import { ShakaEngine } from "./shaka-engine.js";
import { PLAYERS, containerOf, keySystems, playability, schemeName, urlFor, wayOf } from "./ways.js";

const $ = (id) => document.getElementById(id);
const video = $("video");
const NONE = "\u2014";
const STATE_REFRESH_MS = 250;
const COPIED_MS = 1500;
const LEAST_BUFFER_SECONDS = 0.5; // with less the picture stands, and waiting shows nothing
const ENGINES = { shaka: ShakaEngine, hlsjs: HlsEngine };
const NO_FACTS = {
  bitrate: null, codecs: null, language: null, languages: [], height: null, heights: [], isAdaptive: true, keySystem: null, keyIds: [],
};

const sluicePlayer = { video, state, lastError: null };
window.sluicePlayer = sluicePlayer;

let engine = null;
let engineName = null;
let current = null; // the way that plays
let phase = "idle";
let loadStartedMs = 0;
let startupMs = null;

// ---- What is playing ------------------------------------------------------------------------

/** A snapshot for tests and for the facts below the picture. */
function state() {
  const facts = engine?.facts() ?? NO_FACTS;
  const quality = video.getVideoPlaybackQuality();
  return {
    phase,
    url: current?.url ?? null,
    protocol: current?.protocol ?? null,
    scheme: current?.scheme ?? null,
    player: current ? engineName : null,
    currentTime: video.currentTime,
    duration: video.duration || 0,
    paused: video.paused,
    width: video.videoWidth,
    height: video.videoHeight,
    bitrate: facts.bitrate,
    codecs: facts.codecs,
    language: facts.language,
    languages: facts.languages,
    heights: facts.heights,
    keySystem: facts.keySystem,
    keyIds: facts.keyIds.map(guid).sort(),
    bufferedSeconds: bufferedAhead(),
    decodedFrames: quality.totalVideoFrames,
    droppedFrames: quality.droppedVideoFrames,
    startupMs,
    error: sluicePlayer.lastError,
  };
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

function showFacts() {
  const now = state();
  const show = (name, value) => { $(`fact-${name}`).textContent = value || NONE; };
  show("protocol", current && [current.protocol, containerOf(current), schemeName(current.scheme)].filter(Boolean).join(" \u00b7 "));
  show("player", PLAYERS[now.player]);
  show("resolution", now.width ? `${now.width} \u00d7 ${now.height}` : "");
  show("bitrate", now.bitrate ? `${Math.round(now.bitrate / 1000)} kb/s` : "");
  show("codecs", now.codecs);
  show("keySystem", now.keySystem ?? (phase === "playing" ? withoutKeySystem() : ""));
  show("buffered", current ? `${now.bufferedSeconds.toFixed(1)} s` : "");
  show("dropped", current ? `${now.droppedFrames} of ${now.decodedFrames}` : "");
  show("startup", startupMs === null ? "" : `${startupMs} ms`);
  show("keyIds", now.keyIds.join("\n"));
}

function withoutKeySystem() {
  return current.scheme === "cbc" ? "none, the player decrypts" : "none, clear";
}

function enter(newPhase, words) {
  phase = newPhase;
  $("status").dataset.state = newPhase;
  $("status").textContent = words;
}

function showFailure({ title, text }, code, error = null) {
  sluicePlayer.lastError = { title, text, code: error?.code ?? null, category: error?.category ?? null };
  $("failure-title").textContent = title;
  $("failure-text").textContent = text;
  $("failure-code").textContent = code;
  $("failure").hidden = false;
  video.hidden = true;
  enter("failed", "Failed");
  showFacts();
}

// ---- Playing --------------------------------------------------------------------------------

/** What a player may ask of the page while it plays this way. */
function pageFor(way) {
  const isCurrent = () => current === way;
  return {
    video,
    token: () => $("token").value.trim(),
    changed: () => { if (isCurrent()) showChoices(); },
    recovered: () => { if (isCurrent() && phase === "reconnecting") enter("playing", "Playing"); },
    failed: (failure, code, error) => {
      // What failed first is the reason.
      if (isCurrent() && phase !== "failed") showFailure(failure, code, error);
    },
    /** Whether the picture goes on from the buffer; the server is then asked again, later. */
    canGoOn: (retry, afterMs) => {
      if (!isCurrent() || !["playing", "reconnecting"].includes(phase)) return false;
      if (bufferedAhead() < LEAST_BUFFER_SECONDS) return false;
      enter("reconnecting", "Reconnecting");
      setTimeout(() => { if (isCurrent() && phase === "reconnecting") retry(); }, afterMs);
      return true;
    },
  };
}

/** Plays a way with a player; without a name, with the best that can. */
async function play(listed, wantedPlayer = null) {
  const way = { ...listed }; // one object for each attempt
  current = way;
  sluicePlayer.lastError = null;
  startupMs = null;
  $("failure").hidden = true;
  video.hidden = false;
  $("url").value = way.url;
  enter("loading", "Loading");
  loadStartedMs = performance.now();
  await engine?.close();
  if (current !== way) return;
  engine = null;
  const { players, why } = playability(way);
  engineName = wantedPlayer ?? players[0] ?? "shaka";
  markPressed();
  if (way.protocol !== null && players.length === 0) {
    showFailure({ title: "Does not play here", text: why }, "");
    return;
  }
  const Engine = ENGINES[engineName];
  if (!Engine.isSupported()) {
    showFailure({ title: "Browser not supported", text: "This browser lacks Media Source Extensions." }, "");
    return;
  }
  const mine = new Engine(pageFor(way));
  engine = mine;
  await mine.load(new URL(urlFor(way, engineName), location.href).href, way);
  if (current !== way) return;
  showChoices();
  await video.play().catch(() => {}); // refused autoplay is no failure: the controls are there
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
  const facts = engine?.facts() ?? NO_FACTS;
  const heights = facts.heights.filter(Boolean).sort((a, b) => b - a);
  fill($("quality"), [["auto", "Automatic"], ...heights.map((h) => [String(h), `${h}p`])],
    facts.isAdaptive ? "auto" : String(facts.height));
  fill($("language"), [...facts.languages].sort().map((code) => [code, languageName(code)]), facts.language);
  showFacts();
}

function chooseQuality() {
  const wanted = $("quality").value;
  engine?.chooseHeight(wanted === "auto" ? null : Number(wanted));
}

// ---- Titles ---------------------------------------------------------------------------------

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function markPressed() {
  for (const button of document.querySelectorAll(".ways button.player")) {
    const isIt = button.dataset.url === current?.url && button.dataset.player === engineName;
    button.setAttribute("aria-pressed", String(isIt));
  }
}

function playButton(asset, way, player) {
  const button = element("button", "player", PLAYERS[player]);
  button.type = "button";
  button.dataset.url = way.url;
  button.dataset.player = player;
  button.dataset.testid = ["play", asset.name, way.protocol, way.format, way.scheme, player].join("-").toLowerCase();
  button.setAttribute("aria-pressed", "false");
  button.setAttribute("aria-label", `Play ${asset.name} as ${way.protocol} ${containerOf(way)} ${schemeName(way.scheme)} with ${PLAYERS[player]}`);
  button.addEventListener("click", () => play(way, player));
  return button;
}

function copyButton(way) {
  const button = element("button", "copy", "Copy");
  button.type = "button";
  button.title = `Copy ${way.url}`;
  button.addEventListener("click", async () => {
    const url = new URL(way.url, location.href).href;
    const isDone = await (navigator.clipboard?.writeText(url) ?? Promise.reject()).then(() => true, () => false);
    if (!isDone) {
      $("url").value = url;
      $("url").select();
    }
    button.textContent = isDone ? "Copied" : "Below";
    setTimeout(() => { button.textContent = "Copy"; }, COPIED_MS);
  });
  return button;
}

/** A row: what the way is, which players play it, and its URL. */
function wayRow(asset, way) {
  const { players } = playability(way);
  const row = document.createElement("tr");
  row.dataset.testid = "way";
  row.dataset.playable = String(players.length > 0);
  const what = element("th", "what", way.protocol);
  what.scope = "row";
  what.append(" ", element("small", "", containerOf(way)));
  const scheme = document.createElement("td");
  scheme.append(element("span", `scheme ${way.scheme}`, schemeName(way.scheme)));
  const plays = element("td", "plays");
  plays.append(...playersOrLink(asset, way, players));
  const copy = element("td", "url");
  copy.append(copyButton(way));
  row.append(what, scheme, plays, copy);
  return row;
}

function playersOrLink(asset, way, players) {
  if (way.protocol === "Download") {
    const link = element("a", "download", decodeURIComponent(way.url.split("/").at(-1)));
    link.href = way.url;
    link.download = "";
    return [link];
  }
  return players.length > 0 ? players.map((player) => playButton(asset, way, player)) : [element("span", "hint", "Not here")];
}

function reasonRow(why) {
  const row = element("tr", "reason");
  const cell = element("td", "", why);
  cell.colSpan = 4;
  cell.dataset.testid = "why";
  row.append(cell);
  return row;
}

function titleItem(asset) {
  const item = document.createElement("li");
  item.dataset.testid = "title";
  const table = element("table", "ways");
  table.createCaption().textContent = asset.name;
  const body = table.createTBody();
  asset.manifests.forEach((way, i) => {
    body.append(wayRow(asset, way));
    const { why } = playability(way);
    const next = asset.manifests[i + 1];
    // Once below the rows that share it.
    if (why && (!next || playability(next).why !== why)) body.append(reasonRow(why));
  });
  item.append(table);
  return item;
}

async function listTitles() {
  const list = $("titles");
  try {
    const response = await fetch("assets.json", { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const assets = (await response.json()).filter((asset) => asset.manifests.length > 0);
    list.replaceChildren(...assets.map(titleItem));
    if (assets.length === 0) hint("No title is listed. Who has a URL can play it below.");
    return assets;
  } catch (error) {
    hint(`The titles could not be listed: ${error.message}.`);
    return [];
  }
}

function hint(words) {
  $("titles").replaceChildren(element("li", "hint", words));
}

/** Firefox answers for a module that it would have to fetch only when it has it. */
function listKeySystems() {
  const rows = keySystems().map(({ name, answer }) => {
    const item = document.createElement("li");
    const words = element("span", "hint", "The browser has not said yet.");
    item.append(element("strong", "", name), " ", words);
    answer.then(({ isHere, why }) => {
      item.dataset.here = String(isHere);
      words.textContent = why;
    });
    return item;
  });
  $("key-systems").replaceChildren(...rows);
}

// ---- Start ----------------------------------------------------------------------------------

function showMuted() {
  $("mute").textContent = video.muted ? "Turn sound on" : "Turn sound off";
}

function listenToVideo() {
  video.addEventListener("volumechange", showMuted);
  video.addEventListener("error", () => {
    if (video.error?.code === MediaError.MEDIA_ERR_DECODE) engine?.decoderFailed();
  });
  video.addEventListener("playing", () => {
    startupMs ??= Math.round(performance.now() - loadStartedMs);
    if (phase !== "failed") enter("playing", "Playing");
  });
  video.addEventListener("pause", () => { if (phase === "playing") enter("paused", video.ended ? "Ended" : "Paused"); });
  video.addEventListener("waiting", () => { if (phase === "playing") enter("waiting", "Buffering"); });
}

/** Plays what the query asks for; without a query, the first way that plays here. */
function playFirst(assets, query) {
  const player = Object.hasOwn(ENGINES, query.get("player") ?? "") ? query.get("player") : null;
  const all = assets.flatMap((asset) => asset.manifests.map((way) => ({ ...way, asset: asset.name })));
  const url = query.get("url");
  if (url) {
    play(all.find((way) => way.url === url) ?? wayOf(url), player);
    return;
  }
  const asked = ["asset", "protocol", "format", "scheme"].filter((name) => query.has(name));
  const wanted = all.filter((way) => asked.every((name) => String(way[name]).toLowerCase() === query.get(name).toLowerCase()));
  const playable = wanted.find((way) => (player ? playability(way).players.includes(player) : playability(way).players.length > 0));
  if (playable) {
    play(playable, player);
  } else if (wanted.length > 0) {
    showFailure({ title: "Does not play here", text: playability(wanted[0]).why || `${PLAYERS[player]} does not play this.` }, "");
  } else if (asked.length > 0) {
    showFailure({ title: "Not offered", text: "No title of the list is offered in this way." }, "");
  }
}

async function start() {
  video.muted = true;
  listenToVideo();
  $("quality").addEventListener("change", chooseQuality);
  $("language").addEventListener("change", () => engine?.chooseLanguage($("language").value));
  $("mute").addEventListener("click", () => { video.muted = !video.muted; });
  $("open").addEventListener("submit", (event) => {
    event.preventDefault();
    const url = $("url").value.trim();
    play(current?.url === url ? current : wayOf(url), current?.url === url ? engineName : null);
  });
  setInterval(showFacts, STATE_REFRESH_MS);
  listKeySystems();
  playFirst(await listTitles(), new URLSearchParams(location.search));
}

start();
