// Fields that hold fields: records, lists with an entry each, and series of dated values.

import { h } from './dom.mjs';
import { Field } from './field.mjs';

/** A record: a frame around its fields. */
export class GroupField extends Field {
  constructor(spec, path, form, legend = null) {
    super(spec, path, form);
    if (legend !== null) this.label = legend;
    this.fields = spec.fields.map((field) => [field.source ?? field.name, form.make(field, join(path, field.name))]);
    for (const [, field] of this.fields) field.within = this.label;
    const elements = this.fields.map(([, field]) => field.element);
    this.legend = h('legend', {}, ...(legend === null ? this.caption() : [legend]));
    this.element = h('fieldset', { class: 'field group', id: this.id, tabindex: '-1' },
      this.legend, this.helpElement, this.errorElement, ...elements);
    this.control = this.element;
    this.describe(this.element);
  }

  focus() {
    this.fields[0]?.[1].focus();
  }

  at([step, ...steps]) {
    return this.fields.find(([key]) => key === step)?.[1].at(steps) ?? this;
  }

  state() {
    return this.fields.map(([, field]) => field.state());
  }

  restore(states) {
    states.forEach((state, index) => this.fields[index][1].restore(state));
  }

  /** An optional record of which nothing was answered is missing; of one that was begun, all is asked for. */
  read(report) {
    const complaints = [];
    const read = this.fields.map(([key, field]) => [key, field.read((...complaint) => complaints.push(complaint))]);
    const given = read.filter(([, answer]) => answer.value !== undefined);
    if (this.spec.optional && !this.isAnswered()) return {};
    complaints.forEach((complaint) => report(...complaint));
    return { value: Object.fromEntries(given.map(([key, answer]) => [key, answer.value])) };
  }

  isAnswered() {
    return this.fields.some(([, field]) => field.isAnswered());
  }
}

/** A list: entries that are added and removed, or a tick for none. */
export class ListField extends Field {
  constructor(spec, path, form) {
    super(spec, path, form);
    this.entries = [];
    this.list = h('ol', { class: 'entries', role: 'list' });
    this.addButton = h('button', { type: 'button', class: 'quiet', onclick: () => this.add() }, this.say('add'));
    this.none = h('input', { type: 'checkbox', id: `${this.id}-none`, onchange: () => this.saidNone() });
    const none = h('label', { class: 'choice' }, this.none, h('span', {}, form.texts.say('none')));
    const legend = h('legend', {}, ...this.caption());
    this.element = h('fieldset', { class: 'field list', id: this.id }, legend, this.helpElement, this.errorElement,
      this.list, h('div', { class: 'row' }, this.addButton, none));
    this.control = this.element;
    this.describe(this.element);
  }

  title(number) {
    return this.say('entry', { number });
  }

  makeEntry(number) {
    const { of } = this.spec;
    if (of.type === 'record') return new GroupField(of, this.path, this.form, this.title(number));
    return this.form.make({ ...of, name: this.spec.name, label: { [this.form.texts.language]: this.title(number) } }, join(this.path, 'of'));
  }

  add(announce = true) {
    const number = this.entries.length + 1;
    const field = this.makeEntry(number);
    const name = this.title(number);
    const remove = h('button', { type: 'button', class: 'quiet', onclick: () => this.remove(item) }, this.say('remove', { label: name }));
    const item = { field, element: h('li', {}, field.element, remove) };
    this.entries.push(item);
    this.list.append(item.element);
    this.none.checked = false;
    if (!announce) return;
    this.form.edited(this);
    this.form.announce(this.say('added', { label: name }));
    field.focus();
  }

  /** Numbers stand in labels, so what is left is built anew. */
  remove(item) {
    const index = this.entries.indexOf(item);
    const states = this.state().entries.filter((_, at) => at !== index);
    this.rebuild(states);
    this.form.edited(this);
    this.form.announce(this.say('removed', { label: this.title(index + 1) }));
    const next = this.entries[Math.min(index, this.entries.length - 1)];
    if (next) next.field.focus();
    else this.addButton.focus();
  }

  rebuild(states) {
    this.entries = [];
    this.list.replaceChildren();
    for (const state of states) {
      this.add(false);
      this.entries.at(-1).field.restore(state);
    }
  }

  saidNone() {
    if (this.none.checked) this.rebuild([]);
    this.form.edited(this);
  }

  focus() {
    if (this.entries.length) this.entries[0].field.focus();
    else this.addButton.focus();
  }

  at([step, ...steps]) {
    return this.entries[Number(step)]?.field.at(steps) ?? this;
  }

  isAnswered() {
    return this.none.checked || this.entries.length > 0;
  }

  state() {
    return { none: this.none.checked, entries: this.entries.map(({ field }) => field.state()) };
  }

  restore({ none, entries }) {
    this.rebuild(entries);
    this.none.checked = none;
  }

  read(report) {
    if (!this.isAnswered()) {
      if (!this.spec.optional) report(this, this.say('missing_list'));
      return {};
    }
    const value = this.entries.map(({ field }) => field.read(report).value ?? null);
    return { value };
  }
}

/** A time series: a list of dates and values. */
export class SeriesField extends ListField {
  constructor(spec, path, form) {
    const { texts } = form;
    const field = (name, key, of) => ({ ...of, name, label: { [texts.language]: texts.say(key) } });
    const fields = [field('date', 'series_date', { type: 'date' }), field('value', 'series_value', { unit: spec.unit, ...spec.of })];
    super({ ...spec, of: { type: 'record', fields } }, path, form);
  }

  hint() {
    return this.say('hint_series', { period: this.form.texts.say(`period_${this.spec.period}`) });
  }
}

function join(path, name) {
  return `${path}.${name}`;
}
