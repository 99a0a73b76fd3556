import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { LoadError, check, load } from 'trutina';

import { asOf, bundle, prescreening, visitor } from './common.mjs';

const bytes = await readFile(bundle);
const expected = (await load(prescreening)).decide(visitor, { asOf, trace: 'full' }).json();
const code = (name) => (error) => error instanceof LoadError && error.code === name;

test('a bundle decides as the directory does, wherever it comes from', async () => {
  const sources = [bundle, pathToFileURL(bundle), bytes, bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length), new Blob([bytes]), new Response(bytes)];
  for (const source of sources) assert.equal((await load(source)).decide(visitor, { asOf, trace: 'full' }).json(), expected);
  assert.equal((await check(bundle)).ok, true);
});

test('whom to trust goes along', async () => {
  await assert.rejects(load(bundle, { trust: { digests: [`sha256:${'0'.repeat(64)}`] } }), code('T6007'));
});

test('a bundle of which one byte was changed does not load', async () => {
  for (const at of [20, 200, bytes.length >> 1, bytes.length - 1]) {
    const changed = Uint8Array.from(bytes);
    changed[at] ^= 1;
    await assert.rejects(load(changed), LoadError);
  }
  await assert.rejects(load(bytes.subarray(0, -1)), code('T6005'));
});
