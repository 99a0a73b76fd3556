// Answers cases as a JavaScript host decides them, through the typed interface and as bytes: what the runners of Node and of
// the browser share. A case file has one JSON object per line, an answer file one answer per case, call and batch.

import { LoadError, RequestError, TrutinaError } from '../src/errors.mjs';
import { EXACT, rebuilt } from './rebuilt.mjs';
import { Untyped, typedFacts } from './typed.mjs';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** An answer, if it was given twice alike; else both, which is no answer that could be right. */
const same = (answer, again) => (answer === again ? answer : `${answer}\n${again}`);

/** The error envelope, spelled as the door spells it. */
const envelope = ({ code, name, message, at, diagnostics }) => JSON.stringify({ error: { code, name, message, at }, diagnostics });

function bytesOf(ruleset, decide) {
  if (ruleset instanceof TrutinaError) return envelope(ruleset);
  try {
    return decide();
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return envelope(error);
  }
}

function typedOf(ruleset, decide) {
  if (ruleset instanceof TrutinaError) return { typed: envelope(ruleset), why: null };
  try {
    return { typed: decide(), why: null };
  } catch (error) {
    if (error instanceof Untyped) return { typed: null, why: error.message };
    if (error instanceof RequestError) return { typed: envelope(error), why: null };
    throw error;
  }
}

const DECIDE = 3;
const DECIDE_BATCH = 4;
const LINE_END = 10;
const BLANK_BYTE = 32;

const bytesOfBase64 = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

const BLANK = {
  'ruleset.toml': 'language = 1\nid = "blank"\nversion = "1.0.0"\n[facts.age]\ntype = "integer"\n[outputs]\nadult = { type = "boolean" }\n',
  'rules.rhai': 'fn decide(f, hits) { #{ adult: f.age >= 18 } }\n',
};

export class Runner {
  #load;
  #loadTrusted;
  #rulesets = new Map();
  /** Names of rulesets that take and give a decimal type: every other one. */
  #exact = new Set();
  #loads = 0;

  /**
   * @param {(source: object | Uint8Array, options: object) => Promise<object>} load the package's own
   * @param {(source: Uint8Array, options: object) => Promise<object>} loadTrusted the same of the runtime module
   */
  constructor(load, loadTrusted) {
    this.#load = load;
    this.#loadTrusted = loadTrusted;
  }

  /** The answers to the lines of a case file, each as a line. */
  async *answers(lines) {
    for (const line of lines) {
      if (line === '') continue;
      const answer = await this.#answer(JSON.parse(line));
      if (answer !== null) yield `${JSON.stringify(answer)}\n`;
    }
  }

  async #answer(entry) {
    if (entry.case !== undefined) return this.#decided(entry);
    if (entry.columns !== undefined) return this.#decidedColumns(entry);
    if (entry.batch !== undefined) return this.#decidedBatch(entry);
    if (entry.call !== undefined) return this.#called(entry);
    if (entry.drop !== undefined) this.#drop(entry.drop);
    else if (entry.ruleset !== undefined) await this.#define(entry);
    else throw new Error(`no line of cases: ${Object.keys(entry)}`);
    return null;
  }

  /** The rulesets by name; one that does not load is the error it gave. */
  async #define(entry) {
    const { ruleset } = entry;
    const exact = (this.#loads += 1) % 2 === 0;
    this.#exact.delete(ruleset);
    if (exact) this.#exact.add(ruleset);
    try {
      this.#rulesets.set(ruleset, await this.#loaded(entry, exact ? { decimal: EXACT } : {}));
    } catch (error) {
      if (!(error instanceof LoadError)) throw error;
      this.#rulesets.set(ruleset, error);
    }
  }

  /** A module with its ruleset in it is taken as it is; whom the entry trusts, the runtime module loads. */
  #loaded({ files, bundle, trust, module }, options) {
    if (files !== undefined) return this.#load({ files }, options);
    if (module !== undefined) return this.#loadTrusted(bytesOfBase64(module), options);
    return trust ? this.#loadTrusted(bytesOfBase64(bundle), { ...options, trust }) : this.#load(bytesOfBase64(bundle), options);
  }

  #drop(name) {
    const ruleset = this.#rulesets.get(name);
    if (!(ruleset instanceof TrutinaError)) ruleset?.unload();
    this.#rulesets.delete(name);
  }

  #decided({ case: id, ruleset: name, as_of: asOf, facts, trace }) {
    const ruleset = this.#rulesets.get(name);
    const bytes = bytesOf(ruleset, () => {
      const head = `{"handle":${ruleset.handle},"as_of":${JSON.stringify(asOf)},"trace":${JSON.stringify(trace)},"facts":`;
      const answer = decoder.decode(ruleset.call(DECIDE, encoder.encode(`${head}${facts}}`)));
      return same(answer, ruleset.decide(facts, { asOf, trace }).json());
    });
    return { id, bytes, ...typedOf(ruleset, () => this.#record(name, ruleset.decide(this.#facts(name, facts), { asOf, trace }))) };
  }

  #decidedBatch({ batch: id, ruleset: name, as_of: asOf, lines, trace }) {
    const ruleset = this.#rulesets.get(name);
    const bytes = bytesOf(ruleset, () => ruleset.decideBatch(lines.join('\n'), { asOf, trace }).json());
    const typed = () => {
      const decisions = ruleset.decideBatch(lines.map((facts) => this.#facts(name, facts)), { asOf, trace });
      const records = [...decisions].map((decision) => `${this.#record(name, decision)}\n`);
      return same(records.join(''), decisions.json());
    };
    return { id, bytes, ...typedOf(ruleset, typed) };
  }

  /** Facts as values; decimals are of a type of their own where the ruleset was loaded with it. */
  #facts(name, text) {
    return typedFacts(this.#rulesets.get(name).describe(), text, this.#exact.has(name) ? EXACT : undefined);
  }

  /** The record of a decision: its members written again, which must be its bytes. */
  #record(name, decision) {
    return same(rebuilt(decision, this.#rulesets.get(name).describe(), this.#exact.has(name)), decision.json());
  }

  /** A header, blanks so that what follows begins at a multiple of 8, a line end, and columns of values. */
  #decidedColumns({ columns: id, ruleset: name, header, body }) {
    const ruleset = this.#rulesets.get(name);
    const head = encoder.encode(header.replace(`"@${name}"`, String(ruleset.handle)));
    const columns = bytesOfBase64(body);
    const start = Math.ceil((head.length + 1) / 8) * 8;
    const request = new Uint8Array(start + columns.length).fill(BLANK_BYTE, 0, start);
    request.set(head);
    request[start - 1] = LINE_END;
    request.set(columns, start);
    return { id, bytes: decoder.decode(ruleset.call(DECIDE_BATCH, request)), typed: null, why: 'columns' };
  }

  /** A request may name a ruleset, `"@name"`: it goes to that ruleset's instance, under its handle. So may the entry. */
  async #called({ call: id, verb, request, ruleset: asked }) {
    const why = 'a call of the door itself';
    const name = asked ?? [...this.#rulesets.keys()].find((known) => request.includes(`"@${known}"`));
    const ruleset = name === undefined ? await this.#blank() : this.#rulesets.get(name);
    if (ruleset instanceof TrutinaError) return { id, bytes: envelope(ruleset), typed: null, why };
    const text = name === undefined ? request : request.replaceAll(`"@${name}"`, String(ruleset.handle));
    return { id, bytes: decoder.decode(ruleset.call(verb, encoder.encode(text))), typed: null, why };
  }

  /** An instance for requests that name no ruleset. */
  async #blank() {
    const name = '\0';
    if (!this.#rulesets.has(name)) this.#rulesets.set(name, await this.#load({ files: BLANK }, {}));
    return this.#rulesets.get(name);
  }
}
