import trutina = require('trutina');
import runtime = require('trutina/runtime');

export async function uses(path: string): Promise<string> {
  const ruleset: trutina.Ruleset = await trutina.load(path);
  const { outputs, error }: trutina.Decision = ruleset.decide({ age: 41 }, { asOf: '2026-11-30' });
  if (error !== null) return `${error.code} ${trutina.version}`;
  return String(outputs?.['outcome']);
}

export async function bundled(path: string): Promise<string> {
  const ruleset: trutina.Ruleset = await runtime.load(path, { trust: { digests: ['sha256:0'] } });
  const { error }: runtime.Decision = ruleset.decide({ age: 41 }, { asOf: '2026-11-30' });
  return error === null ? runtime.version : error.code;
}
