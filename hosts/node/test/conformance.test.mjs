// What the conformance runner writes of a decision: the record, and another text as soon as a member is not what was decided.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { load } from 'trutina';

import { EXACT, Exact, rebuilt } from '../../../bindings/js/conformance/rebuilt.mjs';
import { applicant, asOf, kinds, rating } from './common.mjs';

const whole = 9007199254740993n;
const facts = { whole, amount: '12.50', flag: true, note: 'a "b"\n\u2028é', kind: 'two', 开户日: '2026-02-28', loans: [{ balance: '1.10', due: asOf }] };

/** A decision of every type of output, and how it is written again. */
async function decided(exact) {
  const ruleset = await load({ files: kinds }, exact ? { decimal: EXACT } : {});
  const decision = ruleset.decide(facts, { asOf, trace: 'full' });
  assert.equal(decision.error, null);
  return { decision, again: (changed) => rebuilt({ ...decision, ...changed }, ruleset.describe(), exact) };
}

test('the members of a decision give its bytes, with texts and with a decimal type', async () => {
  for (const exact of [false, true]) {
    const { decision, again } = await decided(exact);
    assert.equal(again({}), decision.json());
    const ruleset = await load(rating, exact ? { decimal: EXACT } : {});
    for (const [given, trace] of [[applicant, 'full'], [applicant, 'none'], [{}, 'full']]) {
      const decision = ruleset.decide(given, { asOf, trace });
      assert.equal(rebuilt(decision, ruleset.describe(), exact), decision.json());
    }
  }
});

test('a wrong conversion is found', async () => {
  const { decision, again } = await decided(false);
  const outputs = (changed) => ({ outputs: { ...decision.outputs, ...changed } });
  const wrong = [
    outputs({ whole: Number(whole) }), outputs({ whole: String(whole) }), outputs({ whole: whole - 1n }),
    outputs({ amount: 12.5 }), outputs({ amount: '12.5' }), outputs({ amount: null }),
    outputs({ flag: 'true' }), outputs({ note: 'a' }), outputs({ kind: 1 }), outputs({ day: new Date(decision.outputs.day) }),
    outputs({ more: 1 }), { outputs: null }, { outputs: Object.fromEntries(Object.entries(decision.outputs).reverse()) },
    { reasons: [{ code: 'R1', text: {} }] }, { hits: [{ rule: 'K', effect: 'decline' }] }, { error: { code: 'T3001' } },
    { trace: null }, { as_of: '2026-12-01' }, { engine: decision.engine.slice(1) }, { ruleset: {} },
  ];
  for (const [index, changed] of wrong.entries()) assert.notEqual(again(changed), decision.json(), `change ${index}`);
});

test('a decimal that is not of the type of the program is found', async () => {
  const { decision, again } = await decided(true);
  assert.ok(decision.outputs.amount instanceof Exact);
  for (const amount of ['12.50', 12.5, new Exact('12.5')]) {
    assert.notEqual(again({ outputs: { ...decision.outputs, amount } }), decision.json());
  }
});
