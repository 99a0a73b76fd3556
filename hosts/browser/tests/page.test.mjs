// The page in Chromium: what a person sees, types and hears.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import axe from 'axe-core';
import { PLAIN, REFUSED, UNCERTAIN, answer, fieldOf } from './answers.mjs';
import { check, focused, open, shadow, start, told } from './harness.mjs';

let site;
before(async () => { site = await start('page'); });
after(() => site?.stop());

const page = (options) => open(site.browser, `${site.url}?lang=en`, options);
const text = async (locator) => (await locator.innerText()).replace(/\s+/g, ' ').trim();

/** Violations of axe's rules, WCAG 2.2 AA and its best practices, in words. */
async function violations(page) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  const { violations: found, passes } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  assert.ok(passes.length > 15, `only ${passes.length} rules had something to look at`);
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join('; ')}`);
}

test('an answer for each question gives a result, with figures and no complaint of the browser', async () => {
  const { page: one, context, complaints } = await page();
  await answer(one, PLAIN);
  await check(one);
  assert.equal(await text(shadow(one, '.outcome h3')), 'Worth applying');
  assert.match(await text(shadow(one, '.figures')), /Monthly repayment, without interest 208\.33 DEM/);
  assert.match(await text(shadow(one, '.result')), /not an offer/);
  const [{ decision, json }] = await told(one, 'trutina-decision');
  assert.equal(decision.outputs.monthly_principal, '208.33');
  assert.deepEqual(JSON.parse(json).outputs, decision.outputs);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('reasons come in the language chosen, in the order of the decision, and follow a change of language', async () => {
  const { page: one, context } = await page();
  await answer(one, REFUSED);
  await check(one);
  const reasons = () => shadow(one, '.reasons li').allInnerTexts();
  const [{ decision }] = await told(one, 'trutina-decision');
  assert.ok(decision.reasons.length >= 6);
  assert.deepEqual(await reasons(), decision.reasons.map((reason) => reason.text.en));
  await one.getByRole('button', { name: '\u7b80\u4f53\u4e2d\u6587' }).click();
  assert.deepEqual(await reasons(), decision.reasons.map((reason) => reason.text['zh-CN']));
  assert.equal(await text(shadow(one, '.outcome h3')), '\u76ee\u524d\u7533\u8bf7\u5f88\u53ef\u80fd\u4e0d\u4f1a\u6210\u529f');
  assert.equal(await (await fieldOf(one, 'amount')).getByRole('textbox').inputValue(), '18,000');
  assert.equal(await one.evaluate(() => document.documentElement.lang), 'zh-CN');
  const left = await text(one.locator('body'));
  assert.deepEqual(left.replace(/English|DEM|retail-prescreening/g, '').match(/[A-Za-z]{3,}/g), null, 'no English is left');
  await context.close();
});

test('what would change it is said, and giving those answers changes it so', async () => {
  const { page: one, context } = await page();
  await answer(one, UNCERTAIN);
  await check(one);
  await shadow(one, '.busy').waitFor({ state: 'detached' });
  const [{ changes }] = await told(one, 'trutina-changes');
  assert.equal(changes.status, 'found');
  const listed = await shadow(one, '.changes li').allInnerTexts();
  assert.equal(listed.length, changes.single.length + changes.pairs.length);
  assert.match(listed[0], /^Amount you would like to borrow: 9,999 DEM instead of 12,000 DEM\s+Result then: Worth applying$/);
  const pair = changes.pairs.find(({ facts }) => facts.map(({ fact }) => fact).join() === 'duration_months,guarantor');
  const words = listed[changes.single.length + changes.pairs.indexOf(pair)];
  assert.match(words, /Time to pay it back: \d+ months instead of 10 months\s+and Another person guarantees the loan: Yes instead of No/);
  for (const way of [[changes.single[0]], pair.facts]) {
    await answer(one, UNCERTAIN);
    await answer(one, Object.fromEntries(way.map(({ fact, to }) => [fact, typeof to === 'boolean' ? to : String(to)])));
    await check(one);
    assert.equal(await text(shadow(one, '.outcome h3')), 'Worth applying');
  }
  await shadow(one, '.busy').waitFor({ state: 'detached' });
  assert.equal(await shadow(one, '.changes').count(), 0, 'the best cannot be bettered');
  await context.close();
});

test('an edit makes the result old', async () => {
  const { page: one, context } = await page();
  await answer(one, PLAIN);
  await check(one);
  await (await fieldOf(one, 'amount')).getByRole('textbox').fill('6000');
  assert.equal(await shadow(one, '.outcome').count(), 0);
  assert.match(await text(shadow(one, '.shown')), /changed an answer/);
  assert.equal(await one.locator('trutina-prescreening').evaluate((element) => element.decision), null);
  await context.close();
});

test('what is missing or wrong is told at its field and above the form, which takes the focus', async () => {
  const { page: one, context, complaints } = await page();
  await answer(one, { amount: '1.000,50', duration_months: '24', age: '200', employed: true, monthly_income: '1.000,50' });
  await check(one);
  assert.match((await focused(one)).class, /summary/);
  const amount = await fieldOf(one, 'amount');
  assert.match(await text(amount.locator('.error')), /Error: Write a whole number/);
  const income = await fieldOf(one, 'monthly_income');
  assert.match(await text(income.locator('.error')), /behind a point: 1000\.50/);
  assert.match(await text((await fieldOf(one, 'age')).locator('.error')), /between 0 and 120 years/);
  assert.equal(await (await fieldOf(one, 'duration_months')).locator('.error').isVisible(), false);
  const input = amount.getByRole('textbox');
  assert.equal(await input.getAttribute('aria-invalid'), 'true');
  const described = (await input.getAttribute('aria-describedby')).split(' ');
  assert.ok(described.includes(await amount.locator('.error').getAttribute('id')));
  const links = shadow(one, '.summary a');
  assert.equal(await links.count(), 3 + 5);
  await links.first().press('Enter');
  assert.equal((await focused(one)).id, await input.getAttribute('id'));
  assert.deepEqual(await told(one, 'trutina-decision'), [], 'nothing was decided');
  await input.fill('5000');
  await check(one);
  assert.equal(await amount.locator('.error').isVisible(), false);
  assert.equal(await input.getAttribute('aria-invalid'), null);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('Tab leads from the top through the languages into the form, and past it', async () => {
  const { page: one, context } = await page();
  const places = [];
  for (let presses = 0; presses < 24; presses += 1) {
    await one.keyboard.press('Tab');
    const { tag, type, class: name } = await focused(one);
    places.push(name === 'skip' ? 'skip' : type === null ? tag : `${tag} ${type}`);
  }
  assert.deepEqual(places.slice(0, 4), ['skip', 'button button', 'button button', 'input text']);
  assert.ok(places.indexOf('button submit') > places.indexOf('input radio'), places.join());
  assert.ok(places.includes('skip', 1), 'and out of it again');
  await context.close();
});

test('from the first field to the result by keyboard alone', async () => {
  const { page: one, context } = await page();
  const { keyboard } = one;
  await keyboard.press('Tab');
  assert.equal((await focused(one)).class, 'skip');
  await keyboard.press('Enter');
  const type = async (digits) => { await keyboard.press('Tab'); await keyboard.type(digits); };
  const yes = async () => { await keyboard.press('Tab'); await keyboard.press('Space'); };
  const no = async () => { await yes(); await keyboard.press('ArrowDown'); };
  await type('18000');
  await type('12');
  await type('67');
  for (const choose of [no, yes, yes, no, no, no]) await choose();
  await type('1850.50');
  await keyboard.press('Tab');
  await keyboard.press('Tab');
  assert.equal((await focused(one)).text, 'Check');
  const outline = await shadow(one, 'button[type=submit]').evaluate((button) => getComputedStyle(button).outlineStyle);
  assert.equal(outline, 'solid', 'the focus is to be seen');
  await keyboard.press('Enter');
  await shadow(one, '.disclaimer').waitFor();
  assert.equal(await text(shadow(one, '.outcome h3')), 'An application would probably not succeed');
  assert.equal(await shadow(one, '[role=status] .outcome').count(), 1, 'it is announced');
  await context.close();
});

test('axe finds nothing, in every state, light and dark, in both languages', async () => {
  for (const [lang, colorScheme, results] of [['en', 'light', [PLAIN, REFUSED]], ['en', 'dark', [PLAIN, UNCERTAIN, REFUSED]], ['zh-CN', 'light', [UNCERTAIN]]]) {
    const { page: one, context } = await open(site.browser, `${site.url}?lang=${lang}`, { colorScheme });
    assert.deepEqual(await violations(one), [], `${lang} ${colorScheme} empty`);
    await check(one);
    assert.deepEqual(await violations(one), [], `${lang} ${colorScheme} complaints`);
    for (const facts of results) {
      await answer(one, facts);
      await check(one);
      await shadow(one, '.busy').waitFor({ state: 'detached' });
      assert.deepEqual(await violations(one), [], `${lang} ${colorScheme} result`);
    }
    await context.close();
  }
});

test('axe finds what is wrong on purpose', async () => {
  const { page: one, context } = await page();
  await shadow(one, 'label').first().evaluate((label) => label.remove());
  assert.match((await violations(one)).join('\n'), /label/);
  await context.close();
});

test('nothing is cut off on a small screen or at 200 %', async () => {
  for (const viewport of [{ width: 320, height: 640 }, { width: 640, height: 400 }, { width: 1280, height: 800 }]) {
    const { page: one, context } = await page({ viewport });
    await answer(one, REFUSED);
    await check(one);
    const [wide, seen] = await one.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(wide <= seen, `${wide} of ${seen} pixels at ${viewport.width}`);
    const small = await one.evaluate(() => {
      const all = [...document.querySelector('trutina-prescreening').shadowRoot.querySelectorAll('button, input:not([type=radio]):not([type=checkbox]), .choice')];
      return all.filter((element) => element.getBoundingClientRect().height < 44).length;
    });
    assert.equal(small, 0, 'what is touched is at least 44 pixels high');
    await context.close();
  }
});

test('who wants less motion gets none', async () => {
  for (const [reducedMotion, moving] of [['reduce', false], ['no-preference', true]]) {
    const { page: one, context } = await page({ reducedMotion });
    const duration = await shadow(one, 'button[type=submit]').evaluate((button) => getComputedStyle(button).transitionDuration);
    assert.equal(duration !== '0s', moving);
    await context.close();
  }
});
