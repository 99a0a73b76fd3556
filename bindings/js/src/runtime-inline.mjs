/** As `inline.mjs`, with the module inside that only evaluates bundles. */

import { entry, fetched } from './entry.mjs';
import { packed } from './runtime-packed.mjs';
import { unpack } from './unpack.mjs';

export * from './api.mjs';
export { runtimeIntegrity as integrity } from './build.mjs';

export const { init, load, check } = entry(() => unpack(packed), fetched);
