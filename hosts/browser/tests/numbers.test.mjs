import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare, fitsInteger, grouped, integerOf, readNumber } from '../src/numbers.mjs';

const ACCEPTED = [
  // typed, scale, value
  ['1000', 0, '1000'], ['1,000', 0, '1000'], ['12 345 678', 0, '12345678'], ["1'000", 0, '1000'], ['1\u202f000', 0, '1000'],
  ['1,000.50', 2, '1000.50'], ['1,000', 2, '1000'], ['1000.5', 2, '1000.5'], ['.5', 2, '0.5'], ['007', 0, '7'], ['0', 0, '0'],
  ['-5', 0, '-5'], ['\u22125.25', 2, '-5.25'], ['-0', 0, '0'], ['-0.00', 2, '0.00'], ['  42 ', 0, '42'],
  ['\uff11\uff0c\uff10\uff10\uff10\uff0e\uff15', 2, '1000.5'], ['1,000,000', 4, '1000000'], ['1,000.1234', 4, '1000.1234'],
  ['9007199254740993', 0, '9007199254740993'], ['0.1', 28, '0.1'], ['79228162514264337593543950335', 0, '79228162514264337593543950335'],
];

const REFUSED = [
  // typed, scale, problem, what to type
  ['1.000,50', 2, 'comma', '1000.50'], ['1000,50', 2, 'comma', '1000.50'], ['0,500', 2, 'comma', '0.500'], ['1,5', 2, 'comma', '1.5'],
  ['1,000', 3, 'ambiguous', '1000'], ['-1,000', 3, 'ambiguous', '-1000'], ['1.000', 2, 'digits'], ['1.000', 0, 'whole'], ['12.5', 0, 'whole'],
  ['1,5', 0, 'whole'], ['1,00', 2, 'comma', '1.00'], ['1,0000', 2, 'comma', '1.0000'], ['1,000 000', 2, 'number'], ['1,00,000', 0, 'number'],
  ['1e5', 2, 'number'], ['+5', 0, 'number'], ['5.', 2, 'number'], ['CNY 5', 2, 'number'], ['5%', 2, 'number'], ['10\u4e07', 0, 'number'],
  ['1.000.000', 2, 'number'], ['--5', 0, 'number'], ['0x10', 0, 'number'], ['NaN', 2, 'number'], ['Infinity', 2, 'number'],
];

test('a number that can be read in one way is read', () => {
  for (const [typed, scale, value] of ACCEPTED) assert.deepEqual(readNumber(typed, scale), { value }, typed);
  assert.deepEqual(readNumber(' ', 2), {});
});

test('a number that can be read in two ways, or in none, is never guessed', () => {
  for (const [typed, scale, problem, say] of REFUSED) {
    const read = readNumber(typed, scale);
    assert.equal(read.value, undefined, typed);
    assert.equal(read.problem, problem, typed);
    assert.equal(read.say, say, typed);
  }
});

test('what is shown is read as the same number', () => {
  for (const value of ['0', '12', '1234', '-1234567', '1234567.89', '0.5', '-0.05', '9007199254740993000']) {
    assert.equal(readNumber(grouped(value), 2).value, value);
  }
});

test('comparing and bounds are exact', () => {
  assert.equal(compare('0.1', '0.10'), 0);
  assert.equal(compare('9007199254740993', '9007199254740992'), 1);
  assert.equal(compare('-0.01', '0'), -1);
  assert.ok(fitsInteger('9223372036854775807') && !fitsInteger('9223372036854775808'));
  assert.ok(fitsInteger('-9223372036854775808') && !fitsInteger('-9223372036854775809'));
  assert.equal(integerOf('9007199254740993'), 9007199254740993n);
  assert.equal(integerOf('42'), 42);
});
