/** With the module inside, for tools that cannot serve a file beside a script. Larger, and compiled anew on every page. */

import { entry, fetched } from './api.mjs';
import { packed } from './packed.mjs';

export { Decisions, Engine, FactsError, LoadError, ModuleError, RequestError, StoppedError, TrutinaError, integrity, version } from './api.mjs';

const unpacked = () => {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
};

export const { init, load, check } = entry(unpacked, fetched);
