// hls.js behind the calls that the page makes of a player.

import { guid, hex } from "./ids.js";
import * as words from "./words.js";

const CLEAR_KEY = "org.w3.clearkey";
const RETRY_MS = 1000;

/** Plays HLS. The page gives {video, token(), failed(...), changed(), canGoOn(), ...}. */
export class HlsEngine {
  #page;
  #hls = null;
  #keyUrls = new Set();
  #keyIds = new Set();
  #keyFormat = null;
  #decoderGaveUp = false;

  constructor(page) {
    this.#page = page;
  }

  static isSupported() {
    return Hls.isSupported();
  }

  async load(url) {
    await this.close();
    this.#hls = new Hls(this.#configuration(url));
    this.#listen(this.#hls);
    this.#hls.attachMedia(this.#page.video);
    this.#hls.loadSource(url);
  }

  async close() {
    this.#hls?.destroy();
    this.#hls = null;
    this.#keyUrls.clear();
    this.#keyIds.clear();
    this.#keyFormat = null;
    this.#decoderGaveUp = false;
  }

  /** The media element failed. */
  decoderFailed() {
    this.#decoderGaveUp = true;
  }

  #configuration(manifestUrl) {
    // A licence server is known by configuration alone; the playlist's key may name a better one.
    const keyServer = new URL("/keys/ClearKey/", manifestUrl).href;
    const licenceUrl = (key) => (/^https?:/.test(key.uri) ? key.uri : `${keyServer}?kid=${guid(hex(key.keyId))}`);
    const authorize = (xhr) => {
      const token = this.#page.token();
      if (token) xhr.setRequestHeader("Authorization", `Bearer ${token}`);
    };
    return {
      enableWorker: false, // the page's policy forbids workers made of blobs
      maxBufferLength: 12,
      emeEnabled: window.isSecureContext,
      drmSystems: { [CLEAR_KEY]: { licenseUrl: keyServer, generateRequest } },
      licenseXhrSetup: (xhr, url, { decryptdata }) => {
        xhr.open("POST", licenceUrl(decryptdata), true);
        xhr.setRequestHeader("Content-Type", "application/json");
        authorize(xhr);
      },
      xhrSetup: (xhr, url) => {
        xhr.open("GET", url, true);
        if (this.#keyUrls.has(url)) authorize(xhr);
      },
    };
  }

  #listen(hls) {
    const page = this.#page;
    const { Events } = Hls;
    hls.on(Events.KEY_LOADING, (name, { frag }) => this.#keyUrls.add(frag.decryptdata.uri));
    hls.on(Events.FRAG_LOADED, (name, { frag }) => {
      this.#noteKey(frag.decryptdata);
      page.recovered();
    });
    hls.on(Events.ERROR, (name, data) => { if (data.fatal) this.#fail(data); });
    for (const event of [Events.MANIFEST_PARSED, Events.LEVEL_SWITCHED, Events.AUDIO_TRACK_SWITCHED]) {
      hls.on(event, () => page.changed());
    }
  }

  #noteKey(key) {
    if (!key?.encrypted) return;
    this.#keyFormat = key.keyFormat;
    const ofUri = /[?&]kid=([0-9a-f-]{32,36})/i.exec(key.uri)?.[1];
    const id = key.keyId ? hex(key.keyId) : ofUri;
    if (id) this.#keyIds.add(id);
  }

  // ---- What is playing ----

  /** What the page shows and offers of what plays. */
  facts() {
    const levels = this.#hls?.levels ?? [];
    const audio = this.#hls?.audioTracks ?? [];
    const level = levels[this.#hls?.currentLevel] ?? null;
    const track = audio[this.#hls?.audioTrack] ?? null;
    return {
      bitrate: level?.bitrate ?? null,
      codecs: level ? [level.videoCodec, level.audioCodec ?? track?.audioCodec].filter(Boolean).join(", ") : null,
      language: track?.lang ?? null,
      languages: [...new Set(audio.map((t) => t.lang))],
      height: level?.height ?? null,
      heights: [...new Set(levels.map((l) => l.height))],
      isAdaptive: this.#hls?.autoLevelEnabled ?? true,
      keySystem: this.#keyFormat === CLEAR_KEY ? CLEAR_KEY : null,
      keyIds: [...this.#keyIds],
    };
  }

  /** Holds to one height; null: adapts. */
  chooseHeight(height) {
    this.#hls.nextLevel = height === null ? -1 : this.#hls.levels.findIndex((level) => level.height === height);
  }

  chooseLanguage(language) {
    const index = this.#hls.audioTracks.findIndex((track) => track.lang === language);
    if (index >= 0) this.#hls.audioTrack = index;
  }

  // ---- Why it failed ----

  #fail(data) {
    const isSilent = data.type === Hls.ErrorTypes.NETWORK_ERROR && !data.response?.code;
    if (isSilent && this.#page.canGoOn(() => this.#hls?.startLoad(), RETRY_MS)) return;
    this.#page.failed(this.#explain(data), `hls.js ${data.details}`, { code: data.details, category: data.type });
  }

  #explain(data) {
    const { ErrorDetails, ErrorTypes } = Hls;
    const xhr = data.networkDetails;
    const status = data.response?.code || xhr?.status || null;
    const problem = bodyOf(xhr);
    switch (data.details) {
      case ErrorDetails.KEY_LOAD_ERROR:
      case ErrorDetails.KEY_LOAD_TIMEOUT:
      case ErrorDetails.KEY_SYSTEM_LICENSE_REQUEST_FAILED:
        return words.licenceRefused(status, problem);
      case ErrorDetails.KEY_SYSTEM_NO_ACCESS:
      case ErrorDetails.KEY_SYSTEM_NO_CONFIGURED_LICENSE:
        return words.noKeySystem();
      case ErrorDetails.MANIFEST_PARSING_ERROR:
      case ErrorDetails.LEVEL_PARSING_ERROR:
        return words.BAD_MANIFEST;
      case ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR:
      case ErrorDetails.BUFFER_INCOMPATIBLE_CODECS_ERROR:
      case ErrorDetails.BUFFER_ADD_CODEC_ERROR:
        return words.UNSUPPORTED_CODEC;
      default:
    }
    if (data.type === ErrorTypes.NETWORK_ERROR) return words.requestRefused(status, problem);
    if (data.type === ErrorTypes.KEY_SYSTEM_ERROR) {
      return window.isSecureContext ? { title: "Protection", text: "The browser could not set up decryption." } : words.notSecure();
    }
    // A wrong key makes whole segments unreadable, and samples undecodable.
    const isUnreadable = data.details === ErrorDetails.FRAG_PARSING_ERROR && this.#keyFormat === "identity";
    if (this.#decoderGaveUp || isUnreadable) return this.#undecodable();
    return data.type === ErrorTypes.MEDIA_ERROR ? words.BAD_SEGMENT : words.UNEXPECTED;
  }

  #undecodable() {
    return words.undecodable(this.#keyFormat !== null);
  }
}

/**
 * Asks for the licence as soon as the playlist tells the key id. By itself hls.js waits for a pssh
 * box in the init segment, and for ever where there is none.
 */
function generateRequest(initDataType, initData, { decryptdata }) {
  return initData === null && decryptdata.keyId
    ? { initDataType: "cenc", initData: commonPssh(decryptdata.keyId).buffer }
    : { initDataType, initData };
}

/** A pssh box, version 1, of the common system of W3C's EME, with one key id. */
function commonPssh(keyId) {
  const head = "00000034" + "70737368" + "01000000" + "1077efecc0b24d02ace33c1e52e2fb4b" + "00000001";
  const bytes = `${head}${hex(keyId)}00000000`.match(/../g).map((pair) => parseInt(pair, 16));
  return Uint8Array.from(bytes);
}

/** What the body of a refused request says; it is text only where text was asked for. */
function bodyOf(xhr) {
  if (!(xhr instanceof XMLHttpRequest)) return null;
  return words.problemOf(["", "text"].includes(xhr.responseType) ? xhr.responseText : xhr.response);
}
