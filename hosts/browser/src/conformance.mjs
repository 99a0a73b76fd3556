// The page of the conformance runner: hands the worker's answers to who opened it (`receive`, given by the runner).

import { scriptUrl } from './trusted.mjs';

const worker = new Worker(scriptUrl(new URL('./conformance-worker.mjs', import.meta.url)), { type: 'module' });
worker.addEventListener('message', ({ data }) => globalThis.receive(data));
worker.addEventListener('error', ({ message }) => globalThis.receive({ error: message || 'the worker does not start' }));
worker.postMessage(new URL('cases.ndjson', document.baseURI).href);
