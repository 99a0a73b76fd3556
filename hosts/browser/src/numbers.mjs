// Numbers as text, exactly: what a person types becomes canonical text or a complaint, never a guess. No float is made.

const FULL_WIDTH = /[\uff0b-\uff0e\uff10-\uff19]/g;
const SPACES = /[\u00a0\u2007\u2009\u202f\u3000]/g;
const PLAIN = /^(?:\d+(?:\.\d+)?|\.\d+)$/;
const GROUPED = /^[1-9]\d{0,2}(?:(?:,\d{3})+|(?: \d{3})+|(?:['’]\d{3})+)(?:\.\d+)?$/;
const COMMA_FOR_POINT = /^(?:\d+|\d{1,3}(?:[. '’]\d{3})+),\d+$/;
const I64 = { min: '-9223372036854775808', max: '9223372036854775807' };

/** Full-width characters as ordinary ones, every kind of space and minus as one. */
function unified(text) {
  const narrow = text.replace(FULL_WIDTH, (found) => String.fromCharCode(found.charCodeAt(0) - 0xfee0));
  return narrow.replace(SPACES, ' ').replace(/^\s*[\u2212\u2012\u2013]/, '-').trim();
}

/** Digits without leading zeros, `-0` without its sign. */
function canonical(negative, digits) {
  const [whole, fraction] = digits.split('.');
  const text = (whole.replace(/^0+(?=\d)/, '') || '0') + (fraction === undefined ? '' : `.${fraction}`);
  return negative && /[1-9]/.test(text) ? `-${text}` : text;
}

/**
 * Reads what was typed for a number with at most `scale` digits after the point; an integer has scale 0.
 *
 * Answers `{ value }` in JSON's number grammar, `{}` for an empty text, or `{ problem, say }`: `say` is what to type if
 * that can be told. Accepted beside plain digits: groups of three parted by commas, blanks or apostrophes where they cannot
 * mean anything else, and full-width digits. Refused: a comma that may be a decimal point, a point that may part groups.
 */
export function readNumber(typed, scale) {
  const text = unified(typed);
  if (text === '') return {};
  const negative = text.startsWith('-');
  const digits = negative ? text.slice(1).trimStart() : text;
  const sign = negative ? '-' : '';
  if (GROUPED.test(digits)) {
    const bare = digits.replace(/[, '’]/g, '');
    const couldBeDecimal = scale >= 3 && /^\d{1,3},\d{3}$/.test(digits);
    if (couldBeDecimal) return { problem: 'ambiguous', say: `${sign}${bare}`, or: `${sign}${digits.replace(',', '.')}` };
    return withScale(negative, bare, scale);
  }
  if (PLAIN.test(digits)) return withScale(negative, digits, scale);
  if (COMMA_FOR_POINT.test(digits)) {
    const say = sign + digits.replace(/[. '’]/g, '').replace(',', '.');
    return scale > 0 ? { problem: 'comma', say } : { problem: 'whole' };
  }
  return { problem: 'number' };
}

function withScale(negative, digits, scale) {
  const fraction = digits.split('.')[1] ?? '';
  if (scale === 0 && digits.includes('.')) return { problem: 'whole' };
  if (fraction.length > scale) return { problem: 'digits' };
  return { value: canonical(negative, digits) };
}

/** -1, 0 or 1: two numbers in JSON's plain grammar, compared exactly. */
export function compare(left, right) {
  const scale = (text) => (text.split('.')[1] ?? '').length;
  const most = Math.max(scale(left), scale(right));
  const scaled = (text) => BigInt(text.replace('.', '') + '0'.repeat(most - scale(text)));
  const difference = scaled(left) - scaled(right);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Whether an integer's text fits into 64 bits. */
export function fitsInteger(text) {
  return compare(text, I64.min) >= 0 && compare(text, I64.max) <= 0;
}

/** An integer's text as a JavaScript number where that is exact, else as a BigInt. */
export function integerOf(text) {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

/** Digits in groups of three with commas, as English and Chinese both write them. */
export function grouped(value) {
  const text = String(value);
  if (!/^-?\d+(\.\d+)?$/.test(text)) return text;
  const [whole, fraction] = text.split('.');
  const parted = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? parted : `${parted}.${fraction}`;
}

/** A bound for people: grouped, without zeros that say nothing. */
export function roundBound(value) {
  return grouped(String(value).replace(/\.0+$/, ''));
}
