// What is refused, and by which code: nothing that is wrong becomes a decision.
// Run from the root of the repository: node hosts/node/samples/limits.mjs

import { readFile } from 'node:fs/promises';
import { LoadError, load } from 'trutina';

const rating = await load('rulesets/retail-credit-rating');
const prescreening = await load('rulesets/retail-prescreening');
const applicant = JSON.parse(await readFile('hosts/cli/samples/applicant.json', 'utf8'));
const visitor = {
  amount: 5000, duration_months: 24, age: 34, employed: true, account_overdrawn: false,
  other_plans: false, owns_property: true, guarantor: false, co_applicant: false,
};
const asOf = '2026-11-30';
const refused = (ruleset, facts, day = asOf) => ruleset.decide(facts, { asOf: day }).error.code;

console.log(`unknown fact: ${refused(rating, { ...applicant, shoe_size: 43 })}`);
console.log(`missing fact: ${refused(rating, { ...applicant, housing: undefined })}`);
console.log(`wrong type: ${refused(rating, { ...applicant, age_in_years: '23' })}`);
console.log(`integer beyond 64 bits: ${refused(rating, { ...applicant, credit_amount: 2n ** 63n })}`);
console.log(`unknown value: ${refused(rating, { ...applicant, housing: 'castle' })}`);
console.log(`out of range: ${refused(rating, { ...applicant, age_in_years: 121 })}`);
console.log(`too many digits: ${refused(prescreening, { ...visitor, monthly_income: '3200.005' })}`);
console.log(`not in force: ${refused(rating, applicant, '2025-12-31')}`);
console.log(`mistake in the ruleset: ${await mistaken()}`);

/** A quotient that would truncate: the code and the place at which the ruleset is refused. */
async function mistaken() {
  const folder = 'rulesets/retail-credit-rating';
  const names = ['ruleset.toml', 'rules.rhai', 'application.scorecard.csv', 'master.scale.csv', 'limit.table.csv', 'reasons.csv'];
  const files = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(`${folder}/${name}`, 'utf8')])));
  files['rules.rhai'] = files['rules.rhai'].replace('f.monthly_principal > param(', 'f.amount / f.duration_months > param(');
  try {
    await load({ files });
    return 'the mistake was not found';
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    return `${error.code} ${error.at.file}:${error.at.line}:${error.at.column}`;
  }
}
