/** Without a module of its own: the caller brings it. `await init(module)` gives an engine, whose methods are synchronous. */

export { init } from './module.mjs';
export { Decisions, Engine, FactsError, LoadError, ModuleError, RequestError, StoppedError, TrutinaError, integrity, version } from './api.mjs';
