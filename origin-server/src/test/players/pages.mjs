// Serves the bare players' pages and the players themselves, on a free loopback port.

import { createServer } from "node:http";
import { readFile, stat } from "node:fs/promises";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(fileURLToPath(import.meta.url));
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".wasm": "application/wasm" };

async function isFile(path) {
  return stat(path).then((s) => s.isFile(), () => false);
}

async function answer(request, response) {
  const pathname = new URL(request.url, "http://127.0.0.1").pathname.replace(/\/+/g, "/").replace(/\/$/, "");
  const path = join(ROOT, normalize(decodeURIComponent(pathname)));
  if (!path.startsWith(ROOT)) return void response.writeHead(404).end();
  if (extname(path) in TYPES && (await isFile(path))) {
    response.writeHead(200, { "Content-Type": TYPES[extname(path)] }).end(await readFile(path));
  } else if (await isFile(`${path}.js`)) {
    // RxPlayer's modules import each other without an extension.
    response.writeHead(302, { Location: `${pathname}.js` }).end();
  } else if (await isFile(join(path, "index.js"))) {
    response.writeHead(302, { Location: `${pathname}/index.js` }).end();
  } else {
    response.writeHead(404).end();
  }
}

/** A server that listens; close it when done. */
export function servePages() {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(500).end());
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}
