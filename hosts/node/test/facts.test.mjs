import assert from 'node:assert/strict';
import { test } from 'node:test';
import vm from 'node:vm';

import Decimal from 'decimal.js';
import { FactsError, load } from 'trutina';

import { applicant, asOf, kinds, rating } from './common.mjs';

const decimal = { from: (text) => new Decimal(text), to: (value) => (Decimal.isDecimal(value) ? value.toFixed() : undefined) };
const ruleset = await load({ files: kinds });
const withDecimals = await load({ files: kinds }, { decimal });
const decide = (facts) => ruleset.decide(facts, { asOf });
const outputs = (facts) => {
  const { outputs, error } = decide(facts);
  assert.equal(error, null);
  return outputs;
};

class Money {
  constructor(cents) {
    this.cents = cents;
  }
}

test('what could lose something is refused', () => {
  const cycle = {};
  cycle.self = cycle;
  const cases = [
    [{ whole: 2 ** 53 }, '/whole', /last digits.*BigInt/],
    [{ whole: -(2 ** 53) }, '/whole', /BigInt/],
    [{ whole: Number.NaN }, '/whole', /NaN/],
    [{ whole: new Money(1) }, '/whole', /Money.*number or a BigInt/],
    [{ amount: 0.1 }, '/amount', /text: "0\.1"/],
    [{ amount: 0.1 + 0.2 }, '/amount', /0\.30000000000000004/],
    [{ amount: 1e21 }, '/amount', /last digits/],
    [{ amount: Number.POSITIVE_INFINITY }, '/amount', /Infinity/],
    [{ amount: new Decimal('1') }, '/amount', /Decimal.*text.*`decimal`/],
    [{ amount: new Date(0) }, '/amount', /Date/],
    [{ amounts: ['1', 0.5] }, '/amounts/1', /text: "0\.5"/],
    [{ amounts: ['1', undefined] }, '/amounts/1', /undefined/],
    [{ amounts: ['1', , '2'] }, '/amounts/1', /undefined/],
    [{ loans: [{ balance: 1.5, due: '2026-01-01' }] }, '/loans/0/balance', /text: "1\.5"/],
    [{ loans: [{ balance: '1', due: new Date(0) }] }, '/loans/0/due', /Date.*2026-11-30/],
    [{ balances: [{ date: '2026-01-31', value: 0.25 }] }, '/balances/0/value', /text/],
    [{ balances: [{ date: new Date(0), value: '1' }] }, '/balances/0/date', /Date/],
    [{ 开户日: new Date() }, '/开户日', /Date.*2026-11-30/],
    [{ 开户日: vm.runInNewContext('new Date(0)') }, '/开户日', /Date/],
    [{ note: new Date() }, '/note', /time zone/],
    [{ note: () => 'text' }, '/note', /function/],
    [{ note: Symbol('text') }, '/note', /symbol/],
    [{ note: new Map() }, '/note', /Map/],
    [{ 'a/b~c': new Set() }, '/a~1b~0c', /Set/],
    [{ unknown: cycle }, `/unknown${'/self'.repeat(100)}`, /holds itself/],
    [[], '', /list/],
    [new Map(), '', /Map/],
    [null, '', /null/],
    [7, '', /number 7/],
  ];
  for (const [facts, pointer, message] of cases) {
    for (const ask of [() => decide(facts), () => ruleset.explain(facts, { asOf }), () => ruleset.decideBatch([facts], { asOf })]) {
      assert.throws(ask, (error) => {
        assert(error instanceof FactsError);
        assert.equal(error.code, 'T6021');
        assert.equal(error.name, 'host-value');
        assert.deepEqual(error.at, { pointer });
        assert.match(error.message, message);
        return true;
      });
    }
  }
});

test('a refusal in a batch names the row, and nothing is decided', () => {
  assert.throws(() => ruleset.decideBatch([{}, { amount: '1' }, { amount: 0.1 }], { asOf }), { row: 2, message: /^row 2: / });
});

test('what loses nothing comes through', () => {
  assert.equal(outputs({ whole: 9007199254740991 }).whole, 9007199254740991);
  assert.equal(outputs({ whole: 9007199254740993n }).whole, 9007199254740993n);
  assert.equal(outputs({ whole: -(2n ** 63n) }).whole, -(2n ** 63n));
  assert.equal(outputs({ whole: 42n }).whole, 42);
  assert.equal(outputs({ whole: -0 }).whole, 0);
  assert.equal(outputs({ amount: '0.10' }).amount, '0.10');
  assert.equal(outputs({ amount: 3200 }).amount, '3200.00');
  assert.equal(outputs({ amount: 79228162514264337593n }).amount, '79228162514264337593.00');
  assert.equal(outputs({ flag: false }).flag, false);
  assert.equal(outputs({ note: '注意 "x" \\ \u0001 😀' }).note, '注意 "x" \\ \u0001 😀');
  assert.equal(outputs({ note: '\0mark' }).note, '\0mark');
  assert.equal(outputs({ 开户日: '2024-02-29' }).day, '2024-02-29');
  assert.equal(outputs({ 开户日: { [Symbol.toStringTag]: 'Temporal.PlainDate', __proto__: { __proto__: {}, toString: () => '2024-02-29' } } }).day, '2024-02-29');
  assert.equal(outputs({ loans: [{ balance: '0.10', due: '2026-01-01' }, { balance: '0.20', due: '2026-01-01' }] }).total, '0.30');
  assert.equal(outputs({ loans: [Object.assign(new Money(), { cents: undefined, balance: '7', due: '2026-01-01' })] }).total, '7.00');
  assert.equal(outputs({ whole: undefined }).whole, null);
  assert.equal(outputs({ whole: null }).whole, null);
  assert.equal(outputs(Object.create(null)).whole, null);
  assert.equal(outputs(vm.runInNewContext('({ whole: 5 })')).whole, 5);
});

test('long integers beside strings that look like them', () => {
  const { whole, note } = outputs({ whole: 9007199254740993n, note: '\0\0"9007199254740993" 9007199254740995' });
  assert.equal(whole, 9007199254740993n);
  assert.equal(note, '\0\0"9007199254740993" 9007199254740995');
});

test('what is wrong as data is an error of the decision', () => {
  const code = (facts) => decide(facts).error.code;
  assert.equal(code({ whole: '23' }), 'T3006');
  assert.equal(code({ whole: 1.5 }), 'T3006');
  assert.equal(code({ whole: { nested: [1] } }), 'T3006');
  assert.equal(code({ whole: 2n ** 63n }), 'T3012');
  assert.equal(code({ loans: [null] }), 'T3005');
  assert.equal(code({ loans: null, amounts: 'many' }), 'T3006');
  assert.equal(code({ loans: [[]] }), 'T3006');
  assert.equal(code({ balances: 7 }), 'T3006');
  assert.equal(code({ amount: '0.125' }), 'T3007');
  assert.equal(code({ amount: 'abc' }), 'T3006');
  assert.equal(code({ amount: '' }), 'T3006');
  assert.equal(code({ kind: 'three' }), 'T3009');
  assert.equal(code({ 开户日: '2026-02-30' }), 'T3010');
  assert.equal(code({ 开户日: '2026-02-03T00:00:00Z' }), 'T3011');
  assert.equal(code({ shoe_size: 0.5 }), 'T3004');
  assert.equal(code({ note: '\ud800' }), 'T3001');
});

test("the caller's decimal type goes in and comes out", () => {
  const facts = { amount: new Decimal('79228162514264337593543.95'), loans: [{ balance: new Decimal('0.1'), due: '2026-01-01' }] };
  const { outputs } = withDecimals.decide(facts, { asOf });
  assert(Decimal.isDecimal(outputs.amount));
  assert.equal(outputs.amount.toFixed(2), '79228162514264337593543.95');
  assert.equal(outputs.total.plus('0.2').toFixed(2), '0.30');
  assert(!Object.isFrozen(outputs.amount), "the caller's objects are theirs");
  assert(Object.isFrozen(outputs));
  assert.equal(withDecimals.decide({ amount: '1' }, { asOf }).outputs.amount.toFixed(2), '1.00');
  assert.equal(withDecimals.decide({}, { asOf }).outputs.amount, null);
  assert.throws(() => withDecimals.decide({ amount: new Money(5) }, { asOf }), { code: 'T6021', message: /does not know it/ });
  assert.throws(() => withDecimals.decide({ amount: 0.5 }, { asOf }), { code: 'T6021' });
});

test('typed facts, text and bytes give the same bytes', async () => {
  const full = await load(rating);
  const ask = { asOf, trace: 'full' };
  const typed = full.decide(applicant, ask);
  const text = JSON.stringify(applicant, null, 2);
  assert.equal(full.decide(text, ask).json(), typed.json());
  assert.equal(full.decide(text.replaceAll('\n', '\r\n'), ask).json(), typed.json());
  assert.equal(full.decide(new TextEncoder().encode(text), ask).json(), typed.json());
  assert.deepEqual(full.decide(text, ask).bytes, typed.bytes);
  assert.equal(full.decideBatch([applicant], ask).json(), `${typed.json()}\n`);
});

test('text that is no JSON is an error of the decision, with its place', () => {
  for (const [text, place] of [['{"whole":', /line 1, column 10/], ['{\n  "whole": oops\n}', /line 2, column 12/], ['{\r\n"note": "a\nb"}', /line 2, column 11/]]) {
    const { error } = decide(text);
    assert.equal(error.code, 'T3001');
    assert.match(error.message, place);
  }
  assert.equal(decide('{"whole":1,"whole":1}').error.code, 'T3003');
  assert.equal(decide('{}},"trace":"full"').error.code, 'T3001');
  assert.equal(decide(new Uint8Array([0x7b, 0xff])).error.code, 'T3001');
  assert.throws(() => ruleset.explain('{}},"lang":"zh-CN"', { asOf }), { code: 'T6001' });
});
