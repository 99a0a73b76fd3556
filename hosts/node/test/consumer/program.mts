import { FactsError, type Ruleset, load, version } from 'trutina';
import { load as loadBundle } from 'trutina/runtime';
import { decided } from './shared.cjs';

const [path = '', facts = '', digest] = process.argv.slice(2);
const ruleset: Ruleset = digest === undefined ? await load(path) : await loadBundle(path, { trust: { digests: [digest] } });
console.log(decided({ FactsError, version }, ruleset, facts));
