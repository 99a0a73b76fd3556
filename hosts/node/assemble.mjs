// Puts the npm package together in target/node/package, from bindings/js, this folder and the WebAssembly modules.
// usage: node assemble.mjs [MODULE [RUNTIME]]     default target/wasm/trutina.wasm, target/wasm/trutina-runtime.wasm

import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const sources = join(root, 'bindings', 'js', 'src');
const out = join(root, 'target', 'node', 'package');
const built = join(root, 'target', 'wasm');
const [own = join(built, 'trutina.wasm'), runtime = join(built, 'trutina-runtime.wasm')] = process.argv.slice(2);

const CORE = [
  'abi', 'api', 'browser', 'cell', 'decisions', 'engine', 'entry', 'errors', 'facts', 'inline', 'json', 'module', 'ruleset', 'runtime',
  'runtime-inline', 'runtime-slim', 'slim', 'unpack',
];
const TYPES = ['index', 'entry', 'slim', 'runtime'];
/** The module of each entry point: its file, what the hash and the text of it are called. */
const MODULES = [
  { from: own, file: 'trutina.wasm', hash: 'integrity', text: 'packed.mjs' },
  { from: runtime, file: 'trutina-runtime.wasm', hash: 'runtimeIntegrity', text: 'runtime-packed.mjs' },
];

const [, version] = /^\[workspace\.package\]\s+version = "([^"]+)"/m.exec(await readFile(join(root, 'Cargo.toml'), 'utf8'));
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const facts = [`export const version = '${version}';\n`];
for (const { from, file, hash, text } of MODULES) {
  const wasm = await readFile(from);
  await writeFile(join(out, file), wasm);
  await writeFile(join(out, text), `export const packed = '${gzipSync(wasm, { level: 9 }).toString('base64')}';\n`);
  const integrity = `sha256-${createHash('sha256').update(wasm).digest('base64')}`;
  facts.push(`export const ${hash} = '${integrity}';\n`);
  console.log(`${file}: ${Math.ceil(wasm.length / 1024)} KiB, ${integrity}`);
}
await writeFile(join(out, 'build.mjs'), facts.join(''));
for (const name of CORE) await copyFile(join(sources, `${name}.mjs`), join(out, `${name}.mjs`));
for (const name of TYPES) {
  const text = await readFile(join(sources, `${name}.d.ts`), 'utf8');
  await writeFile(join(out, `${name}.d.ts`), text);
  await writeFile(join(out, `${name}.d.cts`), text.replaceAll(/'\.\/(\w+)\.js'/g, "'./$1.cjs'"));
}
await copyFile(join(here, 'README.md'), join(out, 'README.md'));
await copyFile(join(root, 'LICENSE'), join(out, 'LICENSE'));
const manifest = JSON.parse(await readFile(join(here, 'manifest.json'), 'utf8'));
await writeFile(join(out, 'package.json'), `${JSON.stringify({ ...manifest, version }, null, 2)}\n`);

// One copy of the code serves `require` and `import` and both modules, so that an error is an instance of its class in all of them.
const core = join(out, 'core.cjs');
const moduleUrl = '__module_url';
await build({
  entryPoints: [join(here, 'src', 'node.mjs')],
  outfile: core,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  define: { 'import.meta.url': moduleUrl },
  banner: { js: `const ${moduleUrl} = require('node:url').pathToFileURL(__filename).href;` },
  plugins: [{ name: 'generated', setup: ({ onResolve }) => onResolve({ filter: /\/build\.mjs$/ }, () => ({ path: join(out, 'build.mjs') })) }],
  logLevel: 'warning',
});
for (const [entry, file] of [['main', 'node'], ['runtime', 'node-runtime']]) {
  const names = Object.keys(createRequire(import.meta.url)(core)[entry]).join(', ');
  const required = `const { ${names} } = require('./core.cjs').${entry};\n\nmodule.exports = { ${names} };\n`;
  await writeFile(join(out, `${file}.cjs`), `${required}Object.defineProperty(module.exports, '__esModule', { value: true });\n`);
  await writeFile(join(out, `${file}.mjs`), `import core from './core.cjs';\n\nexport const { ${names} } = core.${entry};\n`);
}

// So that samples and tests import it by its name.
const link = join(here, 'node_modules', 'trutina');
await rm(link, { recursive: true, force: true });
await mkdir(dirname(link), { recursive: true });
await symlink(relative(dirname(link), out), link, 'junction');
console.log(`${relative(root, out)}: trutina ${version}`);
