// The element by itself: fields for every type of fact, errors at their fields, attributes, properties, events.

import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import axe from 'axe-core';
import { PLAIN, answer, fieldOf } from './answers.mjs';
import { BUNDLE, SIGNED, check, focused, open, shadow, start, told } from './harness.mjs';

let site;
before(async () => { site = await start('element'); });
after(() => site?.stop());

const every = () => open(site.browser, `${site.url}every.html`);
const element = (page) => page.locator('trutina-prescreening');

/** Answers for all that is required. */
async function fill(page) {
  const box = async (fact, value) => (await fieldOf(page, fact)).getByRole('textbox').fill(value);
  await box('count', '9,007,199,254,740,993');
  await box('ratio', '0.1000');
  await box('income', '-12.50');
  await (await fieldOf(page, 'member')).getByLabel('Yes').check();
  await box('name', 'Wang Fang');
  await (await fieldOf(page, 'segment')).getByLabel('Small business').check();
  await (await fieldOf(page, 'opened')).locator('input').fill('2024-02-29');
  await (await fieldOf(page, 'products')).getByLabel('Card').check();
  await (await fieldOf(page, 'loans')).getByRole('checkbox', { name: 'None' }).check();
}

test('every type of fact has its field', async () => {
  const { page, context, complaints } = await every();
  const kinds = {};
  for (const { name } of (await told(page, 'trutina-ready'))[0].description.facts) {
    const field = await fieldOf(page, name);
    const controls = await field.locator('input, select, button').evaluateAll((all) => all.map((one) => one.type));
    kinds[name] = [await field.evaluate((one) => one.localName), [...new Set(controls)].join(' '), controls.length];
  }
  assert.deepEqual(kinds, {
    count: ['div', 'text', 1],
    score: ['div', 'text checkbox', 3],
    ratio: ['div', 'text', 1],
    income: ['div', 'text', 1],
    member: ['fieldset', 'radio', 2],
    consent: ['fieldset', 'radio', 3],
    name: ['div', 'text', 1],
    segment: ['fieldset', 'radio', 3],
    region: ['div', 'select-one', 1],
    opened: ['div', 'date', 1],
    products: ['fieldset', 'checkbox', 4],
    amounts: ['fieldset', 'button checkbox', 2],
    loans: ['fieldset', 'button checkbox', 2],
    balances: ['fieldset', 'button checkbox', 2],
  });
  assert.equal(await page.getByRole('textbox', { name: 'Income' }).count(), 1);
  assert.equal(await page.getByRole('group', { name: 'Are you a member?' }).count(), 1);
  assert.equal(await page.getByRole('combobox', { name: 'Region (optional)' }).count(), 1);
  assert.match(await (await fieldOf(page, 'score')).innerText(), /From 300 to 850[\s\S]*No record[\s\S]*Closed/);
  assert.match(await (await fieldOf(page, 'opened')).innerText(), /From 2000-01-01 to 2030-12-31/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('facts arrive digit by digit, and what was not answered does not', async () => {
  const { page, context, complaints } = await every();
  await fill(page);
  await check(page);
  const [{ decision, json }] = await told(page, 'trutina-decision');
  assert.equal(decision.error, null);
  assert.match(json, /"count":9007199254740993,"income":"-12\.50","ratio":"0\.1000","loans":0,"no_record":false/);
  assert.equal(decision.outputs.count, 9007199254740993n);
  assert.equal(decision.outputs.outcome, 'poor');
  const facts = await element(page).evaluate((one) => one.facts);
  assert.deepEqual(facts, {
    count: 9007199254740993n, ratio: '0.1000', monthlyIncome: '-12.50', member: true, name: 'Wang Fang', segment: 'small_business',
    opened: '2024-02-29', products: ['card'], loans: [],
  });
  assert.match(await shadow(page, '.figures').innerText(), /Count\s+9,007,199,254,740,993/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('special codes, lists, records and series', async () => {
  const { page, context } = await every();
  await fill(page);
  await (await fieldOf(page, 'score')).getByLabel('No record').check();
  assert.equal(await (await fieldOf(page, 'score')).getByRole('textbox').isDisabled(), true);
  const loans = await fieldOf(page, 'loans');
  await loans.getByRole('button', { name: /Add an entry/ }).click();
  assert.equal((await focused(page)).type, 'text', 'the new entry has the focus');
  assert.equal(await loans.getByRole('checkbox', { name: 'None' }).isChecked(), false);
  const first = page.getByRole('group', { name: 'Loans: entry 1', exact: true });
  await first.getByLabel('Balance').fill('1,200.50');
  await first.getByLabel('Due').fill('2027-01-31');
  await loans.getByRole('button', { name: /Add an entry/ }).click();
  const second = page.getByRole('group', { name: 'Loans: entry 2', exact: true });
  await second.getByLabel('Balance').fill('7');
  await second.getByLabel('Due').fill('2028-01-31');
  await second.getByRole('radio', { name: 'Yes' }).check();
  await loans.getByRole('button', { name: 'Remove \u201cLoans: entry 1\u201d' }).click();
  assert.equal(await first.getByLabel('Balance').inputValue(), '7', 'the second entry is the first now');
  assert.equal(await shadow(page, '> p[role=status]').innerText(), 'Loans: entry 1 was removed.');
  const balances = await fieldOf(page, 'balances');
  await balances.getByRole('button', { name: /Add an entry/ }).click();
  await balances.getByLabel('Date').fill('2026-10-31');
  await balances.getByLabel('Value').fill('-3.10');
  await check(page);
  const facts = await element(page).evaluate((one) => one.facts);
  assert.equal(facts.score, -1);
  assert.deepEqual(facts.loans, [{ balance: '7', due: '2028-01-31', secured: true }]);
  assert.deepEqual(facts.balances, [{ date: '2026-10-31', value: '-3.10' }]);
  const [{ decision }] = await told(page, 'trutina-decision');
  assert.equal(decision.outputs.no_record, true);
  assert.equal(decision.outputs.loans, 1);
  await context.close();
});

test("the engine's own errors stand at their fields, within entries too", async () => {
  const { page, context } = await every();
  await fill(page);
  const balances = await fieldOf(page, 'balances');
  for (const day of ['2026-10-01', '2026-10-31']) {
    await balances.getByRole('button', { name: /Add an entry/ }).click();
    await balances.getByLabel('Date').last().fill(day);
    await balances.getByLabel('Value').last().fill('1');
  }
  await check(page);
  const [{ decision }] = await told(page, 'trutina-decision');
  assert.equal(decision.error.code, 'T3013');
  assert.equal(decision.error.at.pointer, '/balances/1');
  const wrong = page.getByRole('group', { name: 'Balances: entry 2', exact: true });
  assert.match(await wrong.locator('> .error').innerText(), /two entries for one period/);
  assert.equal(await page.getByRole('group', { name: 'Balances: entry 1', exact: true }).locator('> .error').isVisible(), false);
  assert.match(await shadow(page, '.summary').innerText(), /Balances: entry 2: There are two entries/);
  await shadow(page, '.summary a').press('Enter');
  assert.equal(await wrong.getByLabel('Date').evaluate((input) => input.getRootNode().activeElement === input), true);
  await context.close();
});

test('an error of no field stands above the form', async () => {
  const { page, context } = await open(site.browser, `${site.url}early.html`);
  await fill(page);
  await check(page);
  assert.match(await shadow(page, '.summary').innerText(), /does not apply on 2019-12-31/);
  assert.match(await shadow(page, '.result').innerText(), /T3014/);
  await context.close();
});

test('axe finds nothing in any field', async () => {
  const { page, context } = await every();
  for (const fact of ['amounts', 'loans', 'balances']) await (await fieldOf(page, fact)).getByRole('button', { name: /Add an entry/ }).click();
  const found = async () => {
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document.querySelector('trutina-prescreening')));
    return violations.map(({ id, nodes }) => `${id} ${nodes.map(({ target }) => target)}`);
  };
  assert.deepEqual(await found(), []);
  await check(page);
  assert.ok(await shadow(page, '.summary a').count() > 8);
  assert.deepEqual(await found(), []);
  await context.close();
});

test('the language may change in the middle of it', async () => {
  const { page, context } = await every();
  await fill(page);
  await (await fieldOf(page, 'loans')).getByRole('button', { name: /Add an entry/ }).click();
  await (await fieldOf(page, 'loans')).getByLabel('Balance').fill('5');
  await element(page).evaluate((one) => { one.lang = 'zh-CN'; });
  assert.equal(await page.getByRole('textbox', { name: '\u6536\u5165' }).inputValue(), '-12.50');
  assert.equal(await (await fieldOf(page, 'loans')).getByRole('textbox').first().inputValue(), '5');
  assert.equal(await shadow(page, '.frame').getAttribute('lang'), 'zh-CN');
  await context.close();
});

test('a ruleset that does not load is said, and may be tried again', async () => {
  const { page, context } = await open(site.browser, `${site.url}broken.html`);
  assert.match(await shadow(page, '.notice').innerText(), /cannot be made here/);
  const [{ code }] = await told(page, 'trutina-error');
  assert.match(code, /^T\d{4}$/);
  await element(page).evaluate((one) => one.setAttribute('ruleset', './every.json'));
  await shadow(page, 'form').waitFor();
  await context.close();
});

test('a ruleset other than the one named by its digest is refused', async () => {
  const { page, context } = await every();
  const digest = (await told(page, 'trutina-ready'))[0].description.digest;
  await element(page).evaluate((one, right) => one.setAttribute('digest', right), digest);
  await shadow(page, 'form').waitFor();
  await element(page).evaluate((one) => one.setAttribute('digest', `sha256:${'0'.repeat(64)}`));
  await shadow(page, '.notice[role=alert]').waitFor();
  assert.match((await told(page, 'trutina-error'))[0].message, /has the digest/);
  await context.close();
});

test('a bundle brings the runtime module and no other, and decides as its sources do', { skip: BUNDLE === null }, async () => {
  const decided = async (address) => {
    site.requests.length = 0;
    const { page, context, complaints } = await open(site.browser, address);
    await answer(page, PLAIN);
    await check(page);
    const [{ json }] = await told(page, 'trutina-decision');
    const modules = site.requests.filter((request) => request.endsWith('.wasm')).map((request) => request.replace(/\.[0-9a-f]{12}\./, '.'));
    assert.deepEqual(complaints, []);
    return { json, modules, page, context };
  };
  const bundle = await decided(`${site.url}bundle.html`);
  const sources = await decided(`${site.url}sources.html`);
  assert.deepEqual(bundle.modules, ['GET /trutina-runtime.wasm']);
  assert.deepEqual(sources.modules, ['GET /trutina.wasm']);
  assert.equal(bundle.json, sources.json);
  await sources.context.close();
  const refused = async (trust) => {
    await element(bundle.page).evaluate((one, value) => one.setAttribute('trust', value), trust);
    await shadow(bundle.page, '.notice[role=alert]').waitFor();
    return (await told(bundle.page, 'trutina-error')).at(-1).code;
  };
  assert.equal(await refused(`sha256:${'0'.repeat(64)}`), 'T6007');
  assert.equal(await refused(''), 'T6007');
  await bundle.context.close();
});

test('a signed bundle is taken on the word of its key, and on no other', { skip: SIGNED === null }, async () => {
  const { page, context } = await open(site.browser, `${site.url}signed.html`);
  await answer(page, PLAIN);
  await check(page);
  assert.equal((await told(page, 'trutina-decision'))[0].decision.outputs.outcome, 'encourage');
  const tried = async (name, value) => {
    const before = (await told(page, 'trutina-error')).length + (await told(page, 'trutina-ready')).length;
    await element(page).evaluate((one, words) => one.setAttribute(...words), [name, value]);
    await page.waitForFunction((count) => globalThis.told.filter(({ type }) => /error|ready/.test(type)).length > count, before);
    return (await page.evaluate(() => globalThis.told.filter(({ type }) => /error|ready/.test(type)).at(-1))).detail.code ?? 'ready';
  };
  const stranger = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  assert.equal(await tried('trust', stranger), 'T6007');
  assert.equal(await tried('trust', `${stranger} ${SIGNED.key}`), 'ready', 'one of several keys');
  assert.equal(await tried('ruleset', './prescreening.trutina'), 'T6007', 'no signature');
  assert.equal(await tried('ruleset', './samples/retail-prescreening.json'), 'T6001', 'sources in its place');
  await context.close();
});

test('a bank sets texts and colours', async () => {
  const { page, context } = await every();
  await element(page).evaluate((one) => {
    one.texts = { en: { facts: { income: { label: 'Net income', help: 'As on the pay slip.' } }, strings: { submit: 'See the result' }, outcomes: { poor: { title: 'Not today', lead: 'Come back later.' } } } };
  });
  await element(page).evaluate((one) => one.style.setProperty('--trutina-accent', 'rgb(120, 0, 60)'));
  assert.equal(await shadow(page, 'button[type=submit]').evaluate((button) => getComputedStyle(button).backgroundColor), 'rgb(120, 0, 60)');
  assert.equal(await page.getByRole('textbox', { name: 'Net income' }).count(), 1);
  await fill(page);
  await element(page).evaluate((one) => one.check());
  await shadow(page, '.disclaimer').waitFor();
  assert.match(await shadow(page, '.outcome').innerText(), /Not today\s+Come back later\./);
  assert.equal(await shadow(page, 'button[type=submit]').innerText(), 'See the result');
  await element(page).evaluate((one) => one.clear());
  assert.equal(await element(page).evaluate((one) => one.facts), null);
  await context.close();
});
