const { FactsError, load, version } = require('trutina/runtime');
const { decided } = require('./shared.cjs');

const [bundle, facts, digest] = process.argv.slice(2);
load(bundle, { trust: { digests: [digest] } }).then((ruleset) => console.log(decided({ FactsError, version }, ruleset, facts)));
