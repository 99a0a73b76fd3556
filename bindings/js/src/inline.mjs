/** With the module inside, for tools that cannot serve a file beside a script. Larger, and compiled anew on every page. */

import { entry, fetched } from './entry.mjs';
import { packed } from './packed.mjs';
import { unpack } from './unpack.mjs';

export * from './api.mjs';
export { integrity } from './build.mjs';

export const { init, load, check } = entry(() => unpack(packed), fetched);
