// Decides about the first 100 rows of a portfolio. `cargo xtask browser --serve 8080` serves it under /samples/batch.html.

import { fetched, print, ruleset, run } from './page.mjs';

run(async () => {
  const rating = await ruleset('retail-credit-rating');
  const { facts, outputs } = rating.describe();
  const [header, ...rows] = csv(await (await fetched('portfolio.csv')).text());
  const applicants = rows.slice(0, 100).map((row) =>
    Object.fromEntries(facts.map((fact) => [fact.source, typed(fact, row[header.indexOf(fact.source)])])));

  const decisions = rating.decideBatch(applicants, { asOf: '2026-11-30' });
  const counts = new Map(outputs.find(({ name }) => name === 'outcome').values.map((outcome) => [outcome, 0]));
  for (const { outputs: given, error } of decisions) {
    const what = error?.code ?? given.outcome;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  print(`${decisions.length} decisions`);
  for (const [what, count] of counts) print(`${what}: ${count}`);
});

/** An empty cell is missing; a decimal stays text, an integer is a BigInt so that no digit is lost. */
function typed({ type }, cell) {
  if (cell === '') return undefined;
  if (type === 'integer') return BigInt(cell);
  return type === 'boolean' ? cell === 'true' : cell;
}

/** RFC 4180, for a file that is known to be well formed. */
function csv(text) {
  const rows = [[]];
  for (const [, cell, end] of text.matchAll(/("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n)/g)) {
    rows.at(-1).push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end !== ',') rows.push([]);
  }
  return rows.slice(0, -1);
}
