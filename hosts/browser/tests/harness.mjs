// What the tests in a browser share: a build of their own, a server that writes down every request, a Chromium.

import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { build, digestOf } from '../build.mjs';
import { launch } from '../chromium.mjs';
import { serve } from '../serve.mjs';
import { EVERY } from './every.mjs';

const root = resolve(import.meta.dirname, '../../..');
const target = join(root, 'target');
const ELEMENT = 'trutina-prescreening';

/** The WebAssembly modules under test: $TRUTINA_WASM, else what `cargo xtask wasm` built. */
export const WASM = process.env.TRUTINA_WASM ?? join(target, 'wasm');
if (!existsSync(join(WASM, 'trutina.wasm'))) throw new Error(`no trutina.wasm in ${WASM}: run \`cargo xtask wasm\``);

/** The ruleset of the page as a bundle, if $TRUTINA_RULESET is one. */
export const BUNDLE = process.env.TRUTINA_RULESET?.endsWith('.trutina') ? process.env.TRUTINA_RULESET : null;

/** The same bundle as `trutina pack --key` signed it, and its public key, if `cargo xtask browser --test` put them beside that one. */
export const SIGNED = signedBeside(BUNDLE);

function signedBeside(bundle) {
  const [signed, key] = ['signed.trutina', 'signed.pub'].map((name) => bundle && join(dirname(bundle), name));
  return bundle && existsSync(key) ? { bundle: signed, key: readFileSync(key, 'utf8').split('\n')[1] } : null;
}

/** A page with the element alone. */
const bare = (attributes) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Bare</title><link rel="icon" href="./icon.svg">
<script type="module" src="./trutina-prescreening.mjs"></script></head>
<body><main><h1>A bank</h1><${ELEMENT} ${attributes}></${ELEMENT}></main></body></html>
`;

/** Builds, serves and starts; `use` gets `{ browser, url, requests, folder }`. */
export async function start(name) {
  const folder = join(target, `browser-test-${name}`);
  build({ out: folder, wasm: WASM, ruleset: process.env.TRUTINA_RULESET });
  copyFileSync(join(import.meta.dirname, '../page/icon.svg'), join(folder, 'icon.svg'));
  writeFileSync(join(folder, 'every.json'), JSON.stringify(EVERY));
  writeFileSync(join(folder, 'broken.json'), '{"files":{"ruleset.toml":"language = 1"}}');
  writeFileSync(join(folder, 'every.html'), bare('ruleset="./every.json" as-of="2026-11-30"'));
  writeFileSync(join(folder, 'early.html'), bare('ruleset="./every.json" as-of="2019-12-31"'));
  writeFileSync(join(folder, 'broken.html'), bare('ruleset="./broken.json"'));
  writeFileSync(join(folder, 'sources.html'), bare('ruleset="./samples/retail-prescreening.json" as-of="2026-11-30"'));
  if (BUNDLE) {
    copyFileSync(BUNDLE, join(folder, 'prescreening.trutina'));
    writeFileSync(join(folder, 'bundle.html'), bare(`ruleset="./prescreening.trutina" trust="${digestOf(readFileSync(BUNDLE))}" as-of="2026-11-30"`));
  }
  if (SIGNED) {
    copyFileSync(SIGNED.bundle, join(folder, 'signed.trutina'));
    writeFileSync(join(folder, 'signed.html'), bare(`ruleset="./signed.trutina" trust="${SIGNED.key}" as-of="2026-11-30"`));
  }
  const requests = [];
  const server = await serve(folder, { seen: (request) => requests.push(`${request.method} ${request.url}`) });
  const browser = await launch();
  const stop = async () => {
    await browser.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { browser, url: server.url, requests, folder, server, stop };
}

/** A page, and everything that a browser complains of on it. */
export async function open(browser, address, options = {}) {
  const context = await browser.newContext({ serviceWorkers: 'block', reducedMotion: 'reduce', ...options });
  const complaints = [];
  await context.addInitScript(() => {
    const told = [];
    globalThis.told = told;
    for (const type of ['trutina-ready', 'trutina-decision', 'trutina-changes', 'trutina-error']) {
      document.addEventListener(type, ({ detail }) => told.push({ type, detail }));
    }
  });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' || /Content Security Policy|TrustedScript/i.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(address);
  await page.locator(`${ELEMENT} :is(form, .notice[role=alert])`).first().waitFor();
  return { page, context, complaints };
}

/** Events of the element so far. */
export const told = (page, type) => page.evaluate((wanted) => globalThis.told.filter((event) => event.type === wanted).map(({ detail }) => detail), type);

/** Presses the button and waits for a result or for complaints. */
export async function check(page) {
  await page.locator(`${ELEMENT} button[type=submit]`).click();
  await page.locator(`${ELEMENT} :is(.summary:visible, .disclaimer)`).first().waitFor();
}

/** Where the focus is, inside the element if it is there. */
export const focused = (page) => page.evaluate(() => {
  const inside = (root) => (root.activeElement?.shadowRoot?.activeElement ? inside(root.activeElement.shadowRoot) : root.activeElement);
  const element = inside(document);
  return { tag: element.localName, type: element.type ?? null, id: element.id, class: element.className, text: element.textContent.slice(0, 80) };
});

export const shadow = (page, selector) => page.locator(`${ELEMENT} ${selector}`);
mkdirSync(target, { recursive: true });
