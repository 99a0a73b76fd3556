// What every program of this folder asks, whichever way it gets the package: said once, for they must all print the same.

const asOf = '2026-11-30';

/** Prints the decision about the facts that were given, once a value that is none was refused by an error of its class. */
exports.decided = ({ FactsError, version }, ruleset, facts) => {
  if (!version) throw new Error('no version');
  try {
    ruleset.decide({ age_in_years: Number.NaN }, { asOf });
    throw new Error('NaN was taken for a number');
  } catch (error) {
    if (!(error instanceof FactsError)) throw error;
  }
  return ruleset.decide(JSON.parse(facts), { asOf }).json();
};
