/** The engine of one WebAssembly module: loads and checks rulesets, each in an instance of its own. */

import { ABI_VERSION, open } from './abi.mjs';
import { LoadError, badRequest, noModule } from './errors.mjs';
import { Ruleset, check } from './ruleset.mjs';

const encoder = new TextEncoder();
const WASM_MAGIC = [0x00, 0x61, 0x73, 0x6d];

export class Engine {
  #open;

  /** @param {() => {call(verb: number, request: Uint8Array): Uint8Array}} opener makes an instance */
  constructor(opener) {
    this.#open = opener;
  }

  /** @param {WebAssembly.Module} module */
  static of(module) {
    open(module); // a module that is not ours is refused here and not at the first decision
    return new Engine(() => open(module));
  }

  /** The version of the plain WebAssembly interface that this package speaks. */
  static abi = ABI_VERSION;

  /** @param {object | Uint8Array | ArrayBuffer} source `{ files }`, or the bytes of a bundle or of a module with its ruleset in it */
  load(source, options = {}) {
    const bytes = asBytes(source);
    if (bytes !== null && WASM_MAGIC.every((byte, at) => bytes[at] === byte)) {
      if (options.trust !== undefined) throw noBundle('a module with its ruleset in it');
      const module = compiled(bytes);
      return new Ruleset(() => open(module), null, options);
    }
    return new Ruleset(this.#open, request(source, bytes, options), options);
  }

  check(source, options = {}) {
    return check(this.#open, request(source, asBytes(source), options));
  }
}

/** What `load` and `check` send. */
function request(source, bytes, { trust }) {
  if (bytes !== null) return trust === undefined ? bytes : joined(encoder.encode(`${JSON.stringify({ trust: named(trust) })}\n`), bytes);
  if (typeof source?.files !== 'object' || source.files === null) {
    throw badRequest('a ruleset is { files: { "ruleset.toml": "..." } } or the bytes of a bundle');
  }
  if (trust !== undefined) throw noBundle('the ruleset as sources');
  const files = {};
  for (const [path, content] of Object.entries(source.files)) files[path] = text(path, content);
  return encoder.encode(JSON.stringify({ files }));
}

/** Trust in nobody would be no demand at all to an engine that can compile: an empty list is a mistake, and not taken for that. */
function named(trust) {
  const { digests = [], keys = [] } = trust ?? {};
  if (digests.length + keys.length === 0) throw badRequest('`trust` names neither a digest nor a key, so no bundle could be trusted', '/trust');
  return trust;
}

/** Whoever says whom to trust wants a bundle that one of those vouches for, and nothing that comes in its place. */
function noBundle(what) {
  return badRequest(`\`trust\` asks for a bundle, and this is ${what}; give the bundle that \`trutina pack\` made, or leave \`trust\` out`, '/trust');
}

function asBytes(source) {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  return null;
}

function text(path, content) {
  if (typeof content === 'string') return content;
  const bytes = asBytes(content);
  if (bytes === null) throw badRequest(`the file ${path} is neither text nor bytes`, '/files');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const message = 'the file is not UTF-8';
    const place = { file: path, line: 1, column: 1 };
    const found = { code: 'T1002', name: 'not-utf8', severity: 'error', message, help: 'if it is GB18030, save it again as UTF-8', ...place, end_line: 1, end_column: 1, related: [] };
    throw new LoadError({ code: found.code, name: found.name, message, at: place }, { diagnostics: [found], cause });
  }
}

function compiled(bytes) {
  try {
    return new WebAssembly.Module(bytes);
  } catch (cause) {
    throw noModule('the bytes begin like a WebAssembly module and are none', cause);
  }
}

function joined(head, tail) {
  const all = new Uint8Array(head.length + tail.length);
  all.set(head);
  all.set(tail, head.length);
  return all;
}
