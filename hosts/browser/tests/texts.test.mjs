import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { TABLE, Texts, languageOf } from '../src/texts.mjs';

const names = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test('both languages have the same texts with the same names in them', () => {
  assert.deepEqual(Object.keys(TABLE['zh-CN']).sort(), Object.keys(TABLE.en).sort());
  for (const [key, text] of Object.entries(TABLE.en)) assert.deepEqual(names(TABLE['zh-CN'][key]), names(text), key);
});

test('Chinese texts use Chinese punctuation', () => {
  for (const [key, text] of Object.entries(TABLE['zh-CN'])) {
    assert.ok(!/[\u4e00-\u9fff][,:;?!]|[,:;?!][\u4e00-\u9fff]/.test(text), `${key}: ${text}`);
  }
});

test('every text that the code asks for is there', () => {
  const folder = join(import.meta.dirname, '../src');
  const code = readdirSync(folder).filter((name) => name.endsWith('.mjs')).map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  const asked = [...code.matchAll(/\bsay\('(\w+)'/g)].map(([, key]) => key);
  assert.ok(asked.length > 20);
  for (const key of asked) assert.ok(key in TABLE.en, key);
});

test("a bank's own texts stand before ours, and names become words where there is no text", () => {
  const own = { en: { facts: { age: { label: 'How old are you?', unit: 'yrs' } }, outcomes: { approve: { title: 'Yes!' } }, strings: { submit: 'Go' } } };
  const texts = new Texts('en', own);
  assert.equal(texts.label('age', { name: 'age', label: { en: 'Age' } }), 'How old are you?');
  assert.equal(texts.label('monthly_income', { name: 'monthly_income', label: {} }), 'Monthly income');
  assert.equal(texts.unit('age', 'year', '2'), 'yrs');
  assert.equal(texts.outcome('approve').title, 'Yes!');
  assert.match(texts.outcome('approve').lead, /rules/);
  assert.equal(texts.outcome('very_good').title, 'Very good');
  assert.equal(texts.say('submit'), 'Go');
  assert.equal(new Texts('zh-CN', own).say('submit'), TABLE['zh-CN'].submit);
});

test('language tags', () => {
  for (const [tag, language] of [['zh', 'zh-CN'], ['zh-Hans-CN', 'zh-CN'], ['ZH-cn', 'zh-CN'], ['en-GB', 'en'], ['de', 'en'], [null, 'en']]) {
    assert.equal(languageOf(tag), language);
  }
});
