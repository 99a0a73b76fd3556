// Fields with one answer, and those with several from a few: a kind for each type of fact.

import { h } from './dom.mjs';
import { Field } from './field.mjs';
import { GroupField, ListField, SeriesField } from './groups.mjs';
import { compare, fitsInteger, grouped, integerOf, readNumber, roundBound } from './numbers.mjs';

/** Up to so many values stand as buttons, more of them in a list to choose from. */
const BUTTONS_MOST = 4;

/** The field of a spec. `form` knows the texts, makes ids and fields, and hears of edits. */
export function makeField(spec, path, form) {
  switch (spec.type) {
    case 'boolean': return new ChoiceField(spec, path, form, booleans(form));
    case 'enum': return enumField(spec, path, form);
    case 'integer':
    case 'decimal': return new NumberField(spec, path, form);
    case 'date': return new DateField(spec, path, form);
    case 'record': return new GroupField(spec, path, form);
    case 'list': return spec.of.type === 'enum' ? new SeveralField(spec, path, form) : new ListField(spec, path, form);
    case 'series': return new SeriesField(spec, path, form);
    default: return new TextField(spec, path, form);
  }
}

const booleans = ({ texts }) => [[true, texts.say('yes')], [false, texts.say('no')]];

function enumField(spec, path, form) {
  const choices = spec.values.map((value) => [value, form.texts.value(path, value)]);
  if (choices.length <= BUTTONS_MOST) return new ChoiceField(spec, path, form, choices);
  return new SelectField(spec, path, form, choices);
}

/** A label above one control, and special codes below it. */
class ControlField extends Field {
  assemble(control, beside = null) {
    this.control = control;
    control.id = this.id;
    this.specials = new Specials(this);
    const label = h('label', { for: this.id }, ...this.caption());
    const box = h('div', { class: 'control' }, control, beside);
    this.element = h('div', { class: 'field' }, label, this.helpElement, this.errorElement, box, this.specials.element);
    this.describe(control);
  }

  isAnswered() {
    return this.control.value !== '' || this.specials.chosen() !== null;
  }

  state() {
    return { typed: this.control.value, special: this.specials.chosen() };
  }

  restore({ typed, special }) {
    this.control.value = typed;
    this.specials.choose(special);
  }

  read(report) {
    const special = this.specials.value();
    if (special !== undefined) return { value: special };
    const { value, complaint } = this.typed(this.control.value);
    if (complaint) report(this, complaint);
    else if (value === undefined && !this.spec.optional) report(this, this.say(this.missingKey()));
    return value === undefined ? {} : { value };
  }

  missingKey() {
    return 'missing';
  }
}

/** Special codes of a fact: boxes of which at most one is ticked, and which then stands for the value. */
class Specials {
  constructor(field) {
    const codes = Object.entries(field.spec.special ?? {});
    this.field = field;
    this.boxes = codes.map(([name, value]) => this.box(name, value));
    this.element = codes.length
      ? h('fieldset', { class: 'specials' }, h('legend', {}, field.form.texts.say('special')),
        ...this.boxes.map(({ input, text }) => h('label', { class: 'choice' }, input, h('span', {}, text))))
      : null;
  }

  box(name, value) {
    const text = this.field.form.texts.value(this.field.path, name);
    const input = h('input', { type: 'checkbox', onchange: () => this.changed(input.checked ? name : null) });
    return { name, value, text, input };
  }

  changed(name) {
    this.choose(name);
    this.field.form.edited(this.field);
  }

  choose(name) {
    for (const box of this.boxes) box.input.checked = box.name === name;
    this.field.control.disabled = name !== null;
  }

  chosen() {
    return this.boxes.find(({ input }) => input.checked)?.name ?? null;
  }

  value() {
    return this.boxes.find(({ input }) => input.checked)?.value;
  }
}

/** Integers and decimals: text in, canonical text out. */
class NumberField extends ControlField {
  constructor(spec, path, form) {
    super(spec, path, form);
    const mode = this.least() !== undefined && compare(this.least(), '0') >= 0 ? (this.scale() ? 'decimal' : 'numeric') : 'text';
    const input = h('input', {
      type: 'text', inputmode: mode, autocomplete: 'off', spellcheck: 'false', maxlength: '60',
      oninput: () => form.edited(this), onchange: () => this.tidy(),
    });
    const unit = spec.unit ? form.texts.unit(path, spec.unit) : null;
    this.assemble(input, unit ? h('span', { class: 'unit', 'aria-hidden': 'true' }, unit) : null);
  }

  scale() {
    return this.spec.type === 'decimal' ? this.spec.scale : 0;
  }

  least() {
    return this.spec.min === undefined ? undefined : String(this.spec.min);
  }

  greatest() {
    return this.spec.max === undefined ? undefined : String(this.spec.max);
  }

  withUnit(text) {
    const { spec, path, form } = this;
    return spec.unit ? `${text} ${form.texts.unit(path, spec.unit, text)}` : text;
  }

  hint() {
    const { texts } = this.form;
    const [min, max] = [this.least(), this.greatest()].map((bound) => bound && roundBound(bound));
    const parts = [];
    if (min !== undefined && max !== undefined) parts.push(texts.say('hint_between', { min, max: this.withUnit(max) }));
    else if (min !== undefined) parts.push(texts.say('hint_min', { min: this.withUnit(min) }));
    else if (max !== undefined) parts.push(texts.say('hint_max', { max: this.withUnit(max) }));
    else if (this.spec.unit) parts.push(texts.say('unit', { unit: texts.unit(this.path, this.spec.unit) }));
    if (this.scale()) parts.push(texts.say('hint_digits', { scale: this.scale() }));
    const hint = parts.join(texts.language === 'en' ? ', ' : '\uff0c');
    return hint.charAt(0).toUpperCase() + hint.slice(1);
  }

  /** Shows an accepted number in groups, so that it is seen how it was read. */
  tidy() {
    const { value } = readNumber(this.control.value, this.scale());
    if (value !== undefined) this.control.value = grouped(value);
  }

  typed(text) {
    const scale = this.scale();
    const { value, problem, say, or } = readNumber(text, scale);
    if (problem) {
      const example = scale ? '1250.50' : '1250';
      return { complaint: this.say(`problem_${problem}`, { say, or, scale, example }) };
    }
    if (value === undefined) return {};
    const complaint = this.outside(value);
    if (complaint) return { complaint };
    return { value: scale || this.spec.type === 'decimal' ? value : integerOf(value) };
  }

  outside(value) {
    const [min, max] = [this.least(), this.greatest()];
    const low = min !== undefined && compare(value, min) < 0;
    const high = max !== undefined && compare(value, max) > 0;
    if (low || high) {
      const key = min !== undefined && max !== undefined ? 'between' : low ? 'min' : 'max';
      const [least, most] = [min, max].map((bound) => bound && roundBound(bound));
      return this.say(`problem_${key}`, { min: key === 'min' ? this.withUnit(least) : least, max: most && this.withUnit(most) });
    }
    return this.spec.type === 'integer' && !fitsInteger(value) ? this.say('problem_range') : null;
  }
}

class DateField extends ControlField {
  constructor(spec, path, form) {
    super(spec, path, form);
    const input = h('input', {
      type: 'date', min: spec.min ?? '0001-01-01', max: spec.max ?? '9999-12-31', autocomplete: 'off',
      oninput: () => form.edited(this),
    });
    this.assemble(input);
  }

  hint() {
    const { min, max } = this.spec;
    if (min && max) return this.say('hint_between', { min, max });
    return min ? this.say('hint_min', { min }) : max ? this.say('hint_max', { max }) : '';
  }

  typed(text) {
    if (this.control.validity.badInput) return { complaint: this.say('problem_date') };
    if (text === '') return {};
    const { min, max } = this.spec;
    if ((min && text < min) || (max && text > max)) {
      const key = min && max ? 'between' : min ? 'min' : 'max';
      return { complaint: this.say(`problem_${key}`, { min, max }) };
    }
    return { value: text };
  }
}

class TextField extends ControlField {
  constructor(spec, path, form) {
    super(spec, path, form);
    this.assemble(h('input', { type: 'text', autocomplete: 'off', oninput: () => form.edited(this) }));
  }

  typed(text) {
    return text === '' ? {} : { value: text };
  }
}

/** Many values: a list to choose from. */
class SelectField extends ControlField {
  constructor(spec, path, form, choices) {
    super(spec, path, form);
    const options = choices.map(([value, text]) => h('option', { value }, text));
    const first = h('option', { value: '' }, form.texts.say(spec.optional ? 'unanswered' : 'choose'));
    this.choices = choices;
    this.assemble(h('select', { onchange: () => form.edited(this) }, first, ...options));
  }

  isAnswered() {
    return this.control.selectedIndex > 0 || this.specials.chosen() !== null;
  }

  state() {
    return { typed: this.control.selectedIndex, special: this.specials.chosen() };
  }

  restore({ typed, special }) {
    this.control.selectedIndex = typed;
    this.specials.choose(special);
  }

  typed() {
    const index = this.control.selectedIndex;
    return index <= 0 ? {} : { value: this.choices[index - 1][0] };
  }

  missingKey() {
    return 'missing_choice';
  }
}

/** A few values, special codes among them: one button each. */
class ChoiceField extends Field {
  constructor(spec, path, form, choices) {
    super(spec, path, form);
    const special = Object.entries(spec.special ?? {}).map(([name, value]) => [value, form.texts.value(path, name)]);
    const none = spec.optional ? [[undefined, form.texts.say('unanswered')]] : [];
    this.choices = [...choices, ...special, ...none];
    this.inputs = this.choices.map((_, index) => h('input', {
      type: 'radio', name: this.id, id: `${this.id}-${index}`, onchange: () => form.edited(this),
    }));
    const labels = this.choices.map(([, text], index) => h('label', { class: 'choice' }, this.inputs[index], h('span', {}, text)));
    const buttons = h('div', { class: `choices${this.choices.length === 2 ? ' two' : ''}` }, ...labels);
    const legend = h('legend', {}, ...this.caption());
    this.element = h('fieldset', { class: 'field', id: this.id }, legend, this.helpElement, this.errorElement, buttons);
    this.describe(this.element);
  }

  controls() {
    return [this.element, ...this.inputs];
  }

  /** Help is read out with the group; a complaint with each button, too. */
  describe(control, complaining = false) {
    if (control === this.element) super.describe(control, complaining);
    else if (complaining) control.setAttribute('aria-describedby', this.errorElement.id);
    else control.removeAttribute('aria-describedby');
  }

  focus() {
    (this.inputs.find((input) => input.checked) ?? this.inputs[0]).focus();
  }

  isAnswered() {
    return this.state() >= 0;
  }

  state() {
    return this.inputs.findIndex((input) => input.checked);
  }

  restore(index) {
    this.inputs.forEach((input, at) => { input.checked = at === index; });
  }

  read(report) {
    const chosen = this.choices[this.state()];
    if (chosen === undefined && !this.spec.optional) report(this, this.say('missing_choice'));
    return chosen?.[0] === undefined ? {} : { value: chosen[0] };
  }
}

/** A list of enum values: a box each, in declared order. None of them has a box of its own. */
class SeveralField extends Field {
  constructor(spec, path, form) {
    super(spec, path, form);
    const box = (text, onchange) => {
      const input = h('input', { type: 'checkbox', onchange });
      return { input, label: h('label', { class: 'choice' }, input, h('span', {}, text)) };
    };
    this.boxes = spec.of.values.map((value) => box(form.texts.value(path, value), () => this.ticked(false)));
    this.none = box(form.texts.say('none_of_these'), () => this.ticked(true));
    const labels = [...this.boxes, this.none].map(({ label }) => label);
    const legend = h('legend', {}, ...this.caption());
    this.element = h('fieldset', { class: 'field', id: this.id }, legend, this.helpElement, this.errorElement,
      h('div', { class: 'choices' }, ...labels));
    this.describe(this.element);
  }

  ticked(none) {
    if (none) for (const { input } of this.boxes) input.checked = false;
    else this.none.input.checked = false;
    this.form.edited(this);
  }

  controls() {
    return [this.element];
  }

  focus() {
    this.boxes[0].input.focus();
  }

  isAnswered() {
    return this.state().includes(true);
  }

  state() {
    return [...this.boxes, this.none].map(({ input }) => input.checked);
  }

  restore(ticks) {
    [...this.boxes, this.none].forEach(({ input }, index) => { input.checked = ticks[index]; });
  }

  read(report) {
    const value = this.spec.of.values.filter((_, index) => this.boxes[index].input.checked);
    if (value.length || this.none.input.checked) return { value };
    if (!this.spec.optional) report(this, this.say('missing_several'));
    return {};
  }
}
