import { type Decision, type Ruleset, Engine, FactsError, LoadError, TrutinaError, check, integrity, load, version } from 'trutina';
import * as inline from 'trutina/inline';
import * as runtime from 'trutina/runtime';
import * as inlineRuntime from 'trutina/runtime/inline';
import { init as initRuntime } from 'trutina/runtime/slim';
import { init } from 'trutina/slim';

interface Applicant {
  age_in_years: number;
  housing: 'own' | 'rent' | 'for free';
  income?: string | undefined;
}

interface Outcome {
  outcome: 'approve' | 'refer' | 'decline';
  score: number;
  limit: string | null;
}

class Money {
  constructor(readonly text: string) {}
}

export async function uses(path: string, module: Uint8Array): Promise<string> {
  const plain = await load(path);
  const loose = plain.decide({ age_in_years: 41n, loans: [{ balance: '1.50', due: undefined }], day: null }, { asOf: '2026-11-30' });
  const any: unknown = loose.outputs?.['score'];
  // @ts-expect-error a Date is no fact
  plain.decide({ day: new Date() }, { asOf: '2026-11-30' });
  // @ts-expect-error there is no clock: the day is named
  plain.decide({});
  // @ts-expect-error a day is text
  plain.decide({}, { asOf: new Date() });
  // @ts-expect-error `all` is no level
  plain.decide({}, { asOf: '2026-11-30', trace: 'all' });
  // @ts-expect-error a decision does not change
  loose.error = null;

  const typed = await load<Applicant, Outcome>({ files: { 'ruleset.toml': '' } });
  const decision: Decision<Outcome> = typed.decide({ age_in_years: 41, housing: 'own' }, { asOf: '2026-11-30', trace: 'full' });
  const score: number | undefined = decision.outputs?.score;
  // @ts-expect-error not one of the values
  typed.decide({ age_in_years: 41, housing: 'castle' }, { asOf: '2026-11-30' });
  for (const each of typed.decideBatch([{ age_in_years: 41, housing: 'own' }], { asOf: '2026-11-30' })) {
    const outcome: 'approve' | 'refer' | 'decline' | undefined = each.outputs?.outcome;
    if (outcome === 'approve' && each.error === null) return each.json();
  }
  const bytes: Uint8Array = typed.decideBatch('{}\n', { asOf: '2026-11-30' }).bytes;

  const exact = await load(path, { decimal: { from: (text: string) => new Money(text), to: (value: Money) => value.text } });
  const limit = exact.decide({ amount: new Money('1.00') }, { asOf: '2026-11-30' }).outputs?.['limit'];
  if (limit instanceof Money) return limit.text;

  const report = await check(path);
  if (report.ok) report.digest.startsWith('sha256:');
  else report.diagnostics.map(({ code, file, line }) => `${code} ${file}:${line}`);

  const engine: Engine = await init(module, { integrity });
  engine.load({ files: {} }).unload();
  await inline.load(new Uint8Array(8), { trust: { digests: ['sha256:0'] } });
  const bundled: Ruleset<Applicant, Outcome> = await runtime.load<Applicant, Outcome>(path, { trust: { keys: ['key'] } });
  // @ts-expect-error not one of the values
  bundled.decide({ age_in_years: 41, housing: 'castle' }, { asOf: '2026-11-30' });
  const small: Engine = await initRuntime(module, { integrity: runtime.integrity });
  small.load(new Uint8Array(8)).unload();
  await inlineRuntime.load(new Uint8Array(8), { trust: { digests: ['sha256:0'] } });
  try {
    typed.explain('{}', { asOf: '2026-11-30', lang: 'zh-CN' }).text.trim();
    typed[Symbol.dispose]();
  } catch (error) {
    if (error instanceof FactsError) return `${error.row} ${error.code}`;
    if (error instanceof LoadError) return error.diagnostics.map(({ message }) => message).join();
    if (error instanceof TrutinaError && error.at && 'pointer' in error.at) return error.at.pointer;
  }
  return `${version} ${score} ${bytes.length} ${String(any)}`;
}
