/**
 * JSON without loss. `JSON.parse` reads what the engine writes but for one thing: integers beyond 2^53 lose digits. They
 * come out as BigInt here. Decimals are strings in every answer, so no other number can lose any.
 */

/** Where a number may begin that is unsafe; the engine writes no blanks. Rarely there, so most texts take the short way. */
const LONG = /[:,[]-?\d{16}/;
const TOKENS = /"(?:[^"\\]|\\.)*"(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;
/** Begins a string that stands for a long integer; strings that begin with it by themselves get it twice. */
const MARK = '\\u0000';

export function parse(text) {
  return LONG.test(text) ? JSON.parse(text.replace(TOKENS, marked), unmarked) : JSON.parse(text);
}

function marked(token, colon) {
  if (token[0] === '"') return colon === undefined && token.startsWith(MARK, 1) ? `"${MARK}${token.slice(1)}` : token;
  return /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${MARK}${token}"` : token;
}

function unmarked(_key, value) {
  if (typeof value !== 'string' || value[0] !== '\0') return value;
  return value[1] === '\0' ? value.slice(1) : BigInt(value.slice(1));
}

/** Freezes what `parse` made, all the way down; objects of the caller's own classes stay as they are. */
export function freeze(value) {
  if (typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return value;
  for (const key of Object.keys(value)) freeze(value[key]);
  return Object.freeze(value);
}
