// A decision in words, in two languages. `cargo xtask browser --serve 8080` serves it under /samples/explain.html.

import { applicant, print, ruleset, run } from './page.mjs';

run(async () => {
  const rating = await ruleset('retail-credit-rating');
  const facts = await applicant();
  const words = ['en', 'zh-CN'].map((lang) => rating.explain(facts, { asOf: '2026-11-30', lang, changes: false }).text);
  print(words.join('\n'), '');
});
