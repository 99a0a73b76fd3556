import assert from 'node:assert/strict';
import { accessSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { chromium } from 'playwright-core';
import { integrity, load } from 'trutina';
import { build, createServer } from 'vite';
import webpack from 'webpack';

import { applicant, asOf, bundle, here, packageFolder, prescreening, rating, ratingFiles } from './common.mjs';
import { project } from './consumer.mjs';
import { POLICY, serve } from './server.mjs';

const expected = (await load(rating)).decide(applicant, { asOf, trace: 'full' }).json();
const { folder } = await project('bundled');
const app = join(folder, 'app');
const data = { '/case.json': { text: JSON.stringify({ files: ratingFiles, facts: applicant }) } };
const browser = await chromium.launch({ executablePath: executable(), args: ['--no-sandbox'] });
after(() => browser.close());

/** The browser of this machine. */
function executable() {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const folders = (process.env.PATH ?? '').split(':');
  const paths = [process.env.CHROMIUM ?? '', ...names.flatMap((name) => folders.map((folder) => join(folder, name)))];
  return paths.find((path) => {
    try {
      accessSync(path);
      return path !== '';
    } catch {
      return false;
    }
  });
}

/** Opens a page and gives what it leaves in `answers`; what the console says goes into the message of a failure. */
async function answers(site, path = '/') {
  const page = await browser.newPage();
  const said = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  try {
    await page.goto(site.origin + path);
    await page.waitForFunction(() => globalThis.answers !== undefined, undefined, { timeout: 300_000 });
    return { ...(await page.evaluate(() => globalThis.answers)), said };
  } catch (error) {
    throw new Error(`${error.message}\n${said.join('\n')}`, { cause: error });
  } finally {
    await page.close();
    site.close();
  }
}

/** A page and a worker without any bundler: the package's own files, on the site as they are. */
function plain(script, options) {
  const page = '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/main.js"></script>';
  return serve({ ...data, '/': { text: page }, '/main.js': { text: script }, '/trutina/': packageFolder, '/worker.js': { text: worker } }, options);
}

const worker = `import { load } from '/trutina/browser.mjs';
onmessage = async ({ data: { files, facts, options } }) => {
  try { postMessage((await load({ files })).decide(facts, options).json()); } catch (error) { postMessage(String(error)); }
};`;

/** A script that leaves what a function gives for the case. */
const script = (imports, body) => `${imports}
const { files, facts } = await (await fetch('/case.json')).json();
const options = { asOf: '${asOf}', trace: 'full' };
const told = (answer) => answer.catch((error) => [error.code, error.message].join(' '));
${body}`;

const onPage = (imports, engine = '') =>
  script(imports, `globalThis.answers = { page: await told((async () => { ${engine} return (await load({ files })).decide(facts, options).json(); })()) };`);

test('a plain module script and a plain worker decide under a strict policy', async () => {
  const site = await plain(script(`import { load } from '/trutina/browser.mjs';`, `
    const inWorker = new Promise((resolve) => {
      const worker = new Worker('/worker.js', { type: 'module' });
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => resolve(event.message);
      worker.postMessage({ files, facts, options });
    });
    const page = await told((async () => (await load({ files })).decide(facts, options).json())());
    globalThis.answers = { page, worker: await inWorker };`));
  const { page, worker, said } = await answers(site);
  assert.equal(page, expected);
  assert.equal(worker, expected);
  assert.deepEqual(said, []);
  assert(site.asked.includes('/trutina/trutina.wasm') && !site.asked.includes('/trutina/packed.mjs'));
});

test('a server that does not know the media type of WebAssembly will do', async () => {
  const { page } = await answers(await plain(onPage(`import { load } from '/trutina/browser.mjs';`), { wasmType: 'application/octet-stream' }));
  assert.equal(page, expected);
});

test('the hash of the module is compared by the browser', async () => {
  const imports = `import { init, load } from '/trutina/browser.mjs';`;
  const good = await answers(await plain(onPage(imports, `await init({ integrity: '${integrity}' });`)));
  assert.equal(good.page, expected);
  const bad = await answers(await plain(onPage(imports, `await init({ integrity: 'sha256-${'A'.repeat(43)}=' });`)));
  assert.match(bad.page, /^T6023 the WebAssembly module cannot be had/);
});

test('a policy that forbids WebAssembly is named in the error', async () => {
  const policy = POLICY.replace(" 'wasm-unsafe-eval'", '');
  const { page } = await answers(await plain(onPage(`import { load } from '/trutina/browser.mjs';`), { policy }));
  assert.match(page, /^T6023 .*add 'wasm-unsafe-eval' to its script-src/);
});

test('the slim and the inline entry decide, under the same policy', async () => {
  const slim = onPage(`import { init } from '/trutina/slim.mjs';`, `const { load } = await init(fetch('/trutina/trutina.wasm'), { integrity: '${integrity}' }).then((engine) => ({ load: (source) => engine.load(source) }));`);
  assert.equal((await answers(await plain(slim))).page, expected);
  const site = await plain(onPage(`import { load } from '/trutina/inline.mjs';`));
  assert.equal((await answers(site)).page, expected);
  assert(!site.asked.includes('/trutina/trutina.wasm'));
});

test('the page of the README decides over a bundle', async () => {
  const readme = await readFile(join(here, '..', 'README.md'), 'utf8');
  const [, html] = /```html\n([\s\S]*?)```/.exec(readme);
  const [, code] = /```js\n(\/\/ app\.js[\s\S]*?)```/.exec(readme);
  const packed = { '/prescreening.trutina': { bytes: await readFile(bundle) } };
  const site = await serve({ ...packed, '/': { text: html }, '/app.js': { text: code }, '/trutina/': packageFolder });
  const page = await browser.newPage();
  await page.goto(site.origin);
  await page.waitForFunction(() => document.querySelector('output')?.textContent !== '', undefined, { timeout: 300_000 });
  const { error } = (await load(prescreening)).decide({ amount: 5000 }, { asOf });
  assert.equal(await page.textContent('output'), error.message);
  await page.close();
  site.close();
});

/** The page of a built app decides, in itself and in its worker, with one copy of the module. */
async function decidesBuilt(out) {
  const modules = (await readdir(out, { recursive: true })).filter((name) => name.endsWith('.wasm'));
  assert.equal(modules.length, 1, modules.join());
  const { page, worker } = await answers(await serve({ ...data, '/': out }));
  assert.equal(page, expected);
  assert.equal(worker, expected);
}

test('a Vite bundle decides, on the page and in a worker', async () => {
  const out = join(folder, 'vite');
  await build({ root: app, configFile: false, logLevel: 'error', build: { outDir: out, target: 'es2022' }, worker: { format: 'es' } });
  await decidesBuilt(out);
});

test("Vite's development server serves it, if the package is left out of its optimizer", async () => {
  const cases = { name: 'cases', configureServer: ({ middlewares }) => void middlewares.use('/case.json', (_, response) => response.end(data['/case.json'].text)) };
  const settings = { root: app, configFile: false, logLevel: 'error', optimizeDeps: { exclude: ['trutina'] }, plugins: [cases], server: { host: '127.0.0.1', port: 0, hmr: false } };
  const server = await createServer({ ...settings, cacheDir: join(folder, 'vite-cache') });
  await server.listen();
  const { page, worker } = await answers({ origin: `http://127.0.0.1:${server.httpServer.address().port}`, close: () => server.close() });
  assert.equal(page, expected);
  assert.equal(worker, expected);
});

test('a webpack bundle decides, on the page and in a worker', async () => {
  const out = join(folder, 'webpack');
  const stats = await new Promise((resolve, reject) => {
    const settings = { mode: 'production', context: app, entry: './main.js', output: { path: out }, performance: { hints: false } };
    webpack(settings, (error, stats) => (error ? reject(error) : resolve(stats)));
  });
  assert(!stats.hasErrors() && !stats.hasWarnings(), stats.toString());
  await writeFile(join(out, 'index.html'), '<!doctype html><link rel="icon" href="data:,"><script defer src="main.js"></script>');
  await decidesBuilt(out);
});
