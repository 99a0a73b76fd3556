/// <reference lib="esnext.disposable" />

/** Rules and scores, decided in WebAssembly: the same bytes in Node, in a browser and everywhere else. */

/** A class of the platform, if the program's libraries declare it: neither `dom` nor `@types/node` is needed. */
type Platform<K extends string> = typeof globalThis extends { [N in K]: { prototype: infer T } } ? T : never;
type WasmModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer T } } } ? T : object;

/** What can be loaded: files by path, the bytes of a bundle (or of a module with its ruleset in it), where they are. */
export type Source =
  | { readonly files: Readonly<Record<string, string | Uint8Array>> }
  | Uint8Array
  | ArrayBuffer
  /** Node: the path of a directory, a bundle or a `.rhai` file. Browser: the address of a bundle. */
  | string
  | Remote;

/** Where bytes come from. */
type Remote = Platform<'URL'> | Platform<'Response'> | Platform<'Blob'>;

/** What is at hand, without any reading. */
export type Content = Exclude<Source, string | Remote>;

/** Where the WebAssembly module comes from, if not from the package. */
export type ModuleSource = WasmModule | Uint8Array | ArrayBuffer | Platform<'Response'> | Platform<'URL'>;

export interface ModuleOptions {
  /** `sha256-...` (or 384, 512) of the module's bytes, as in HTML; `integrity` of this package is that of its own. */
  readonly integrity?: string;
}

/** A decimal type of the caller's: decimal.js, big.js or the like. */
export interface DecimalType<D> {
  /** Makes a value of canonical text, like `"20000.00"`. */
  from(text: string): D;
  /** The exact text of a value, in JSON's grammar for numbers. */
  to(value: D): string;
}

/**
 * Whose bundles are loaded: `sha256:...` of a bundle, or public keys of its signatures, in hexadecimal digits, base64, or the base64
 * of a PEM file. One of all these will do; anything that is no bundle is refused.
 */
export interface Trust {
  readonly digests?: readonly string[];
  readonly keys?: readonly string[];
}

export interface CheckOptions {
  readonly trust?: Trust;
}

export interface LoadOptions<D = never> extends CheckOptions {
  readonly decimal?: DecimalType<D>;
}

/** A value of a fact. Decimals are text (or whole numbers, or the caller's decimal type), dates `YYYY-MM-DD`. */
export type FactValue<D = never> =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | D
  | readonly FactValue<D>[]
  | { readonly [field: string]: FactValue<D> };

/** The facts of one customer, by the names of the fields (`source`) in the ruleset. `undefined` is absent. */
export type Facts<D = never> = { readonly [name: string]: FactValue<D> };

/** A value of an output. An integer beyond 2^53 is a BigInt; a decimal is text unless the caller named a type. */
export type OutputValue<D = never> =
  | string
  | number
  | bigint
  | boolean
  | null
  | D
  | readonly OutputValue<D>[]
  | { readonly [field: string]: OutputValue<D> };

export type Outputs<D = never> = { readonly [name: string]: OutputValue<D> };

/** How much of the way to a decision is told. It never changes anything else of the record. */
export type TraceLevel = 'none' | 'reasons' | 'full';

export interface DecideOptions {
  /** The day that the decision speaks for, `YYYY-MM-DD`. There is no clock. */
  readonly asOf: string;
  readonly trace?: TraceLevel;
}

export interface ExplainOptions {
  readonly asOf: string;
  readonly lang?: 'en' | 'zh-CN';
  /** Search for what would change the outcome, too; default true. */
  readonly changes?: boolean;
}

/** Text by language. */
export type LocalText = { readonly [language: string]: string };

export interface Identity {
  readonly id: string;
  readonly version: string;
  readonly digest: string;
}

/** A place among the facts, or in a file of the ruleset; lines and columns count from 1. */
export type Place =
  | { readonly pointer: string }
  | { readonly file: string; readonly line: number; readonly column: number };

/** An error of a decision, or of a request. */
export interface ErrorRecord {
  readonly code: string;
  readonly name: string;
  readonly message: string;
  readonly at: Place | null;
}

export interface Reason<D = never> {
  readonly code: string;
  /** The distance from the baseline; absent where there is no scorecard. */
  readonly points?: number | bigint | string | D;
  readonly text: LocalText;
}

export interface Hit {
  readonly rule: string;
  readonly effect: string;
}

/** The rest of a trace is for readers: see the schema of the trace. */
export type Trace = { readonly facts_digest: string | null; readonly [part: string]: unknown };

/** A decision record, frozen. A bad row is a record with an `error`, never an exception and never an approval. */
export interface Decision<O = Outputs, D = never> {
  readonly ruleset: Identity;
  readonly engine: string;
  readonly as_of: string;
  /** Null if the decision ended in an error. */
  readonly outputs: Readonly<O> | null;
  readonly reasons: readonly Reason<D>[];
  readonly hits: readonly Hit[];
  readonly signals: readonly Hit[];
  readonly actions: readonly unknown[];
  readonly error: ErrorRecord | null;
  readonly trace: Trace | null;
  /** The record as the engine wrote it, byte for byte the same on every host. */
  readonly bytes: Uint8Array;
  /** The same as text. */
  json(): string;
}

/** The decisions of a batch, in the order of its rows; each is read when it is asked for. */
export declare class Decisions<O = Outputs, D = never> implements Iterable<Decision<O, D>> {
  private constructor();
  readonly length: number;
  [Symbol.iterator](): Iterator<Decision<O, D>>;
  /** A negative index counts from the end. */
  at(index: number): Decision<O, D> | undefined;
  toArray(): Decision<O, D>[];
  /** NDJSON: a record and a line end per row. */
  readonly bytes: Uint8Array;
  json(): string;
}

export interface Diagnostic {
  readonly code: string;
  readonly name: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly help: string | null;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly end_line: number | null;
  readonly end_column: number | null;
  readonly related: readonly {
    readonly message: string;
    readonly file: string | null;
    readonly line: number | null;
    readonly column: number | null;
    readonly end_line: number | null;
    readonly end_column: number | null;
  }[];
}

/** What is wrong with a ruleset, or worth a look. */
export type CheckReport =
  | ({ readonly ok: true; readonly diagnostics: readonly Diagnostic[] } & Identity)
  | { readonly ok: false; readonly id: null; readonly version: null; readonly digest: null; readonly diagnostics: readonly Diagnostic[] };

/** The type of a fact or an output. */
export interface DataType {
  readonly type: 'integer' | 'decimal' | 'boolean' | 'text' | 'enum' | 'date' | 'list' | 'record' | 'series';
  /** Digits after the point of a decimal. */
  readonly scale?: number;
  /** Of an enum, in declared order. */
  readonly values?: readonly string[];
  /** Of the elements of a list, the values of a series. */
  readonly of?: Domain;
  readonly fields?: readonly FieldDescription[];
  readonly period?: 'day' | 'week' | 'month' | 'quarter' | 'year';
}

/** A type and the values it may have. */
export interface Domain extends DataType {
  readonly optional?: boolean;
  /** A decimal as text. */
  readonly min?: number | bigint | string;
  readonly max?: number | bigint | string;
  /** Codes that are no values, by name. */
  readonly special?: { readonly [name: string]: number | bigint | string };
}

export interface FieldDescription extends Domain {
  readonly name: string;
  /** The name under which `decide` takes it. */
  readonly source: string;
  readonly optional: boolean;
}

export interface FactDescription extends FieldDescription {
  readonly sensitive: boolean;
  readonly actionable: 'increase' | 'decrease' | 'any' | null;
  readonly unit: string | null;
  readonly label: LocalText;
}

/** What a ruleset takes and gives. */
export interface Description extends Identity {
  readonly facts: readonly FactDescription[];
  readonly derived: readonly string[];
  readonly outputs: readonly (DataType & { readonly name: string; readonly optional: boolean })[];
  readonly parameters: readonly (Domain & { readonly name: string; readonly value: unknown })[];
  readonly effects: readonly string[];
  readonly rules: readonly Hit[];
  readonly scorecards: readonly string[];
  readonly scales: readonly string[];
  readonly tables: readonly string[];
  readonly reasons: readonly { readonly code: string; readonly text: LocalText }[];
  readonly depends_on: unknown;
  /** The JSON Schema (2020-12) of the facts. */
  readonly schema: { readonly [keyword: string]: unknown };
}

/** A value of a fact in a change: as in a decision, null if it is missing, masked if the fact is sensitive. */
export type ChangedValue = OutputValue | { readonly masked: true };

/** One fact that would have to be another. */
export interface ChangedFact {
  readonly fact: string;
  readonly from: ChangedValue;
  readonly to: ChangedValue;
  readonly unit: string | null;
}

/** What would give a better outcome: each change was decided with all other facts as they are. */
export interface Changes {
  readonly status: 'found' | 'none_found' | 'nothing_would' | 'best_already' | 'not_decided';
  /** Nothing is left to find. */
  readonly complete: boolean;
  readonly single: readonly (ChangedFact & { readonly outcome: string })[];
  readonly pairs: readonly { readonly facts: readonly ChangedFact[]; readonly outcome: string }[];
}

/** A decision in words, and what would change it where that was asked for. */
export interface Explanation {
  readonly text: string;
  readonly changes?: Changes;
}

/** A loaded ruleset, in an instance of the engine of its own. Nothing is parsed again per decision. */
export interface Ruleset<F = Facts, O = Outputs, D = never> extends Identity {
  /**
   * Decides about one customer. Facts may also be given as JSON, text or bytes, which go to the engine as they are.
   *
   * @throws {FactsError} a value could lose something on its way (`0.1` for a decimal, a `Date`, an unsafe integer)
   */
  decide(facts: F | string | Uint8Array, options: DecideOptions): Decision<O, D>;
  /** One decision per row: a list of facts, or NDJSON as text or bytes. A bad row never stops the others. */
  decideBatch(rows: Iterable<F> | string | Uint8Array, options: DecideOptions): Decisions<O, D>;
  describe(): Description;
  explain(facts: F | string | Uint8Array, options: ExplainOptions): Explanation;
  /** Lets go of the instance and its memory; the ruleset answers no more. */
  unload(): void;
  [Symbol.dispose](): void;
  /** For requests to `call`. */
  readonly handle: number;
  /** The engine's own door: a verb and a JSON request, bytes in and out. */
  call(verb: number, request: Uint8Array): Uint8Array;
}

/** The engine of one WebAssembly module. Its methods are synchronous. */
export declare class Engine {
  /** From anything that answers `call(verb, request)`; `of` is the usual way. */
  constructor(open: () => { call(verb: number, request: Uint8Array): Uint8Array });
  static of(module: WasmModule): Engine;
  /** Version of the plain WebAssembly interface. */
  static readonly abi: number;
  load<F = Facts, O = Outputs>(source: Content, options?: CheckOptions): Ruleset<F, O>;
  load<D, F = Facts<D>, O = Outputs<D>>(source: Content, options: LoadOptions<D>): Ruleset<F, O, D>;
  check(source: Content, options?: CheckOptions): CheckReport;
}

/** Every error of this package: `code` and `name` are those of the register, `at` says where. */
export declare class TrutinaError extends Error {
  readonly code: string;
  readonly at: Place | null;
  readonly diagnostics: readonly Diagnostic[];
}
/** A ruleset or a bundle does not load; `diagnostics` lists everything that was found. */
export declare class LoadError extends TrutinaError {}
/** A value of the facts could lose digits or its day; nothing was decided. */
export declare class FactsError extends TrutinaError {
  /** The row of a batch, from 0. */
  readonly row?: number;
}
/** There is no answer to such a request: a bad `asOf`, a ruleset that was unloaded. */
export declare class RequestError extends TrutinaError {}
/** The engine stopped in a call. Its instance is gone; the next call gets a fresh one, with the ruleset loaded. */
export declare class StoppedError extends TrutinaError {}
/** The WebAssembly module cannot be had, or is not one of ours. */
export declare class ModuleError extends TrutinaError {}

/** The version of the package and of the engine in it. */
export declare const version: string;
/** `sha256-...` of the module of this entry point: of `trutina.wasm`, or of `trutina-runtime.wasm`. */
export declare const integrity: string;
