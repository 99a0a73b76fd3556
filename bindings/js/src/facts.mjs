/**
 * The caller's values as JSON text, digits and all. What could lose something on the way is refused, with what to write
 * instead; whether a value is right for its fact is the engine's to judge, and an error of the decision.
 */

import { refusal } from './errors.mjs';

/** Objects within one another; the engine takes less. */
const DEPTH_MAX = 100;

class Refused {
  constructor(message) {
    this.message = message;
    this.path = [];
  }
}

/**
 * @param {object} description what `describe` gave
 * @param {{from(text: string): unknown, to(value: unknown): string}} [decimal] the caller's decimal type
 * @returns {(facts: object, row?: number) => string} the facts as one JSON object
 */
export function factsWriter(description, decimal) {
  const write = fieldsWriter(description.facts, decimal);
  return (facts, row) => {
    if (kindOf(facts) !== 'object') {
      throw refusal('', `facts are an object of names and values, not ${shown(facts)}`, row);
    }
    try {
      return write(facts, 0);
    } catch (refused) {
      if (!(refused instanceof Refused)) throw refused;
      const pointer = refused.path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
      throw refusal(pointer, refused.message, row);
    }
  };
}

/** An object's known fields by their types, unknown ones (an error of the engine) by what they are. */
function fieldsWriter(fields, decimal) {
  const known = new Map();
  for (const field of fields) {
    const one = { key: `${JSON.stringify(field.source)}:`, write: writerOf(field, decimal) };
    known.set(field.source, one);
  }
  return (record, depth) => {
    let text = '';
    for (const key of Object.keys(record)) {
      const value = record[key];
      if (value === undefined) continue; // absent, as in JSON.stringify
      const field = known.get(key);
      const written = within(key, field === undefined ? anything : field.write, value, depth + 1);
      text += `${text === '' ? '' : ','}${field === undefined ? `${JSON.stringify(key)}:` : field.key}${written}`;
    }
    return `{${text}}`;
  };
}

function writerOf(type, decimal) {
  switch (type.type) {
    case 'decimal':
      return decimalWriter(decimal);
    case 'integer':
      return (value, depth) => (isForeign(value) ? refuse(`is ${shown(value)}; an integer is a number or a BigInt`) : anything(value, depth));
    case 'date':
      return date;
    case 'list': {
      const element = writerOf(type.of, decimal);
      return (value, depth) => (Array.isArray(value) ? list(value, element, depth) : anything(value, depth));
    }
    case 'record':
      return records(fieldsWriter(type.fields, decimal));
    case 'series': {
      const observation = [{ source: 'date', type: 'date' }, { source: 'value', ...type.of }];
      const element = records(fieldsWriter(observation, decimal));
      return (value, depth) => (Array.isArray(value) ? list(value, element, depth) : anything(value, depth));
    }
    default:
      return anything;
  }
}

/** Instances of classes may be records: their own fields count. */
const records = (write) => (value, depth) => (kindOf(value) === 'object' ? write(value, deep(depth)) : anything(value, depth));

function decimalWriter(decimal) {
  const fix = decimal === undefined
    ? 'write it as text, or name your decimal type in the option `decimal`'
    : 'the option `decimal` does not know it';
  return (value, depth) => {
    if (typeof value === 'number' && Number.isFinite(value) && !Number.isInteger(value)) {
      refuse(`is the number ${value}, which may not be the decimal that was meant; write it as text: "${value}"`);
    }
    if (!isForeign(value)) return anything(value, depth);
    const text = decimal === undefined || isDate(value) ? undefined : decimal.to(value);
    if (typeof text !== 'string') refuse(`is ${shown(value)}; ${fix}`);
    return JSON.stringify(text);
  };
}

function date(value, depth) {
  if (!isForeign(value)) return anything(value, depth);
  if (value[Symbol.toStringTag] === 'Temporal.PlainDate') return JSON.stringify(value.toString({ calendarName: 'never' }));
  return refuse(`is ${shown(value)}; a date is text like "2026-11-30"`);
}

/** A value as JSON, whatever its fact's type. */
function anything(value, depth) {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'number':
      return number(value);
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return list(value, anything, depth);
      if (!isForeign(value)) return plain(value, deep(depth));
      return refuse(isDate(value)
        ? 'is a Date, an instant whose day depends on the time zone; write the day as text: "2026-11-30"'
        : `is ${shown(value)}; write it as text, a number, or a plain object`);
    default:
      return refuse(`is ${shown(value)}, which no fact can hold`);
  }
}

function number(value) {
  if (!Number.isFinite(value)) refuse(`is ${value}; leave a missing value out or write null`);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    refuse(`is the number ${value}, whose last digits JavaScript cannot tell; write a BigInt or text`);
  }
  return String(value); // -0 becomes 0
}

function list(values, element, depth) {
  deep(depth);
  let text = '';
  for (let index = 0; index < values.length; index += 1) {
    if (values[index] === undefined) refuseAt(index, 'is undefined; write null for a missing element');
    text += `${index === 0 ? '' : ','}${within(index, element, values[index], depth + 1)}`;
  }
  return `[${text}]`;
}

const plain = fieldsWriter([], undefined);

function within(step, write, value, depth) {
  try {
    return write(value, depth);
  } catch (refused) {
    if (refused instanceof Refused) refused.path.unshift(step);
    throw refused;
  }
}

function deep(depth) {
  return depth > DEPTH_MAX ? refuse('nests too deep, or holds itself') : depth;
}

function refuse(message) {
  throw new Refused(message);
}

function refuseAt(step, message) {
  const refused = new Refused(message);
  refused.path.push(step);
  throw refused;
}

/** An object that is no plain JSON: an instance of a class. */
function isForeign(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype !== null && Object.getPrototypeOf(prototype) !== null;
}

const isDate = (value) => Object.prototype.toString.call(value) === '[object Date]';

/** What is a record: neither a list nor a thing of the language's own. */
function kindOf(value) {
  if (typeof value !== 'object' || value === null) return 'no object';
  return Object.prototype.toString.call(value) === '[object Object]' ? 'object' : 'another object';
}

function shown(value) {
  if (value === null) return 'null';
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value !== 'object') return typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`;
  const name = Array.isArray(value) ? 'list' : value.constructor?.name;
  return name ? `a ${name}` : 'an object';
}
