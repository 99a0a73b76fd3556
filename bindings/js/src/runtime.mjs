/** As `browser.mjs`, over the module that only evaluates bundles. */

import { entry, fetched } from './entry.mjs';

export * from './api.mjs';
export { runtimeIntegrity as integrity } from './build.mjs';

// Bundlers look for exactly this expression.
const url = new URL('./trutina-runtime.wasm', import.meta.url);

export const { init, load, check } = entry(() => url, fetched);
