/** A loaded ruleset: what it decides, describes and explains. */

import { CHECK, DECIDE_BATCH, DESCRIBE, EXPLAIN, LOAD } from './abi.mjs';
import { Cell } from './cell.mjs';
import { Decisions, decisionReader } from './decisions.mjs';
import { LoadError, RequestError, badRequest } from './errors.mjs';
import { factsWriter } from './facts.mjs';
import { freeze, parse } from './json.mjs';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const LINE_END = 10;
const CARRIAGE_RETURN = 13;
const BLANK = 32;
/** Bytes of rows in one call: the engine takes 64 MiB, and its memory never shrinks. */
const BATCH_BYTES = 8 << 20;

/** The diagnostics of a ruleset. @param {() => object} open makes an instance @param {Uint8Array} request */
export function check(open, request) {
  const answer = parse(decoder.decode(new Cell(open).call(CHECK, request)));
  if (answer.ok !== undefined) return freeze({ ok: true, ...answer.ok });
  if (answer.diagnostics.length === 0) throw new LoadError(answer.error);
  return freeze({ ok: false, id: null, version: null, digest: null, diagnostics: answer.diagnostics });
}

export class Ruleset {
  #cell;
  #handle = 1; // that of a module with its ruleset in it
  #description;
  #write;
  #read;

  /**
   * @param {() => {call(verb: number, request: Uint8Array): Uint8Array}} open makes an instance of the engine
   * @param {Uint8Array | null} request what `load` is asked; null for a module with its ruleset in it
   * @param {{decimal?: object}} options
   */
  constructor(open, request, { decimal } = {}) {
    this.#cell = new Cell(open, (call) => {
      if (request !== null) this.#handle = Number(answered(call(LOAD, request), LoadError).handle);
    });
    this.#cell.ready();
    this.#description = answered(this.#cell.call(DESCRIBE, encoder.encode(`{"handle":${this.#handle}}`)), RequestError);
    this.#write = factsWriter(this.#description, decimal);
    this.#read = decisionReader(this.#description, decimal);
    for (const key of ['id', 'version', 'digest']) {
      Object.defineProperty(this, key, { value: this.#description[key], enumerable: true });
    }
  }

  /** As a batch of one: whatever is wrong with the facts, however they came, is an error of the decision. */
  decide(facts, options) {
    const row = isText(facts) ? oneLine(bytesOf(facts)) : encoder.encode(this.#write(facts));
    const answer = this.#decided(row, 1, options);
    return this.#read(decoder.decode(answer.subarray(0, -1)));
  }

  decideBatch(rows, options) {
    if (isText(rows)) return this.#batch(bytesOf(rows), options);
    if (typeof rows?.[Symbol.iterator] !== 'function') {
      throw badRequest('rows are a list of facts, or NDJSON as text or bytes');
    }
    const lines = [];
    for (const facts of rows) lines.push(this.#write(facts, lines.length));
    return this.#batch(encoder.encode(lines.join('\n')), options);
  }

  describe() {
    this.#cell.ready();
    return this.#description;
  }

  explain(facts, options) {
    const text = isText(facts) ? oneValue(facts) : this.#write(facts);
    return answered(this.#cell.call(EXPLAIN, this.#request(text, { ...asked(options), lang: options.lang, changes: options.changes })), RequestError);
  }

  unload() {
    this.#cell.close();
  }

  /** The number under which the instance of this ruleset knows it: for requests to `call`. */
  get handle() {
    this.#cell.ready();
    return this.#handle;
  }

  /** The door itself: bytes in, bytes out. */
  call(verb, request) {
    return this.#cell.call(verb, request);
  }

  #request(facts, fields) {
    this.#cell.ready();
    return encoder.encode(`{"handle":${this.#handle}${members(fields)},"facts":${facts}}`);
  }

  #batch(body, options) {
    const parts = [];
    let length = 0;
    for (const { chunk, rows } of chunks(body)) {
      parts.push(this.#decided(chunk, rows, options));
      length += rows;
    }
    return new Decisions(parts, length, this.#read);
  }

  /** The records of rows that are one piece of NDJSON, each with its line end. */
  #decided(body, rows, options) {
    this.#cell.ready();
    const fields = { ...asked(options), trace: options.trace, format: 'ndjson' };
    const header = encoder.encode(`{"handle":${this.#handle},"rows":${rows}${members(fields)}}\n`);
    const request = new Uint8Array(header.length + body.length);
    request.set(header);
    request.set(body, header.length);
    const answer = this.#cell.call(DECIDE_BATCH, request);
    if (answer[2] === 0x65) answered(answer, RequestError); // `{"error":...`; a record begins with `{"ruleset":`
    return answer;
  }
}

if (Symbol.dispose) Ruleset.prototype[Symbol.dispose] = Ruleset.prototype.unload;

/** What is under `ok`, frozen; or the error, thrown. */
function answered(bytes, Kind) {
  const answer = parse(decoder.decode(bytes));
  if (answer.ok !== undefined) return freeze(answer.ok);
  throw new Kind(answer.error, { diagnostics: freeze(answer.diagnostics) });
}

const isText = (value) => typeof value === 'string' || value instanceof Uint8Array;
const bytesOf = (value) => (typeof value === 'string' ? encoder.encode(value) : value);

/** JSON on several lines as one: CR is as good a blank as LF between its tokens, forbidden like it within them, and ends a line. */
function oneLine(bytes) {
  if (!bytes.includes(LINE_END)) return bytes;
  const line = bytes.slice();
  for (let at = line.indexOf(LINE_END); at !== -1; at = line.indexOf(LINE_END, at + 1)) {
    if (line[at - 1] === CARRIAGE_RETURN) line[at - 1] = BLANK;
    line[at] = CARRIAGE_RETURN;
  }
  return line;
}

/** Text that is one JSON value and nothing beside it, so that it can stand within a request. */
function oneValue(facts) {
  try {
    const text = typeof facts === 'string' ? facts : decoder.decode(facts);
    JSON.parse(text);
    return text;
  } catch (cause) {
    throw badRequest(`the facts are not JSON: ${cause.message}`, '/facts');
  }
}

function asked(options) {
  const asOf = options?.asOf;
  if (typeof asOf !== 'string') {
    throw badRequest(
      asOf === undefined
        ? 'name the day that the decision speaks for: { asOf: "2026-11-30" }'
        : '`asOf` is a day as text, like "2026-11-30"; the day of a Date depends on the time zone',
      '/as_of',
    );
  }
  return { as_of: asOf };
}

const members = (fields) =>
  Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `,${JSON.stringify(key)}:${JSON.stringify(value)}`)
    .join('');

/** Cuts NDJSON between lines. The last piece is never short, so that a lone empty line is never a piece. */
function* chunks(body) {
  const last = body.length > 0 && body[body.length - 1] === LINE_END ? body.length - 1 : body.length;
  for (let start = 0; start < last;) {
    const next = last - start < 2 * BATCH_BYTES ? -1 : body.indexOf(LINE_END, start + BATCH_BYTES);
    const end = next === -1 ? last : next;
    const chunk = body.subarray(start, end);
    let rows = 1;
    for (let at = chunk.indexOf(LINE_END); at !== -1; at = chunk.indexOf(LINE_END, at + 1)) rows += 1;
    yield { chunk, rows };
    start = end + 1;
  }
}
