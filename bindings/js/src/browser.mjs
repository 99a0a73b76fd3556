/** For browsers, workers and bundlers: the module is a file beside this one, fetched at the first call. */

import { entry, fetched } from './entry.mjs';

export * from './api.mjs';
export { integrity } from './build.mjs';

// Bundlers look for exactly this expression.
const url = new URL('./trutina.wasm', import.meta.url);

export const { init, load, check } = entry(() => url, fetched);
