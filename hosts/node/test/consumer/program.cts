import trutina = require('trutina');
import runtime = require('trutina/runtime');
import shared = require('./shared.cjs');

async function main(path = '', facts = '', digest?: string): Promise<void> {
  const ruleset: trutina.Ruleset = digest === undefined ? await trutina.load(path) : await runtime.load(path, { trust: { digests: [digest] } });
  console.log(shared.decided(trutina, ruleset, facts));
}

void main(...process.argv.slice(2));
