// The form of a ruleset: a field for each fact that `describe` names, in declared order.

import { h } from './dom.mjs';
import { makeField } from './fields.mjs';

export class Form {
  /** `heard.edited(field)` after each edit, `heard.announce(text)` for what a screen reader should say. */
  constructor(description, texts, heard) {
    this.texts = texts;
    this.heard = heard;
    this.ids = 0;
    this.fields = description.facts.map((fact) => [fact.source ?? fact.name, this.make(fact, fact.name)]);
    this.summary = h('div', { class: 'summary', tabindex: '-1', hidden: true });
    this.element = h('div', { class: 'fields' }, ...this.fields.map(([, field]) => field.element));
  }

  make(spec, path) {
    return makeField(spec, path, this);
  }

  id() {
    this.ids += 1;
    return `f${this.ids}`;
  }

  edited(field) {
    this.heard.edited(field);
  }

  announce(text) {
    this.heard.announce(text);
  }

  /** The facts, and the complaints as `[field, text]`; facts are worth something only without complaints. */
  read() {
    const complaints = [];
    const report = (field, text) => complaints.push([field, text]);
    const read = this.fields.map(([key, field]) => [key, field.read(report).value]);
    return { facts: Object.fromEntries(read.filter(([, value]) => value !== undefined)), complaints };
  }

  /** The field that a JSON pointer into the facts leads to. */
  at(pointer) {
    const [key, ...steps] = pointer.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    return this.fields.find(([name]) => name === key)?.[1].at(steps) ?? null;
  }

  state() {
    return this.fields.map(([, field]) => field.state());
  }

  restore(states) {
    states.forEach((state, index) => this.fields[index]?.[1].restore(state));
  }

  /** Shows the complaints at their fields and all together above them; the summary takes the focus. */
  complain(complaints, general = []) {
    for (const field of this.wrong ?? []) field.complain(null);
    this.wrong = new Set(complaints.map(([field]) => field));
    for (const field of this.wrong) field.complain(complaints.find(([one]) => one === field)[1]);
    this.summary.hidden = complaints.length === 0 && general.length === 0;
    this.summary.replaceChildren();
    if (this.summary.hidden) return;
    const items = [...complaints.map(([field, text]) => this.link(field, text)), ...general.map((text) => h('li', {}, text))];
    const key = complaints.length === 0 ? 'summary_general' : complaints.length === 1 ? 'summary_one' : 'summary';
    const heading = h('h2', {}, this.texts.say(key, { count: complaints.length }));
    this.summary.append(h('div', { role: 'alert' }, heading, h('ul', {}, ...items)));
    this.summary.focus();
  }

  link(field, text) {
    const go = (event) => {
      event.preventDefault();
      field.element.scrollIntoView({ block: 'center' });
      field.focus();
    };
    return h('li', {}, h('a', { href: `#${field.id}`, onclick: go }, this.named(field, text)));
  }

  /** A complaint with the label of its field, and with that of the entry the field is in. */
  named(field, text) {
    const label = field.within ? `${field.within} \u2013 ${field.label}` : field.label;
    return this.texts.say(/[?\uff1f]$/.test(label) ? 'summary_question' : 'summary_item', { label, text });
  }
}
