const { FactsError, load, version } = require('trutina');
const runtime = require('trutina/runtime');
const { decided } = require('../shared.cjs');

const { RULESET, BUNDLE, DIGEST, FACTS, EXPECTED } = process.env;

test('the package decides', async () => {
  expect(decided({ FactsError, version }, await load(RULESET), FACTS)).toBe(EXPECTED);
});

test('its runtime decides a bundle', async () => {
  expect(decided(runtime, await runtime.load(BUNDLE, { trust: { digests: [DIGEST] } }), FACTS)).toBe(EXPECTED);
});
