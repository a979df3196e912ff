// What the player page says plays, held without a browser: node --test ways.test.mjs

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";

globalThis.window = { isSecureContext: true };
const file = new URL("../../main/resources/dev/sluice/origin/player/ways.js", import.meta.url);
const source = (await readFile(file)).toString("base64");
const { containerOf, playability, urlFor, wayOf } = await import(`data:text/javascript;base64,${source}`);

const way = (protocol, format, scheme, url = "") => ({ protocol, format, scheme, url });
const players = (...is) => playability(way(...is)).players;

test("names the players that can", () => {
  assert.deepEqual(players("DASH", "mpd-time-csf", "cenc"), ["shaka"]);
  assert.deepEqual(players("DASH", "mpd-time-cmaf", "cbcs"), ["shaka"]);
  assert.deepEqual(players("DASH", "mpd-time-csf", "cbc"), ["shaka"]);
  assert.deepEqual(players("HLS", "m3u8-cmaf", "cbcs"), ["shaka", "hlsjs"]);
  assert.deepEqual(players("HLS", "m3u8-cmaf", "cbc"), ["shaka", "hlsjs"]);
  assert.deepEqual(players("HLS", "m3u8-aapl", "clear"), ["hlsjs", "shaka"]);
  assert.deepEqual(players("HLS", "m3u8-aapl", "cbcs"), ["hlsjs"]);
});

test("lets a player try what a URL does not tell", () => {
  assert.deepEqual(playability(wayOf("/a/a.mpd")).players, ["shaka"]);
});

test("gives a reason for every way that does not play, and for no other", () => {
  for (const protocol of ["DASH", "HLS", "Smooth", "Download", "other"]) {
    for (const scheme of ["clear", "cenc", "cbcs", "cbc", "piff"]) {
      for (const format of ["mpd-time-csf", "m3u8-cmaf", "m3u8-aapl"]) {
        const { players, why } = playability(way(protocol, format, scheme));
        assert.equal(players.length === 0, why !== "", `${protocol} ${format} ${scheme}`);
      }
    }
  }
});

test("plays what needs a key system in a secure context only", () => {
  window.isSecureContext = false;
  try {
    assert.match(playability(way("DASH", "mpd-time-csf", "cenc")).why, /https/);
    assert.deepEqual(players("DASH", "mpd-time-csf", "clear"), ["shaka"]);
    assert.deepEqual(players("HLS", "m3u8-aapl", "cbcs"), ["hlsjs"]);
  } finally {
    window.isSecureContext = true;
  }
});

test("asks for the keys that the player reads", () => {
  const url = "/a/a.ism/manifest(format=m3u8-cmaf,encryption=cbcs)";
  const asked = (player, ...is) => urlFor(way("HLS", ...is), player);
  assert.equal(asked("shaka", "m3u8-cmaf", "cbcs", url), "/a/a.ism/manifest(format=m3u8-cmaf,encryption=cbcs,system=identity)");
  assert.equal(asked("hlsjs", "m3u8-cmaf", "cbcs", url), "/a/a.ism/manifest(format=m3u8-cmaf,encryption=cbcs,system=clearkey)");
  assert.equal(asked("hlsjs", "m3u8-aapl", "cbcs", url).endsWith(",system=identity)"), true);
  assert.equal(asked("hlsjs", "m3u8-cmaf", "cbc", url), url);
  assert.equal(asked("hlsjs", "m3u8-cmaf", "clear", url), url);
  const chosen = "/a/a.ism/manifest(format=m3u8-cmaf,encryption=cbcs,system=fairplay)";
  assert.equal(asked("shaka", "m3u8-cmaf", "cbcs", chosen), chosen);
});

test("reads what a URL is off its tags", () => {
  assert.deepEqual(wayOf("/a/a.ism/manifest(format=m3u8-cmaf,encryption=cbcs-aapl)"),
    { url: "/a/a.ism/manifest(format=m3u8-cmaf,encryption=cbcs-aapl)", protocol: "HLS", format: "m3u8-cmaf", scheme: "cbcs" });
  assert.equal(wayOf("/a/a.ism/manifest(encryption=cenc)").protocol, "Smooth");
  assert.equal(wayOf("/a/a.ism/manifest").protocol, "Smooth");
  assert.equal(wayOf("/a/a.ism/manifest(format=fmp4-v20)").protocol, "Smooth");
  assert.equal(wayOf("https://x/y.mpd?z").protocol, "DASH");
  assert.equal(wayOf("/a/a.ism/manifest(format=mpd-time-csf,encryption=none)").scheme, "clear");
  assert.equal(wayOf("/nothing").protocol, null);
});

test("names containers", () => {
  assert.equal(containerOf(way("DASH", "mpd-time-csf", "clear")), "MP4");
  assert.equal(containerOf(way("HLS", "m3u8-cmaf", "clear")), "CMAF");
  assert.equal(containerOf(way("HLS", "m3u8-aapl-v3", "clear")), "TS v3");
  assert.equal(containerOf(way("Smooth", "", "clear")), "PIFF");
});
