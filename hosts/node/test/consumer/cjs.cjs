const { FactsError, load, version } = require('trutina');
const { decided } = require('./shared.cjs');

const [path, facts] = process.argv.slice(2);
load(path).then((ruleset) => console.log(decided({ FactsError, version }, ruleset, facts)));
