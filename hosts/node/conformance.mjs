// Answers a file of cases as this host decides them, through its typed interface and as bytes.
// usage: node conformance.mjs CASES.ndjson ANSWERS.ndjson

import { readFile, writeFile } from 'node:fs/promises';

import { LoadError, RequestError, TrutinaError, load } from 'trutina';

import { Untyped, typedFacts } from './typed.mjs';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const rulesets = new Map();

/** The rulesets by name; one that does not load is the error it gave. */
async function define({ ruleset, files, bundle, trust }) {
  const source = files === undefined ? Buffer.from(bundle, 'base64') : { files };
  try {
    rulesets.set(ruleset, await load(source, trust ? { trust } : {}));
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    rulesets.set(ruleset, error);
  }
}

/** The error envelope, spelled as the door spells it. */
const envelope = ({ code, name, message, at, diagnostics }) => JSON.stringify({ error: { code, name, message, at }, diagnostics });

function bytesOf(ruleset, decide) {
  if (ruleset instanceof TrutinaError) return envelope(ruleset);
  try {
    return decide();
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return envelope(error);
  }
}

function typedOf(ruleset, decide) {
  if (ruleset instanceof TrutinaError) return { typed: null, why: 'the ruleset does not load' };
  try {
    return { typed: decide(), why: null };
  } catch (error) {
    if (error instanceof Untyped) return { typed: null, why: error.message };
    if (error instanceof RequestError) return { typed: envelope(error), why: null };
    throw error;
  }
}

function decided({ case: id, ruleset: name, as_of: asOf, facts, trace }) {
  const ruleset = rulesets.get(name);
  const bytes = bytesOf(ruleset, () => ruleset.decide(facts, { asOf, trace }).json());
  return { id, bytes, ...typedOf(ruleset, () => ruleset.decide(typedFacts(ruleset.describe(), facts), { asOf, trace }).json()) };
}

function decidedBatch({ batch: id, ruleset: name, as_of: asOf, lines, trace }) {
  const ruleset = rulesets.get(name);
  const bytes = bytesOf(ruleset, () => ruleset.decideBatch(lines.join('\n'), { asOf, trace }).json());
  const rows = () => lines.map((facts) => typedFacts(ruleset.describe(), facts));
  return { id, bytes, ...typedOf(ruleset, () => ruleset.decideBatch(rows(), { asOf, trace }).json()) };
}

/** A request may name a ruleset, `"@name"`: it goes to that ruleset's instance, under its handle. */
async function called({ call: id, verb, request }) {
  const why = 'a call of the door itself';
  const name = [...rulesets.keys()].find((known) => request.includes(`"@${known}"`));
  const ruleset = name === undefined ? await blank() : rulesets.get(name);
  if (ruleset instanceof TrutinaError) return { id, bytes: envelope(ruleset), typed: null, why };
  const text = name === undefined ? request : request.replaceAll(`"@${name}"`, String(ruleset.handle));
  return { id, bytes: decoder.decode(ruleset.call(verb, encoder.encode(text))), typed: null, why };
}

/** An instance for requests that name no ruleset. */
async function blank() {
  const name = '\0';
  if (!rulesets.has(name)) {
    const rules = 'fn decide(f, hits) { #{ adult: f.age >= 18 } }\n';
    const manifest = 'language = 1\nid = "blank"\nversion = "1.0.0"\n[facts.age]\ntype = "integer"\n[outputs]\nadult = { type = "boolean" }\n';
    rulesets.set(name, await load({ files: { 'ruleset.toml': manifest, 'rules.rhai': rules } }));
  }
  return rulesets.get(name);
}

const [cases, answers] = process.argv.slice(2);
if (answers === undefined) {
  console.error('usage: node conformance.mjs CASES.ndjson ANSWERS.ndjson');
  process.exit(2);
}
const lines = [];
for (const line of (await readFile(cases, 'utf8')).split('\n')) {
  if (line === '') continue;
  const entry = JSON.parse(line);
  if (entry.case !== undefined) lines.push(decided(entry));
  else if (entry.batch !== undefined) lines.push(decidedBatch(entry));
  else if (entry.call !== undefined) lines.push(await called(entry));
  else await define(entry);
}
await writeFile(answers, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
