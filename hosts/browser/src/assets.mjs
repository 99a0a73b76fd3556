// The WebAssembly modules beside this file. The build writes their hashes in; the browser compares them.

/** The engine for sources, and the smaller one for bundles. A module with its ruleset in it needs neither. */
export const ENGINES = {
  full: {
    url: new URL('./trutina.wasm', import.meta.url).href,
    integrity: undefined /* of ./trutina.wasm */,
  },
  runtime: {
    url: new URL('./trutina-runtime.wasm', import.meta.url).href,
    integrity: undefined /* of ./trutina-runtime.wasm */,
  },
};
