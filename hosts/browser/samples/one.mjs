// Decides about one applicant. `cargo xtask browser --serve 8080` serves it under /samples/one.html.

import { applicant, print, ruleset, run } from './page.mjs';

run(async () => {
  const rating = await ruleset('retail-credit-rating');
  const { outputs, reasons } = rating.decide(await applicant(), { asOf: '2026-11-30' });
  for (const name of ['outcome', 'score', 'grade', 'limit']) print(`${name}: ${outputs[name]}`);
  for (const { code, points = '-', text } of reasons) print(`${code} ${points} ${text.en}`);
});
