// The engine, in a worker: the page never waits for it. It fetches the module and the ruleset, and nothing else, ever.

import { init } from '../../../bindings/js/src/slim.mjs';

let ruleset = null;

const methods = {
  /** Loads the engine and a ruleset: sources as `{files}`, a bundle, or a module with its ruleset in it. Answers `describe`. */
  async start({ source, engines, digest, trust }) {
    const bytes = await fetched(source);
    const kind = kindOf(bytes);
    const { url, integrity } = kind === 'bundle' ? engines.runtime : engines.full;
    const engine = await (kind === 'module' ? init(bytes) : init(new URL(url), { integrity }));
    ruleset = engine.load(kind === 'sources' ? JSON.parse(new TextDecoder().decode(bytes)) : bytes, trusting(trust));
    if (digest && ruleset.digest !== digest) throw mismatch(digest, ruleset.digest);
    return ruleset.describe();
  },

  /** Decides facts; the record comes as an object and as the bytes that the engine wrote. */
  decide({ facts, asOf, trace }) {
    const decision = ruleset.decide(facts, { asOf, trace });
    return { decision, json: decision.json() };
  },

  explain({ facts, asOf, lang }) {
    return ruleset.explain(facts, { asOf, lang, changes: true });
  },
};

async function fetched(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** By its first bytes. */
function kindOf(bytes) {
  const begins = (magic) => [...magic].every((character, at) => bytes[at] === character.charCodeAt(0));
  return begins('\0asm') ? 'module' : begins('TRUTINA\0') ? 'bundle' : 'sources';
}

/** A bundle is believed for its digest or its signer, which the page names; whatever else comes then is refused. */
function trusting(words) {
  if (words.length === 0) return {};
  const isDigest = (word) => word.startsWith('sha256:');
  return { trust: { digests: words.filter(isDigest), keys: words.filter((word) => !isDigest(word)) } };
}

function mismatch(wanted, found) {
  return Object.assign(new Error(`the ruleset has the digest ${found}, not ${wanted}`), { code: 'T6001' });
}

self.addEventListener('message', async ({ data: { id, method, argument } }) => {
  try {
    self.postMessage({ id, answer: await methods[method](argument) });
  } catch (error) {
    const { code = null, message = String(error), at = null } = error;
    self.postMessage({ id, error: { code, message, at } });
  }
});
