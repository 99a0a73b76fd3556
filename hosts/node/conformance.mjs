// Answers a file of cases as this host decides them, through its typed interface and as bytes.
// usage: node conformance.mjs CASES.ndjson ANSWERS.ndjson

import { readFile, writeFile } from 'node:fs/promises';

import { load } from 'trutina';

import { Runner } from '../../bindings/js/conformance/run.mjs';

const [cases, answers] = process.argv.slice(2);
if (answers === undefined) {
  console.error('usage: node conformance.mjs CASES.ndjson ANSWERS.ndjson');
  process.exit(2);
}
const told = [];
for await (const line of new Runner(load).answers((await readFile(cases, 'utf8')).split('\n'))) told.push(line);
await writeFile(answers, told.join(''));
