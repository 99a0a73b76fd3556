#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;
use crate::decision::{Identity, Trace};
use crate::diagnostic::codes::{DIVISION_BY_ZERO, INPUT_TYPE};
use crate::value::date::Date;
use crate::value::decimal::parse_decimal;

fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).unwrap()
}

fn output(name: &str, value: Value, scale: Option<u8>) -> OutputValue {
    OutputValue { name: name.to_owned(), value, scale }
}

fn local(en: &str, zh: &str) -> LocalText {
    LocalText(vec![("en".to_owned(), en.to_owned()), ("zh-CN".to_owned(), zh.to_owned())])
}

fn decision() -> Decision {
    Decision {
        ruleset: Identity { id: "retail".to_owned(), version: "1.0.0".to_owned(), digest: "sha256:00".to_owned() },
        as_of: Date::parse_iso("2026-11-30").unwrap(),
        outputs: Some(vec![
            output("outcome", Value::Text("refer".to_owned()), None),
            output("score", Value::Integer(600), None),
            output("limit", Value::Decimal(parse_decimal("20000").unwrap()), Some(2)),
            output("pd", Value::Missing, Some(6)),
            output("dates", Value::List(vec![Value::Date(Date::parse_iso("2026-01-31").unwrap())]), None),
            output("sums", Value::List(vec![Value::Decimal(parse_decimal("-1.5").unwrap())]), Some(2)),
        ]),
        reasons: vec![
            Reason { code: "R07".to_owned(), points: Some(Points::Integer(34)), text: local("a \"b\"", "贷款") },
            Reason {
                code: "R08".to_owned(),
                points: Some(Points::Decimal("0.50".to_owned())),
                text: LocalText::default(),
            },
            Reason { code: "K01".to_owned(), points: None, text: LocalText::default() },
        ],
        hits: vec![Hit { rule: "K01".to_owned(), effect: "refer".to_owned() }],
        signals: Vec::new(),
        error: None,
        trace: None,
    }
}

#[test]
fn a_record_byte_for_byte() {
    let expected = concat!(
        r#"{"ruleset":{"id":"retail","version":"1.0.0","digest":"sha256:00"},"engine":"0.1.0","as_of":"2026-11-30","#,
        r#""outputs":{"outcome":"refer","score":600,"limit":"20000.00","pd":null,"dates":["2026-01-31"],"sums":["-1.50"]},"#,
        r#""reasons":[{"code":"R07","points":34,"text":{"en":"a \"b\"","zh-CN":"贷款"}},{"code":"R08","points":"0.50","text":{}},{"code":"K01","text":{}}],"#,
        r#""hits":[{"rule":"K01","effect":"refer"}],"signals":[],"actions":[],"error":null,"trace":null}"#,
    );
    assert_eq!(text(|out| write_decision(&decision(), out)), expected);
    let with_id = text(|out| write_decision_with_id(&decision(), "A\u{1}", out));
    assert_eq!(with_id, expected.replacen('{', r#"{"id":"A\u0001","#, 1));
}

#[test]
fn an_error_has_no_outputs_and_a_place() {
    let mut failed = decision();
    failed.outputs = None;
    failed.error = Some(DecisionError {
        code: DIVISION_BY_ZERO,
        message: "division by zero".to_owned(),
        at: Place::Source { file: "rules.rhai".to_owned(), line: 3, column: 7 },
    });
    failed.trace = Some(Trace::default());
    let record = text(|out| write_decision(&failed, out));
    assert!(record.contains(r#""outputs":null,"#));
    assert!(record.contains(
        r#""error":{"code":"T4002","name":"division-by-zero","message":"division by zero","at":{"file":"rules.rhai","line":3,"column":7}},"#
    ));
    assert!(record.ends_with(
        r#""trace":{"facts_digest":null,"derived":[],"rules":[],"scorecards":[],"scales":[],"tables":[]}}"#
    ));
    failed.error =
        Some(DecisionError { code: INPUT_TYPE, message: "x".to_owned(), at: Place::Pointer("/a".to_owned()) });
    assert!(text(|out| write_decision(&failed, out)).contains(r#""at":{"pointer":"/a"}}"#));
}

#[test]
fn strings_are_escaped_as_in_rfc_8785() {
    // RFC 8785, 3.2.2.2: the literals of its example
    let written = text(|out| write_string(out, "€$\u{f}\nA'B\"\\\\\"/\u{7f}\u{2028}😀\u{8}\u{c}\r\t"));
    assert_eq!(written, "\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\u{7f}\u{2028}😀\\b\\f\\r\\t\"");
}

proptest! {
    #[test]
    fn what_is_written_reads_back(value in any::<String>(), number in any::<i64>()) {
        let written = text(|out| object(out, |out| {
            field(out, &value, |out| write_string(out, &value));
            field(out, "n", |out| write_integer(out, number));
        }));
        let read: serde_json::Value = serde_json::from_str(&written).unwrap();
        prop_assert_eq!(read.get("n").unwrap().as_i64(), Some(number));
        prop_assert!(value == "n" || read.get(&value).unwrap().as_str() == Some(&value));
        prop_assert!(written.bytes().all(|byte| byte >= 0x20));
    }
}
