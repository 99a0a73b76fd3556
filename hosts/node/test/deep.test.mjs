// The deepest sources that load, on the stack that V8 gives: they load, decide, trace and explain, and one level more is refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';

import { LoadError, load } from 'trutina';

const MANIFEST = `language = 1
id = "deep"
version = "1"
[facts.x]
type = "integer"
min = 0
max = 1000
actionable = "any"
[outputs]
y = { type = "integer" }
outcome = { type = "enum", values = ["approve", "decline"] }
`;

const decides = (value) => `fn decide(f, hits) { let v = ${value}; #{ y: v, outcome: if v > 900 { "approve" } else { "decline" } } }\n`;
const nested = (open, close) => (depth) => decides(open.repeat(depth) + 'f.x' + close.repeat(depth));
const joined = (first, each, last) => (depth) =>
  decides(first + Array.from({ length: depth }, (_, at) => each.replaceAll('#', 2000 + at)).join('') + last);

/** Declarations of which each uses the next one: `#` is its number, `@` the next. */
const chain = (each, last, value) => (depth) =>
  [...Array.from({ length: depth }, (_, at) => each.replaceAll('#', at).replaceAll('@', at + 1)), last.replaceAll('#', depth), decides(value)].join('\n');
const derived = (each) => chain(`derive("d#", |f| ${each});`, 'derive("d#", |f| f.x);', 'f.d0');
const functions = (each) => chain(`fn g#(x) { ${each} }`, 'fn g#(x) { x }', 'g0(f.x)');

const FORMS = {
  brackets: nested('(', ')'),
  'sums in brackets': nested('(1 + ', ')'),
  calls: nested('max(1, ', ')'),
  branches: nested('if f.x > 1 { ', ' } else { 2 }'),
  switches: nested('switch f.x { 1 => 2, _ => ', ' }'),
  lists: nested('[', '].len()'),
  'a sum': joined('f.x', ' + 1', ''),
  'else if': joined('', 'if f.x == # { # } else ', '{ f.x }'),
  and: joined('if f.x != 1', ' && f.x != #', ' { f.x } else { 2 }'),
  'derived facts': derived('f.d@'),
  'derived branches': derived('if f.x > 2000 { 0 } else { f.d@ }'),
  'derived lists': derived('[1, 2].map(|a| a + f.d@).min() ?? 0'),
  functions: functions('g@(x)'),
  'branches of functions': functions('if x > 2000 { 0 } else { g@(x) }'),
};

/** The ruleset, or nothing if the engine refuses it as too deep; whatever else happens is thrown. */
async function loaded(rules) {
  try {
    return await load({ files: { 'ruleset.toml': MANIFEST, 'rules.rhai': rules } });
  } catch (error) {
    if (error instanceof LoadError && (error.code === 'T1407' || error.code === 'T5004')) return null;
    throw error;
  }
}

/** The greatest depth that loads. */
async function deepest(form) {
  let [loads, refused] = [1, 700];
  while (refused - loads > 1) {
    const middle = (loads + refused) >> 1;
    const ruleset = await loaded(form(middle));
    ruleset?.unload();
    if (ruleset === null) refused = middle;
    else loads = middle;
  }
  return loads;
}

async function everything(form) {
  const depth = await deepest(form);
  const ruleset = await loaded(form(depth));
  assert.equal(await loaded(form(depth + 1)), null);
  for (const trace of ['none', 'reasons', 'full']) {
    const { error, outputs } = ruleset.decide({ x: 7 }, { asOf: '2026-11-30', trace });
    assert.equal(error, null);
    assert.equal(outputs.outcome, 'decline');
  }
  const { text, changes } = ruleset.explain({ x: 7 }, { asOf: '2026-11-30', lang: 'en' });
  assert.match(text, /Declined\./);
  assert.notEqual(changes.status, 'not_decided');
  ruleset.unload();
  return depth;
}

async function all() {
  const depths = {};
  for (const [name, form] of Object.entries(FORMS)) depths[name] = await everything(form);
  return depths;
}

if (isMainThread) {
  test('the deepest sources do everything on the main thread, and the same in a worker', async () => {
    const here = await all();
    assert.ok(here['a sum'] > 100 && here.functions > 30 && here['derived facts'] > 500, JSON.stringify(here));
    const worker = new Worker(new URL(import.meta.url));
    const there = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    assert.deepEqual(there, here);
  });
} else {
  parentPort.postMessage(await all());
}
