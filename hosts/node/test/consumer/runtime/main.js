// Decides a bundle on the page and in a worker, and leaves both records for the test to read.

import { LoadError, load } from 'trutina/runtime';

const { facts, digest } = await (await fetch('/case.json')).json();
const trust = { digests: [digest] };
const options = { asOf: '2026-11-30', trace: 'full' };

const page = async () => {
  const ruleset = await load('/rating.trutina', { trust });
  const record = ruleset.decide(facts, options).json();
  await load({ files: {} }).then(() => Promise.reject(new Error('loaded')), (error) => {
    if (!(error instanceof LoadError) || error.code !== 'T6004') throw error;
  });
  return record;
};

const worker = () => new Promise((resolve, reject) => {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = (event) => reject(new Error(event.message || 'the worker does not start'));
  worker.postMessage({ trust, facts, options });
});

const told = (answer) => answer.catch((error) => `${error.code ?? error.name}: ${error.message}`);
globalThis.answers = { page: await told(page()), worker: await told(worker()) };
