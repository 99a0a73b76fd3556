// Times a module in V8: one decision at a time, and batches. `cargo xtask speed` runs it beside the native engine and the JVM.
// usage: node speed.mjs MODULE LOAD SINGLES BATCH ROUNDS     prints JSON on one line; times in nanoseconds per decision

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { DECIDE, DECIDE_BATCH, LOAD, open } from '../../bindings/js/src/abi.mjs';

const WARM_UP = 3;
const BATCHES = 100;
const SINGLES = 20;

const [module, load, singles, batch, rounds] = process.argv.slice(2);
if (rounds === undefined) {
  console.error('usage: node speed.mjs MODULE LOAD SINGLES BATCH ROUNDS');
  process.exit(2);
}
const door = open(new WebAssembly.Module(await readFile(module)));
const decode = (bytes) => new TextDecoder().decode(bytes);
const loaded = decode(door.call(LOAD, await readFile(load)));
if (!loaded.startsWith('{"ok":{"handle":1,')) throw new Error(loaded);
const requests = (await readFile(singles, 'utf8')).trimEnd().split('\n').map((line) => new TextEncoder().encode(line));
const rows = new Uint8Array(await readFile(batch));

function time(run, decisions) {
  const times = [];
  for (let round = -WARM_UP; round < Number(rounds); round += 1) {
    const start = process.hrtime.bigint();
    run();
    if (round >= 0) times.push(Number((process.hrtime.bigint() - start) / BigInt(decisions)));
  }
  return times;
}

const hash = createHash('sha256');
for (const request of requests) hash.update(door.call(DECIDE, request));
hash.update(door.call(DECIDE_BATCH, rows));
const single = time(() => {
  for (let pass = 0; pass < SINGLES; pass += 1) for (const request of requests) door.call(DECIDE, request);
}, SINGLES * requests.length);
const batches = time(() => {
  for (let pass = 0; pass < BATCHES; pass += 1) door.call(DECIDE_BATCH, rows);
}, BATCHES * requests.length);
console.log(JSON.stringify({ single, batch: batches, answers: hash.digest('hex') }));
