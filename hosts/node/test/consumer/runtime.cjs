const { FactsError, load, version } = require('trutina/runtime');

const [bundle, facts, digest] = process.argv.slice(2);
load(bundle, { trust: { digests: [digest] } }).then((ruleset) => {
  try {
    ruleset.decide({ age_in_years: Number.NaN }, { asOf: '2026-11-30' });
  } catch (error) {
    if (!(error instanceof FactsError)) throw error;
  }
  console.log(ruleset.decide(JSON.parse(facts), { asOf: '2026-11-30' }).json());
  if (!version) throw new Error('no version');
});
