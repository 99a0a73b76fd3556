import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { bundle, digestOf, here, root } from './common.mjs';
import { project } from './consumer.mjs';
import { POLICY } from './server.mjs';

const { folder } = await project('readme');
await symlink(join(here, '..', 'node_modules', 'decimal.js'), join(folder, 'node_modules', 'decimal.js'), 'junction');
const text = await readFile(join(here, '..', 'README.md'), 'utf8');

/** The fenced blocks, in order; those that quote a file have its path behind the language, and are compared by `cargo xtask readme`. */
const blocks = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, code], index) => ({ language, code, index }));
const run = (words) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8', env: { ...process.env, BUNDLE_DIGEST: digestOf(bundle) } });
  assert.equal(status, 0, stderr);
  return stdout;
};

for (const { language, code, index } of blocks) {
  if (language !== 'js' || code.startsWith('// app.js')) continue; // that one runs in a browser's test
  test(`block ${index} of the README runs: ${code.split('\n').find((line) => /load|init|check/.test(line))}`, async () => {
    const file = join(folder, `block${index}.${code.includes('require(') && !code.includes('createRequire') ? 'cjs' : 'mjs'}`);
    await writeFile(file, code);
    const said = run([file]);
    const next = blocks[index + 1];
    if (next?.language === 'text') assert.equal(said, next.code);
  });
}

test('the policy of the README is the one that the tests run under', () => {
  const [, policy] = /Content-Security-Policy: (.+)/.exec(text);
  assert.equal(POLICY.replace('; img-src data:', ''), policy);
});
