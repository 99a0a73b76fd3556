// Assembles the static files: names with hashes, integrity, the list for the service worker. No bundler: the modules stay
// as they are, only the names within them change.
//
//   node build.mjs --out DIR --wasm DIR [--ruleset FILE]
//
// --wasm holds trutina.wasm and, if it is there, trutina-runtime.wasm. --ruleset is what the page decides with: a module
// with its ruleset in it, a bundle, or {"files":{...}}; without it, the sources of rulesets/retail-prescreening.

import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');

/** Files that keep their names: a site links to them, or the browser asks for them by name. */
const NAMED = new Set(['index.html', 'service-worker.js']);
const REFERENCE = /(\bfrom\s+|\bimport\s+|\bnew URL\(|\bhref=|\bsrc=|\bruleset=|\btexts=|"src":\s*)(['"])(\.\.?\/[^'"]*)\2/g;
const INTEGRITY = /undefined \/\* of (\S+) \*\//g;

export function sourcesOf(folder) {
  const decides = readdirSync(folder).filter((name) => /\.(toml|rhai|csv)$/.test(name) && !name.startsWith('portfolio')).sort();
  return { files: Object.fromEntries(decides.map((name) => [name, readFileSync(join(folder, name), 'utf8')])) };
}

export class Build {
  constructor({ out, wasm, ruleset }) {
    this.out = out;
    this.done = new Map();
    this.places = new Map([
      ['trutina.wasm', join(wasm, 'trutina.wasm')],
      ['trutina-runtime.wasm', join(wasm, 'trutina-runtime.wasm')],
    ]);
    this.ruleset = ruleset;
    this.given = new Map([['build.mjs', Buffer.from(identity(join(wasm, 'trutina.wasm')))]]);
  }

  /** Where a reference in a file leads, and the bytes there; null for what is not ours to name. */
  find(reference, from) {
    const name = basename(reference);
    if (reference.endsWith('/') || NAMED.has(name)) return null;
    if (this.given.has(name)) return { path: resolve(dirname(from), reference), bytes: this.given.get(name) };
    if (reference === './retail-prescreening') return this.rulesetFile();
    const own = this.places.get(name);
    if (own) return existsSync(own) ? { path: own, bytes: readFileSync(own) } : null;
    const path = resolve(dirname(from), reference);
    return { path, bytes: readFileSync(path) };
  }

  rulesetFile() {
    if (this.ruleset) return { path: this.ruleset, bytes: readFileSync(this.ruleset) };
    const folder = join(root, 'rulesets/retail-prescreening');
    return { path: `${folder}.json`, bytes: Buffer.from(JSON.stringify(sourcesOf(folder))) };
  }

  /** Emits a file after those that it names; answers its name and integrity. */
  emit({ path, bytes }) {
    const before = this.done.get(path);
    if (before) return before;
    const text = /\.(mjs|js|css|html|webmanifest)$/.test(path) ? this.rewrite(bytes.toString('utf8'), path) : null;
    const content = text === null ? bytes : Buffer.from(text);
    const digest = createHash('sha256').update(content).digest();
    const name = NAMED.has(basename(path)) ? basename(path) : hashed(path, digest.toString('hex').slice(0, 12));
    const entry = { name, content, integrity: `sha256-${digest.toString('base64')}` };
    this.done.set(path, entry);
    writeFileSync(join(this.out, name), content);
    return entry;
  }

  rewrite(text, path) {
    const renamed = text.replace(REFERENCE, (whole, lead, quote, reference) => {
      const found = this.find(reference, path);
      return found ? `${lead}${quote}./${this.emit(found).name}${quote}` : whole;
    });
    return renamed.replace(INTEGRITY, (whole, reference) => {
      const found = this.find(reference, path);
      return found ? `'${this.emit(found).integrity}'` : whole;
    });
  }

  entry(file) {
    const path = join(here, file);
    return this.emit({ path, bytes: readFileSync(path) });
  }

  /** The page: with integrity for its script and style, and its modules loaded at once. */
  page() {
    const main = this.entry('page/page.mjs');
    const page = this.entry('page/index.html');
    const modules = [...this.done].filter(([path]) => path.endsWith('.mjs') && !isWorker(path)).map(([, entry]) => entry);
    const preload = modules.map(({ name, integrity }) => `  <link rel="modulepreload" href="./${name}" integrity="${integrity}">\n`);
    let html = page.content.toString('utf8');
    for (const { name, integrity } of this.done.values()) {
      if (!name.endsWith('.css') && name !== main.name) continue;
      html = html.replace(`"./${name}"`, `"./${name}" integrity="${integrity}"`);
    }
    const trust = this.trust();
    if (trust) html = html.replace('<trutina-prescreening ', `<trutina-prescreening trust="${trust}" `);
    page.content = Buffer.from(html.replace('  <script ', `${preload.join('')}  <script `));
    page.integrity = `sha256-${createHash('sha256').update(page.content).digest('base64')}`;
    writeFileSync(join(this.out, page.name), page.content);
  }

  /** The page names the bundle that it trusts. */
  trust() {
    const { bytes } = this.rulesetFile();
    return kindOf(bytes) === 'bundle' ? digestOf(bytes) : null;
  }

  /** What the page needs without a network: all but engines that its ruleset does not use. */
  kept() {
    const unused = { module: ['full', 'runtime'], bundle: ['full'], sources: ['runtime'] }[kindOf(this.rulesetFile().bytes)];
    const engines = { full: this.places.get('trutina.wasm'), runtime: this.places.get('trutina-runtime.wasm') };
    const left = new Set(unused.map((name) => engines[name]));
    return [...this.done].filter(([path]) => !left.has(path)).map(([, entry]) => entry);
  }

  serviceWorker() {
    const files = this.kept().map(({ name, integrity }) => [name === 'index.html' ? './' : `./${name}`, integrity]);
    const version = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 12);
    const path = join(here, 'page/service-worker.js');
    const text = readFileSync(path, 'utf8');
    const list = files.map((file) => `  ${JSON.stringify(file)},\n`).join('');
    const made = text.replace(/\[\/\*.*\*\/\]/, `[\n${list}]`).replace("'build'", `'${version}'`);
    this.emit({ path, bytes: Buffer.from(made) });
  }

  /** A name that stays, for sites that do not want a hash in their pages. */
  stable() {
    const { name } = this.entry('src/prescreening.mjs');
    writeFileSync(join(this.out, 'trutina-prescreening.mjs'), `export * from './${name}';\n`);
  }

  /** The samples, and what they ask for: the package as it lies in a site, rulesets as JSON, an applicant, a portfolio. */
  samples() {
    const folder = join(this.out, 'samples');
    cpSync(join(here, 'samples'), folder, { recursive: true });
    const core = join(root, 'bindings/js/src');
    mkdirSync(join(folder, 'trutina'));
    for (const name of readdirSync(core).filter((one) => one.endsWith('.mjs') && !/inline|runtime|unpack/.test(one))) {
      copyFileSync(join(core, name), join(folder, 'trutina', name));
    }
    writeFileSync(join(folder, 'trutina/build.mjs'), this.given.get('build.mjs'));
    copyFileSync(this.places.get('trutina.wasm'), join(folder, 'trutina/trutina.wasm'));
    for (const name of ['retail-credit-rating', 'retail-prescreening']) {
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(sourcesOf(join(root, 'rulesets', name))));
    }
    copyFileSync(join(root, 'hosts/cli/samples/applicant.json'), join(folder, 'applicant.json'));
    copyFileSync(join(root, 'rulesets/retail-credit-rating/portfolio.csv'), join(folder, 'portfolio.csv'));
  }

  list() {
    const files = [...this.done].map(([path, { name, integrity, content }]) => [name, {
      from: relative(root, path).startsWith('..') ? basename(path) : relative(root, path),
      integrity, bytes: content.length, gzip: gzipSync(content, { level: 9 }).length,
    }]);
    writeFileSync(join(this.out, 'files.json'), `${JSON.stringify(Object.fromEntries(files.sort()), null, 2)}\n`);
    const kept = new Set(this.kept().map(({ name }) => name));
    const sum = files.filter(([name]) => kept.has(name)).reduce((total, [, { gzip }]) => total + gzip, 0);
    return `${files.length} files; the page needs ${kept.size} of them, ${sum} bytes compressed`;
  }
}

/** What the package says of itself: its version and the hash of its module. */
function identity(wasm) {
  const [, version] = /^\[workspace\.package\]\s+version = "([^"]+)"/m.exec(readFileSync(join(root, 'Cargo.toml'), 'utf8'));
  const integrity = `sha256-${createHash('sha256').update(readFileSync(wasm)).digest('base64')}`;
  return `export const version = '${version}';\nexport const integrity = '${integrity}';\n`;
}

const isWorker = (path) => /\/worker\.mjs$|\/bindings\//.test(path);

/** What a ruleset's file is, by its first bytes. */
function kindOf(bytes) {
  const begins = (magic) => bytes.subarray(0, magic.length).toString('latin1') === magic;
  return begins('\0asm') ? 'module' : begins('TRUTINA\0') ? 'bundle' : 'sources';
}

/** The digest of a bundle: it stands behind the manifest. */
export function digestOf(bytes) {
  const end = 16 + bytes.readUInt32LE(12);
  return `sha256:${bytes.subarray(end, end + 32).toString('hex')}`;
}

function hashed(path, hash) {
  const extension = extname(path);
  return `${basename(path, extension)}.${hash}${extension}`;
}

export function build(options) {
  rmSync(options.out, { recursive: true, force: true });
  mkdirSync(options.out, { recursive: true });
  const work = new Build(options);
  work.page();
  work.serviceWorker();
  work.stable();
  work.samples();
  return work.list();
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { out: { type: 'string' }, wasm: { type: 'string' }, ruleset: { type: 'string' } } });
  const wasm = resolve(values.wasm ?? join(root, 'target/wasm'));
  console.log(build({ out: resolve(values.out ?? join(root, 'target/browser')), wasm, ruleset: values.ruleset && resolve(values.ruleset) }));
}
