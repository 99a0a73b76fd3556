// The samples print in a browser what they print on every host.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { start } from './harness.mjs';

let site;
before(async () => { site = await start('samples'); });
after(() => site?.stop());

for (const name of ['one', 'batch', 'explain', 'limits']) {
  test(`the sample ${name}`, async () => {
    const page = await site.browser.newPage();
    await page.goto(`${site.url}samples/${name}.html`);
    await page.waitForFunction(() => document.documentElement.dataset.done);
    const printed = await page.locator('pre').evaluate((pre) => pre.textContent);
    assert.equal(printed, readFileSync(resolve(import.meta.dirname, `../../../tests/samples/${name}.txt`), 'utf8'));
    await page.close();
  });
}
