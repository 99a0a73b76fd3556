// A decision in words, in two languages. Run from the root of the repository: node hosts/node/samples/explain.mjs

import { readFile } from 'node:fs/promises';
import { load } from 'trutina';

const ruleset = await load('rulesets/retail-credit-rating');
const applicant = JSON.parse(await readFile('hosts/cli/samples/applicant.json', 'utf8'));

const words = ['en', 'zh-CN'].map((lang) => ruleset.explain(applicant, { asOf: '2026-11-30', lang, changes: false }).text);
process.stdout.write(words.join('\n'));
