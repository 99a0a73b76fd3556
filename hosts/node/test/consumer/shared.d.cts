import type { FactsError, Ruleset } from 'trutina';

export declare function decided(trutina: { FactsError: typeof FactsError; version: string }, ruleset: Ruleset, facts: string): string;
