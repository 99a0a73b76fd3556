// Answers a file of cases as Chromium decides them: in a worker of a page under the strict policy, through the package.
// usage: node conformance.mjs CASES.ndjson ANSWERS.ndjson     ($TRUTINA_WASM: the folder of trutina.wasm)

import { appendFileSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Build } from './build.mjs';
import { launch } from './chromium.mjs';
import { serve } from './serve.mjs';

const root = resolve(import.meta.dirname, '../..');

async function run(cases, answers) {
  const folder = mkdtempSync(join(tmpdir(), 'trutina-conformance-'));
  const build = new Build({ out: folder, wasm: process.env.TRUTINA_WASM ?? join(root, 'target', 'wasm') });
  const { name } = build.entry('src/conformance.mjs');
  writeFileSync(join(folder, 'index.html'), `<!doctype html><title>Conformance</title><script type="module" src="./${name}"></script>`);
  copyFileSync(cases, join(folder, 'cases.ndjson'));
  writeFileSync(answers, '');
  const server = await serve(folder);
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await new Promise((done, failed) => {
      page.on('crash', () => failed(new Error('the page crashed')));
      page.on('pageerror', failed);
      page.exposeFunction('receive', ({ lines = '', done: last = false, error }) => {
        if (error) failed(new Error(error));
        appendFileSync(answers, lines);
        if (last) done();
      }).then(() => page.goto(server.url)).catch(failed);
    });
    return browser.version();
  } finally {
    await browser.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const [cases, answers] = process.argv.slice(2);
if (answers === undefined) {
  console.error('usage: node conformance.mjs CASES.ndjson ANSWERS.ndjson');
  process.exit(2);
}
console.log(`Chromium ${await run(cases, answers)}`);
