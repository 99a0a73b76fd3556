// A ruleset with a fact of every type and domain, for tests of the form. Its outputs say what arrived.

const TOML = `
language = 1
id = "every-type"
version = "1.0.0"
effective_from = 2020-01-01

[facts.count]
type = "integer"
min = 0
max = 9007199254740993000
label = { en = "How many", zh-CN = "\u6570\u91cf" }

[facts.score]
type = "integer"
min = 300
max = 850
optional = true
special = { no_record = -1, closed = -9 }
label = { en = "Bureau score", zh-CN = "\u5f81\u4fe1\u8bc4\u5206" }

[facts.ratio]
type = "decimal"
scale = 4
label = { en = "Ratio", zh-CN = "\u6bd4\u7387" }

[facts.income]
type = "decimal"
scale = 2
min = "-1000.00"
unit = "CNY"
source = "monthlyIncome"
label = { en = "Income", zh-CN = "\u6536\u5165" }

[facts.member]
type = "boolean"
label = { en = "Are you a member?", zh-CN = "\u60a8\u662f\u4f1a\u5458\u5417\uff1f" }

[facts.consent]
type = "boolean"
optional = true
label = { en = "Consent", zh-CN = "\u540c\u610f" }

[facts.name]
type = "text"
sensitive = true
label = { en = "Name", zh-CN = "\u59d3\u540d" }

[facts.segment]
type = "enum"
values = ["retail", "small_business", "corporate"]

[facts.region]
type = "enum"
values = ["north", "north_east", "east", "south_east", "south", "west"]
optional = true

[facts.opened]
type = "date"
min = 2000-01-01
max = 2030-12-31

[facts.products]
type = "list"
of = "enum"
values = ["deposit", "mortgage", "card"]

[facts.amounts]
type = "list"
of = "decimal"
scale = 2
optional = true

[facts.loans]
type = "list"
of = "record"
fields = { balance = { type = "decimal", scale = 2, min = "0.00" }, due = { type = "date" }, secured = { type = "boolean", optional = true } }

[facts.balances]
type = "series"
of = "decimal"
scale = 2
period = "month"
unit = "CNY"
optional = true

[outputs]
outcome = { type = "enum", values = ["good", "poor"] }
count = { type = "integer" }
income = { type = "decimal", scale = 2 }
ratio = { type = "decimal", scale = 4 }
loans = { type = "integer" }
no_record = { type = "boolean" }
`;

const RULES = `
rule("E01", "poor", |f| f.income < 0.00);

fn decide(f, hits) {
    let outcome = if hits.has("poor") { "poor" } else { "good" };
    #{ outcome: outcome, count: f.count, income: f.income, ratio: f.ratio, loans: len(f.loans), no_record: is_special(f.score, "no_record") }
}
`;

const REASONS = 'code,en,zh-CN\nE01,The income is negative,\u6536\u5165\u4e3a\u8d1f\n';

export const EVERY = { files: { 'ruleset.toml': TOML, 'rules.rhai': RULES, 'reasons.csv': REASONS } };
