// Plays a title in a real browser and prints one line of JSON about it.
//
//   node play.mjs --page URL   [options]                  the server's own player page
//   node play.mjs --manifest URL --player NAME            a bare player, on another origin
//   node play.mjs --batch FILE                            many, in one browser, a few at a time
//
//   --player NAME        shaka (DASH, HLS), dashjs (DASH), rx (DASH), hlsjs (HLS),
//                        shaka4-smooth, dashjs-mss, rx-smooth (Smooth)
//   --browser NAME       chromium or firefox (default chromium)
//   --seconds N          play until this time (default 5)
//   --timeout N          give up after so many seconds (default 30)
//   --screenshot PATH    a PNG of the page at the end
//   --clearkeys KID=KEY  hex; keys given to the player instead of asking for a licence, by comma
//   --token TOKEN        sent as a Bearer token with licence and key requests
//   --width N            of the window (default 1280)
//   --executable PATH    the browser (default: where Debian puts it)
//   --playready clearkey the key system of PlayReady is acted by the browser's ClearKey module,
//                        with the keys given (see playready-as-clearkey.js)
//
// A batch is a JSON array of objects whose members are named as the options; their browser is that
// of the command line. Each ends in a line of its own, with its place in the array as "job".
//
// Exits with 0 if all played, 1 if one did not, 2 for wrong usage. The bare players' pages come from a
// server of this script on a port of its own, so that the title is always of another origin.

import { readFile } from "node:fs/promises";
import { BROWSERS } from "./browsers.mjs";
import { servePages } from "./pages.mjs";

const POLL_MS = 200;
const VERDICT_MS = 700;
const MAX_REQUESTS = 2000;
const MAX_MESSAGES = 20;
const START_AND_END_MS = 25_000; // what a browser may take beyond the time to play
const AT_ONCE = 2; // pages that play at the same time: a decoder each

/** The bare players: the page of each. */
const PLAYERS = {
  shaka: "shaka.html",
  dashjs: "dashjs.html",
  rx: "rx.html",
  hlsjs: "hlsjs.html",
  "shaka4-smooth": "shaka4-smooth.html",
  "dashjs-mss": "dashjs-mss.html",
  "rx-smooth": "rx.html",
};

const OPTIONS = [
  "page", "manifest", "player", "browser", "seconds", "timeout", "screenshot", "clearkeys", "token", "width", "executable",
  "playready",
];
const DEFAULTS = { player: "shaka", browser: "chromium", seconds: "5", timeout: "30", width: "1280" };

function parse(args) {
  const options = {};
  for (let i = 0; i < args.length; i += 2) {
    const name = args[i].replace(/^--/, "");
    if (![...OPTIONS, "batch"].includes(name) || args[i + 1] === undefined) usage(`${args[i]}: unknown or without a value`);
    options[name] = args[i + 1];
  }
  return options;
}

/** What to play, and how, with nothing left out. */
function job(options) {
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown) usage(`--${unknown}: unknown here`);
  if ((options.page === undefined) === (options.manifest === undefined)) usage("one of --page and --manifest is needed");
  const all = { ...DEFAULTS, ...options };
  requireOneOf("player", all.player, PLAYERS);
  requireOneOf("browser", all.browser, BROWSERS);
  return all;
}

/** The jobs of a command line, all in one browser. */
async function jobsOf({ batch, ...options }) {
  if (!batch) return [job(options)];
  return JSON.parse(await readFile(batch, "utf8")).map((one) => job({ ...one, ...options }));
}

function requireOneOf(name, value, known) {
  if (!Object.hasOwn(known, value)) usage(`--${name}: ${value} (expected: one of ${Object.keys(known).join(", ")})`);
}

function usage(message) {
  console.error(`play.mjs: ${message}`);
  process.exit(2);
}

/** Where to go: the player page as given, or the page of a bare player told what to play. */
function startUrl(options, pages) {
  if (options.page) return options.page;
  const query = new URLSearchParams({ manifest: options.manifest });
  if (options.player === "rx-smooth") query.set("transport", "smooth");
  if (options.clearkeys) query.set("clearkeys", options.clearkeys);
  if (options.token) query.set("token", options.token);
  if (options.playready) query.set("playready", options.playready);
  return `http://127.0.0.1:${pages.address().port}/${PLAYERS[options.player]}?${query}`;
}

/** What the page says of itself: `sluicePlayer` on the player page, `bare` on the bare ones. */
function snapshot() {
  const video = document.querySelector("video");
  const error = window.sluicePlayer?.lastError ?? window.bare?.error ?? null;
  const quality = video?.getVideoPlaybackQuality();
  return {
    currentTime: video?.currentTime ?? 0,
    width: video?.videoWidth ?? 0,
    height: video?.videoHeight ?? 0,
    frames: quality?.totalVideoFrames ?? 0,
    droppedFrames: quality?.droppedVideoFrames ?? 0,
    error: error ?? (video?.error ? { code: video.error.code, text: video.error.message } : null),
    state: window.sluicePlayer?.state() ?? null,
    appended: window.bare?.appended ?? null,
    keyIds: window.bare?.keyIds ?? null,
  };
}

/** Types a token into the player page and presses Play. */
function playWithToken(token) {
  const field = document.querySelector("[data-testid=token]");
  field.value = token;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  document.querySelector("[data-testid=play]").click();
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function watch(page, options) {
  const endMs = Date.now() + Number(options.timeout) * 1000;
  let now = await page.evaluate(snapshot);
  while (now.currentTime < Number(options.seconds) && !now.error && Date.now() < endMs) {
    await sleep(POLL_MS);
    now = await page.evaluate(snapshot);
  }
  if (!now.error) return now;
  // The element fails first, and the player says a moment later what it makes of that.
  await sleep(VERDICT_MS);
  return page.evaluate(snapshot);
}

/** Notes what a page asks for and complains of, but not what it asks the bare pages' server for. */
function listen(page, pages) {
  const noted = { requests: [], messages: [] };
  const note = (request) => {
    const ours = request.url.startsWith(`http://127.0.0.1:${pages.address().port}/`) || request.url.startsWith("data:");
    if (!ours && noted.requests.length < MAX_REQUESTS) noted.requests.push(request);
  };
  const say = (message) => { if (noted.messages.length < MAX_MESSAGES) noted.messages.push(message); };
  page.on("response", (r) => note({ method: r.request().method(), url: r.url(), status: r.status() }));
  page.on("requestfailed", (r) => note({ method: r.method(), url: r.url(), failure: r.failure()?.errorText }));
  page.on("pageerror", (e) => say(`page error: ${e.message}`));
  page.on("console", (m) => { if (m.type() === "error") say(`${m.text()} ${m.location()?.url ?? ""}`.trim()); });
  return noted;
}

async function playIn(browser, options, pages) {
  const page = await browser.newPage(Number(options.width));
  try {
    const noted = listen(page, pages);
    await page.goto(startUrl(options, pages));
    if (options.page && options.token) {
      await page.evaluate(playWithToken, options.token);
      await sleep(POLL_MS);
    }
    const seen = await watch(page, options);
    if (options.screenshot) await page.screenshot({ path: options.screenshot });
    const ok = !seen.error && seen.currentTime >= Number(options.seconds) && seen.frames > 0;
    return { ok, browser: options.browser, ...seen, ...noted };
  } finally {
    await page.close().catch(() => {});
  }
}

/** Plays all jobs, {@link AT_ONCE} at a time, and prints each result; whether all played. */
async function playAll(browser, jobs, pages) {
  const waiting = [...jobs.entries()];
  let ok = true;
  async function playNext() {
    while (waiting.length > 0) {
      const [index, options] = waiting.shift();
      const result = await playIn(browser, options, pages).catch((e) => failed("PAGE", String(e)));
      ok &&= result.ok;
      console.log(JSON.stringify({ job: index, ...result }));
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, playNext));
  return ok;
}

function failed(code, text) {
  return { ok: false, error: { code, text }, requests: [] };
}

/** The result of a browser that no longer answers; it ends with this process, by its id. */
function giveUp(browser) {
  browser?.kill();
  console.log(JSON.stringify({ job: 0, ...failed("TIMEOUT", "the browser did not answer") }));
  process.exit(1);
}

async function run(jobs) {
  const { browser: name, executable: given } = jobs[0];
  const { executable, launch } = BROWSERS[name];
  const limitMs = jobs.reduce((sum, options) => sum + Number(options.timeout) * 1000, START_AND_END_MS);
  let browser = null;
  const watchdog = setTimeout(() => giveUp(browser), limitMs);
  const pages = await servePages();
  try {
    browser = await launch(given ?? executable);
    return await playAll(browser, jobs, pages);
  } finally {
    await browser?.close();
    pages.close();
    clearTimeout(watchdog);
  }
}

const ok = await run(await jobsOf(parse(process.argv.slice(2))));
process.exit(ok ? 0 : 1);
