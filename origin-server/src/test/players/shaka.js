// Plays what the query names with Shaka Player, of whichever version the page loaded.
"use strict";

(async () => {
  const player = new shaka.Player();
  const { RequestType } = shaka.net.NetworkingEngine;
  const fail = (e) => bare.fail("shaka", e.code, `${e.message} ${JSON.stringify(e.data?.slice(0, 3) ?? [])}`);
  player.addEventListener("error", (event) => fail(event.detail));
  try {
    await player.attach(bare.video);
    const retryParameters = { maxAttempts: 1, timeout: 10000 };
    player.configure({ manifest: { retryParameters }, drm: { retryParameters }, streaming: { retryParameters } });
    if (Object.keys(bare.clearkeys).length > 0) player.configure({ drm: { clearKeys: bare.clearkeys } });
    player.getNetworkingEngine().registerRequestFilter((type, request) => {
      // KEY is what an identity EXT-X-KEY names, LICENSE what a key system asks for.
      if ([RequestType.LICENSE, RequestType.KEY].includes(type) && bare.token) {
        request.headers.Authorization = `Bearer ${bare.token}`;
      }
    });
    await player.load(bare.manifest, null, bare.mime);
  } catch (e) {
    fail(e);
  }
})();
