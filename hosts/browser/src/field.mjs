// What all fields share: label, help and complaint. Every field has the same interface:
//   element                  what stands in the page
//   read(report)             { value } or {} if nothing was answered; report(field, text) for each complaint
//   isAnswered()             whether anything was entered
//   state() / restore(state) what was typed, as it was typed, to build the form again in another language
//   at(steps)                the field that a JSON pointer's steps lead to
//   complain(text | null)    shows or takes away the complaint
//   focus()                  to where it is answered
//
// A spec is what `describe` says of a fact, a record's field or a list's element; a path names it for texts: `loans.balance`.

import { h } from './dom.mjs';

/** Label, help and complaint: what all fields share. */
export class Field {
  constructor(spec, path, form) {
    Object.assign(this, { spec, path, form, id: form.id() });
    this.label = form.texts.label(path, spec);
    this.errorElement = h('p', { class: 'error', id: `${this.id}-error`, hidden: true });
    const help = [form.texts.fact(path).help, this.hint()].filter(Boolean).map((text) => h('span', {}, text));
    this.helpElement = help.length ? h('p', { class: 'help', id: `${this.id}-help` }, ...help) : null;
  }

  hint() {
    return '';
  }

  /** The label's content, with a word for what may be left out. */
  caption() {
    const { texts } = this.form;
    const more = this.spec.optional ? [' ', h('span', { class: 'optional' }, texts.say('optional'))] : [];
    return [this.label, ...more];
  }

  /** Ids of help and complaint, for `aria-describedby`. */
  describe(control, complaining = false) {
    const ids = [this.helpElement?.id, complaining ? this.errorElement.id : null].filter(Boolean);
    if (ids.length) control.setAttribute('aria-describedby', ids.join(' '));
    else control.removeAttribute('aria-describedby');
  }

  complain(text) {
    const { texts } = this.form;
    this.errorElement.replaceChildren();
    this.errorElement.hidden = text === null;
    this.element.classList.toggle('wrong', text !== null);
    if (text !== null) {
      this.errorElement.append(h('span', { class: 'unseen' }, `${texts.say('error_prefix')} `), text);
    }
    for (const control of this.controls()) {
      this.describe(control, text !== null);
      if (text !== null && control.matches('input,select')) control.setAttribute('aria-invalid', 'true');
      else control.removeAttribute('aria-invalid');
    }
  }

  /** Elements that carry the description. */
  controls() {
    return [this.control];
  }

  focus() {
    this.control.focus();
  }

  at() {
    return this;
  }

  /** A text of the table about this field. */
  say(key, values = {}) {
    return this.form.texts.say(key, { label: this.label, ...values });
  }
}
