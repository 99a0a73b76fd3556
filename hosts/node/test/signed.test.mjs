import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import * as full from 'trutina';
import * as runtime from 'trutina/runtime';

import { asOf, bundle, digestOf, packageFolder, prescreening, signedBundle, signingKey, visitor } from './common.mjs';

const hosts = Object.entries({ full, runtime });
const expected = (await full.load(prescreening)).decide(visitor, { asOf, trace: 'full' }).json();

/** A public key in every spelling that is taken: hexadecimal, base64, and the base64 of a PEM file. */
function spellings(key) {
  const bytes = Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x, 'base64url');
  return [bytes.toString('hex'), bytes.toString('base64'), key.split('\n')[1]];
}
const [key] = spellings(signingKey);
const [stranger] = spellings(generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }));
const untrusted = (error) => error instanceof full.LoadError && error.code === 'T6007' && error.name === 'bundle-untrusted';

for (const [name, { check, load }] of hosts) {
  test(`${name}: a bundle that a trusted key signed decides as its ruleset does`, async () => {
    for (const spelled of spellings(signingKey)) {
      const ruleset = await load(signedBundle, { trust: { keys: [stranger, spelled] } });
      assert.equal(ruleset.decide(visitor, { asOf, trace: 'full' }).json(), expected);
    }
    assert.equal((await check(signedBundle, { trust: { keys: [key] } })).ok, true);
  });

  test(`${name}: one that another key signed, or none, is refused`, async () => {
    await assert.rejects(load(signedBundle, { trust: { keys: [stranger] } }), untrusted, 'another key');
    await assert.rejects(load(bundle, { trust: { keys: [key] } }), untrusted, 'no signature');
    assert.deepEqual((await check(signedBundle, { trust: { keys: [stranger] } })).diagnostics.map(({ code }) => code), ['T6007']);
  });

  test(`${name}: a digest or a key will do, and a signature does not change the digest`, async () => {
    assert.equal(digestOf(signedBundle), digestOf(bundle));
    for (const trust of [{ digests: [digestOf(bundle)] }, { digests: [digestOf(bundle)], keys: [stranger] }, { digests: [`sha256:${'0'.repeat(64)}`], keys: [key] }]) {
      assert.equal((await load(signedBundle, { trust })).id, 'retail-prescreening');
    }
  });

  test(`${name}: a wrong signature is damage, whoever is trusted`, async () => {
    const bytes = Uint8Array.from(await readFile(signedBundle));
    const signature = 16 + new DataView(bytes.buffer).getUint32(12, true) + 32 + 4 + 32;
    bytes[signature] ^= 1;
    for (const trust of [{ keys: [key] }, { digests: [digestOf(bundle)] }]) await assert.rejects(load(bytes, { trust }), { code: 'T6005' });
  });

  test(`${name}: whoever names a key gets a bundle, and nothing in its place`, async () => {
    const trust = { keys: [key] };
    for (const source of [prescreening, { files: {} }]) {
      for (const ask of [load, check]) await assert.rejects(ask(source, { trust }), { code: 'T6001', message: /this is the ruleset as sources/ });
    }
    const sources = new TextEncoder().encode('{"files":{"ruleset.toml":"","rules.rhai":""}}');
    await assert.rejects(load(sources, { trust }), full.LoadError);
    const module = await readFile(join(packageFolder, 'trutina.wasm'));
    await assert.rejects(load(module, { trust }), { code: 'T6001', message: /a module with its ruleset in it/ });
  });

  test(`${name}: trust in nobody, or in what is no key, is a mistake`, async () => {
    for (const trust of [{}, { keys: [] }, { digests: [], keys: [] }, null]) await assert.rejects(load(signedBundle, { trust }), { code: 'T6001', message: /neither a digest nor a key/ });
    await assert.rejects(load(signedBundle, { trust: { keys: ['secret'] } }), { code: 'T6001' });
  });
}
