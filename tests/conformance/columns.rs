//! Facts as the columns that a host holds them in: `columns/1`, the batch of bytes.

use std::fmt::Write as _;

use serde_json::json;
use trutina_engine::schema::{DataType, Fact};
use trutina_engine::value::date::Date;
use trutina_tests::harness::{Files, corpus};
use trutina_tests::reference::json::Json;

use crate::corpus::{AS_OF, Cases, pack, portfolio};
use crate::entry::{Entry, base64};
use crate::plain::{integer, plain};

/// Digits after the point that a mantissa may have.
const SCALE_MAX: usize = 28;

/// Parts of a batch, each at a multiple of 8, and the columns that name them.
#[derive(Default)]
struct Body {
    bytes: Vec<u8>,
    columns: Vec<String>,
}

impl Body {
    fn part(&mut self, bytes: &[u8]) -> usize {
        let at = self.bytes.len();
        self.bytes.extend(bytes);
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
        at
    }

    fn column(&mut self, fact: &str, kind: &str, values: &[u8], more: &str) {
        let (fact, at) = (json!(fact), self.part(values));
        self.columns.push(format!("{{\"fact\":{fact},\"kind\":\"{kind}\",\"values\":{at}{more}}}"));
    }

    /// A column of values of one width; what is missing has a value that nobody reads.
    fn fixed<const N: usize>(&mut self, fact: &str, kind: &str, values: &[Option<[u8; N]>], more: &str) {
        let more = format!("{more}{}", self.validity(values));
        let values: Vec<u8> = values.iter().flat_map(|value| value.unwrap_or([0x55; N])).collect();
        self.column(fact, kind, &values, &more);
    }

    fn texts(&mut self, fact: &str, kind: &str, values: &[Option<String>]) {
        let mut more = self.validity(values);
        let mut ends = vec![0_u32];
        let mut texts = String::new();
        for value in values {
            texts.push_str(value.as_deref().unwrap_or_default());
            ends.push(u32::try_from(texts.len()).expect("less than 4 GiB"));
        }
        let _ = write!(more, ",\"texts\":{}", self.part(texts.as_bytes()));
        self.column(fact, kind, &ends.iter().flat_map(|end| end.to_le_bytes()).collect::<Vec<_>>(), &more);
    }

    /// Where the bitmap lies, if a value is missing.
    fn validity<T>(&mut self, values: &[Option<T>]) -> String {
        if values.iter().all(Option::is_some) {
            return String::new();
        }
        let mut bitmap = vec![0_u8; values.len().div_ceil(8)];
        for (row, _) in values.iter().enumerate().filter(|(_, value)| value.is_some()) {
            bitmap[row / 8] |= 1 << (row % 8);
        }
        format!(",\"validity\":{}", self.part(&bitmap))
    }

    /// The values of a fact in the kinds that a program would choose, by turns; as JSON if they are of other types.
    fn fact(&mut self, turn: usize, fact: &Fact, values: &[Option<&Json>]) {
        let key = fact.input_key();
        let typed = match &fact.spec.data_type {
            DataType::Boolean => all(values, |json| match json {
                Json::Boolean(truth) => Some([u8::from(*truth)]),
                _ => None,
            })
            .map(|values| self.fixed(key, "u8", &values, "")),
            DataType::Integer => all(values, whole).map(|values| self.fixed(key, "i64", &values, "")),
            DataType::Decimal { .. } if turn % 3 < 2 => self.mantissas(turn.is_multiple_of(3), key, values),
            DataType::Date if turn.is_multiple_of(2) => all(values, |json| {
                let Json::Text(text) = json else { return None };
                Date::parse_iso(text).ok().map(|date| date.days().to_le_bytes())
            })
            .map(|values| self.fixed(key, "i32", &values, "")),
            DataType::Enum(domain) if turn.is_multiple_of(2) => all(values, |json| {
                let Json::Text(text) = json else { return None };
                let place = domain.values.iter().position(|value| value == text)?;
                u16::try_from(place).ok().map(u16::to_le_bytes)
            })
            .map(|values| self.fixed(key, "u16", &values, "")),
            DataType::Text | DataType::Date | DataType::Enum(_) | DataType::Decimal { .. } => {
                all(values, |json| match json {
                    Json::Text(text) => Some(text.clone()),
                    Json::Number(number) if matches!(fact.spec.data_type, DataType::Decimal { .. }) => {
                        Some(number.clone())
                    }
                    _ => None,
                })
                .map(|values| self.texts(key, "text", &values))
            }
            DataType::List(_) | DataType::Record(_) | DataType::Series { .. } => None,
        };
        if typed.is_none() {
            let written: Vec<_> = values.iter().map(|value| value.map(corpus::write)).collect();
            self.texts(key, "json", &written);
        }
    }

    /// Decimals of as many digits after the point as the longest of them has.
    fn mantissas(&mut self, narrow: bool, key: &str, values: &[Option<&Json>]) -> Option<()> {
        let numbers = all(values, |json| match json {
            Json::Number(text) => plain(text).ok(),
            _ => None,
        })?;
        let digits = |number: &String| number.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let scale = numbers.iter().flatten().map(digits).max().unwrap_or(0);
        let mantissa = |number: &String| -> Option<i128> {
            format!("{}{}", number.replace('.', ""), "0".repeat(scale - digits(number))).parse().ok()
        };
        let mantissas = numbers.iter().map(|number| number.as_ref().map(mantissa)).collect::<Vec<_>>();
        if scale > SCALE_MAX || mantissas.contains(&Some(None)) {
            return None;
        }
        let mantissas: Vec<_> = mantissas.into_iter().map(Option::flatten).collect();
        let (short, more) = (|wide: i128| i64::try_from(wide).ok(), format!(",\"scale\":{scale}"));
        match narrow && mantissas.iter().flatten().all(|wide| short(*wide).is_some()) {
            true => {
                let values: Vec<_> = mantissas.iter().map(|wide| wide.and_then(short).map(i64::to_le_bytes)).collect();
                self.fixed(key, "i64", &values, &more);
            }
            false => {
                let values: Vec<_> = mantissas.iter().map(|wide| wide.map(i128::to_le_bytes)).collect();
                self.fixed(key, "i128", &values, &more);
            }
        }
        Some(())
    }

    /// The header, but for the blanks behind it. The handle comes last, for hosts have other ones.
    fn header(&self, ruleset: &str, as_of: &str, rows: usize, trace: &str) -> String {
        let columns = self.columns.join(",");
        format!(
            "{{\"as_of\":\"{as_of}\",\"rows\":{rows},\"format\":\"columns/1\",\"trace\":\"{trace}\",\"columns\":[{columns}],\"handle\":\"@{ruleset}\"}}"
        )
    }
}

/// The values in one form, if each that is there has it.
fn all<T>(values: &[Option<&Json>], form: impl Fn(&Json) -> Option<T>) -> Option<Vec<Option<T>>> {
    values.iter().map(|value| value.map(|json| form(json).ok_or(())).transpose().ok()).collect()
}

fn whole(json: &Json) -> Option<[u8; 8]> {
    let Json::Number(text) = json else { return None };
    let number = integer(&plain(text).ok()?)?;
    i64::try_from(number).ok().map(i64::to_le_bytes)
}

impl Cases {
    /// Rows of facts as columns. What is no object, or has a key twice, has no columns and is left out.
    pub fn columns(&mut self, id: String, ruleset: &str, as_of: &str, facts: &[Fact], rows: &[String], trace: &str) {
        let parsed: Vec<_> = rows.iter().filter_map(|row| members(row)).collect();
        if parsed.is_empty() {
            return;
        }
        let mut body = Body::default();
        for (turn, fact) in facts.iter().enumerate() {
            let of = |row: &Vec<(String, Json)>| row.iter().position(|(key, _)| key == fact.input_key());
            let values: Vec<_> = parsed
                .iter()
                .map(|row| of(row).map(|at| &row[at].1).filter(|json| !matches!(json, Json::Null)))
                .collect();
            if values.iter().any(Option::is_some) {
                body.fact(turn, fact, &values);
            }
        }
        let header = body.header(ruleset, as_of, parsed.len(), trace);
        self.columnar(id, ruleset, header, &body, parsed.len());
    }

    fn columnar(&mut self, columns: String, ruleset: &str, header: String, body: &Body, rows: usize) {
        let (ruleset, body) = (ruleset.to_owned(), base64(&body.bytes));
        self.entries.push(Entry::Columns { columns, ruleset, header, body, rows });
    }
}

fn members(row: &str) -> Option<Vec<(String, Json)>> {
    let Some(Json::Object(members)) = Json::parse(row) else { return None };
    let twice = |at: usize| members.iter().take(at).any(|(key, _)| *key == members[at].0);
    (0..members.len()).all(|at| !twice(at)).then_some(members)
}

/// The portfolio, and headers that do not tell the truth.
pub fn all_of(cases: &mut Cases) {
    let rating = pack("retail-credit-rating");
    let facts = rating.load().expect("a pack").0.facts;
    cases.ruleset("columns/portfolio", &rating.files);
    let rows = portfolio(&facts);
    cases.columns("columns/portfolio/all".to_owned(), "columns/portfolio", AS_OF, &facts, &rows, "none");
    cases.columns("columns/portfolio/traced".to_owned(), "columns/portfolio", AS_OF, &facts, &rows[..100], "full");
    cases.drop("columns/portfolio");
    wrong(cases);
}

/// Bodies and headers that do not fit each other, and values that no JSON can say.
fn wrong(cases: &mut Cases) {
    const MANIFEST: &str = "language = 1\nid = \"columns\"\nversion = \"1.0.0\"\n[facts.n]\ntype = \"integer\"\n[facts.name]\ntype = \"text\"\noptional = true\n\
         [facts.day]\ntype = \"date\"\noptional = true\n[facts.kind]\ntype = \"enum\"\nvalues = [\"a\", \"b\"]\noptional = true\n[facts.flag]\ntype = \"boolean\"\noptional = true\n\
         [facts.d]\ntype = \"decimal\"\nscale = 4\noptional = true\n[outputs]\nn = { type = \"integer\" }\n";
    let files: Files = [("ruleset.toml", MANIFEST), ("rules.rhai", "fn decide(f, hits) { #{ n: f.n } }\n")]
        .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
        .into();
    cases.ruleset("columns/wrong", &files);
    type Change = fn(&mut Body);
    let changes: [(usize, Change); 24] = [
        (1, |_| {}),
        (2, |_| {}),
        (0, |_| {}),
        (1 << 21, |_| {}),
        (1, |body| body.column("n", "i64", &[0; 8], "")),
        (1, |body| body.column("m", "i64", &[0; 8], "")),
        (1, |body| body.column("name", "i64", &[0; 8], "")),
        (1, |body| body.column("name", "i65", &[0; 8], "")),
        (1, |body| body.column("name", "text", &[0; 8], "")),
        (1, |body| body.column("name", "text", &[0; 8], ",\"texts\":4")),
        (1, |body| body.column("name", "text", &[9, 0, 0, 0, 1, 0, 0, 0], ",\"texts\":0")),
        (1, |body| body.column("name", "text", &[0, 0, 0, 0, 1, 0, 0, 0], ",\"texts\":8000")),
        (1, |body| body.column("name", "text", &[0, 0, 0, 0, 2, 0, 0, 0], ",\"texts\":0,\"scale\":1")),
        (1, |body| body.column("day", "i32", &i32::MAX.to_le_bytes(), "")),
        (1, |body| body.column("day", "i32", &i32::MIN.to_le_bytes(), "")),
        (1, |body| body.column("kind", "u16", &[2, 0], "")),
        (1, |body| body.column("flag", "u8", &[2], "")),
        (1, |body| body.column("d", "i128", &i128::MAX.to_le_bytes(), ",\"scale\":28")),
        (1, |body| body.column("d", "i64", &i64::MIN.to_le_bytes(), ",\"scale\":29")),
        (1, |body| body.column("d", "i64", &12345_i64.to_le_bytes(), ",\"scale\":5")),
        (1, |body| body.column("flag", "u8", &[1], ",\"validity\":4294967288")),
        (1, |body| body.columns.push("1".to_owned())),
        (1, |body| body.columns[0] = body.columns[0].replace("values", "value")),
        (1, |body| body.column("name", "text", &[0, 0, 0, 0, 3, 0, 0, 0, 0xff, 0xfe, 0x41], ",\"texts\":16")),
    ];
    for (index, (rows, change)) in changes.into_iter().enumerate() {
        let mut body = Body::default();
        body.column("n", "i64", &40_i64.to_le_bytes(), "");
        change(&mut body);
        let header = body.header("columns/wrong", AS_OF, rows, "full");
        cases.columnar(format!("columns/wrong/{index}"), "columns/wrong", header, &body, 0);
    }
    cases.drop("columns/wrong");
}
