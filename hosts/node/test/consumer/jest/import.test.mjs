import { FactsError, load, version } from 'trutina';
import * as inline from 'trutina/inline';
import * as runtime from 'trutina/runtime';
import { decided } from '../shared.cjs';

const { RULESET, BUNDLE, DIGEST, FACTS, EXPECTED } = process.env;

test('the package decides', async () => {
  expect(decided({ FactsError, version }, await load(RULESET), FACTS)).toBe(EXPECTED);
});

test('its runtime decides a bundle', async () => {
  expect(decided(runtime, await runtime.load(BUNDLE, { trust: { digests: [DIGEST] } }), FACTS)).toBe(EXPECTED);
});

test('the module inside the script decides', async () => {
  const { readFile } = await import('node:fs/promises');
  expect(decided(inline, await inline.load(await readFile(BUNDLE)), FACTS)).toBe(EXPECTED);
});
