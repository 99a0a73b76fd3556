import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

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

test('TypeScript programs check strictly, with and without the types of a browser', () => {
  const tsc = join(here, '..', 'node_modules', 'typescript', 'bin', 'tsc');
  const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--noPropertyAccessFromIndexSignature', '--target', 'es2022', '--types', ''];
  const ways = [
    ['--module', 'nodenext', '--lib', 'es2022', 'typed.mts', 'typed.cts'],
    ['--module', 'nodenext', '--lib', 'es2022,dom', 'typed.mts', 'typed.cts'],
    ['--module', 'esnext', '--moduleResolution', 'bundler', '--lib', 'es2022,dom', 'typed.mts'],
  ];
  for (const way of ways) {
    try {
      execFileSync(process.execPath, [tsc, ...strict, ...way], { cwd: folder, encoding: 'utf8' });
    } catch (error) {
      assert.fail(`${way.join(' ')}\n${error.stdout}`);
    }
  }
});
