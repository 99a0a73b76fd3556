/** The entry points for Node. They share everything but the file of their module. */

export * as main from './main.mjs';
export * as runtime from './runtime.mjs';
