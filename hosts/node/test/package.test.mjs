import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFile, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { build } from 'esbuild';
import { load } from 'trutina';

import { applicant, asOf, digestOf, here, packageFolder, rating, ratingBundle, root } from './common.mjs';
import { project } from './consumer.mjs';

const { folder, packed } = await project('consumer');
const expected = (await load(rating)).decide(applicant, { asOf }).json();
const run = (file, cwd = folder, ruleset = [rating]) => {
  const [path, ...more] = ruleset;
  return execFileSync(process.execPath, [join(folder, file), path, JSON.stringify(applicant), ...more], { cwd, encoding: 'utf8' });
};

test('the tarball holds two WebAssembly modules and no stray files', async () => {
  const names = packed.files.map(({ path }) => path).sort();
  assert.deepEqual(names, (await readdir(packageFolder)).sort());
  assert.deepEqual(names.filter((name) => name.endsWith('.wasm')), ['trutina-runtime.wasm', 'trutina.wasm']);
  assert(names.includes('README.md') && names.includes('LICENSE'));
});

test('the package depends on nothing', async () => {
  const { dependencies, peerDependencies, scripts } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8'));
  assert.deepEqual([dependencies, peerDependencies, scripts], [undefined, undefined, undefined]);
});

test('no file of the package evaluates text as code', async () => {
  for (const name of (await readdir(packageFolder)).filter((name) => /\.[cm]?js$/.test(name))) {
    const text = await readFile(join(packageFolder, name), 'utf8');
    assert.doesNotMatch(text, /\beval\s*\(|new Function\b|https?:\/\//, name);
  }
});

test('a program with import decides', () => assert.equal(run('esm.mjs').trim(), expected));

test('a program with require decides', () => assert.equal(run('cjs.cjs').trim(), expected));

test('programs with import and require of the runtime decide a bundle as the ruleset is decided', () => {
  const bundle = [ratingBundle, digestOf(ratingBundle)];
  for (const file of ['runtime.mjs', 'runtime.cjs']) assert.equal(run(file, folder, bundle).trim(), expected, file);
});

test('the samples give what every host gives', async () => {
  for (const name of ['one', 'batch', 'explain', 'limits']) {
    await writeFile(join(folder, `${name}.mjs`), await readFile(join(here, '..', 'samples', `${name}.mjs`)));
    assert.equal(run(`${name}.mjs`, root), await readFile(join(root, 'tests', 'samples', `${name}.txt`), 'utf8'), name);
  }
});

const tsc = (cwd, ...words) => {
  try {
    return execFileSync(process.execPath, [join(here, '..', 'node_modules', 'typescript', 'bin', 'tsc'), ...words], { cwd, encoding: 'utf8' });
  } catch (error) {
    return assert.fail(`${words.join(' ')}\n${error.stdout}`);
  }
};
const STRICT = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--noPropertyAccessFromIndexSignature', '--target', 'es2022'];

test('TypeScript programs check strictly, with and without the types of a browser', () => {
  const ways = [
    ['--module', 'nodenext', '--lib', 'es2022', 'typed.mts', 'typed.cts'],
    ['--module', 'nodenext', '--lib', 'es2022,dom', 'typed.mts', 'typed.cts'],
    ['--module', 'esnext', '--moduleResolution', 'bundler', '--lib', 'es2022,dom', 'typed.mts'],
  ];
  for (const way of ways) tsc(folder, '--noEmit', ...STRICT, '--types', '', ...way);
});

test('TypeScript programs are compiled, run, and give what every program gives', async () => {
  await copyFile(join(here, '..', 'samples', 'one.mts'), join(folder, 'sample.mts'));
  const types = join(here, '..', 'node_modules', '@types');
  tsc(folder, ...STRICT, '--module', 'nodenext', '--lib', 'es2022', '--typeRoots', types, '--types', 'node', 'program.mts', 'program.cts', 'sample.mts');
  for (const file of ['program.mjs', 'program.cjs']) {
    assert.equal(run(file).trim(), expected, file);
    assert.equal(run(file, folder, [ratingBundle, digestOf(ratingBundle)]).trim(), expected, `${file}, a bundle`);
  }
  assert.equal(run('sample.mjs', root), await readFile(join(root, 'tests', 'samples', 'one.txt'), 'utf8'));
});

test('tests of Jest with import and with require decide', () => {
  const jest = join(here, '..', 'node_modules', 'jest', 'bin', 'jest.js');
  const env = {
    ...process.env, RULESET: rating, BUNDLE: ratingBundle, DIGEST: digestOf(ratingBundle), FACTS: JSON.stringify(applicant), EXPECTED: expected,
    NODE_OPTIONS: '--experimental-vm-modules --no-warnings',
  };
  const config = JSON.stringify({ rootDir: folder, transform: {}, testMatch: ['<rootDir>/jest/*.test.?js'], moduleFileExtensions: ['mjs', 'cjs', 'js', 'json'] });
  const { status, stdout, stderr } = spawnSync(process.execPath, [jest, '--json', '--ci', '--config', config], { cwd: folder, encoding: 'utf8', env });
  assert.equal(status, 0, stderr);
  assert.equal(JSON.parse(stdout).numPassedTests, 5);
});

test('a bundler makes one file of a program for a server, and it decides where nothing else lies', async () => {
  const alone = join(root, 'target', 'node', 'alone');
  await rm(alone, { recursive: true, force: true });
  const program = `import * as trutina from 'trutina/runtime/inline';
import { readFileSync } from 'node:fs';
import { decided } from './shared.cjs';
const [bundle, facts, digest] = process.argv.slice(2);
trutina.load(readFileSync(bundle), { trust: { digests: [digest] } }).then((ruleset) => console.log(decided(trutina, ruleset, facts)));`;
  for (const format of ['esm', 'cjs']) {
    const outfile = join(alone, format === 'esm' ? 'server.mjs' : 'server.cjs');
    await build({ stdin: { contents: program, resolveDir: folder }, bundle: true, platform: 'node', format, outfile, logLevel: 'error' });
    const said = execFileSync(process.execPath, [outfile, ratingBundle, JSON.stringify(applicant), digestOf(ratingBundle)], { cwd: alone, encoding: 'utf8' });
    assert.equal(said.trim(), expected, format);
  }
});
