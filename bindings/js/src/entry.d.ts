import type { CheckOptions, CheckReport, Facts, LoadOptions, ModuleOptions, ModuleSource, Outputs, Ruleset, Source } from './index.js';

export * from './index.js';

/** Gets the module ready, once; `load` and `check` do it by themselves. Give another module, or a hash to compare. */
export declare function init(options?: ModuleOptions & { readonly module?: ModuleSource | Promise<ModuleSource> }): Promise<void>;

/**
 * Loads a ruleset.
 *
 * @throws {LoadError} it does not load; `diagnostics` says why
 */
export declare function load<F = Facts, O = Outputs>(source: Source, options?: CheckOptions): Promise<Ruleset<F, O>>;
export declare function load<D, F = Facts<D>, O = Outputs<D>>(source: Source, options: LoadOptions<D>): Promise<Ruleset<F, O, D>>;

/** Everything that is wrong with a ruleset, or worth a look; it throws only where there is nothing to report on. */
export declare function check(source: Source, options?: CheckOptions): Promise<CheckReport>;
