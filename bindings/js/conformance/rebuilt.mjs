// The bytes of a record, made again of the decision that a program gets: a value that was converted wrongly is seen in them.

/** A decimal type of the caller's, which keeps its text and is nothing else. */
export class Exact {
  #text;

  constructor(text) {
    this.#text = text;
  }

  get text() {
    return this.#text;
  }
}

export const EXACT = { from: (text) => new Exact(text), to: (value) => value.text };

/**
 * @param {object} decision as `decide` gives it
 * @param {object} description what `describe` gives
 * @param {boolean} exact the ruleset was loaded with `EXACT`
 */
export function rebuilt(decision, description, exact) {
  const types = new Map(description.outputs.map((output) => [output.name, output]));
  const outputs = (found) => members(found, (value, name) => typed(value, types.get(name), exact));
  const { ruleset, engine, as_of: asOf, reasons, hits, signals, actions, error, trace } = decision;
  const parts = {
    ruleset: json(ruleset),
    engine: json(engine),
    as_of: json(asOf),
    outputs: decision.outputs === null ? 'null' : outputs(decision.outputs),
    reasons: `[${reasons.map((reason) => members(reason, (value, key) => (key === 'points' ? points(value, exact) : json(value)))).join(',')}]`,
    hits: json(hits),
    signals: json(signals),
    actions: json(actions),
    error: json(error),
    trace: json(trace),
  };
  return `{${Object.entries(parts).map(([key, text]) => `"${key}":${text}`).join(',')}}`;
}

const members = (object, write) =>
  `{${Object.entries(object).map(([key, value]) => `${JSON.stringify(key)}:${write(value, key)}`).join(',')}}`;

/** A value as its type is written; of another class than the type has, it becomes text that no record holds. */
function typed(value, type, exact) {
  if (value === null) return 'null';
  switch (type?.type) {
    case 'integer':
      return integer(value) ?? wrong(value, type);
    case 'decimal':
      return decimal(value, exact) ?? wrong(value, type);
    case 'boolean':
      return typeof value === 'boolean' ? String(value) : wrong(value, type);
    case 'text':
    case 'enum':
    case 'date':
      return typeof value === 'string' ? JSON.stringify(value) : wrong(value, type);
    case 'list':
      return Array.isArray(value) ? `[${value.map((element) => typed(element, type.of, exact)).join(',')}]` : wrong(value, type);
    case 'record': {
      const types = new Map(type.fields.map((field) => [field.name, field]));
      return members(value, (field, name) => typed(field, types.get(name), exact));
    }
    default:
      return wrong(value, type);
  }
}

const wrong = (value, type) => `<${typeof value} ${String(value)} for ${type?.type ?? 'what the description does not have'}>`;

/** A number as long as it is sure of its last digit, a BigInt only beyond that. */
function integer(value) {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? undefined : String(value);
  return Number.isSafeInteger(value) ? String(value) : undefined;
}

function decimal(value, exact) {
  if (exact) return value instanceof Exact ? JSON.stringify(value.text) : undefined;
  return typeof value === 'string' ? JSON.stringify(value) : undefined;
}

/** Integers, or decimals as the engine writes them. */
const points = (value, exact) => integer(value) ?? decimal(value, exact) ?? wrong(value, { type: 'points' });

/** What has no types of its own: texts, integers, objects and lists of them. */
function json(value) {
  if (Array.isArray(value)) return `[${value.map(json).join(',')}]`;
  if (typeof value === 'number' || typeof value === 'bigint') return integer(value) ?? wrong(value, { type: 'integer' });
  return typeof value === 'object' && value !== null ? members(value, json) : JSON.stringify(value);
}
