// Nothing leaves the page, it works without a network, and under a policy that would stop it if it tried otherwise.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { PLAIN, REFUSED, answer } from './answers.mjs';
import { check, open, shadow, start, told } from './harness.mjs';
import { ANYWHERE, IN_PAGES, watch } from './watch.mjs';

let site;
before(async () => { site = await start('private'); });
after(() => site?.stop());

test('the page asks for its own files, and after that for nothing', async () => {
  site.requests.length = 0;
  const { page, context, complaints } = await open(site.browser, `${site.url}?lang=en`);
  const own = new Set(readdirSync(site.folder).map((name) => `GET /${name}`));
  for (const request of site.requests) assert.ok(own.has(request) || request === 'GET /?lang=en', request);
  assert.ok(site.requests.length > 15);
  const left = await watch(context, site.requests);
  for (const facts of [PLAIN, REFUSED]) {
    await answer(page, facts);
    await check(page);
  }
  await page.getByRole('button', { name: '\u7b80\u4f53\u4e2d\u6587' }).click();
  await check(page);
  await page.waitForTimeout(500);
  assert.equal((await told(page, 'trutina-decision')).length, 3);
  assert.deepEqual(await left(), [], 'not one request, and no other connection');
  const kept = await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie, location.search]);
  assert.deepEqual(kept, [0, 0, '', '?lang=en'], 'nothing is stored, and no fact is in the address');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a page that sends facts is seen', async () => {
  const { page, context } = await open(site.browser, `${site.url}?lang=en`);
  const left = await watch(context, site.requests);
  await page.evaluate(() => document.addEventListener('trutina-decision', () => { fetch('./leak?amount=5000').catch(() => {}); }));
  await answer(page, PLAIN);
  await check(page);
  await page.waitForTimeout(300);
  assert.ok((await left()).some((request) => request.includes('/leak?amount=5000')));
  await context.close();
});

/** Waits until something that was seen has a mark, a second at most. */
async function noticed(left, mark) {
  for (let tries = 0; tries < 20; tries += 1) {
    if ((await left()).some((each) => each.includes(mark))) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

test('whichever way a page or its worker sends, it is seen', async () => {
  const { page, context } = await open(site.browser, `${site.url}?lang=en`);
  const left = await watch(context, site.requests);
  const [worker] = page.workers();
  const ways = [
    ...Object.entries(ANYWHERE).map(([name, send]) => [`${name} of the worker`, worker, send]),
    ...Object.entries({ ...ANYWHERE, ...IN_PAGES }).map(([name, send]) => [`${name} of the page`, page, send]),
  ];
  for (const [name, place, send] of ways) {
    const mark = `leak?${name.replaceAll(' ', '-')}`;
    assert.ok(!(await left()).some((each) => each.includes(mark)), `${name}: nothing yet`);
    await place.evaluate(send, new URL(mark, site.url).href);
    assert.ok(await noticed(left, mark), name);
  }
  await context.close();
});

test('the policy keeps it from being sent anywhere else', async () => {
  const { page, context } = await open(site.browser, `${site.url}?lang=en`);
  const stopped = await page.evaluate(async () => {
    const violations = [];
    document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
    await fetch('https://example.com/').catch(() => {});
    const style = document.createElement('style');
    document.body.append(style);
    style.textContent = 'p { color: red }';
    try { document.body.innerHTML = '<p>'; } catch { violations.push('innerHTML'); }
    const form = document.createElement('form');
    form.action = '/somewhere';
    document.body.append(form);
    form.submit();
    await new Promise((resolve) => setTimeout(resolve, 300));
    return [...new Set(violations)];
  });
  for (const directive of ['connect-src', 'style-src-elem', 'innerHTML', 'form-action']) assert.ok(stopped.includes(directive), `${directive}: ${stopped}`);
  await context.close();
});

test('where WebAssembly is forbidden the form says that it cannot be', async () => {
  const context = await site.browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.route(/\/worker\.[0-9a-f]{12}\.mjs$/, async (route) => {
    const response = await route.fetch();
    const policy = response.headers()['content-security-policy'].replace(" 'wasm-unsafe-eval'", '');
    await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } });
  });
  await page.goto(`${site.url}?lang=en`);
  await shadow(page, '.notice[role=alert]').waitFor();
  assert.match(await shadow(page, '.notice').innerText(), /cannot be made here[\s\S]*Code T6\d{3}/);
  await context.close();
});

test('it works without a network once it was loaded', async () => {
  const own = await start('offline');
  try {
    const { page, context } = await open(own.browser, `${own.url}?lang=en`, { serviceWorkers: 'allow' });
    await page.waitForFunction(() => document.documentElement.dataset.offline === 'ready');
    await context.setOffline(true);
    await own.server.close();
    const before = own.requests.length;
    await page.goto(`${own.url}?lang=zh-CN`);
    await shadow(page, 'form').waitFor();
    await answer(page, REFUSED);
    await check(page);
    const [{ decision }] = await told(page, 'trutina-decision');
    assert.equal(decision.outputs.outcome, 'discourage');
    assert.equal(await shadow(page, '.reasons li').count(), decision.reasons.length);
    assert.equal(own.requests.length, before);
    await context.close();
  } finally {
    await own.stop();
  }
});

test('what is built names its files by their content, and has neither scripts nor styles within the page', () => {
  const files = JSON.parse(readFileSync(join(site.folder, 'files.json'), 'utf8'));
  const html = readFileSync(join(site.folder, 'index.html'), 'utf8');
  assert.ok(!/<style|style=|<script(?![^>]*\bsrc=)|\son\w+=|https?:/.test(html.replace(/<noscript>.*<\/noscript>/s, '')));
  const worker = readFileSync(join(site.folder, 'service-worker.js'), 'utf8');
  for (const [name, { integrity }] of Object.entries(files)) {
    if (name === 'service-worker.js') continue;
    if (name !== 'index.html') assert.match(name, /\.[0-9a-f]{12}\.\w+$/);
    const unused = /^trutina(-runtime)?\./.test(name) && !worker.includes(`./${name}`);
    assert.ok(unused || worker.includes(integrity), `${name} is kept with its hash`);
  }
  for (const name of readdirSync(site.folder).filter((one) => one.endsWith('.mjs'))) {
    const code = readFileSync(join(site.folder, name), 'utf8');
    assert.ok(!/innerHTML|\beval\(|new Function|document\.write|localStorage|sendBeacon|XMLHttpRequest|EventSource|WebSocket|WebTransport|RTCPeer|prefetch|preconnect|https?:\/\/(?!www\.w3\.org)/.test(code), name);
  }
});

test('a file that was changed on the way is refused', async () => {
  const context = await site.browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.route(/\/form\.[0-9a-f]{12}\.mjs$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${await response.text()}\n// changed\n` });
  });
  const complaints = [];
  page.on('console', (message) => complaints.push(message.text()));
  await page.goto(site.url);
  await page.waitForTimeout(1000);
  assert.match(complaints.join('\n'), /integrity/);
  assert.equal(await shadow(page, 'form').count(), 0);
  await context.close();
});
