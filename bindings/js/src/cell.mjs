/** An instance of the engine, made when it is first asked and anew after it stopped. */

import { RequestError, TrutinaError, stopped } from './errors.mjs';

export class Cell {
  #open;
  #prepare;
  #door = null;
  #closed = false;

  /**
   * @param {() => {call(verb: number, request: Uint8Array): Uint8Array}} open makes an instance
   * @param {(call: (verb: number, request: Uint8Array) => Uint8Array) => void} [prepare] loads what it needs
   */
  constructor(open, prepare = () => {}) {
    this.#open = open;
    this.#prepare = prepare;
  }

  /** Makes sure that there is an instance, prepared. */
  ready() {
    if (this.#closed) {
      throw new RequestError({ code: 'T6002', name: 'unknown-handle', message: 'this ruleset was unloaded' });
    }
    if (this.#door !== null) return;
    this.#door = this.#open();
    try {
      this.#prepare((verb, request) => this.#guarded(verb, request));
    } catch (error) {
      this.#door = null;
      throw error;
    }
  }

  call(verb, request) {
    this.ready();
    return this.#guarded(verb, request);
  }

  /** Whatever comes out of an instance but an answer leaves it in the middle of its work: it is never asked again. */
  #guarded(verb, request) {
    try {
      return this.#door.call(verb, request);
    } catch (cause) {
      this.#door = null;
      if (cause instanceof TrutinaError) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw stopped(`the engine stopped (${why}); this call gave nothing, the next one gets a fresh engine`, cause);
    }
  }

  close() {
    this.#closed = true;
    this.#door = null;
  }
}
