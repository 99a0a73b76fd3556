// The result: the outcome in words, what counted, the figures, and what would change it.

import { h, icon } from './dom.mjs';
import { grouped } from './numbers.mjs';

const ICONS = {
  good: ['M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z', 'm8 12.2 2.8 2.8L16 9.6'],
  mixed: ['M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z', 'M12 7.5v5', 'M12 16.2v.3'],
  bad: ['M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z', 'M8 12h8'],
};

/** Words the answers of the engine for one description and one language. */
export class Wording {
  constructor(description, texts) {
    this.description = description;
    this.texts = texts;
  }

  /** `good` for the best outcome, `bad` for the last of several, `mixed` for what lies between. */
  tone(outcome) {
    const values = this.description.outputs.find(({ name }) => name === 'outcome')?.values ?? [];
    const at = values.indexOf(outcome);
    if (at === 0) return 'good';
    return at === values.length - 1 && at > 0 ? 'bad' : 'mixed';
  }

  value(path, spec, value, unit = null) {
    const { texts } = this;
    if (value === null || value === undefined) return texts.say('no_value');
    if (typeof value === 'boolean') return texts.say(value ? 'yes' : 'no');
    if (Array.isArray(value)) {
      const of = spec?.of ?? null;
      return value.length ? value.map((one) => this.value(path, of, one)).join(texts.language === 'en' ? ', ' : '\u3001') : texts.say('none');
    }
    if (typeof value === 'object') return this.record(path, spec, value);
    if (spec?.type === 'enum') return texts.value(path, value);
    if (spec?.type === 'integer' || spec?.type === 'decimal') {
      const text = String(value);
      if (!/^-?\d/.test(text)) return texts.value(path, text);
      return unit ? `${grouped(text)} ${texts.unit(path, unit, text)}` : grouped(text);
    }
    return String(value);
  }

  record(path, spec, value) {
    const { texts } = this;
    const part = ([name, one]) => {
      const field = spec?.fields?.find((field) => field.name === name);
      return `${texts.label(`${path}.${name}`, { name })} ${this.value(`${path}.${name}`, field, one)}`;
    };
    return Object.entries(value).map(part).join(texts.language === 'en' ? ', ' : '\u3001');
  }

  /** The head of the result; it stands in a live region, so it is what a screen reader says. */
  head(outcome) {
    const { title, lead } = this.texts.outcome(outcome);
    const tone = this.tone(outcome);
    return h('div', { class: `outcome ${tone}`, part: `outcome outcome-${tone}` },
      icon(...ICONS[tone]), h('div', {}, h('h3', {}, title), h('p', {}, lead)));
  }

  /** Reasons and figures of a decision. */
  body(decision) {
    const { texts } = this;
    const reasons = decision.reasons.map((reason) => h('li', { 'data-code': reason.code }, texts.reason(reason)));
    const list = reasons.length ? h('ol', { class: 'reasons' }, ...reasons) : h('p', {}, texts.say('no_reasons'));
    const outputs = this.description.outputs.filter(({ name }) => name !== 'outcome');
    const pairs = outputs.map((output) => h('div', {}, h('dt', {}, texts.output(output)),
      h('dd', {}, this.value(output.name, output, decision.outputs[output.name], this.unitOf(output)))));
    return [
      reasons.length || this.tone(decision.outputs.outcome) === 'good' ? h('h3', {}, texts.say('reasons')) : null,
      reasons.length || this.tone(decision.outputs.outcome) === 'good' ? list : null,
      pairs.length ? h('h3', {}, texts.say('figures')) : null,
      pairs.length ? h('dl', { class: 'figures' }, ...pairs) : null,
    ].filter(Boolean);
  }

  unitOf(output) {
    return output.unit ?? (this.texts.own.outputs?.[output.name]?.unit ? output.name : null);
  }

  foot(decision) {
    const { ruleset: { id, version }, as_of } = decision;
    return [
      h('p', { class: 'disclaimer' }, this.texts.say('disclaimer')),
      h('p', { class: 'small' }, this.texts.say('as_of', { as_of, id, version })),
    ];
  }

  /** What would change it; nothing where the engine does not say or the outcome cannot be bettered. */
  changes(changes) {
    const { texts } = this;
    const said = { nothing_would: 'changes_nothing', none_found: 'changes_none_found' }[changes?.status];
    if (said) return [h('h3', {}, texts.say('changes')), h('p', {}, texts.say(said))];
    if (changes?.status !== 'found') return [];
    const one = (change) => this.change([change], change.outcome);
    const two = (pair) => this.change(pair.facts, pair.outcome);
    const items = [...changes.single.map(one), ...changes.pairs.map(two)];
    const more = changes.complete ? [] : [h('p', { class: 'help' }, texts.say('changes_more'))];
    const lead = h('p', { class: 'help' }, texts.say('changes_lead'));
    return [h('h3', {}, texts.say('changes')), lead, h('ul', { class: 'changes' }, ...items), ...more];
  }

  change(facts, outcome) {
    const parts = facts.map((fact, index) => {
      const and = index ? [h('span', { class: 'and' }, `${this.texts.say('change_and')} `)] : [];
      return h('span', { class: 'step' }, ...and, this.step(fact));
    });
    const then = this.texts.say('change_gives', { outcome: this.texts.outcome(outcome).title });
    return h('li', {}, h('p', {}, ...parts), h('p', { class: `then ${this.tone(outcome)}` }, then));
  }

  step({ fact, from, to, unit }) {
    const spec = this.description.facts.find(({ name }) => name === fact);
    const shown = (value) => (value?.masked ? this.texts.say('hidden_value') : this.value(fact, spec, value, unit ?? spec?.unit));
    const key = to === null ? 'change_to_missing' : from === null ? 'change_from_missing' : 'change_number';
    return this.texts.say(key, { label: this.texts.short(fact, spec ?? { name: fact }), from: shown(from), to: shown(to) });
  }
}
