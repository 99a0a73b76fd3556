/** Decision records as objects. Their bytes stay what the engine wrote: they may be hashed, stored and compared. */

import { freeze, parse } from './json.mjs';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const LINE_END = 10;

/**
 * @param {object} description what `describe` gave
 * @param {{from(text: string): unknown}} [decimal] the caller's decimal type
 * @returns {(text: string) => object} reads a record
 */
export function decisionReader(description, decimal) {
  const convert = decimal === undefined ? null : recordOf(description.outputs, decimal);
  return (text) => {
    const record = parse(text);
    if (convert !== null) {
      if (record.outputs !== null) record.outputs = convert(record.outputs);
      for (const reason of record.reasons) {
        if (typeof reason.points === 'string') reason.points = decimal.from(reason.points);
      }
    }
    Object.defineProperties(record, {
      json: { value: () => text },
      bytes: { get: () => encoder.encode(text) },
    });
    return freeze(record);
  };
}

/** Puts the caller's decimals in place of texts, by the types of the outputs. */
function recordOf(fields, decimal) {
  const by = new Map(fields.map((field) => [field.name, converter(field, decimal)]));
  return (record) => {
    for (const key of Object.keys(record)) record[key] = by.get(key)?.(record[key]) ?? record[key];
    return record;
  };
}

function converter(type, decimal) {
  switch (type.type) {
    case 'decimal':
      return (value) => (typeof value === 'string' ? decimal.from(value) : value);
    case 'list': {
      const element = converter(type.of, decimal);
      return (values) => values?.map(element) ?? values;
    }
    case 'record': {
      const record = recordOf(type.fields, decimal);
      return (value) => (value === null ? value : record(value));
    }
    default:
      return (value) => value;
  }
}

/** The decisions of a batch, in the order of its rows. Each is read when it is asked for. */
export class Decisions {
  #parts;
  #read;
  #ends = null;

  /** @param {Uint8Array[]} parts whole lines @param {number} length @param {(text: string) => object} read */
  constructor(parts, length, read) {
    this.#parts = parts;
    this.#read = read;
    Object.defineProperty(this, 'length', { value: length, enumerable: true });
  }

  *[Symbol.iterator]() {
    for (const part of this.#parts) {
      for (let start = 0; start < part.length;) {
        const end = part.indexOf(LINE_END, start);
        yield this.#read(decoder.decode(part.subarray(start, end)));
        start = end + 1;
      }
    }
  }

  at(index) {
    const row = Math.trunc(index) || 0;
    const place = this.#places()[row < 0 ? row + this.length : row];
    return place === undefined ? undefined : this.#read(decoder.decode(place));
  }

  toArray() {
    return [...this];
  }

  /** NDJSON: one record and a line end per row. */
  get bytes() {
    const all = new Uint8Array(this.#parts.reduce((sum, part) => sum + part.length, 0));
    this.#parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
    return all;
  }

  json() {
    return this.#parts.map((part) => decoder.decode(part)).join('');
  }

  #places() {
    if (this.#ends === null) {
      this.#ends = [];
      for (const part of this.#parts) {
        for (let start = 0; start < part.length;) {
          const end = part.indexOf(LINE_END, start);
          this.#ends.push(part.subarray(start, end));
          start = end + 1;
        }
      }
    }
    return this.#ends;
  }
}
