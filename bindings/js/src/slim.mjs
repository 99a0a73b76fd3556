/** Without a module of its own: the caller brings it. `await init(module)` gives an engine, whose methods are synchronous. */

export { init } from './module.mjs';
export * from './api.mjs';
export { integrity } from './build.mjs';
