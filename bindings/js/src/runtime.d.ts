/**
 * The same over the module that only evaluates bundles. It has no parser to compile sources with, so it refuses them (T6004), and
 * takes a bundle on the word of somebody whom the option `trust` names (else T6007).
 */
export * from './entry.js';
