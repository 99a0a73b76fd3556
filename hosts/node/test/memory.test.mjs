import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { Engine } from 'trutina';

import { applicant, asOf, packageFolder, ratingFiles } from './common.mjs';

const { open } = await import(pathToFileURL(join(packageFolder, 'abi.mjs')));
const module = await WebAssembly.compile(await readFile(join(packageFolder, 'trutina.wasm')));

test('50,000 calls need no more memory than the first thousand', () => {
  let door;
  const ruleset = new Engine(() => (door = open(module))).load({ files: ratingFiles });
  const other = { ...applicant, age_in_years: 70, shoe_size: 'x'.repeat(500) };
  const rounds = (count) => {
    for (let round = 0; round < count; round += 1) {
      ruleset.decide(round % 2 === 0 ? applicant : other, { asOf, trace: round % 5 === 0 ? 'full' : 'none' });
      if (round % 500 === 0) ruleset.decideBatch([applicant, other, applicant], { asOf });
    }
    return door.memory.buffer.byteLength;
  };
  const early = rounds(1000);
  assert.equal(rounds(49_000), early);
  assert(early < 8 << 20, `${early} bytes`);
});

test('loading and unloading leaves nothing behind', () => {
  const engine = Engine.of(module);
  for (let round = 0; round < 50; round += 1) engine.load({ files: ratingFiles }).unload();
});
