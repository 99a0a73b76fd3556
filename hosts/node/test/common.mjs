// What the tests share.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, '..', '..', '..');
export const packageFolder = join(root, 'target', 'node', 'package');
export const asOf = '2026-11-30';

export const rating = join(root, 'rulesets', 'retail-credit-rating');
export const applicant = JSON.parse(readFileSync(join(root, 'hosts/cli/samples/applicant.json'), 'utf8'));

/** The bundles of both rulesets, as `trutina pack` made them. */
export const bundle = join(root, 'target', 'node', 'prescreening.trutina');
export const ratingBundle = join(root, 'target', 'node', 'rating.trutina');
export const prescreening = join(root, 'rulesets', 'retail-prescreening');
export const visitor = {
  amount: 5000, duration_months: 24, age: 34, employed: true, monthly_income: '3200.00', account_overdrawn: false,
  other_plans: false, owns_property: true, guarantor: false, co_applicant: false,
};

/** The digest of a bundle, which `trutina pack` printed: it stands behind the manifest. */
export function digestOf(file) {
  const bytes = readFileSync(file);
  const end = 16 + bytes.readUInt32LE(12);
  return `sha256:${bytes.subarray(end, end + 32).toString('hex')}`;
}

/** The bundle of the pre-screening as `trutina pack --key` signed it, and the public key of that signature as a PEM file has it. */
export const signedBundle = join(root, 'target', 'node', 'signed.trutina');
export const signingKey = readFileSync(join(root, 'target', 'node', 'signed.pub'), 'utf8');

/** The files of the rating ruleset, as text. */
export const ratingFiles = Object.fromEntries(
  ['ruleset.toml', 'rules.rhai', 'reasons.csv', 'application.scorecard.csv', 'master.scale.csv', 'limit.table.csv']
    .map((name) => [name, readFileSync(join(rating, name), 'utf8')]),
);

/** A fact of each type, and an output that gives it back. */
export const kinds = {
  'ruleset.toml': `language = 1
id = "kinds"
version = "1.0.0"
[facts.whole]
type = "integer"
optional = true
[facts.amount]
type = "decimal"
scale = 2
optional = true
[facts.flag]
type = "boolean"
optional = true
[facts.note]
type = "text"
optional = true
[facts.kind]
type = "enum"
values = ["one", "two"]
optional = true
[facts.day]
type = "date"
source = "开户日"
optional = true
[facts.amounts]
type = "list"
of = "decimal"
scale = 2
optional = true
[facts.loans]
type = "list"
of = "record"
fields = { balance = { type = "decimal", scale = 2 }, due = { type = "date" } }
optional = true
[facts.balances]
type = "series"
of = "decimal"
scale = 2
period = "month"
optional = true
[outputs]
whole = { type = "integer", optional = true }
amount = { type = "decimal", scale = 2, optional = true }
flag = { type = "boolean", optional = true }
note = { type = "text", optional = true }
kind = { type = "enum", values = ["one", "two"], optional = true }
day = { type = "date", optional = true }
total = { type = "decimal", scale = 2, optional = true }
`,
  'rules.rhai': `fn decide(f, hits) {
    let total = if is_missing(f.loans) { () } else { f.loans.map(|l| l.balance).sum() };
    #{ whole: f.whole, amount: f.amount, flag: f.flag, note: f.note, kind: f.kind, day: f.day, total: total }
}
`,
};
