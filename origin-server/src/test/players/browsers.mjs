// The two browsers, behind the calls that they share: newPage, close, kill; and of a page goto,
// evaluate, screenshot, on, close.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const HEIGHT = 860;
const START_MS = 30_000;

const CHROMIUM_FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",
];

// Firefox asks nothing of the network by itself, may play without a click, and may use the ClearKey
// module that is in its package.
const FIREFOX_PREFERENCES = {
  "media.autoplay.default": 0,
  "media.autoplay.blocking_policy": 0,
  "media.eme.enabled": true,
  "media.suspend-bkgnd-video.enabled": false, // pages play side by side
  "media.block-autoplay-until-in-foreground": false,
  "media.clearkey.enabled": true,
  "media.gmp-manager.updateEnabled": false,
  "media.gmp-provider.enabled": false,
  "app.update.auto": false,
  "app.normandy.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "toolkit.telemetry.enabled": false,
  "extensions.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
};

async function chromium(executable) {
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({ executablePath: executable, headless: true, args: CHROMIUM_FLAGS, timeout: START_MS });
  const newPage = (width) => browser.newPage({ ignoreHTTPSErrors: true, viewport: { width, height: HEIGHT } });
  return { newPage, close: () => browser.close(), kill: () => {} };
}

async function firefox(executable) {
  const { default: puppeteer } = await import("puppeteer-core");
  // Firefox writes into its home, whoever runs it; without one of its own it may not start at all.
  const home = await mkdtemp(join(tmpdir(), "firefox-home-"));
  const removeHome = () => rm(home, { recursive: true, force: true, maxRetries: 5 }).catch(() => {});
  let browser;
  try {
    browser = await puppeteer.launch({
      browser: "firefox",
      executablePath: executable,
      headless: true,
      acceptInsecureCerts: true,
      extraPrefsFirefox: FIREFOX_PREFERENCES,
      env: { ...process.env, HOME: home, MOZ_DISABLE_CONTENT_SANDBOX: "1", MOZ_DISABLE_GMP_SANDBOX: "1", MOZ_CRASHREPORTER_DISABLE: "1" },
      defaultViewport: null,
      timeout: START_MS,
    });
  } catch (e) {
    await removeHome();
    throw e;
  }
  const kill = () => browser.process()?.kill("SIGKILL");
  const close = async () => {
    const slow = setTimeout(kill, 5_000);
    await browser.close().catch(kill);
    clearTimeout(slow);
    await removeHome();
  };
  const newPage = async (width) => {
    const page = await browser.newPage();
    await page.setViewport({ width, height: HEIGHT });
    return page;
  };
  return { newPage, close, kill };
}

/** Each browser's name, with where Debian puts it and how it starts. */
export const BROWSERS = {
  chromium: { executable: "/usr/bin/chromium", launch: chromium },
  firefox: { executable: "/usr/bin/firefox-esr", launch: firefox },
};
