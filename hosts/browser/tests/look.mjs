// Takes pictures of the page for people to look at: node tests/look.mjs [DIR OF THE BUILD] [DIR OF THE PICTURES]

import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { launch } from '../chromium.mjs';
import { serve } from '../serve.mjs';
import { PLAIN, REFUSED, UNCERTAIN, answer } from './answers.mjs';

const root = resolve(import.meta.dirname, '../../..');
const [folder = `${root}/target/browser`, pictures = `${root}/target/browser-pictures`] = process.argv.slice(2);

const SHOTS = [
  { name: 'en-light-empty', lang: 'en' },
  { name: 'en-light-good', lang: 'en', facts: PLAIN },
  { name: 'en-light-reasons', lang: 'en', facts: REFUSED },
  { name: 'zh-light-reasons', lang: 'zh-CN', facts: REFUSED },
  { name: 'en-light-changes', lang: 'en', facts: UNCERTAIN },
  { name: 'zh-light-changes', lang: 'zh-CN', facts: UNCERTAIN },
  { name: 'zh-mobile-changes', lang: 'zh-CN', facts: UNCERTAIN, width: 360, height: 740 },
  { name: 'en-dark-reasons', lang: 'en', facts: REFUSED, scheme: 'dark' },
  { name: 'zh-dark-good', lang: 'zh-CN', facts: PLAIN, scheme: 'dark' },
  { name: 'en-light-errors', lang: 'en', facts: { amount: '1.000,50', duration_months: '24', age: '200' } },
  { name: 'zh-light-errors', lang: 'zh-CN', facts: { amount: '1.000,50', duration_months: '24', age: '200' } },
  { name: 'en-mobile-empty', lang: 'en', width: 360, height: 740 },
  { name: 'en-mobile-reasons', lang: 'en', facts: REFUSED, width: 360, height: 740 },
  { name: 'zh-mobile-dark-errors', lang: 'zh-CN', facts: { amount: '20,0' }, width: 360, height: 740, scheme: 'dark' },
  { name: 'zh-mobile-reasons', lang: 'zh-CN', facts: REFUSED, width: 360, height: 740 },
  { name: 'en-mobile-changes', lang: 'en', facts: UNCERTAIN, width: 360, height: 740 },
  { name: 'en-320-errors', lang: 'en', facts: { amount: '1.000,50', duration_months: '24', age: '200' }, width: 320, height: 640 },
  { name: 'zh-320-errors', lang: 'zh-CN', facts: { amount: '1.000,50', duration_months: '24', age: '200' }, width: 320, height: 640 },
  { name: 'zh-empty', lang: 'zh-CN' },
  { name: 'en-focus-field', lang: 'en', tabs: 'input:not([type=radio])' },
  { name: 'zh-focus-choice', lang: 'zh-CN', tabs: 'input[type=radio]' },
  { name: 'en-focus-submit', lang: 'en', tabs: 'button[type=submit]', width: 360, height: 740 },
  { name: 'zh-dark-focus-choice', lang: 'zh-CN', tabs: 'input[type=radio]', scheme: 'dark', width: 360, height: 740 },
  { name: 'en-zoom-200', lang: 'en', facts: REFUSED, width: 640, height: 400, scale: 2 },
];

/** Presses Tab until the focus is on something within the element. */
async function tabTo(page, selector) {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    const there = (wanted) => document.querySelector('trutina-prescreening').shadowRoot.activeElement?.matches(wanted) ?? false;
    if (await page.evaluate(there, selector)) return;
  }
  throw new Error(`no Tab leads to ${selector}`);
}

mkdirSync(pictures, { recursive: true });
const server = await serve(resolve(folder));
const browser = await launch();
for (const { name, lang, facts, tabs, scheme = 'light', width = 1280, height = 900, scale = 1 } of SHOTS) {
  const context = await browser.newContext({
    viewport: { width, height }, colorScheme: scheme, deviceScaleFactor: scale, serviceWorkers: 'block', reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => console.log(name, error.message));
  page.on('console', (message) => message.type() === 'error' && console.log(name, message.text()));
  await page.goto(`${server.url}?lang=${lang}`);
  await page.locator('trutina-prescreening form').waitFor();
  if (facts) {
    await answer(page, facts);
    await page.locator('trutina-prescreening button[type=submit]').click();
    await page.locator('trutina-prescreening :is(.summary:visible, .disclaimer)').first().waitFor();
    await page.locator('trutina-prescreening .busy').waitFor({ state: 'detached' });
  }
  await page.evaluate(() => scrollTo(0, 0)); // the result stays beside what is in view
  if (tabs) await tabTo(page, tabs);
  await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
  await context.close();
}
await browser.close();
await server.close();
console.log(`${SHOTS.length} pictures in ${pictures}`);
