// A decision in words, in two languages, and what would change it; then the same for a program to read.
// `cargo xtask browser --serve 8080` serves it under /samples/explain.html.

import { applicant, print, ruleset, run } from './page.mjs';

const asOf = '2026-11-30';
const visitor = {
  amount: 12000, duration_months: 10, age: 34, employed: true, account_overdrawn: false,
  other_plans: false, owns_property: false, guarantor: false, co_applicant: false,
};
const step = ({ fact, from, to, unit }) => `${fact} ${from} -> ${to}${unit ? ` ${unit}` : ''}`;

run(async () => {
  const rating = await ruleset('retail-credit-rating');
  const facts = await applicant();
  for (const lang of ['en', 'zh-CN']) print(rating.explain(facts, { asOf, lang }).text);

  const prescreening = await ruleset('retail-prescreening');
  const { changes } = prescreening.explain(visitor, { asOf });
  print(`retail-prescreening: ${changes.status}, complete: ${changes.complete}`);
  for (const one of changes.single) print(`  ${step(one)}: ${one.outcome}`);
  for (const { facts: two, outcome } of changes.pairs) print(`  ${two.map(step).join(', ')}: ${outcome}`);
});
