// Shaka Player behind the calls that the page makes of a player.

import * as words from "./words.js";
import { mimeTypeOf } from "./ways.js";

const RETRY_MS = 1000;

/** Plays DASH and HLS. The page gives {video, token(), failed(...), changed(), canGoOn(), ...}. */
export class ShakaEngine {
  #page;
  #player = null;
  #decoderGaveUp = false; // after which appends fail as well, and that may be told first
  #isWholeSegment = false;

  constructor(page) {
    this.#page = page;
  }

  static isSupported() {
    shaka.polyfill.installAll();
    return shaka.Player.isBrowserSupported();
  }

  async load(url, way) {
    this.#decoderGaveUp = false;
    this.#isWholeSegment = way.scheme === "cbc";
    try {
      this.#player ??= await this.#create();
      await this.#player.load(url, null, mimeTypeOf(way));
    } catch (error) {
      this.#fail(error);
    }
  }

  async close() {
    await this.#player?.destroy();
    this.#player = null;
  }

  /** The media element failed. */
  decoderFailed() {
    this.#decoderGaveUp = true;
  }

  async #create() {
    const page = this.#page;
    const player = new shaka.Player();
    await player.attach(page.video);
    const retryParameters = { maxAttempts: 2, baseDelay: 300, timeout: 15000, stallTimeout: 5000 };
    player.configure({
      manifest: { retryParameters },
      drm: { retryParameters },
      streaming: { retryParameters, bufferingGoal: 12 },
      abr: { defaultBandwidthEstimate: 2e6 },
    });
    const networking = player.getNetworkingEngine();
    const { RequestType } = shaka.net.NetworkingEngine;
    networking.registerRequestFilter((type, request) => {
      // LICENSE is what a key system asks for, KEY what an identity EXT-X-KEY names.
      const token = page.token();
      if ([RequestType.LICENSE, RequestType.KEY].includes(type) && token) {
        request.headers.Authorization = `Bearer ${token}`;
      }
    });
    networking.registerResponseFilter((type) => {
      if (type === RequestType.SEGMENT) page.recovered();
    });
    player.addEventListener("error", (event) => this.#fail(event.detail));
    for (const name of ["trackschanged", "variantchanged", "adaptation"]) {
      player.addEventListener(name, () => page.changed());
    }
    return player;
  }

  // ---- What is playing ----

  /** What the page shows and offers of what plays. */
  facts() {
    const variants = this.#player?.getVariantTracks() ?? [];
    const active = variants.find((track) => track.active) ?? null;
    return {
      bitrate: active?.bandwidth ?? null,
      codecs: active?.codecs ?? null,
      language: active?.language ?? null,
      languages: [...new Set(variants.map((track) => track.language))],
      height: active?.height ?? null,
      heights: [...new Set(variants.map((track) => track.height))],
      isAdaptive: this.#player?.getConfiguration().abr.enabled ?? true,
      keySystem: this.#player?.drmInfo()?.keySystem || null,
      keyIds: this.#keyIds(),
    };
  }

  /** The key ids that the manifest names and those that the licence brought, as hex. */
  #keyIds() {
    const ids = new Set(this.#player?.drmInfo()?.keyIds ?? []);
    for (const variant of this.#player?.getManifest()?.variants ?? []) {
      for (const stream of [variant.video, variant.audio]) {
        for (const id of stream?.keyIds ?? []) ids.add(id);
      }
    }
    return [...ids].filter((id) => !/^[0-]+$/.test(id)); // zeros stand for an identity key, which has no id
  }

  /** Holds to one height; null: adapts. */
  chooseHeight(height) {
    this.#player.configure({ abr: { enabled: height === null } });
    if (height === null) return;
    const variants = this.#player.getVariantTracks();
    const language = variants.find((track) => track.active)?.language;
    const track = variants.find((t) => t.height === height && t.language === language);
    if (track) this.#player.selectVariantTrack(track, true);
  }

  chooseLanguage(language) {
    const track = this.#player.getAudioTracks().find((t) => t.language === language);
    if (track) this.#player.selectAudioTrack(track);
  }

  // ---- Why it failed ----

  #fail(error) {
    const { Code, Severity } = shaka.util.Error;
    if (error instanceof shaka.util.Error === false && typeof error?.category !== "number") {
      // What decrypts whole segments refuses their padding: the one sign of a wrong key there.
      const failure = error?.name === "OperationError" && this.#isWholeSegment
        ? words.undecodable(true)
        : { title: words.UNEXPECTED.title, text: String(error?.message ?? error) };
      this.#page.failed(failure, "", null);
      return;
    }
    if (error.code === Code.LOAD_INTERRUPTED || error.severity === Severity.RECOVERABLE) return;
    const isNetwork = [Code.HTTP_ERROR, Code.TIMEOUT].includes(error.code);
    if (isNetwork && this.#page.canGoOn(() => this.#player?.retryStreaming(), RETRY_MS)) return;
    const named = Object.entries(Code).find(([, value]) => value === error.code);
    this.#page.failed(this.#explain(error), `Shaka ${named ? `${named[0]} (${error.code})` : error.code}`, error);
  }

  #explain(error) {
    const { Category, Code } = shaka.util.Error;
    const refusal = refusalOf(error);
    switch (error.code) {
      case Code.LICENSE_REQUEST_FAILED:
        return words.licenceRefused(refusal.status, refusal.problem);
      case Code.LICENSE_RESPONSE_REJECTED:
        return { title: "No licence", text: "The licence came, but the browser could not read it." };
      case Code.REQUESTED_KEY_SYSTEM_CONFIG_UNAVAILABLE:
        return words.noKeySystem();
      case Code.NO_LICENSE_SERVER_GIVEN:
      case Code.NO_RECOGNIZED_KEY_SYSTEMS:
        return { title: "No licence server", text: "The title is protected, but its manifest names no licence server for a key system of this browser." };
      case Code.ENCRYPTED_CONTENT_WITHOUT_DRM_INFO:
        return { title: "No key", text: "The media is encrypted, but the manifest does not say with which key." };
      case Code.EXPIRED:
        return { title: "Licence expired", text: "The licence was valid and is no longer." };
      case Code.BAD_HTTP_STATUS: {
        const { RequestType } = shaka.net.NetworkingEngine;
        const ofKey = [RequestType.KEY, RequestType.LICENSE].includes(error.data[4]);
        return (ofKey ? words.licenceRefused : words.requestRefused)(refusal.status, refusal.problem);
      }
      case Code.HTTP_ERROR:
      case Code.TIMEOUT:
        return words.requestRefused(null, null);
      case Code.CONTENT_UNSUPPORTED_BY_BROWSER:
        return words.UNSUPPORTED_CODEC;
      case Code.UNABLE_TO_GUESS_MANIFEST_TYPE:
        return { title: "Not a manifest", text: "The URL answers, but not with a DASH or HLS manifest." };
      case Code.VIDEO_ERROR:
        return this.#undecodable();
      default:
    }
    if (error.category === Category.MEDIA && (this.#decoderGaveUp || this.#decodedNothing())) return this.#undecodable();
    switch (error.category) {
      case Category.NETWORK: return { title: "Network", text: "A request failed." };
      case Category.DRM:
        return window.isSecureContext ? { title: "Protection", text: "The browser could not set up decryption." } : words.notSecure();
      case Category.MANIFEST: return words.BAD_MANIFEST;
      case Category.MEDIA: return words.BAD_SEGMENT;
      case Category.STREAMING:
        return { title: "Streaming", text: "Segments could not be fetched in the order that the manifest promises." };
      default: return words.UNEXPECTED;
    }
  }

  /** In Firefox the append after the failed decoding is told of instead, and the rest is gone. */
  #decodedNothing() {
    return Boolean(this.#player?.drmInfo()) && this.#page.video.getVideoPlaybackQuality().totalVideoFrames === 0;
  }

  #undecodable() {
    return words.undecodable(this.#isWholeSegment || Boolean(this.#player?.drmInfo()));
  }
}

/** The status and the words of a refused request, also within the error of a licence. */
function refusalOf(error) {
  const { Code } = shaka.util.Error;
  if (error?.code === Code.LICENSE_REQUEST_FAILED) return refusalOf(error.data[0]);
  if (error?.code !== Code.BAD_HTTP_STATUS) return { status: null, problem: null };
  return { status: error.data[1], problem: words.problemOf(error.data[2]) };
}
