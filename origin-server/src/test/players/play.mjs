// Plays a title in a real browser and prints one line of JSON about it.
//
//   node play.mjs --page URL   [options]                      the server's own player page
//   node play.mjs --manifest URL --player shaka|dashjs|rx     a bare player, on another origin
//
//   --seconds N          play until this time (default 5)
//   --timeout N          give up after so many seconds (default 30)
//   --screenshot PATH    a PNG of the page at the end
//   --clearkeys KID=KEY  hex; keys given to the player instead of asking for a licence, by comma
//   --token TOKEN        sent as a Bearer token with licence requests
//   --width N            of the window (default 1280)
//   --executable PATH    the browser (default /usr/bin/chromium)
//
// Exits with 0 if it played, 1 if it did not, 2 for wrong usage. The bare players' pages come from a
// server of this script on a port of its own, so that the title is always of another origin.

import { chromium } from "playwright-core";
import { servePages } from "./pages.mjs";

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",
];
const POLL_MS = 200;
const VERDICT_MS = 700;
const MAX_REQUESTS = 2000;

function parse(args) {
  const known = ["page", "manifest", "player", "seconds", "timeout", "screenshot", "clearkeys", "token", "width", "executable"];
  const options = { player: "shaka", seconds: "5", timeout: "30", width: "1280", executable: "/usr/bin/chromium" };
  for (let i = 0; i < args.length; i += 2) {
    const name = args[i].replace(/^--/, "");
    if (!known.includes(name) || args[i + 1] === undefined) usage(`${args[i]}: unknown or without a value`);
    options[name] = args[i + 1];
  }
  if ((options.page === undefined) === (options.manifest === undefined)) usage("one of --page and --manifest is needed");
  if (!["shaka", "dashjs", "rx"].includes(options.player)) usage(`--player: ${options.player} (expected: shaka, dashjs or rx)`);
  return options;
}

function usage(message) {
  console.error(`play.mjs: ${message}`);
  process.exit(2);
}

/** Where to go: the player page as given, or the page of a bare player told what to play. */
function startUrl(options, pages) {
  if (options.page) return options.page;
  const query = new URLSearchParams({ manifest: options.manifest });
  if (options.clearkeys) query.set("clearkeys", options.clearkeys);
  if (options.token) query.set("token", options.token);
  return `http://127.0.0.1:${pages.address().port}/${options.player}.html?${query}`;
}

/** What the page says of itself: `sluicePlayer` on the player page, `bare` on the bare ones. */
function snapshot() {
  const video = document.querySelector("video");
  const error = window.sluicePlayer?.lastError ?? window.bare?.error ?? null;
  return {
    currentTime: video?.currentTime ?? 0,
    width: video?.videoWidth ?? 0,
    height: video?.videoHeight ?? 0,
    frames: video?.getVideoPlaybackQuality().totalVideoFrames ?? 0,
    droppedFrames: video?.getVideoPlaybackQuality().droppedVideoFrames ?? 0,
    error: error ?? (video?.error ? { code: video.error.code, text: video.error.message } : null),
    state: window.sluicePlayer?.state() ?? null,
  };
}

async function watch(page, options) {
  const endMs = Date.now() + Number(options.timeout) * 1000;
  let now = await page.evaluate(snapshot);
  while (now.currentTime < Number(options.seconds) && !now.error && Date.now() < endMs) {
    await page.waitForTimeout(POLL_MS);
    now = await page.evaluate(snapshot);
  }
  if (!now.error) return now;
  // The element fails first, and the player says a moment later what it makes of that.
  await page.waitForTimeout(VERDICT_MS);
  return page.evaluate(snapshot);
}

async function run(options) {
  const pages = await servePages();
  const browser = await chromium.launch({ executablePath: options.executable, headless: true, args: FLAGS });
  try {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: Number(options.width), height: 860 } });
    const page = await context.newPage();
    const requests = [];
    const messages = [];
    const note = (request) => { if (requests.length < MAX_REQUESTS) requests.push(request); };
    const ours = (url) => url.startsWith(`http://127.0.0.1:${pages.address().port}/`);
    page.on("response", (r) => { if (!ours(r.url())) note({ method: r.request().method(), url: r.url(), status: r.status() }); });
    page.on("requestfailed", (r) => { if (!ours(r.url())) note({ method: r.method(), url: r.url(), failure: r.failure()?.errorText }); });
    page.on("pageerror", (e) => messages.push(`page error: ${e.message}`));
    page.on("console", (m) => { if (m.type() === "error") messages.push(`${m.text()} ${m.location().url}`.trim()); });
    await page.goto(startUrl(options, pages));
    if (options.page && options.token) {
      await page.getByTestId("token").fill(options.token);
      await page.getByTestId("play").click();
      await page.waitForTimeout(POLL_MS);
    }
    const seen = await watch(page, options);
    if (options.screenshot) await page.screenshot({ path: options.screenshot });
    const ok = !seen.error && seen.currentTime >= Number(options.seconds) && seen.frames > 0;
    return { ok, ...seen, requests, messages: messages.slice(0, 20) };
  } finally {
    await browser.close();
    pages.close();
  }
}

const result = await run(parse(process.argv.slice(2)));
console.log(JSON.stringify(result));
process.exit(result.ok ? 0 : 1);
