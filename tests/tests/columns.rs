//! A batch of columns is decided as the same facts in JSON are, errors and traces included.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "tests")]

use std::fmt::Write as _;

use proptest::prelude::*;
use trutina_engine::engine::Engine;
use trutina_engine::wire::call::Door;

const MANIFEST: &str = r#"language = 1
id = "columns"
version = "1.0.0"
[facts.age]
type = "integer"
min = 18
max = 99
[facts.income]
type = "decimal"
scale = 2
min = 0
optional = true
[facts.wide]
type = "decimal"
scale = 10
[facts.score]
type = "integer"
special = { none = -1 }
[facts.segment]
type = "enum"
values = ["retail", "small", "corporate"]
[facts.opened]
type = "date"
source = "开户日"
[facts.flag]
type = "boolean"
[facts.name]
type = "text"
[facts.balances]
type = "list"
of = "decimal"
scale = 2
[outputs]
age = { type = "integer" }
income = { type = "decimal", scale = 2 }
wide = { type = "decimal", scale = 10 }
score = { type = "integer" }
segment = { type = "enum", values = ["retail", "small", "corporate"] }
opened = { type = "date" }
flag = { type = "boolean" }
name = { type = "text" }
count = { type = "integer" }
"#;

const RULES: &str = r#"fn decide(f, hits) {
    #{ age: f.age, income: f.income ?? 0, wide: f.wide, score: value_or(f.score, 0), segment: f.segment, opened: f.opened,
       flag: f.flag, name: f.name, count: f.balances.len() }
}
"#;

fn door() -> Door {
    let mut door = Door::new(Engine::default(), Box::new(trutina_script::Parser));
    let request = serde_json::json!({ "files": { "ruleset.toml": MANIFEST, "rules.rhai": RULES } }).to_string();
    let answer = String::from_utf8(door.call(1, request.as_bytes())).unwrap();
    assert!(answer.starts_with("{\"ok\""), "{answer}");
    door
}

/// A row as a host holds it.
#[derive(Clone, Debug)]
struct Row {
    age: i64,
    income: Option<i64>,
    wide: i128,
    score: i64,
    segment: u16,
    opened: i32,
    flag: bool,
    name: String,
    balances: Vec<i64>,
}

fn row() -> impl Strategy<Value = Row> {
    let age = prop_oneof![3 => 16_i64..102, 1 => any::<i64>()];
    let income = proptest::option::of(prop_oneof![3 => -5_i64..500_000, 1 => any::<i64>()]);
    let wide = prop_oneof![3 => -(10_i128.pow(27))..10_i128.pow(27), 1 => any::<i128>()];
    let score = prop_oneof![Just(-1_i64), -3_i64..900];
    let name = prop_oneof![Just(String::new()), "[a-z\"\\\\ é理]{0,8}".prop_map(|name| name)];
    let balances = proptest::collection::vec(-500_i64..500, 0..3);
    (age, income, wide, score, 0_u16..4, -800_000_i32..800_000, any::<bool>(), name, balances).prop_map(
        |(age, income, wide, score, segment, opened, flag, name, balances)| Row {
            age,
            income,
            wide,
            score,
            segment,
            opened,
            flag,
            name,
            balances,
        },
    )
}

/// A mantissa as a number is written.
fn number(mantissa: i128, scale: usize) -> String {
    let digits = format!("{:0>width$}", mantissa.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    format!("{}{whole}.{fraction}", if mantissa < 0 { "-" } else { "" })
}

/// The date of a day, counted from 1970-01-01 by years and months; `None` beyond four digits of the year.
fn iso(days: i32) -> Option<String> {
    let leap = |year: i32| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let (mut year, mut left) = (1970, days);
    while left < 0 {
        year -= 1;
        left += if leap(year) { 366 } else { 365 };
    }
    while left >= if leap(year) { 366 } else { 365 } {
        left -= if leap(year) { 366 } else { 365 };
        year += 1;
    }
    let lengths = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while left >= lengths[month] {
        left -= lengths[month];
        month += 1;
    }
    (1..=9999).contains(&year).then(|| format!("{year:04}-{:02}-{:02}", month + 1, left + 1))
}

impl Row {
    fn json(&self) -> Option<String> {
        let mut text = format!("{{\"age\":{},", self.age);
        if let Some(income) = self.income {
            let _ = write!(text, "\"income\":{},", number(income.into(), 2));
        }
        let segment = ["retail", "small", "corporate"].get(usize::from(self.segment))?;
        let balances: Vec<String> = self.balances.iter().map(|balance| number((*balance).into(), 2)).collect();
        let _ = write!(
            text,
            "\"wide\":{},\"score\":{},\"segment\":\"{segment}\",\"开户日\":\"{}\",\"flag\":{},\"name\":{},\"balances\":[{}]}}",
            number(self.wide, 10),
            self.score,
            iso(self.opened)?,
            self.flag,
            serde_json::Value::from(self.name.as_str()),
            balances.join(",")
        );
        Some(text)
    }
}

/// Parts of a batch, each at a multiple of 8.
#[derive(Default)]
struct Body {
    bytes: Vec<u8>,
    columns: Vec<String>,
}

impl Body {
    fn part(&mut self, bytes: impl IntoIterator<Item = u8>) -> usize {
        let at = self.bytes.len();
        self.bytes.extend(bytes);
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
        at
    }

    fn column(&mut self, fact: &str, kind: &str, more: &str, values: impl IntoIterator<Item = u8>) {
        let at = self.part(values);
        self.columns.push(format!("{{\"fact\":\"{fact}\",\"kind\":\"{kind}\",\"values\":{at}{more}}}"));
    }

    fn texts(&mut self, fact: &str, kind: &str, texts: &[String]) {
        let mut ends = vec![0_u32];
        ends.extend(texts.iter().scan(0_u32, |end, text| {
            *end += u32::try_from(text.len()).unwrap();
            Some(*end)
        }));
        let at = self.part(texts.concat().into_bytes());
        self.column(fact, kind, &format!(",\"texts\":{at}"), ends.iter().flat_map(|end| end.to_le_bytes()));
    }

    fn request(&self, rows: usize) -> Vec<u8> {
        let mut header = format!(
            "{{\"handle\":1,\"as_of\":\"2026-11-30\",\"rows\":{rows},\"format\":\"columns/1\",\"trace\":\"full\",\"columns\":[{}]}}",
            self.columns.join(",")
        );
        while !(header.len() + 1).is_multiple_of(8) {
            header.push(' ');
        }
        [header.as_bytes(), b"\n", &self.bytes].concat()
    }
}

fn columns(rows: &[Row]) -> Vec<u8> {
    let mut body = Body::default();
    let all = |of: fn(&Row) -> Vec<u8>| rows.iter().flat_map(of).collect::<Vec<u8>>();
    body.column("age", "i64", "", all(|row| row.age.to_le_bytes().to_vec()));
    let mut bitmap = vec![0_u8; rows.len().div_ceil(8)];
    for (index, row) in rows.iter().enumerate() {
        bitmap[index / 8] |= u8::from(row.income.is_some()) << (index % 8);
    }
    let at = body.part(bitmap);
    let more = format!(",\"scale\":2,\"validity\":{at}");
    body.column("income", "i64", &more, all(|row| row.income.unwrap_or(77).to_le_bytes().to_vec()));
    body.column("wide", "i128", ",\"scale\":10", all(|row| row.wide.to_le_bytes().to_vec()));
    body.column("score", "i64", "", all(|row| row.score.to_le_bytes().to_vec()));
    body.column("segment", "u16", "", all(|row| row.segment.to_le_bytes().to_vec()));
    body.column("开户日", "i32", "", all(|row| row.opened.to_le_bytes().to_vec()));
    body.column("flag", "u8", "", all(|row| vec![u8::from(row.flag)]));
    body.texts("name", "text", &rows.iter().map(|row| row.name.clone()).collect::<Vec<_>>());
    let lists =
        rows.iter().map(|row| row.balances.iter().map(|x| number((*x).into(), 2)).collect::<Vec<_>>().join(","));
    body.texts("balances", "json", &lists.map(|list| format!("[{list}]")).collect::<Vec<_>>());
    body.request(rows.len())
}

proptest! {
    #[test]
    fn columns_are_decided_as_json_is(rows in proptest::collection::vec(row(), 0..12)) {
        let mut door = door();
        let answer = String::from_utf8(door.call(4, &columns(&rows))).unwrap();
        let lines: Vec<&str> = answer.lines().collect();
        prop_assert_eq!(lines.len(), rows.len(), "{}", answer);
        for (row, line) in rows.iter().zip(lines) {
            let Some(facts) = row.json() else {
                // no JSON says the same: an index without a value, a day beyond the calendar; the first bad fact is reported
                prop_assert!(line.contains("\"error\":{\"code\":\"T30"), "{}", line);
                continue;
            };
            let request = format!("{{\"handle\":1,\"as_of\":\"2026-11-30\",\"facts\":{facts},\"trace\":\"full\"}}");
            let single = String::from_utf8(door.call(3, request.as_bytes())).unwrap();
            let plain = |text: &str| match row.wide.unsigned_abs() < 1 << 96 {
                true => text.to_owned(),
                // a mantissa beyond a decimal is written with an exponent in the message
                false => text.split("\"message\"").next().unwrap().to_owned(),
            };
            prop_assert_eq!(plain(line), plain(&single));
        }
    }

    /// Whatever the bytes are, there is an answer, and it is one line per row or one error.
    #[test]
    fn damaged_batches_are_answered(rows in proptest::collection::vec(row(), 1..4), at: prop::sample::Index, with: u8) {
        let mut request = columns(&rows);
        let index = at.index(request.len());
        request[index] = with;
        let answer = String::from_utf8(door().call(4, &request)).unwrap();
        prop_assert!(answer.starts_with("{\"error\":") || answer.lines().count() > 0 || answer.is_empty(), "{}", answer);
    }
}

#[test]
fn a_header_that_lies_is_refused() {
    let refused = |change: fn(&mut Body), rows: usize, says: &str| {
        let mut body = Body::default();
        body.column("age", "i64", "", 40_i64.to_le_bytes());
        change(&mut body);
        let answer = String::from_utf8(door().call(4, &body.request(rows))).unwrap();
        assert!(answer.contains("\"T6001\"") && answer.contains(says), "{answer}");
    };
    refused(|_| {}, 2, "would take 16 bytes");
    refused(|body| body.column("age", "i64", "", [0; 8]), 1, "a fact has one column");
    refused(|body| body.column("agee", "i64", "", [0; 8]), 1, "did you mean `age`?");
    refused(|body| body.column("name", "i64", "", [0; 8]), 1, "does not carry");
    refused(|body| body.column("score", "i64", ",\"scale\":2", [0; 8]), 1, "only mantissas of decimals");
    refused(|body| body.column("name", "text", "", [0; 8]), 1, "`texts` is required");
    refused(|body| body.column("name", "text", ",\"texts\":4", [0; 8]), 1, "no multiple of 8");
    refused(|body| body.column("name", "text", ",\"texts\":0", [9, 0, 0, 0, 1, 0, 0, 0]), 1, "do not ascend");
    refused(|body| body.columns.push("1".to_owned()), 1, "a column is an object");
    refused(|body| body.columns[0] = body.columns[0].replace("values", "value"), 1, "unknown field");
    refused(|_| {}, 1 << 21, "`rows` is a number");
    let mut late = Body::default().request(0);
    let end = late.iter().position(|byte| *byte == b'\n').unwrap();
    late.insert(end, b' ');
    let answer = String::from_utf8(door().call(4, &late)).unwrap();
    assert!(answer.contains("add blanks to the header"), "{answer}");
}
