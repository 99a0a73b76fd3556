/** Errors are typed: `code` and `name` are those of the register of diagnostics, `at` says where, `diagnostics` lists all. */

const BRAND = Symbol.for('trutina.error');

export class TrutinaError extends Error {
  /**
   * @param {{code: string, name: string, message: string, at?: object | null}} error
   * @param {{diagnostics?: object[], cause?: unknown, row?: number}} [more]
   */
  constructor(error, more = {}) {
    const row = more.row === undefined ? '' : `row ${more.row}: `;
    super(`${error.code} ${error.name}: ${row}${placed(error.at)}${error.message}`, 'cause' in more ? { cause: more.cause } : undefined);
    void this.stack; // written now, it keeps the name of the class, the code and the place
    own(this, 'name', error.name);
    own(this, 'message', `${row}${error.message}`);
    this.code = error.code;
    this.at = error.at ?? null;
    this.diagnostics = Object.freeze(more.diagnostics ?? []);
    if (more.row !== undefined) this.row = more.row;
  }

  get [BRAND]() {
    return this.constructor.kinds;
  }

  /** Holds across copies of this module, as when a bundle and Node's own loader both bring one. */
  static [Symbol.hasInstance](value) {
    const kinds = typeof value === 'object' && value !== null ? value[BRAND] : undefined;
    return Array.isArray(kinds) && kinds.includes(this.kinds[0]);
  }

  static kinds = ['TrutinaError'];
}

/** A ruleset or a bundle does not load. */
export class LoadError extends TrutinaError {
  static kinds = ['LoadError', 'TrutinaError'];
}

/** A value of the facts could lose digits or its day on its way into the engine; nothing was decided. */
export class FactsError extends TrutinaError {
  static kinds = ['FactsError', 'TrutinaError'];
}

/** The engine does not answer such a request: a bad `asOf`, a ruleset that was unloaded. */
export class RequestError extends TrutinaError {
  static kinds = ['RequestError', 'TrutinaError'];
}

/** The engine stopped in the middle of a call. Its instance is dropped; the next call gets a fresh one. */
export class StoppedError extends TrutinaError {
  static kinds = ['StoppedError', 'TrutinaError'];
}

/** The WebAssembly module cannot be had, or is not one of ours. */
export class ModuleError extends TrutinaError {
  static kinds = ['ModuleError', 'TrutinaError'];
}

for (const kind of [TrutinaError, LoadError, FactsError, RequestError, StoppedError, ModuleError]) {
  own(kind.prototype, 'name', kind.kinds[0]);
}

/** A value of the caller's that cannot become a fact. */
export const refusal = (pointer, message, row) =>
  new FactsError({ code: 'T6021', name: 'host-value', message, at: { pointer } }, row === undefined ? {} : { row });

export const stopped = (message, cause) =>
  new StoppedError({ code: 'T6022', name: 'engine-stopped', message }, { cause });

export const noModule = (message, cause) =>
  new ModuleError({ code: 'T6023', name: 'module-refused', message }, { cause });

/** What a caller asks wrongly before there is a request to send. */
export const badRequest = (message, pointer = '') =>
  new RequestError({ code: 'T6001', name: 'bad-request', message, at: { pointer } });

function own(target, key, value) {
  Object.defineProperty(target, key, { value, configurable: true, writable: true, enumerable: false });
}

function placed(at) {
  if (!at) return '';
  if (at.file !== undefined) return `${at.file}:${at.line}:${at.column}: `;
  return at.pointer ? `${at.pointer}: ` : '';
}
