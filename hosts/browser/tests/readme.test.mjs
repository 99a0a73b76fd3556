// What the README shows is what the files hold, and the page that it describes works.

import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { digestOf, sourcesOf } from '../build.mjs';
import { PLAIN, REFUSED, answer } from './answers.mjs';
import { BUNDLE, check, open, shadow, start } from './harness.mjs';

const root = resolve(import.meta.dirname, '../../..');
const README = readFileSync(join(root, 'hosts/browser/README.md'), 'utf8');

let site;
before(async () => {
  site = await start('readme');
  for (const name of ['readme.html', 'readme.mjs']) copyFileSync(join(import.meta.dirname, name), join(site.folder, name));
  writeFileSync(join(site.folder, 'prescreening.json'), JSON.stringify(sourcesOf(join(root, 'rulesets/retail-prescreening'))));
});
after(() => site?.stop());

test('every snippet stands in the file that it names', () => {
  const snippets = [...README.matchAll(/^```\w+ (\S+)\n(.*?)^```$/gms)];
  assert.ok(snippets.length >= 4);
  for (const [, file, text] of snippets) assert.ok(readFileSync(join(root, file), 'utf8').includes(text), file);
});

test('every attribute, event, property and colour that it names is there, and none is left out', () => {
  const folder = join(root, 'hosts/browser/src');
  const code = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  const [, observed] = /observedAttributes = \[(.*?)\]/.exec(code);
  const attributes = observed.split(', ').map((quoted) => quoted.slice(1, -1));
  const events = [...new Set([...code.matchAll(/#tell\('([\w-]+)'/g)].map(([, name]) => name))];
  const colours = [...new Set([...code.matchAll(/var\((--trutina-\w+(?:-\w+)*)/g)].map(([, name]) => name))];
  assert.ok(attributes.length === 7 && events.length === 4 && colours.length > 15);
  for (const name of [...attributes, ...events, ...colours]) assert.ok(README.includes(`\`${name}\``), name);
  for (const [, name] of README.matchAll(/`(--trutina-[\w-]+|trutina-(?:ready|\w+ed|error|decision|changes))`/g)) assert.ok(code.includes(name), name);
});

test('the page of a bank', async () => {
  const { page, context, complaints } = await open(site.browser, `${site.url}readme.html`);
  for (const [facts, offered] of [[PLAIN, true], [REFUSED, false]]) {
    await answer(page, facts);
    await check(page);
    assert.equal(await page.locator('#apply').isVisible(), offered);
  }
  assert.equal(await shadow(page, '.outcome.bad').count(), 1);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('the page of a bank that packed its ruleset, once the digest is its own', { skip: BUNDLE === null }, async () => {
  const html = readFileSync(join(import.meta.dirname, 'readme-bundle.html'), 'utf8');
  assert.equal(html.split('sha256:...').length, 2);
  writeFileSync(join(site.folder, 'readme-bundle.html'), html.replace('sha256:...', digestOf(readFileSync(BUNDLE))));
  const { page, context, complaints } = await open(site.browser, `${site.url}readme-bundle.html`);
  await answer(page, PLAIN);
  await check(page);
  assert.equal(await shadow(page, '.outcome.good').count(), 1);
  assert.deepEqual(complaints, []);
  await context.close();
});
