import { entryOf } from './paths.mjs';

export * from '../../../bindings/js/src/api.mjs';
export { runtimeIntegrity as integrity } from '../../../bindings/js/src/build.mjs';

export const { init, load, check } = entryOf(new URL('./trutina-runtime.wasm', import.meta.url));
