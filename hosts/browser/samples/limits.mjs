// What is refused, and by which code. `cargo xtask browser --serve 8080` serves it under /samples/limits.html.

import { applicant, fetched, print, ruleset, run } from './page.mjs';
import { LoadError, load } from './trutina/browser.mjs';

const asOf = '2026-11-30';
const visitor = {
  amount: 5000, duration_months: 24, age: 34, employed: true, account_overdrawn: false,
  other_plans: false, owns_property: true, guarantor: false, co_applicant: false,
};

run(async () => {
  const rating = await ruleset('retail-credit-rating');
  const prescreening = await ruleset('retail-prescreening');
  const facts = await applicant();
  const refused = (asked, given, day = asOf) => asked.decide(given, { asOf: day }).error.code;

  print(`unknown fact: ${refused(rating, { ...facts, shoe_size: 43 })}`);
  print(`missing fact: ${refused(rating, { ...facts, housing: undefined })}`);
  print(`wrong type: ${refused(rating, { ...facts, age_in_years: '23' })}`);
  print(`integer beyond 64 bits: ${refused(rating, { ...facts, credit_amount: 2n ** 63n })}`);
  print(`unknown value: ${refused(rating, { ...facts, housing: 'castle' })}`);
  print(`out of range: ${refused(rating, { ...facts, age_in_years: 121 })}`);
  print(`too many digits: ${refused(prescreening, { ...visitor, monthly_income: '3200.005' })}`);
  print(`not in force: ${refused(rating, facts, '2025-12-31')}`);
  print(`mistake in the ruleset: ${await mistaken()}`);
});

/** A quotient that would truncate: the code and the place at which the ruleset is refused. */
async function mistaken() {
  const { files } = await (await fetched('retail-credit-rating.json')).json();
  files['rules.rhai'] = files['rules.rhai'].replace('f.monthly_principal > param(', 'f.amount / f.duration_months > param(');
  try {
    await load({ files });
    return 'the mistake was not found';
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    return `${error.code} ${error.at.file}:${error.at.line}:${error.at.column}`;
  }
}
