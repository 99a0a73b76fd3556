// Puts the npm package together in target/node/package, from bindings/js, this folder and the WebAssembly module.
// usage: node assemble.mjs [MODULE]     MODULE: default target/wasm/trutina.wasm

import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const core = join(root, 'bindings', 'js', 'src');
const out = join(root, 'target', 'node', 'package');
const own = process.argv[2] ?? join(root, 'target', 'wasm', 'trutina.wasm');

const CORE = ['abi', 'api', 'browser', 'cell', 'decisions', 'engine', 'errors', 'facts', 'inline', 'json', 'module', 'ruleset', 'slim'];
const TYPES = ['index', 'entry', 'slim'];

const [, version] = /^\[workspace\.package\]\s+version = "([^"]+)"/m.exec(await readFile(join(root, 'Cargo.toml'), 'utf8'));
const wasm = await readFile(own);
const integrity = `sha256-${createHash('sha256').update(wasm).digest('base64')}`;

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await writeFile(join(out, 'trutina.wasm'), wasm);
await writeFile(join(out, 'build.mjs'), `export const version = '${version}';\nexport const integrity = '${integrity}';\n`);
await writeFile(join(out, 'packed.mjs'), `export const packed = '${gzipSync(wasm, { level: 9 }).toString('base64')}';\n`);
for (const name of CORE) await copyFile(join(core, `${name}.mjs`), join(out, `${name}.mjs`));
for (const name of TYPES) {
  const text = await readFile(join(core, `${name}.d.ts`), 'utf8');
  await writeFile(join(out, `${name}.d.ts`), text);
  await writeFile(join(out, `${name}.d.cts`), text.replaceAll('./index.js', './index.cjs'));
}
await copyFile(join(here, 'README.md'), join(out, 'README.md'));
await copyFile(join(root, 'LICENSE'), join(out, 'LICENSE'));
const manifest = JSON.parse(await readFile(join(here, 'manifest.json'), 'utf8'));
await writeFile(join(out, 'package.json'), `${JSON.stringify({ ...manifest, version }, null, 2)}\n`);

// One copy of the code serves both `require` and `import`, so that an error is an instance of its class in both.
const moduleUrl = '__module_url';
await build({
  entryPoints: [join(here, 'src', 'node.mjs')],
  outfile: join(out, 'node.cjs'),
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  define: { 'import.meta.url': moduleUrl },
  banner: { js: `const ${moduleUrl} = require('node:url').pathToFileURL(__filename).href;` },
  plugins: [{ name: 'generated', setup: ({ onResolve }) => onResolve({ filter: /\/build\.mjs$/ }, () => ({ path: join(out, 'build.mjs') })) }],
  logLevel: 'warning',
});
const names = /export \{ ([^}]+) \} from '[^']*api\.mjs'/.exec(await readFile(join(here, 'src', 'node.mjs'), 'utf8'))[1];
await writeFile(join(out, 'node.mjs'), `import node from './node.cjs';\n\nexport const { ${names}, check, init, load } = node;\n`);

// So that samples and tests import it by its name.
const link = join(here, 'node_modules', 'trutina');
await rm(link, { recursive: true, force: true });
await mkdir(dirname(link), { recursive: true });
await symlink(relative(dirname(link), out), link, 'junction');
console.log(`${relative(root, out)}: trutina ${version}, module ${Math.ceil(wasm.length / 1024)} KiB, ${integrity}`);
