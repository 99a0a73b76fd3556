import trutina = require('trutina');

export async function uses(path: string): Promise<string> {
  const ruleset: trutina.Ruleset = await trutina.load(path);
  const { outputs, error }: trutina.Decision = ruleset.decide({ age: 41 }, { asOf: '2026-11-30' });
  if (error !== null) return `${error.code} ${trutina.version}`;
  return String(outputs?.['outcome']);
}
