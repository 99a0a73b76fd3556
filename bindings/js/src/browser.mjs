/** For browsers, workers and bundlers: the module is a file beside this one, fetched at the first call. */

import { entry, fetched } from './api.mjs';

export { Decisions, Engine, FactsError, LoadError, ModuleError, RequestError, StoppedError, TrutinaError, integrity, version } from './api.mjs';

// Bundlers look for exactly this expression.
const url = new URL('./trutina.wasm', import.meta.url);

export const { init, load, check } = entry(() => url, fetched);
