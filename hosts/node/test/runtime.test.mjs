import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import * as trutina from 'trutina';
import * as runtime from 'trutina/runtime';
import * as inline from 'trutina/runtime/inline';
import * as slim from 'trutina/runtime/slim';

import { applicant, asOf, bundle, digestOf, packageFolder, prescreening, rating, ratingBundle, ratingFiles, visitor } from './common.mjs';

const { FactsError, LoadError } = trutina;
const wasm = await readFile(join(packageFolder, 'trutina-runtime.wasm'));
const bytes = await readFile(ratingBundle);
const trust = { digests: [digestOf(ratingBundle)] };
const pairs = [
  [await trutina.load(rating), await runtime.load(ratingBundle, { trust }), applicant],
  [await trutina.load(prescreening), await runtime.load(bundle, { trust: { digests: [digestOf(bundle)] } }), visitor],
];
const expected = pairs[0][0].decide(applicant, { asOf, trace: 'full' }).json();

/** The applicants of the sample portfolio, whose CSV is known to be well formed. */
async function portfolio(facts) {
  const text = await readFile(join(rating, 'portfolio.csv'), 'utf8');
  const rows = [[]];
  for (const [, cell, end] of text.matchAll(/("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n)/g)) {
    rows.at(-1).push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end !== ',') rows.push([]);
  }
  const [header, ...lines] = rows.slice(0, -1);
  const typed = ({ type }, cell) => (cell === '' ? undefined : type === 'integer' ? BigInt(cell) : type === 'boolean' ? cell === 'true' : cell);
  return lines.map((line) => Object.fromEntries(facts.map((fact) => [fact.source, typed(fact, line[header.indexOf(fact.source)])])));
}

test('the thousand applicants of the portfolio get the same bytes from a bundle as from its ruleset', async () => {
  const [[full, small]] = pairs;
  const applicants = await portfolio(full.describe().facts);
  assert.equal(applicants.length, 1000);
  for (const trace of ['none', 'full']) {
    const decisions = small.decideBatch(applicants, { asOf, trace });
    assert.deepEqual(decisions.bytes, full.decideBatch(applicants, { asOf, trace }).bytes);
    assert.equal(decisions.toArray().filter(({ error }) => error !== null).length, 0);
  }
  for (const facts of applicants.slice(0, 100)) assert.equal(small.decide(facts, { asOf }).json(), full.decide(facts, { asOf }).json());
});

test('everything else that a ruleset does is the same', () => {
  for (const [full, small, facts] of pairs) {
    const bad = [{}, { ...facts, shoe_size: 1 }, { ...facts, [Object.keys(facts)[0]]: 'oops' }];
    for (const each of [facts, ...bad]) {
      for (const trace of ['none', 'reasons', 'full']) assert.equal(small.decide(each, { asOf, trace }).json(), full.decide(each, { asOf, trace }).json());
    }
    assert.deepEqual(small.describe(), full.describe());
    for (const lang of ['en', 'zh-CN']) assert.deepEqual(small.explain(facts, { asOf, lang }), full.explain(facts, { asOf, lang }));
    assert.deepEqual([small.id, small.version, small.digest], [full.id, full.version, full.digest]);
    const ndjson = `${JSON.stringify(facts)}\n{"no json\n\n{}\n`;
    assert.equal(small.decideBatch(ndjson, { asOf }).json(), full.decideBatch(ndjson, { asOf }).json());
    for (const options of [{}, { asOf: 'today' }, { asOf, trace: 'all' }]) assert.throws(() => small.decide(facts, options), { code: 'T6001' });
  }
  assert.throws(() => pairs[1][1].decide({ monthly_income: 0.1 }, { asOf }), (error) => error instanceof FactsError && error.code === 'T6021');
});

test('sources are refused, with what to do', async () => {
  const { check, load } = runtime;
  for (const ask of [() => load(rating), () => load(join(rating, 'rules.rhai')), () => load({ files: ratingFiles }), () => check(rating)]) {
    await assert.rejects(ask, (error) => {
      assert(error instanceof LoadError);
      assert.deepEqual([error.code, error.name], ['T6004', 'no-parser']);
      assert.match(error.message, /pack the ruleset into a bundle/);
      return true;
    });
  }
});

test('a bundle is taken on the word of somebody who is trusted, and whole', async () => {
  const help = (error) => error instanceof LoadError && error.code === 'T6007' && /`trutina pack` printed/.test(error.diagnostics[0].help);
  await assert.rejects(runtime.load(ratingBundle), help);
  await assert.rejects(runtime.load(ratingBundle, { trust: { digests: [digestOf(bundle)] } }), help);
  await assert.rejects(runtime.load(ratingBundle, { trust: { digests: [pairs[0][0].digest] } }), help, "the ruleset's digest is not the bundle's");
  for (const at of [20, bytes.length >> 1, bytes.length - 1]) {
    const changed = Uint8Array.from(bytes);
    changed[at] ^= 1;
    await assert.rejects(runtime.load(changed, { trust }), LoadError);
  }
  assert.equal((await runtime.check(ratingBundle, { trust })).digest, pairs[0][0].digest);
  assert.equal((await runtime.check(ratingBundle)).diagnostics[0].code, 'T6007');
});

test('a bundle comes as a path, a URL, bytes, a Blob, a Response', async () => {
  for (const source of [pathToFileURL(ratingBundle), bytes, new Blob([bytes]), new Response(bytes)]) {
    assert.equal((await runtime.load(source, { trust })).decide(applicant, { asOf, trace: 'full' }).json(), expected);
  }
});

test('it has the exports of the main entry, and shares all but the module', () => {
  const required = createRequire(import.meta.url)('trutina/runtime');
  const own = ['check', 'init', 'integrity', 'load'];
  assert.deepEqual(Object.keys(runtime).sort(), Object.keys(trutina).sort());
  for (const name of Object.keys(trutina)) {
    assert.equal(runtime[name] === trutina[name], !own.includes(name), name);
    assert.equal(required[name], runtime[name], name);
  }
  assert.deepEqual([Object.keys(inline).sort(), Object.keys(slim).sort()], [Object.keys(runtime).sort(), Object.keys(runtime).filter((name) => !['check', 'load'].includes(name)).sort()]);
});

test('integrity is the hash of its module', async () => {
  const hash = `sha256-${createHash('sha256').update(wasm).digest('base64')}`;
  for (const { integrity } of [runtime, inline, slim]) assert.equal(integrity, hash);
  await runtime.init({ integrity: hash });
  await assert.rejects(runtime.init({ integrity: trutina.integrity }), /another hash/);
});

test('the slim and the inline twin decide', async () => {
  const engine = await slim.init(wasm, { integrity: slim.integrity });
  await inline.init({ integrity: inline.integrity });
  for (const ruleset of [engine.load(bytes, { trust }), await inline.load(bytes, { trust })]) {
    assert.equal(ruleset.decide(applicant, { asOf, trace: 'full' }).json(), expected);
  }
  assert.throws(() => engine.load({ files: ratingFiles }), { code: 'T6004' });
  await assert.rejects(inline.load({ files: ratingFiles }), { code: 'T6004' });
});

test('no file of one entry point leads to the module of another', async () => {
  const reach = async (name, seen = new Set()) => {
    if (seen.has(name)) return seen;
    seen.add(name);
    if (!name.endsWith('.mjs')) return seen;
    const text = await readFile(join(packageFolder, name), 'utf8');
    for (const [, next] of text.matchAll(/(?:\bfrom |\bnew URL\()'\.\/([\w.-]+)'/g)) await reach(next, seen);
    return seen;
  };
  const modules = async (name) => [...(await reach(name))].filter((one) => /wasm|packed/.test(one));
  assert.deepEqual(await modules('browser.mjs'), ['trutina.wasm']);
  assert.deepEqual(await modules('runtime.mjs'), ['trutina-runtime.wasm']);
  assert.deepEqual(await modules('inline.mjs'), ['packed.mjs']);
  assert.deepEqual(await modules('runtime-inline.mjs'), ['runtime-packed.mjs']);
  for (const name of ['slim.mjs', 'runtime-slim.mjs']) assert.deepEqual(await modules(name), []);
});
