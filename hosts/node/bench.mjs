// Times decisions over the sample portfolio: 100,000 rows as one batch of NDJSON, and single requests. The requests are bytes
// that any host can send. usage: node bench.mjs [ROWS] [ROUNDS]     prints JSON on one line, times in nanoseconds per row

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

import { load } from 'trutina';

const [DECIDE, DECIDE_BATCH] = [3, 4];
const [rows = 100_000, rounds = 5] = process.argv.slice(2).map(Number);
const rating = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..', '..', 'rulesets', 'retail-credit-rating');
const asOf = '2026-11-30';
const encoder = new TextEncoder();

const ruleset = await load(rating);
const portfolio = csv(await readFile(join(rating, 'portfolio.csv'), 'utf8'));
const facts = Array.from({ length: rows }, (_, row) => portfolio[row % portfolio.length]);
const lines = facts.map((row) => JSON.stringify(row));
const header = `{"handle":${ruleset.handle},"as_of":"${asOf}","rows":${rows},"format":"ndjson"}`;
const batch = encoder.encode(`${header}\n${lines.join('\n')}\n`);
const singles = lines.map((line) => encoder.encode(`{"handle":${ruleset.handle},"as_of":"${asOf}","facts":${line}}`));

const ndjson = lines.join('\n');
let answer;
const work = {
  batch_bytes: () => (answer = ruleset.call(DECIDE_BATCH, batch)),
  single_bytes: () => singles.forEach((request) => ruleset.call(DECIDE, request)),
  typed_batch: () => { for (const decision of ruleset.decideBatch(facts, { asOf })) if (decision.error !== null) throw new Error(decision.json()); },
  text_batch: () => ruleset.decideBatch(ndjson, { asOf }),
  typed_single: () => facts.forEach((row) => ruleset.decide(row, { asOf })),
};
const nanoseconds = Object.fromEntries(Object.keys(work).map((name) => [name, []]));
for (let round = 0; round < rounds; round += 1) {
  for (const [name, run] of Object.entries(work)) {
    const start = performance.now();
    run();
    nanoseconds[name].push(Math.round(((performance.now() - start) * 1e6) / rows));
  }
}
const best = Object.fromEntries(Object.entries(nanoseconds).map(([name, times]) => [name, Math.min(...times)]));
const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');
console.log(JSON.stringify({
  host: `node ${process.version}`, rows, rounds, nanoseconds_per_row: best, all: nanoseconds,
  request_bytes: batch.length, request_sha256: digest(batch), answer_bytes: answer.length, answer_sha256: digest(answer),
}));

/** The rows of the portfolio as facts: what the ruleset takes, in its order; numbers as numbers. */
function csv(text) {
  const [names, ...rest] = text.trimEnd().split(/\r?\n/).map((line) =>
    [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell]) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)));
  const known = ruleset.describe().facts;
  return rest.map((cells) => Object.fromEntries(known.map(({ source, type }) => {
    const cell = cells[names.indexOf(source)];
    return [source, type === 'integer' ? Number(cell) : cell];
  })));
}
