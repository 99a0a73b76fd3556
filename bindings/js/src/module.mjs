/** Gets the WebAssembly module from wherever it is, without eval and without special headers. */

import { Engine } from './engine.mjs';
import { ModuleError, noModule } from './errors.mjs';

/**
 * @param {WebAssembly.Module | Uint8Array | ArrayBuffer | Response | URL | Promise<unknown>} source
 * @param {{integrity?: string}} [options] `integrity`: "sha256-..." of the module's bytes, as in HTML
 * @returns {Promise<Engine>}
 */
export async function init(source, { integrity } = {}) {
  const given = await source;
  try {
    return Engine.of(await module(given, integrity));
  } catch (cause) {
    if (cause instanceof ModuleError) throw cause;
    const blocked = /unsafe-eval|Content Security Policy|disallowed by embedder/i.test(cause?.message ?? '');
    throw noModule(blocked
      ? "the page's Content-Security-Policy forbids WebAssembly; add 'wasm-unsafe-eval' to its script-src"
      : `the WebAssembly module cannot be had: ${cause?.message ?? cause}`, cause);
  }
}

async function module(source, integrity) {
  if (source instanceof URL) return module(await fetch(source, integrity === undefined ? {} : { integrity }), undefined);
  if (typeof Response !== 'undefined' && source instanceof Response) return fromResponse(source, integrity);
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) {
    await verified(source, integrity);
    return WebAssembly.compile(source);
  }
  if (source instanceof WebAssembly.Module && integrity === undefined) return source;
  throw noModule(integrity === undefined
    ? 'give a WebAssembly.Module, its bytes, a Response or a URL'
    : 'a WebAssembly.Module is compiled already; give its bytes to have their hash compared');
}

async function fromResponse(response, integrity) {
  if (!response.ok) throw noModule(`the WebAssembly module cannot be had: ${response.url} answers ${response.status}`);
  const streams = integrity === undefined && typeof WebAssembly.compileStreaming === 'function';
  // Streaming demands the media type; a server that does not know it is common, and its bytes are as good.
  if (streams && response.headers.get('content-type') === 'application/wasm') {
    return WebAssembly.compileStreaming(response);
  }
  return module(await response.arrayBuffer(), integrity);
}

async function verified(bytes, integrity) {
  if (integrity === undefined) return;
  const [, algorithm, wanted] = /^(sha256|sha384|sha512)-(.+)$/.exec(integrity) ?? [];
  if (algorithm === undefined) throw noModule('`integrity` is sha256-, sha384- or sha512- and base64, as in HTML');
  const digest = new Uint8Array(await crypto.subtle.digest(`SHA-${algorithm.slice(3)}`, bytes));
  if (btoa(String.fromCharCode(...digest)) !== wanted) throw noModule('the WebAssembly module has another hash than `integrity` says');
}
