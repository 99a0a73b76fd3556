// Times the interface of the package over the sample portfolio, with either module: objects in and decisions out, and NDJSON in;
// `cargo xtask speed` times bytes. Run it in this folder after `cargo xtask node package` and `cargo xtask speed prepare`.
// usage: node bench.mjs [ROWS] [ROUNDS]     prints JSON on one line, times in nanoseconds per row

import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

import { load } from 'trutina';
import { load as loadBundle } from 'trutina/runtime';

const [rows = 100_000, rounds = 5] = process.argv.slice(2).map(Number);
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const asOf = '2026-11-30';

const prepared = join(root, 'target', 'speed');
const [, ...portfolio] = (await readFile(join(prepared, 'batch.ndjson'), 'utf8')).trimEnd().split('\n');
const { trust } = JSON.parse((await readFile(join(prepared, 'load.trutina'), 'latin1')).split('\n', 1)[0]);
const rulesets = {
  trutina: await load(join(root, 'rulesets', 'retail-credit-rating')),
  'trutina/runtime': await loadBundle(join(prepared, 'rating.trutina'), { trust }),
};
const lines = Array.from({ length: rows }, (_, row) => portfolio[row % portfolio.length]);
const facts = lines.map((line) => JSON.parse(line));
const ndjson = lines.join('\n');

const work = {
  typed_batch: (ruleset) => { for (const decision of ruleset.decideBatch(facts, { asOf })) if (decision.error !== null) throw new Error(decision.json()); },
  text_batch: (ruleset) => ruleset.decideBatch(ndjson, { asOf }),
  typed_single: (ruleset) => facts.forEach((row) => ruleset.decide(row, { asOf })),
};
const all = Object.fromEntries(Object.keys(rulesets).map((entry) => [entry, Object.fromEntries(Object.keys(work).map((name) => [name, []]))]));
for (let round = 0; round < rounds; round += 1) {
  for (const [name, run] of Object.entries(work)) {
    for (const [entry, ruleset] of Object.entries(rulesets)) { // in turn: a machine is not equally fast all the time
      const start = performance.now();
      run(ruleset);
      all[entry][name].push(Math.round(((performance.now() - start) * 1e6) / rows));
    }
  }
}
const least = (times) => Object.fromEntries(Object.entries(times).map(([name, each]) => [name, Math.min(...each)]));
const best = Object.fromEntries(Object.entries(all).map(([entry, times]) => [entry, least(times)]));
console.log(JSON.stringify({ host: `node ${process.version}`, rows, rounds, nanoseconds_per_row: best, all }));
