// Answers a file of cases as this host decides them, through its typed interface and as bytes.
// usage: node conformance.mjs CASES.ndjson ANSWERS.ndjson     ($TRUTINA_WASM: the folder of trutina-runtime.wasm)

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { load } from 'trutina';
import { init } from 'trutina/slim';

import { Runner } from '../../bindings/js/conformance/run.mjs';

const [cases, answers] = process.argv.slice(2);
if (answers === undefined) {
  console.error('usage: node conformance.mjs CASES.ndjson ANSWERS.ndjson');
  process.exit(2);
}
const wasm = process.env.TRUTINA_WASM ?? join(import.meta.dirname, '../../target/wasm');
const runtime = await init(await readFile(join(wasm, 'trutina-runtime.wasm')));
const told = [];
for await (const line of new Runner(load, async (source, options) => runtime.load(source, options)).answers((await readFile(cases, 'utf8')).split('\n'))) told.push(line);
await writeFile(answers, told.join(''));
