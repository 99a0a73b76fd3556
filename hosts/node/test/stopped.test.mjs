import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { Engine, StoppedError, TrutinaError } from 'trutina';

import { applicant, asOf, packageFolder, ratingFiles } from './common.mjs';

const { open } = await import(pathToFileURL(join(packageFolder, 'abi.mjs')));
const module = await WebAssembly.compile(await readFile(join(packageFolder, 'trutina.wasm')));

/** A module with our exports whose `trutina_call` is `unreachable`. */
export const TRAPS = Uint8Array.from([
  0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  1, 0x16, 4, 0x60, 0, 1, 0x7f, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 2, 0x7f, 0x7f, 0, 0x60, 3, 0x7f, 0x7f, 0x7f, 1, 0x7e, // types
  3, 5, 4, 0, 1, 2, 3, // functions
  5, 3, 1, 0, 1, // memory
  7, ...exported([['memory', 2, 0], ['trutina_abi_version', 0, 0], ['trutina_alloc', 0, 1], ['trutina_free', 0, 2], ['trutina_call', 0, 3]]),
  10, 0x12, 4, 4, 0, 0x41, 1, 0x0b, 4, 0, 0x41, 8, 0x0b, 2, 0, 0x0b, 3, 0, 0x00, 0x0b, // bodies
]);

function exported(entries) {
  const bytes = entries.flatMap(([name, kind, index]) => [name.length, ...Buffer.from(name), kind, index]);
  return [bytes.length + 1, entries.length, ...bytes];
}

/** An engine whose instances stop at will; it counts those that were made. */
function breakable() {
  const state = { made: 0, stop: null };
  const engine = new Engine(() => {
    state.made += 1;
    const door = open(module);
    return {
      call: (verb, request) => {
        if (state.stop !== null) throw state.stop;
        return door.call(verb, request);
      },
    };
  });
  return { engine, state };
}

test('a stopped engine is replaced', () => {
  const { engine, state } = breakable();
  const ruleset = engine.load({ files: ratingFiles });
  const before = ruleset.decide(applicant, { asOf }).json();
  assert.equal(state.made, 1);
  state.stop = new WebAssembly.RuntimeError('unreachable');
  assert.throws(() => ruleset.decide(applicant, { asOf }), (error) => {
    assert(error instanceof StoppedError && error instanceof TrutinaError);
    assert.equal(error.code, 'T6022');
    assert.equal(error.name, 'engine-stopped');
    assert.equal(error.cause, state.stop);
    return true;
  });
  state.stop = null;
  assert.equal(ruleset.decide(applicant, { asOf }).json(), before, 'the next call has a fresh engine with the ruleset loaded');
  assert.equal(state.made, 2);
  assert.equal(ruleset.decide(applicant, { asOf }).json(), before);
  assert.equal(state.made, 2);
});

test('an engine that stops again while it loads stays replaceable', () => {
  const { engine, state } = breakable();
  const ruleset = engine.load({ files: ratingFiles });
  for (const stop of [new RangeError('Maximum call stack size exceeded'), new WebAssembly.RuntimeError('out of bounds')]) {
    state.stop = stop;
    for (let time = 0; time < 3; time += 1) {
      assert.throws(() => ruleset.decideBatch([applicant], { asOf }), { code: 'T6022', message: new RegExp(stop.message) });
    }
    state.stop = null;
    assert.equal(ruleset.decide(applicant, { asOf }).error, null);
  }
});

test('one that stops leaves the others alone', () => {
  const { engine, state } = breakable();
  const [one, other] = [engine.load({ files: ratingFiles }), engine.load({ files: ratingFiles })];
  state.stop = new WebAssembly.RuntimeError('unreachable');
  assert.throws(() => one.decide(applicant, { asOf }), { code: 'T6022' });
  state.stop = null;
  assert.equal(other.decide(applicant, { asOf }).error, null);
  assert.equal(state.made, 2, 'the other kept its instance');
});

test('a real trap is caught', async () => {
  const engine = Engine.of(await WebAssembly.compile(TRAPS));
  for (let time = 0; time < 2; time += 1) {
    assert.throws(() => engine.load({ files: ratingFiles }), (error) => error instanceof StoppedError && error.cause instanceof WebAssembly.RuntimeError);
  }
});

test('a host stack that is nearly used up stops the engine and nothing else', () => {
  const ruleset = Engine.of(module).load({ files: ratingFiles });
  const before = ruleset.decide(applicant, { asOf }).json();
  const outcomes = new Set();
  const dive = () => {
    try {
      dive();
    } catch (error) {
      if (error instanceof TrutinaError) throw error;
    }
    try {
      outcomes.add(ruleset.decide(applicant, { asOf }).json() === before ? 'the same' : 'another');
    } catch (error) {
      outcomes.add(error.code ?? error.constructor.name);
    }
  };
  dive();
  outcomes.delete('T6022');
  outcomes.delete('RangeError'); // thrown by the glue before the engine was called
  assert.deepEqual([...outcomes], ['the same']);
  assert.equal(ruleset.decide(applicant, { asOf }).json(), before);
});
