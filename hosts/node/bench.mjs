// Times the interface of the package over the sample portfolio: objects in and decisions out, and NDJSON in; `cargo xtask speed` times
// bytes. Run it in this folder after `cargo xtask node package` and `cargo xtask speed prepare`.
// usage: node bench.mjs [ROWS] [ROUNDS]     prints JSON on one line, times in nanoseconds per row

import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

import { load } from 'trutina';

const [rows = 100_000, rounds = 5] = process.argv.slice(2).map(Number);
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const asOf = '2026-11-30';

const ruleset = await load(join(root, 'rulesets', 'retail-credit-rating'));
const [, ...portfolio] = (await readFile(join(root, 'target', 'speed', 'batch.ndjson'), 'utf8')).trimEnd().split('\n');
const lines = Array.from({ length: rows }, (_, row) => portfolio[row % portfolio.length]);
const facts = lines.map((line) => JSON.parse(line));
const ndjson = lines.join('\n');

const work = {
  typed_batch: () => { for (const decision of ruleset.decideBatch(facts, { asOf })) if (decision.error !== null) throw new Error(decision.json()); },
  text_batch: () => ruleset.decideBatch(ndjson, { asOf }),
  typed_single: () => facts.forEach((row) => ruleset.decide(row, { asOf })),
};
const all = Object.fromEntries(Object.keys(work).map((name) => [name, []]));
for (let round = 0; round < rounds; round += 1) {
  for (const [name, run] of Object.entries(work)) {
    const start = performance.now();
    run();
    all[name].push(Math.round(((performance.now() - start) * 1e6) / rows));
  }
}
const best = Object.fromEntries(Object.entries(all).map(([name, times]) => [name, Math.min(...times)]));
console.log(JSON.stringify({ host: `node ${process.version}`, rows, rounds, nanoseconds_per_row: best, all }));
