import { FactsError, load, version } from 'trutina';
import { decided } from './shared.cjs';

const [path, facts] = process.argv.slice(2);
console.log(decided({ FactsError, version }, await load(path), facts));
