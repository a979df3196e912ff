// Lets a player's PlayReady code run where no PlayReady module is: it asks for PlayReady, and is
// given the browser's ClearKey module under that name. The module gets the key ids of the player's
// own initialization data, and answers its licence request here, with the keys of the query.
//
// What the player does is thus its own, from the manifest to the encrypted samples that it appends;
// what decrypts is the browser's.
"use strict";

if (query.get("playready") === "clearkey") {
  const PLAYREADY = "com.microsoft.playready";
  const CLEARKEY = "org.w3.clearkey";

  /** The key ids (hex) of the PlayReady objects in this initialization data, as their XML has them. */
  function keyIds(data) {
    const text = new TextDecoder("utf-16le");
    const bytes = new Uint8Array(data);
    // The XML may begin at an odd byte of the box.
    const xml = text.decode(bytes) + text.decode(bytes.subarray(1));
    return Array.from(xml.matchAll(/<KID>([^<]+)<\/KID>/g), ([, base64]) => {
      const guid = Array.from(atob(base64), (c) => c.charCodeAt(0).toString(16).padStart(2, "0"));
      // A GUID has its first three fields in little-endian order.
      return [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].map((i) => guid[i]).join("");
    });
  }

  const json = (object) => new TextEncoder().encode(JSON.stringify(object));
  const ownLicence = () => json({
    keys: Object.entries(bare.clearkeys).map(([kid, key]) => ({ kty: "oct", kid: bare.base64url(kid), k: bare.base64url(key) })),
    type: "temporary",
  });

  const requestAccess = navigator.requestMediaKeySystemAccess.bind(navigator);
  navigator.requestMediaKeySystemAccess = async (keySystem, configurations) => {
    if (!keySystem.startsWith(PLAYREADY)) throw new DOMException("only PlayReady is acted", "NotSupportedError");
    const access = await requestAccess(CLEARKEY, configurations.map((c) => ({ ...c, initDataTypes: ["keyids"] })));
    return {
      keySystem,
      getConfiguration: () => ({ ...access.getConfiguration(), initDataTypes: ["cenc"] }),
      createMediaKeys: () => access.createMediaKeys(),
    };
  };

  const createSession = MediaKeys.prototype.createSession;
  MediaKeys.prototype.createSession = function (type) {
    const session = createSession.call(this, type);
    // First of the listeners, and the last: a licence request of ClearKey is none that the player knows.
    session.addEventListener("message", (event) => {
      event.stopImmediatePropagation();
      session.update(ownLicence()).catch((e) => bare.fail("clearkey", e.name, e.message));
    });
    return session;
  };

  const generateRequest = MediaKeySession.prototype.generateRequest;
  MediaKeySession.prototype.generateRequest = function (type, data) {
    bare.keyIds = keyIds(data);
    return generateRequest.call(this, "keyids", json({ kids: bare.keyIds.map(bare.base64url) }));
  };
}
