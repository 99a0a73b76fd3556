// Decides about one applicant, in TypeScript: the types of facts and outputs are named once, and the compiler checks both sides.
// `cargo xtask node` compiles and runs it; from the root of the repository: node one.mjs, once `tsc` has made that of it.

import { readFile } from 'node:fs/promises';
import { type Decision, load } from 'trutina';

interface Applicant {
  age_in_years: number;
  housing: 'own' | 'rent' | 'for free';
  credit_amount: number;
  [other: string]: string | number;
}

interface Rating {
  outcome: 'approve' | 'refer' | 'decline';
  score: number;
  grade: string;
  limit: string | null;
}

const ruleset = await load<Applicant, Rating>('rulesets/retail-credit-rating');
const applicant = JSON.parse(await readFile('hosts/cli/samples/applicant.json', 'utf8')) as Applicant;

const { outputs, reasons, error }: Decision<Rating> = ruleset.decide(applicant, { asOf: '2026-11-30' });
if (outputs === null) throw new Error(`${error?.code}: ${error?.message}`);
for (const name of ['outcome', 'score', 'grade', 'limit'] as const) console.log(`${name}: ${outputs[name]}`);
for (const { code, points = '-', text } of reasons) console.log(`${code} ${points} ${text['en']}`);
