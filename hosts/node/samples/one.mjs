// Decides about one applicant. Run from the root of the repository: node hosts/node/samples/one.mjs

import { readFile } from 'node:fs/promises';
import { load } from 'trutina';

const ruleset = await load('rulesets/retail-credit-rating');
const applicant = JSON.parse(await readFile('hosts/cli/samples/applicant.json', 'utf8'));

const { outputs, reasons } = ruleset.decide(applicant, { asOf: '2026-11-30' });
for (const name of ['outcome', 'score', 'grade', 'limit']) console.log(`${name}: ${outputs[name]}`);
for (const { code, points = '-', text } of reasons) console.log(`${code} ${points} ${text.en}`);
