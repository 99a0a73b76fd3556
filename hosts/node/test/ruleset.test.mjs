import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import * as trutina from 'trutina';

import { applicant, asOf, kinds, packageFolder, rating, ratingFiles } from './common.mjs';

const { Decisions, LoadError, RequestError, TrutinaError, check, load, version } = trutina;
const ruleset = await load(rating);

/** The error that a call throws, or that its promise is rejected with. */
async function thrown(call) {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return assert.fail('nothing was thrown');
}

test('a ruleset says who it is', () => {
  assert.equal(ruleset.id, 'retail-credit-rating');
  assert.equal(ruleset.version, '1.0.0');
  assert.match(ruleset.digest, /^sha256:[0-9a-f]{64}$/);
});

test('a path, a URL and files are the same ruleset', async () => {
  const others = await Promise.all([
    load(pathToFileURL(rating)),
    load({ files: ratingFiles }),
    load({ files: Object.fromEntries(Object.entries(ratingFiles).map(([path, text]) => [path, Buffer.from(text)])) }),
    load({ files: { ...ratingFiles, 'rules.rhai': `\ufeff${ratingFiles['rules.rhai'].replaceAll('\n', '\r\n')}` } }),
  ]);
  for (const other of others) {
    assert.equal(other.digest, ruleset.digest);
    assert.equal(other.decide(applicant, { asOf }).json(), ruleset.decide(applicant, { asOf }).json());
  }
});

test('a decision is a frozen plain object, and its bytes are the record', () => {
  const decision = ruleset.decide(applicant, { asOf, trace: 'full' });
  assert.equal(Object.getPrototypeOf(decision), Object.prototype);
  assert.deepEqual(Object.keys(decision), ['ruleset', 'engine', 'as_of', 'outputs', 'reasons', 'hits', 'signals', 'actions', 'error', 'trace']);
  assert.equal(decision.engine, version);
  assert.equal(decision.outputs.outcome, 'decline');
  assert.throws(() => { decision.outputs.outcome = 'approve'; }, TypeError);
  assert.throws(() => { decision.reasons[0].text.en = ''; }, TypeError);
  assert.throws(() => { decision.trace.scorecards.length = 0; }, TypeError);
  assert.equal(JSON.stringify(decision), decision.json());
  assert.equal(Buffer.from(decision.bytes).toString('utf8'), decision.json());
  decision.bytes.fill(0);
  assert.equal(decision.bytes[0], 0x7b, 'bytes are a copy each time');
  assert.deepEqual(structuredClone(decision), JSON.parse(decision.json()));
});

test('the trace changes nothing else', () => {
  const [none, reasons, full] = ['none', 'reasons', 'full'].map((trace) => ruleset.decide(applicant, { asOf, trace }));
  assert.equal(none.trace, null);
  assert.notEqual(reasons.trace, null);
  assert(full.json().length > reasons.json().length);
  const bare = ({ trace, ...rest }) => JSON.stringify(rest);
  assert.equal(bare(full), bare(none));
  assert.equal(ruleset.decide(applicant, { asOf }).json(), none.json());
});

test('a batch gives a decision per row, and a bad row stops none', () => {
  const rows = [applicant, { ...applicant, age_in_years: 'old' }, {}, applicant];
  const decisions = ruleset.decideBatch(rows, { asOf });
  assert(decisions instanceof Decisions);
  assert.equal(decisions.length, 4);
  assert.deepEqual([...decisions].map(({ error }) => error?.code ?? null), [null, 'T3006', 'T3005', null]);
  assert.equal(decisions.toArray()[3].json(), decisions.at(0).json());
  assert.equal(decisions.at(-1).json(), decisions.at(3).json());
  assert.equal(decisions.at(4), undefined);
  assert.equal(decisions.at(-5), undefined);
  const text = rows.map((row) => JSON.stringify(row)).join('\n');
  for (const same of [`${text}\n`, text, text.replaceAll('\n', '\r\n'), Buffer.from(text), rows.values()]) {
    assert.equal(ruleset.decideBatch(same, { asOf }).json(), decisions.json());
  }
  assert.deepEqual(Buffer.from(decisions.bytes).toString('utf8'), decisions.json());
});

test('no rows are no decisions', () => {
  for (const none of [[], '', '\n']) {
    const decisions = ruleset.decideBatch(none, { asOf });
    assert.equal(decisions.length, 0);
    assert.equal(decisions.bytes.length, 0);
    assert.deepEqual([...decisions], []);
  }
});

test('a large batch crosses in pieces and comes out the same', () => {
  const line = JSON.stringify({ ...applicant, note: 'x'.repeat(200_000) });
  const good = JSON.stringify(applicant);
  const rows = Array.from({ length: 150 }, (_, row) => (row % 3 === 0 ? good : row === 148 ? '' : line));
  const decisions = ruleset.decideBatch(rows.join('\n'), { asOf });
  assert.equal(decisions.length, rows.length);
  const one = ruleset.decide(good, { asOf }).json();
  [...decisions].forEach((decision, row) => {
    if (row % 3 === 0) assert.equal(decision.json(), one);
    else assert.equal(decision.error.code, row === 148 ? 'T3001' : 'T3004');
  });
});

test('describe tells facts and outputs, frozen', () => {
  const description = ruleset.describe();
  assert.equal(description.facts[0].source, 'age_in_years');
  assert.equal(description.outputs[0].name, 'outcome');
  assert.equal(description.schema.type, 'object');
  assert(Object.isFrozen(description.facts[0].label));
});

test('explain words the decision', () => {
  assert.match(ruleset.explain(applicant, { asOf }).text, /Declined\./);
  assert.match(ruleset.explain(applicant, { asOf, lang: 'zh-CN' }).text, /审批拒绝/);
  assert.equal(ruleset.explain(JSON.stringify(applicant), { asOf }).text, ruleset.explain(applicant, { asOf }).text);
});

test('check reports what is wrong, and what is worth a look', async () => {
  const good = await check(rating);
  assert.equal(good.ok, true);
  assert.equal(good.digest, ruleset.digest);
  const bad = await check({ files: { ...ratingFiles, 'rules.rhai': ratingFiles['rules.rhai'].replace('f.', 'f.un') } });
  assert.equal(bad.ok, false);
  assert(bad.diagnostics.some(({ severity, file, line }) => severity === 'error' && file === 'rules.rhai' && line > 0));
});

test('a ruleset that does not load is a LoadError with every diagnostic', async () => {
  const error = await thrown(() => load({ files: { ...ratingFiles, 'rules.rhai': 'oops(' } }));
  assert(error instanceof LoadError && error instanceof TrutinaError && error instanceof Error);
  assert(!(error instanceof RequestError));
  assert.equal(error.code, 'T1401');
  assert.equal(error.name, 'rhai-syntax');
  assert.deepEqual(error.at, { file: 'rules.rhai', line: 1, column: 6 });
  assert.equal(error.message, error.diagnostics[0].message);
  assert.match(error.stack, /^LoadError: T1401 rhai-syntax: rules\.rhai:1:6: \S/);
});

test('what cannot be read is a LoadError', async () => {
  assert.equal((await thrown(() => load('no/such/folder'))).code, 'T1001');
  assert.match((await thrown(() => load(packageFolder))).message, /neither ruleset\.toml nor rules\.rhai/);
  const error = await thrown(() => load({ files: { ...ratingFiles, 'reasons.csv': Buffer.from([0xd5, 0xd0]) } }));
  assert(error instanceof LoadError);
  assert.equal(error.code, 'T1002');
  assert.equal(error.diagnostics[0].file, 'reasons.csv');
  assert.match(error.diagnostics[0].help, /GB18030/);
});

test('what is no ruleset at all is a RequestError', async () => {
  for (const source of [{}, null, 7, { files: null }, { files: { 'ruleset.toml': 7 } }]) {
    assert((await thrown(() => load(source))) instanceof RequestError);
  }
});

test('asOf is a day as text, and never guessed', () => {
  for (const options of [undefined, {}, { asOf: new Date() }, { asOf: null }, { asOf: '2026-13-01' }, { asOf: '30.11.2026' }]) {
    for (const ask of [() => ruleset.decide(applicant, options), () => ruleset.decideBatch([applicant], options), () => ruleset.explain(applicant, options)]) {
      assert.throws(ask, { code: 'T6001', at: { pointer: '/as_of' } });
    }
  }
  assert.throws(() => ruleset.decide(applicant, { asOf, trace: 'all' }), { code: 'T6001', at: { pointer: '/trace' } });
  assert.throws(() => ruleset.explain(applicant, { asOf, lang: 'de' }), { code: 'T6001', at: { pointer: '/lang' } });
});

test('a ruleset that was unloaded answers no more', async () => {
  const short = await load({ files: kinds });
  assert.equal(short.decide({}, { asOf }).error, null);
  short.unload();
  short.unload();
  for (const ask of [() => short.decide({}, { asOf }), () => short.decideBatch([{}], { asOf }), () => short.describe(), () => short.explain({}, { asOf }), () => short.handle]) {
    assert.throws(ask, (error) => error instanceof RequestError && error.code === 'T6002');
  }
});

test('disposal unloads', { skip: Symbol.dispose === undefined }, async () => {
  const short = await load({ files: kinds });
  short[Symbol.dispose]();
  assert.throws(() => short.describe(), { code: 'T6002' });
});

test('many rulesets live beside each other', async () => {
  const some = await Promise.all(Array.from({ length: 20 }, () => load({ files: kinds })));
  some.forEach((one, at) => assert.equal(one.decide({ whole: at }, { asOf }).outputs.whole, at));
  some.slice(0, 10).forEach((one) => one.unload());
  some.slice(10).forEach((one) => assert.equal(one.decide({ whole: 7 }, { asOf }).outputs.whole, 7));
});

test('require and import give the same things', () => {
  const required = createRequire(import.meta.url)('trutina');
  assert.deepEqual(Object.keys(required).sort(), Object.keys(trutina).filter((name) => name !== 'default').sort());
  for (const name of Object.keys(required)) assert.equal(required[name], trutina[name], name);
});

test('an error is an instance of its class in another copy of the package, too', async () => {
  const browser = await import(pathToFileURL(join(packageFolder, 'browser.mjs')));
  const error = await thrown(() => load({ files: { ...ratingFiles, 'rules.rhai': 'oops(' } }));
  assert.notEqual(browser.LoadError, LoadError);
  assert(error instanceof browser.LoadError && error instanceof browser.TrutinaError);
  assert(!(error instanceof browser.FactsError));
});
