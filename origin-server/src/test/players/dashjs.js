// Plays what the query names with dash.js, with its Smooth Streaming module where the page has it.
"use strict";

const player = dashjs.MediaPlayer().create();
const fail = (event) => bare.fail("dashjs", event.error?.code, event.error?.message ?? event.error);
player.on(dashjs.MediaPlayer.events.ERROR, fail);
player.on(dashjs.MediaPlayer.events.PLAYBACK_ERROR, fail);
player.initialize(bare.video, null, true);
player.updateSettings({ streaming: { retryAttempts: { MPD: 1, MediaSegment: 1, InitializationSegment: 1 } } });
const clearkeys = Object.entries(bare.clearkeys).map(([kid, key]) => [bare.base64url(kid), bare.base64url(key)]);
if (clearkeys.length > 0) {
  player.setProtectionData({ "org.w3.clearkey": { clearkeys: Object.fromEntries(clearkeys) } });
} else if (bare.token) {
  player.setProtectionData({ "org.w3.clearkey": { httpRequestHeaders: { Authorization: `Bearer ${bare.token}` } } });
}
player.attachSource(bare.manifest);
