import { entryOf } from './paths.mjs';

export * from '../../../bindings/js/src/api.mjs';
export { integrity } from '../../../bindings/js/src/build.mjs';

export const { init, load, check } = entryOf(new URL('./trutina.wasm', import.meta.url));
