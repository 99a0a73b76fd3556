// Serves folders and texts on a free port of this machine, under a Content-Security-Policy.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.json': 'application/json', '.wasm': 'application/wasm' };

/** What a page needs that loads scripts, workers and data of its own site, and runs WebAssembly. */
export const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; img-src data:";

/**
 * @param {Record<string, string | {text: string} | {bytes: Uint8Array}>} mounts prefixes of paths and what lies there
 * @param {{policy?: string, wasmType?: string}} [options]
 */
export async function serve(mounts, { policy = POLICY, wasmType = TYPES['.wasm'] } = {}) {
  const asked = [];
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname;
    asked.push(path);
    const prefix = Object.keys(mounts).sort((a, b) => b.length - a.length).find((prefix) => path.startsWith(prefix));
    const mount = mounts[prefix];
    try {
      const body = mount.text ?? mount.bytes ?? (await readFile(join(mount, path.slice(prefix.length).replace(/^$|\/$/, '/index.html'))));
      const type = path.endsWith('.wasm') ? wasmType : TYPES[extname(path)] ?? 'text/html';
      response.writeHead(200, { 'content-type': type, 'content-security-policy': policy }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return { origin: `http://127.0.0.1:${server.address().port}`, asked, close: () => server.close() };
}
