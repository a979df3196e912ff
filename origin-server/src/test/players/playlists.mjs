// Parses HLS playlists with two parsers that know nothing of each other, and prints what they read.
//
//   node playlists.mjs FILE...      or a playlist on standard input
//
// Prints a line of JSON for each file. Exits with 0 if both parsers took every playlist without an
// error or a warning, 1 if one did not, 2 for wrong usage.

import { readFileSync } from "node:fs";
import HLS from "hls-parser";
import { Parser } from "m3u8-parser";

HLS.setOptions({ strictMode: true, silent: true });

/** hls-parser throws in strict mode, at what it takes for a breach of the specification. */
function strict(text) {
  const playlist = HLS.parse(text);
  if (playlist.isMasterPlaylist) {
    return {
      version: playlist.version,
      independentSegments: playlist.independentSegments,
      sessionKeys: playlist.sessionKeyList.map(key),
      variants: playlist.variants.map((v) => ({
        uri: v.uri, keyframes: v.isIFrameOnly, bandwidth: v.bandwidth, averageBandwidth: v.averageBandwidth ?? null,
        codecs: v.codecs, resolution: v.resolution ?? null, frameRate: v.frameRate ?? null,
        audio: v.audio.map((a) => ({ name: a.name, language: a.language ?? null, isDefault: a.isDefault, autoselect: a.autoselect, channels: a.channels, uri: a.uri })),
      })),
    };
  }
  return {
    version: playlist.version, targetDuration: playlist.targetDuration, endlist: playlist.endlist,
    type: playlist.playlistType, keyframes: playlist.isIFrame ?? false, mediaSequence: playlist.mediaSequenceBase,
    segments: playlist.segments.map((s) => ({
      uri: s.uri, duration: s.duration, key: s.key ? key(s.key) : null, map: s.map?.uri ?? null,
      date: s.programDateTime?.toISOString() ?? null,
    })),
  };
}

function key(k) {
  return { method: k.method, uri: k.uri, iv: k.iv ? Buffer.from(k.iv).toString("hex") : null, format: k.format ?? null };
}

/** m3u8-parser throws nothing and warns by events; what it tells by "info" are its defaults. */
function lenient(text) {
  const parser = new Parser();
  const told = [];
  parser.on("warn", (event) => told.push(event.message));
  parser.push(text);
  parser.end();
  const { segments, playlists, mediaGroups, iFramePlaylists, targetDuration, endList, playlistType, independentSegments } = parser.manifest;
  return {
    told, targetDuration, endList, playlistType, independentSegments, iFramePlaylists,
    playlists: playlists?.map((p) => ({ uri: p.uri, attributes: p.attributes })), audio: mediaGroups?.AUDIO,
    segments: segments.map((s) => ({ uri: s.uri, duration: s.duration, key: s.key ?? null, map: s.map?.uri ?? null })),
    contentProtection: parser.manifest.contentProtection ?? null,
  };
}

let status = 0;
const files = process.argv.slice(2);
if (files.some((file) => file.startsWith("-"))) {
  console.error("playlists.mjs: wrong usage (expected: names of files)");
  process.exit(2);
}
for (const file of files.length > 0 ? files : [0]) {
  const text = readFileSync(file, "utf8");
  const line = { file, error: null, strict: null, lenient: null };
  try {
    line.strict = strict(text);
    line.lenient = lenient(text);
  } catch (e) {
    line.error = `${e.message}`;
  }
  if (line.error !== null || line.lenient.told.length > 0) status = 1;
  console.log(JSON.stringify(line));
}
process.exitCode = status;
