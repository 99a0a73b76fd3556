// A decision in words, in two languages, and what would change it; then the same for a program to read.
// Run from the root of the repository: node hosts/node/samples/explain.mjs

import { readFile } from 'node:fs/promises';
import { load } from 'trutina';

const asOf = '2026-11-30';
const rating = await load('rulesets/retail-credit-rating');
const applicant = JSON.parse(await readFile('hosts/cli/samples/applicant.json', 'utf8'));
for (const lang of ['en', 'zh-CN']) console.log(rating.explain(applicant, { asOf, lang }).text);

const prescreening = await load('rulesets/retail-prescreening');
const visitor = {
  amount: 12000, duration_months: 10, age: 34, employed: true, account_overdrawn: false,
  other_plans: false, owns_property: false, guarantor: false, co_applicant: false,
};
const { changes } = prescreening.explain(visitor, { asOf });
const step = ({ fact, from, to, unit }) => `${fact} ${from} -> ${to}${unit ? ` ${unit}` : ''}`;
console.log(`retail-prescreening: ${changes.status}, complete: ${changes.complete}`);
for (const one of changes.single) console.log(`  ${step(one)}: ${one.outcome}`);
for (const { facts, outcome } of changes.pairs) console.log(`  ${facts.map(step).join(', ')}: ${outcome}`);
