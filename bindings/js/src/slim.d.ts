import type { Engine, ModuleOptions, ModuleSource } from './index.js';

export * from './index.js';

/** An engine from a module of the caller's: compiled, as bytes, a Response or a URL. */
export declare function init(module: ModuleSource | Promise<ModuleSource>, options?: ModuleOptions): Promise<Engine>;
