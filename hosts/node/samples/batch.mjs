// Decides about the first 100 rows of a portfolio. Run from the root of the repository: node hosts/node/samples/batch.mjs

import { readFile } from 'node:fs/promises';
import { load } from 'trutina';

const ruleset = await load('rulesets/retail-credit-rating');
const { facts, outputs } = ruleset.describe();

const [header, ...rows] = csv(await readFile('rulesets/retail-credit-rating/portfolio.csv', 'utf8'));
const applicants = rows.slice(0, 100).map((row) =>
  Object.fromEntries(facts.map((fact) => [fact.source, typed(fact, row[header.indexOf(fact.source)])])));

const counts = new Map(outputs.find(({ name }) => name === 'outcome').values.map((outcome) => [outcome, 0]));
let decided = 0;
for (const { outputs, error } of ruleset.decideBatch(applicants, { asOf: '2026-11-30' })) {
  const what = error?.code ?? outputs.outcome;
  counts.set(what, (counts.get(what) ?? 0) + 1);
  decided += 1;
}
console.log(`${decided} decisions`);
for (const [what, count] of counts) console.log(`${what}: ${count}`);

/** An empty cell is missing; a decimal stays text, an integer is a BigInt so that no digit is lost. */
function typed({ type }, cell) {
  if (cell === '') return undefined;
  if (type === 'integer') return BigInt(cell);
  return type === 'boolean' ? cell === 'true' : cell;
}

/** RFC 4180, for a file that is known to be well formed. */
function csv(text) {
  const cells = [...text.matchAll(/("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n)/g)];
  const rows = [[]];
  for (const [, cell, end] of cells) {
    rows.at(-1).push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end !== ',') rows.push([]);
  }
  return rows.slice(0, -1);
}
