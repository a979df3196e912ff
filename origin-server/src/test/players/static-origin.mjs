// A stand-in for the server, to try the player page and the players without it: static files, the
// page, its list of titles, ClearKey licences, and keys themselves.
//
//   node static-origin.mjs --title DIR --page DIR[,DIR] --keys KID=KEY,... [--token TOKEN]
//
// DIR of the title holds manifests and media, and assets.json, the list of what there is to play.
// Prints the port, then serves until its standard input ends.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";

const args = process.argv.slice(2);
const option = (name) => args[args.indexOf(`--${name}`) + 1];
const title = option("title");
const pages = option("page").split(",");
const token = args.includes("--token") ? option("token") : null;
const keys = new Map(option("keys").split(",").map((pair) => pair.split("=")));
const MAX_BODY_BYTES = 64 * 1024;

const TYPES = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css",
  ".mpd": "application/dash+xml", ".mp4": "video/mp4", ".m4s": "video/iso.segment",
  ".m3u8": "application/vnd.apple.mpegurl",
};
const CORS = { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "Authorization, Content-Type, Range", "Access-Control-Max-Age": "600" };
const POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; connect-src *; object-src 'none'; base-uri 'none'";

function json(response, status, body, type = "application/json") {
  response.writeHead(status, { ...CORS, "Content-Type": type }).end(JSON.stringify(body));
}

/** Whether the token that is needed is there; else the refusal has been sent. */
function isAllowed(request, response) {
  if (!token || request.headers.authorization === `Bearer ${token}`) return true;
  json(response, 401, { title: "Unauthorized", status: 401, code: "TOKEN_REQUIRED", detail: "a token is needed for this key" }, "application/problem+json");
  return false;
}

/** The 16 bytes of a key, as an identity EXT-X-KEY has them. */
function key(request, response, kid) {
  if (!isAllowed(request, response)) return;
  const found = keys.get((kid ?? "").replaceAll("-", "").toLowerCase());
  if (!found) return json(response, 404, {});
  response.writeHead(200, { ...CORS, "Content-Type": "application/octet-stream" }).end(Buffer.from(found, "hex"));
}

async function licence(request, response) {
  let body = "";
  for await (const chunk of request) {
    body += chunk;
    if (body.length > MAX_BODY_BYTES) return json(response, 413, {});
  }
  if (!isAllowed(request, response)) return;
  const found = JSON.parse(body).kids.filter((kid) => keys.has(Buffer.from(kid, "base64url").toString("hex")))
    .map((kid) => ({ kty: "oct", kid, k: Buffer.from(keys.get(Buffer.from(kid, "base64url").toString("hex")), "hex").toString("base64url") }));
  json(response, 200, { keys: found, type: "temporary" });
}

async function answer(request, response) {
  if (request.method === "OPTIONS") return void response.writeHead(204, CORS).end();
  const { pathname, searchParams } = new URL(request.url, "http://127.0.0.1");
  if (pathname === "/keys/ClearKey/") return licence(request, response);
  if (pathname === "/keys/") return key(request, response, searchParams.get("kid"));
  const [, area, ...rest] = normalize(pathname === "/player/assets.json" ? "/title/assets.json" : decodeURIComponent(pathname)).split("/");
  const name = rest.join("/") || "index.html";
  for (const root of area === "title" ? [title] : area === "player" ? pages : []) {
    const bytes = await readFile(join(root, name)).catch(() => null);
    if (bytes) {
      return void response.writeHead(200, { ...CORS, "Content-Type": TYPES[extname(name)] ?? "application/octet-stream", "Cache-Control": "no-store", "Content-Security-Policy": POLICY }).end(bytes);
    }
  }
  json(response, 404, { title: "Not Found", status: 404, code: "MPE_RESOURCE_NOT_FOUND", detail: `there is no ${pathname}` }, "application/problem+json");
}

const server = createServer((request, response) => answer(request, response).catch(() => response.writeHead(500).end()));
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit(0)).resume();
