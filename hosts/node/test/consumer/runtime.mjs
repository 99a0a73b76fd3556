import { FactsError, load, version } from 'trutina/runtime';
import { decided } from './shared.cjs';

const [bundle, facts, digest] = process.argv.slice(2);
console.log(decided({ FactsError, version }, await load(bundle, { trust: { digests: [digest] } }), facts));
