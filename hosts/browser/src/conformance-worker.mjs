// The worker of the conformance runner: the package in a browser, asked what every other host is asked.

import { Runner } from '../../../bindings/js/conformance/run.mjs';
import { init } from '../../../bindings/js/src/slim.mjs';
import { ENGINES } from './assets.mjs';

/** Answers at once, so that neither end holds a message beyond measure. */
const LINES = 500;

const engine = (name) => init(new URL(ENGINES[name].url), { integrity: ENGINES[name].integrity });

self.addEventListener('message', async ({ data: cases }) => {
  try {
    const [full, runtime] = await Promise.all(['full', 'runtime'].map(engine));
    const loading = (made) => async (source, options) => made.load(source, options);
    const runner = new Runner(loading(full), loading(runtime));
    const response = await fetch(cases);
    let lines = [];
    for await (const line of runner.answers((await response.text()).split('\n'))) {
      lines.push(line);
      if (lines.length === LINES) self.postMessage({ lines: lines.splice(0).join('') });
    }
    self.postMessage({ lines: lines.join(''), done: true });
  } catch (error) {
    self.postMessage({ error: error.stack ?? String(error) });
  }
});
