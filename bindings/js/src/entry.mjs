/** `init`, `load` and `check` of an entry point; they differ in where the module and the rulesets come from. */

import { badRequest, LoadError } from './errors.mjs';
import { init as engineOf } from './module.mjs';

/**
 * @param {() => unknown} module gives the module, as `init` of the slim entry takes it
 * @param {(source: unknown) => unknown} read turns what `load` is given into files or bytes
 */
export function entry(module, read) {
  let engine = null;
  const init = ({ module: own, integrity } = {}) => {
    const made = Promise.resolve().then(() => engineOf(own ?? module(integrity), { integrity }));
    engine = made;
    made.catch(() => {
      if (engine === made) engine = null; // the network may be back at the next call
    });
    return made.then(() => undefined);
  };
  const ready = async () => {
    if (engine === null) await init();
    return engine;
  };
  return {
    init,
    load: async (source, options) => {
      const [made, content] = await Promise.all([ready(), read(source)]);
      return made.load(content, options);
    },
    check: async (source, options) => {
      const [made, content] = await Promise.all([ready(), read(source)]);
      return made.check(content, options);
    },
  };
}

/** A bundle from the network or from a file that a user chose; anything else as it is. */
export async function fetched(source) {
  if (typeof Blob !== 'undefined' && source instanceof Blob) return source.arrayBuffer();
  if (typeof source === 'string' || source instanceof URL) return fetched(await fetch(source));
  if (typeof Response === 'undefined' || !(source instanceof Response)) return source;
  if (source.ok) return source.arrayBuffer();
  throw badRequest(`the bundle cannot be had: ${source.url} answers ${source.status}`);
}

/** A ruleset that cannot be read, before the engine saw it. */
export const unreadable = (message, cause) =>
  new LoadError({ code: 'T1001', name: 'file-missing', message }, { cause });
