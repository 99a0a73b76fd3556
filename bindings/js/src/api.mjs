/** What every entry point of the package exports, beside the hash of its module and what it gets and loads with. */

export { Engine } from './engine.mjs';
export { Decisions } from './decisions.mjs';
export { FactsError, LoadError, ModuleError, RequestError, StoppedError, TrutinaError } from './errors.mjs';
export { version } from './build.mjs';
