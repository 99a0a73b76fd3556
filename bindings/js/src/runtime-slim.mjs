/** As `slim.mjs`, with the hash of the module that only evaluates bundles. */

export { init } from './module.mjs';
export * from './api.mjs';
export { runtimeIntegrity as integrity } from './build.mjs';
