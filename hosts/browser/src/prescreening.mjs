// <trutina-prescreening>: a form for a ruleset's facts, decided on this device, with the result beside it.

import { ENGINES } from './assets.mjs';
import { Client } from './client.mjs';
import { h } from './dom.mjs';
import { Form } from './form.mjs';
import { Wording } from './result.mjs';
import { Texts, languageOf } from './texts.mjs';

const STYLES = new URL('./prescreening.css', import.meta.url).href;
export class TrutinaPrescreening extends HTMLElement {
  static observedAttributes = ['ruleset', 'engine', 'texts', 'lang', 'as-of', 'digest', 'trust'];

  #client = null;
  #description = null;
  #form = null;
  #ownTexts = null;
  #decided = null;
  #run = 0;
  #parts = null;
  #started = false;

  connectedCallback() {
    this.#parts ??= this.#skeleton();
    this.#start();
  }

  disconnectedCallback() {
    this.#stop();
  }

  attributeChangedCallback(name, before, after) {
    if (!this.#started || before === after) return;
    if (name === 'lang') this.#render();
    else if (name === 'as-of') this.#outdated();
    else this.#start();
  }

  // -- what a page asks and sets ------------------------------------------------------------------------------------

  /** `en` or `zh-CN`: of the attribute `lang` here or above, else of the document. */
  get language() {
    return languageOf(this.closest('[lang]')?.getAttribute('lang') ?? document.documentElement.lang);
  }

  /** The day that decisions speak for: the attribute `as-of`, else today on this device. */
  get asOf() {
    return this.getAttribute('as-of') || today();
  }

  /** What the form asks for, as the engine's `describe` gives it; null until `trutina-ready`. */
  get description() {
    return this.#description;
  }

  /** The last decision, or null. */
  get decision() {
    return this.#decided?.decision ?? null;
  }

  /** The facts as they stand in the form, or null while something is missing or wrong. They stay in the page unless it sends them. */
  get facts() {
    const read = this.#form?.read();
    return read && read.complaints.length === 0 ? read.facts : null;
  }

  /** Texts instead of ours: `{ "en": { "facts": {...}, "outcomes": {...}, "strings": {...} }, "zh-CN": {...} }`. */
  get texts() {
    return this.#ownTexts;
  }

  set texts(texts) {
    this.#ownTexts = texts;
    if (this.#description) this.#render();
  }

  /** Checks the answers as the button does. */
  check() {
    return this.#check();
  }

  /** Empties the form. */
  clear() {
    this.#decided = null;
    this.#run += 1;
    this.#render({ keep: false });
  }

  // -- starting -----------------------------------------------------------------------------------------------------

  #skeleton() {
    const root = this.attachShadow({ mode: 'open' });
    const live = h('p', { class: 'unseen', role: 'status' });
    const main = h('div', { class: 'frame', part: 'frame', hidden: true });
    const styles = h('link', { rel: 'stylesheet', href: STYLES });
    const ready = new Promise((resolve) => {
      styles.addEventListener('load', resolve);
      styles.addEventListener('error', resolve);
    });
    root.append(styles, main, live);
    ready.then(() => { main.hidden = false; });
    return { root, main, live };
  }

  #texts() {
    return new Texts(this.language, this.#ownTexts ?? {});
  }

  async #start() {
    this.#stop();
    this.#started = true;
    const client = new Client();
    this.#client = client;
    this.#notice(this.#texts().say('loading'));
    try {
      const source = this.getAttribute('ruleset');
      if (!source) throw new Error('the attribute `ruleset` is missing');
      const [description] = await Promise.all([
        client.call('start', {
          source: new URL(source, document.baseURI).href,
          engines: this.#engines(),
          digest: this.getAttribute('digest'),
          trust: this.getAttribute('trust')?.split(/\s+/).filter(Boolean) ?? [],
        }),
        this.#fetchTexts(),
      ]);
      if (this.#client !== client) return;
      this.#description = description;
      this.#render({ keep: false });
      this.#tell('trutina-ready', { description });
    } catch (error) {
      if (this.#client === client) this.#failed(error);
    }
  }

  #engines() {
    const own = this.getAttribute('engine');
    if (!own) return ENGINES;
    const engine = { url: new URL(own, document.baseURI).href };
    return { full: engine, runtime: engine };
  }

  async #fetchTexts() {
    const url = this.getAttribute('texts');
    if (!url) return;
    const response = await fetch(new URL(url, document.baseURI));
    if (!response.ok) throw new Error(`${url} answers ${response.status}`);
    this.#ownTexts = await response.json();
  }

  #stop() {
    this.#client?.close();
    this.#client = null;
    this.#description = null;
    this.#form = null;
    this.#decided = null;
    this.#run += 1;
    this.#started = false;
  }

  #notice(text) {
    this.#parts.main.replaceChildren(h('p', { class: 'notice', role: 'status' }, text));
  }

  #failed(error) {
    const texts = this.#texts();
    const code = error.code ? h('p', { class: 'small' }, texts.say('code', { code: error.code })) : null;
    const retry = h('button', { type: 'button', class: 'quiet', onclick: () => this.#start() }, texts.say('retry'));
    this.#parts.main.replaceChildren(h('div', { class: 'notice', role: 'alert' },
      h('p', {}, h('strong', {}, texts.say('failed'))), h('p', {}, texts.say('failed_help')), code, retry));
    this.#tell('trutina-error', { code: error.code ?? null, message: error.message });
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true, detail }));
  }

  // -- the form -----------------------------------------------------------------------------------------------------

  #render({ keep = true } = {}) {
    if (!this.#description) return;
    const texts = this.#texts();
    const state = keep ? this.#form?.state() : null;
    const heard = { edited: () => this.#outdated(), announce: (text) => { this.#parts.live.textContent = text; } };
    this.#form = new Form(this.#description, texts, heard);
    if (state) this.#form.restore(state);
    const submit = h('button', { type: 'submit', part: 'submit' }, texts.say('submit'));
    const clear = h('button', { type: 'button', class: 'quiet', part: 'clear', onclick: () => this.#clearAll() }, texts.say('clear'));
    const form = h('form', { novalidate: true, part: 'form', autocomplete: 'off', onsubmit: (event) => this.#submitted(event) },
      this.#form.summary, this.#form.element, h('p', { class: 'help private' }, texts.say('private')),
      h('div', { class: 'row' }, submit, clear));
    this.#parts.result = h('div', { class: 'shown' }, h('p', { class: 'help' }, texts.say('result_empty')));
    this.#parts.headline = h('div', { role: 'status' });
    const result = h('section', { class: 'result', part: 'result', 'aria-labelledby': 'result-title' },
      h('h2', { id: 'result-title' }, texts.say('result')), this.#parts.headline, this.#parts.result);
    this.#parts.main.lang = texts.language;
    this.#parts.main.replaceChildren(form, result);
    if (this.#decided) this.#show();
  }

  #clearAll() {
    this.clear();
    this.#parts.live.textContent = this.#texts().say('cleared');
    this.#form.fields[0]?.[1].focus();
  }

  #submitted(event) {
    event.preventDefault();
    this.#check();
  }

  /** An edit makes the result old: it is no longer what the form says. */
  #outdated() {
    if (!this.#decided && !this.#parts.busy) return;
    this.#run += 1;
    this.#decided = null;
    this.#parts.busy = false;
    this.#parts.headline.replaceChildren();
    this.#parts.result.replaceChildren(h('p', { class: 'help old' }, this.#texts().say('result_old')));
  }

  // -- the decision -------------------------------------------------------------------------------------------------

  async #check() {
    if (!this.#form) return;
    const { facts, complaints } = this.#form.read();
    this.#outdated();
    this.#form.complain(complaints);
    if (complaints.length) return;
    this.#run += 1;
    const run = this.#run;
    const [client, asOf, texts] = [this.#client, this.asOf, this.#texts()];
    this.#parts.busy = true;
    this.#parts.result.replaceChildren(h('p', { class: 'help busy' }, texts.say('result_busy')));
    try {
      const { decision, json } = await client.call('decide', { facts, asOf });
      if (run !== this.#run) return;
      this.#parts.busy = false;
      this.#decided = { decision, json, facts, changes: undefined };
      if (decision.error) this.#complain(decision.error);
      else this.#show();
      this.#tell('trutina-decision', { decision, json });
      if (!decision.error) await this.#explain(client, run, facts, asOf);
    } catch (error) {
      if (run === this.#run) this.#complain({ code: error.code ?? 'T6xxx', message: error.message, at: error.at });
    }
  }

  async #explain(client, run, facts, asOf) {
    const answer = await client.call('explain', { facts, asOf, lang: this.language });
    if (run !== this.#run || !this.#decided) return;
    this.#decided.changes = answer.changes ?? null;
    this.#show();
    if (answer.changes) this.#tell('trutina-changes', { changes: answer.changes });
  }

  /** An error of the decision: at its field if it has one, else above the form. */
  #complain({ code, at }) {
    const texts = this.#texts();
    this.#parts.busy = false;
    this.#parts.headline.replaceChildren();
    this.#parts.result.replaceChildren(h('p', { class: 'help' }, texts.say('summary_general')), h('p', { class: 'small' }, texts.say('code', { code })));
    const field = at?.pointer ? this.#form.at(at.pointer) : null;
    const key = texts.has(code) ? code : `${String(code).slice(0, 2)}xxx`;
    const text = texts.say(texts.has(key) ? key : 'T6xxx', { as_of: this.asOf });
    this.#form.complain(field ? [[field, text]] : [], field ? [] : [text]);
  }

  #show() {
    const { decision, changes } = this.#decided;
    if (decision.error) return;
    const texts = this.#texts();
    const wording = new Wording(this.#description, texts);
    const outcome = decision.outputs.outcome;
    const first = changes === undefined;
    if (first || !this.#parts.headline.hasChildNodes()) {
      this.#parts.headline.replaceChildren(...(outcome === undefined || outcome === null ? [] : [wording.head(outcome)]));
    }
    const waiting = first && wording.tone(outcome) !== 'good'
      ? [h('h3', {}, texts.say('changes')), h('p', { class: 'help busy' }, texts.say('changes_busy'))]
      : [];
    const found = first ? waiting : wording.changes(changes);
    this.#parts.result.replaceChildren(...wording.body(decision), ...found, ...wording.foot(decision));
    if (first) bringIntoView(this.#parts.headline);
  }
}

/** Scrolls to the top of what is not wholly to be seen. */
function bringIntoView(element) {
  const { top, bottom } = element.getBoundingClientRect();
  if (top < 0 || bottom > window.innerHeight) element.parentElement.scrollIntoView({ block: 'start' });
}

/** The civil date on this device. */
function today() {
  const now = new Date();
  const two = (number) => String(number).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

if (!customElements.get('trutina-prescreening')) customElements.define('trutina-prescreening', TrutinaPrescreening);
