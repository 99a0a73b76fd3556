import assert from 'node:assert/strict';
import { accessSync } from 'node:fs';
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { chromium } from 'playwright-core';
import { integrity, load } from 'trutina';
import { build, createServer } from 'vite';
import webpack from 'webpack';

import { applicant, asOf, bundle, digestOf, here, packageFolder, prescreening, rating, ratingBundle, ratingFiles } from './common.mjs';
import { project } from './consumer.mjs';
import { POLICY, serve } from './server.mjs';

const expected = (await load(rating)).decide(applicant, { asOf, trace: 'full' }).json();
const { folder } = await project('bundled');
const digest = digestOf(ratingBundle);
const data = {
  '/case.json': { text: JSON.stringify({ files: ratingFiles, facts: applicant, digest }) },
  '/rating.trutina': { bytes: await readFile(ratingBundle) },
};
/** Programs of both entry points, and the module that each shall have. */
const APPS = [
  { entry: 'trutina', app: join(folder, 'app'), module: 'trutina.wasm' },
  { entry: 'trutina/runtime', app: join(folder, 'runtime'), module: 'trutina-runtime.wasm' },
];
/** A script of so many bytes would hold a module, packed. */
const MODULE_LEAST = 100_000;
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

for (const [file, module] of [['runtime.mjs', 'trutina-runtime.wasm'], ['runtime-inline.mjs', 'runtime-packed.mjs']]) {
  test(`${file} decides a bundle on a plain page and in a plain worker, without the module that has a parser`, async () => {
    const [, { entry, app }] = APPS;
    const own = async (name) => ({ text: (await readFile(join(app, name), 'utf8')).replace(`'${entry}'`, `'/trutina/${file}'`) });
    const site = await serve({ ...data, '/': app, '/main.js': await own('main.js'), '/worker.js': await own('worker.js'), '/trutina/': packageFolder });
    const { page, worker, said } = await answers(site);
    assert.equal(page, expected);
    assert.equal(worker, expected);
    assert.deepEqual(said, []);
    const modules = new Set(site.asked.filter((path) => /wasm|packed/.test(path)));
    assert.deepEqual([...modules], [`/trutina/${module}`]);
  });
}

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

/** The page of a built app decides, in itself and in its worker, with one copy of the module of its entry point and no other. */
async function decidesBuilt(out, module) {
  const names = await readdir(out, { recursive: true });
  const modules = names.filter((name) => name.endsWith('.wasm'));
  assert.equal(modules.length, 1, modules.join());
  assert.deepEqual(await readFile(join(out, modules[0])), await readFile(join(packageFolder, module)));
  for (const name of names.filter((name) => name.endsWith('.js'))) {
    assert((await stat(join(out, name))).size < MODULE_LEAST, `${name} has no module inside`);
  }
  const { page, worker } = await answers(await serve({ ...data, '/': out }));
  assert.equal(page, expected);
  assert.equal(worker, expected);
}

for (const { entry, app, module } of APPS) {
  const name = entry.replace('/', '-');

  test(`a Vite bundle of ${entry} decides, on the page and in a worker`, async () => {
    const out = join(folder, `vite-${name}`);
    await build({ root: app, configFile: false, logLevel: 'error', build: { outDir: out, target: 'es2022' }, worker: { format: 'es' } });
    await decidesBuilt(out, module);
  });

  test(`Vite's development server serves ${entry}, if the package is left out of its optimizer`, async () => {
    const given = (path, body) => ({ middlewares }) => void middlewares.use(path, (_, response) => response.end(body));
    const plugins = Object.entries(data).map(([path, { text, bytes }]) => ({ name: path, configureServer: given(path, text ?? bytes) }));
    const settings = { root: app, configFile: false, logLevel: 'error', optimizeDeps: { exclude: ['trutina'] }, plugins, server: { host: '127.0.0.1', port: 0, hmr: false } };
    const server = await createServer({ ...settings, cacheDir: join(folder, `vite-cache-${name}`) });
    await server.listen();
    const { page, worker } = await answers({ origin: `http://127.0.0.1:${server.httpServer.address().port}`, close: () => server.close() });
    assert.equal(page, expected);
    assert.equal(worker, expected);
  });

  test(`a webpack bundle of ${entry} decides, on the page and in a worker`, async () => {
    const out = join(folder, `webpack-${name}`);
    const stats = await new Promise((resolve, reject) => {
      const settings = { mode: 'production', context: app, entry: './main.js', output: { path: out }, performance: { hints: false } };
      webpack(settings, (error, stats) => (error ? reject(error) : resolve(stats)));
    });
    assert(!stats.hasErrors() && !stats.hasWarnings(), stats.toString());
    await writeFile(join(out, 'index.html'), '<!doctype html><link rel="icon" href="data:,"><script defer src="main.js"></script>');
    await decidesBuilt(out, module);
  });
}
