import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { ModuleError, init as initDefault, integrity, load } from 'trutina';
import * as inline from 'trutina/inline';
import { init } from 'trutina/slim';

import { applicant, asOf, packageFolder, rating, ratingFiles } from './common.mjs';

const wasm = await readFile(join(packageFolder, 'trutina.wasm'));
const expected = (await load(rating)).decide(applicant, { asOf }).json();
const decides = (engine) => assert.equal(engine.load({ files: ratingFiles }).decide(applicant, { asOf }).json(), expected);
const response = (type, status = 200) => new Response(wasm, { status, headers: { 'content-type': type } });

/** The smallest module, and one that has an export of ours with another version. */
const EMPTY = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const NEWER = Uint8Array.of(
  ...EMPTY, 1, 5, 1, 0x60, 0, 1, 0x7f, 3, 2, 1, 0,
  7, 23, 1, 19, ...Buffer.from('trutina_abi_version'), 0, 0, 10, 6, 1, 4, 0, 0x41, 2, 0x0b,
);
const IMPORTS = Uint8Array.of(...EMPTY, 1, 4, 1, 0x60, 0, 0, 2, 7, 1, 1, 0x61, 1, 0x62, 0, 0);

/** A module that answers every request with one text: `i64.const` of its address and length, and a data segment. */
function answering(text) {
  const body = Buffer.from(text);
  const name = (word, kind, index) => [word.length, ...Buffer.from(word), kind, index];
  const exported = [name('memory', 2, 0), name('trutina_abi_version', 0, 0), name('trutina_alloc', 0, 1), name('trutina_free', 0, 2), name('trutina_call', 0, 3)].flat();
  const constant = [0, 0x42, ...leb((BigInt(1024) << 32n) | BigInt(body.length)), 0x0b];
  const bodies = [[0, 0x41, 1, 0x0b], [0, 0x41, 8, 0x0b], [0, 0x0b], constant].flatMap((code) => [code.length, ...code]);
  const data = [1, 0, 0x41, ...leb(1024n), 0x0b, ...leb(BigInt(body.length)), ...body];
  const section = (id, bytes) => [id, ...leb(BigInt(bytes.length)), ...bytes];
  const types = [4, 0x60, 0, 1, 0x7f, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 2, 0x7f, 0x7f, 0, 0x60, 3, 0x7f, 0x7f, 0x7f, 1, 0x7e];
  return Uint8Array.of(
    ...EMPTY, ...section(1, types), ...section(3, [4, 0, 1, 2, 3]), ...section(5, [1, 0, 1]), ...section(7, [5, ...exported]),
    ...section(10, [4, ...bodies]), ...section(11, data),
  );
}

/** A signed number of any size. */
function leb(value) {
  const bytes = [];
  for (let rest = value; ; ) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    if (rest === 0n && low < 0x40) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

test('a module with its ruleset in it needs no other', async () => {
  const described = { id: 'inside', version: '2.0.0', digest: 'sha256:0', facts: [], outputs: [] };
  const inside = await load(answering(JSON.stringify({ ok: described })));
  assert.equal(inside.handle, 1);
  assert.deepEqual(inside.describe(), described);
  assert.equal(inside.id, 'inside');
  await assert.rejects(load(answering('{"error":{"code":"T6002","name":"unknown-handle","message":"no","at":null},"diagnostics":[]}')), { code: 'T6002' });
  await assert.rejects(load(EMPTY), ModuleError);
});

test('integrity is the hash of the module in the package', () => {
  assert.equal(integrity, `sha256-${createHash('sha256').update(wasm).digest('base64')}`);
});

test('a module comes as bytes, compiled, as a response, as a promise', async () => {
  const module = await WebAssembly.compile(wasm);
  const sources = [wasm, wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.length), module, Promise.resolve(module), response('application/wasm'), response('application/wasm; x'), response('text/plain')];
  for (const source of sources) decides(await init(source));
});

test('the hash is compared where it is asked for', async () => {
  decides(await init(wasm, { integrity }));
  decides(await init(response('application/wasm'), { integrity }));
  decides(await init(wasm, { integrity: `sha512-${createHash('sha512').update(wasm).digest('base64')}` }));
  const other = integrity.replace(/-./, (head) => (head === '-A' ? '-B' : '-A'));
  for (const source of [wasm, response('application/wasm')]) await assert.rejects(init(source, { integrity: other }), /another hash/);
  await assert.rejects(init(wasm, { integrity: 'md5-x' }), ModuleError);
  await assert.rejects(init(await WebAssembly.compile(wasm), { integrity }), /compiled already/);
});

test('what is no module of ours is refused', async () => {
  const cases = [
    [EMPTY, /no export `trutina_abi_version`/],
    [NEWER, /version 2 of the interface, this package version 1/],
    [IMPORTS, /asks for imports/],
    [Uint8Array.of(1, 2, 3), /cannot be had/],
    [response('application/wasm', 404), /answers 404/],
    [new Response('<!doctype html>', { headers: { 'content-type': 'application/wasm' } }), /cannot be had/],
    [new URL('http://127.0.0.1:9/trutina.wasm'), /cannot be had/],
    ['trutina.wasm', /give a WebAssembly\.Module/],
    [undefined, /give a WebAssembly\.Module/],
  ];
  for (const [source, message] of cases) {
    await assert.rejects(init(source), (error) => {
      assert(error instanceof ModuleError);
      assert.equal(error.code, 'T6023');
      assert.match(error.message, message);
      return true;
    });
  }
});

test('a module may be given to the default entry, and a failure is not kept', async () => {
  await assert.rejects(initDefault({ module: EMPTY }), ModuleError);
  assert.equal((await load(rating)).decide(applicant, { asOf }).json(), expected);
  await assert.rejects(initDefault({ integrity: 'sha256-AAAA' }), /another hash/);
  await initDefault({ integrity });
  await initDefault({ module: wasm });
  assert.equal((await load(rating)).decide(applicant, { asOf }).json(), expected);
});

test('the inline entry has the module inside', async () => {
  assert.equal(inline.integrity, integrity);
  assert.equal((await inline.load({ files: ratingFiles })).decide(applicant, { asOf }).json(), expected);
  await inline.init({ integrity });
});

test('the entry for browsers takes what a page has', async () => {
  const browser = await import(pathToFileURL(join(packageFolder, 'browser.mjs')));
  await browser.init({ module: wasm });
  assert.equal((await browser.load({ files: ratingFiles })).decide(applicant, { asOf }).json(), expected);
  await assert.rejects(browser.load(new Response('', { status: 503 })), /answers 503/);
});
