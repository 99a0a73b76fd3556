// The page's end of the worker: a call is a message with a number, its answer has the same number.

import { scriptUrl } from './trusted.mjs';

/** What went wrong in the worker; `code` is one of the register of diagnostics, if it has one. */
export class EngineError extends Error {
  constructor({ code = null, message, at = null }) {
    super(message);
    this.name = 'EngineError';
    this.code = code;
    this.at = at;
  }
}

export class Client {
  #worker;
  #open = new Map();
  #last = 0;

  constructor() {
    this.#worker = new Worker(scriptUrl(new URL('./worker.mjs', import.meta.url)), { type: 'module', name: 'trutina' });
    this.#worker.addEventListener('message', ({ data }) => this.#settle(data));
    this.#worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#fail(event.message || 'the worker does not start');
    });
    this.#worker.addEventListener('messageerror', () => this.#fail('an answer of the worker cannot be read'));
  }

  call(method, argument) {
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      this.#open.set(id, { resolve, reject });
      this.#worker.postMessage({ id, method, argument });
    });
  }

  close() {
    this.#worker.terminate();
    this.#fail('the worker was closed');
  }

  #settle({ id, answer, error }) {
    const call = this.#open.get(id);
    this.#open.delete(id);
    if (error) call?.reject(new EngineError(error));
    else call?.resolve(answer);
  }

  #fail(message) {
    const calls = [...this.#open.values()];
    this.#open.clear();
    for (const { reject } of calls) reject(new EngineError({ message }));
  }
}
