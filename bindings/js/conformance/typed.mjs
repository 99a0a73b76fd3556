// Facts as JSON text turned into the values that a program would hold: a decimal as text, an integer as a number or a
// BigInt, a date as text. What a program cannot hold is `Untyped`, with the reason.

export class Untyped extends Error {}

/**
 * @param {object} description what `describe` gave
 * @param {string} text facts as JSON
 * @param {{from(text: string): unknown}} [decimal] the type of decimals, if they are no text
 */
export function typedFacts(description, text, decimal) {
  try {
    JSON.parse(text);
  } catch {
    throw new Untyped('malformed JSON');
  }
  const reader = new Reader(text, decimal);
  const facts = reader.value({ type: 'record', fields: description.facts });
  if (typeof facts !== 'object' || facts === null || Array.isArray(facts)) throw new Untyped('no object of facts');
  return facts;
}

/** Reads JSON that is known to be well formed, by the types of its facts. */
class Reader {
  #tokens;
  #at = 0;
  #decimal;

  constructor(text, decimal) {
    this.#decimal = decimal;
    this.#tokens = text.match(/"(?:[^"\\]|\\.)*"|[-+.\deE]+|true|false|null|[[\]{}:,]/gs);
  }

  #next() {
    return this.#tokens[this.#at++];
  }

  #skips(token) {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  value(type) {
    const token = this.#next();
    if (token === '{') return this.#object(type);
    if (token === '[') return this.#array(type);
    if (token[0] === '"') return JSON.parse(token);
    return /^[-\d]/.test(token) ? number(token, type?.type, this.#decimal) : JSON.parse(token);
  }

  #object(type) {
    const types = new Map(fieldsOf(type).map((field) => [field.source, field]));
    const found = {};
    const keys = [];
    while (!this.#skips('}')) {
      const key = JSON.parse(this.#next());
      this.#skips(':');
      if (keys.includes(key)) throw new Untyped('a key that stands twice');
      keys.push(key);
      Object.defineProperty(found, key, { value: this.value(types.get(key)), enumerable: true });
      this.#skips(',');
    }
    if (Object.keys(found).join('\0') !== keys.join('\0')) throw new Untyped('keys that are numbers, which an object puts first');
    return found;
  }

  #array(type) {
    const element = type?.type === 'series' ? { type: 'record', fields: observation(type) } : type?.type === 'list' ? type.of : undefined;
    const found = [];
    while (!this.#skips(']')) {
      found.push(this.value(element));
      this.#skips(',');
    }
    return found;
  }
}

const fieldsOf = (type) => (type?.type === 'record' ? type.fields : []);
const observation = (series) => [{ source: 'date', type: 'date' }, { source: 'value', ...series.of }];

/** A number as a program holds it for a fact of this type. */
function number(token, type, decimal) {
  if (type === 'decimal') return decimal?.from(token) ?? token;
  if (type !== 'integer' && String(Number(token)) === token) return Number(token);
  return integral(token);
}

/** An integral number is an integer, however it is spelled. */
function integral(token) {
  const [, sign, whole, decimals = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(token);
  if (Math.abs(Number(exponent)) > 2000) throw new Untyped('a number of thousands of digits');
  const digits = whole + decimals;
  const scale = decimals.length - Number(exponent);
  if (scale <= 0) return BigInt(`${sign}${digits}${'0'.repeat(-scale)}`);
  const cut = Math.max(0, digits.length - scale);
  if (/[^0]/.test(digits.slice(cut))) return fraction(token);
  return BigInt(`${sign}${digits.slice(0, cut) || '0'}`);
}

/** A number that is wrong for its fact, if a program can hold it. */
function fraction(token) {
  if (String(Number(token)) !== token) throw new Untyped('a fraction for a fact that is no decimal');
  return Number(token);
}
