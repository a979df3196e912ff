// Why something failed, in words: what both players' errors have in common. A failure is
// {title, text}; the page shows it with the player's own code.

const MAX_PROBLEM_CHARS = 500;

/** What a refused request's problem document (RFC 9457) says, for people; null if nothing. */
export function problemOf(body) {
  if (!body) return null;
  const text = (typeof body === "string" ? body : new TextDecoder().decode(body)).slice(0, MAX_PROBLEM_CHARS);
  try {
    const problem = JSON.parse(text);
    const said = problem.detail || problem.title || "";
    return problem.code ? `${said} [${problem.code}]` : said || null;
  } catch {
    return null;
  }
}

const says = (problem) => (problem ? ` The server says: ${problem}` : "");

/** A manifest, playlist or segment that was not given; no status where nothing answered. */
export function requestRefused(status, problem) {
  if (!status) return { title: "Server not reachable", text: unreachable("server") };
  const title = { 401: "Token needed", 403: "Not allowed", 404: "Not found" }[status] ?? `Refused with status ${status}`;
  return { title, text: says(problem).trim() || "The server refused the request and gave no reason." };
}

/** A licence or key that was not given; no status where nothing answered. */
export function licenceRefused(status, problem) {
  if (!status) return { title: "Key server not reachable", text: unreachable("key server") };
  if (status === 401) return { title: "Token needed", text: `Type a licence token into the field and press Play.${says(problem)}` };
  if (status === 403) return { title: "Token refused", text: `The key server does not accept this licence token.${says(problem)}` };
  return { title: "No licence", text: `The licence request was refused.${says(problem) || " The key server gave no reason."}` };
}

function unreachable(who) {
  return `The ${who} did not answer: it is not running, not reachable, or does not allow this page's origin.`;
}

/** Media that the browser could not decode. */
export function undecodable(isProtected) {
  return isProtected
    ? { title: "Wrong key", text: "The decrypted media is no valid picture or sound: the key is very likely not the one that it was encrypted with." }
    : { title: "Damaged media", text: "The browser could not decode the media." };
}

/** A page that browsers give no key system to. */
export function notSecure() {
  return {
    title: "Not a secure context",
    text: "Browsers decrypt only on https pages, and on http://localhost or http://127.0.0.1. Open this page by its https address.",
  };
}

/** No key system of the title is in this browser. */
export function noKeySystem() {
  return window.isSecureContext
    ? { title: "Key system missing", text: "This browser has none of the key systems that the title is protected for." }
    : notSecure();
}

export const UNSUPPORTED_CODEC = { title: "Unsupported codec", text: "This browser can play none of the title's codecs." };
export const BAD_MANIFEST = { title: "Manifest", text: "The manifest could not be understood, or nothing in it can be played here." };
export const BAD_SEGMENT = { title: "Media", text: "A segment could not be appended or decoded." };
export const UNEXPECTED = { title: "Playback failed", text: "The player stopped with an unexpected error." };
