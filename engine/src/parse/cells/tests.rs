#![expect(clippy::unwrap_used, reason = "tests")]
use super::*;
use crate::value::date::Date;
use proptest::prelude::*;
use rust_decimal::Decimal;

fn code(text: &str) -> String {
    parse_unary_tests(text).map_or_else(|error| error.code.to_string(), |tests| write_unary_tests(&tests))
}

#[test]
fn cells_are_read() {
    let cases = [
        ("-", "-"),
        (" - ", "-"),
        ("18", "18"),
        ("-5", "-5"),
        (".5", "0.5"),
        ("-.5", "-0.5"),
        ("<25", "< 25"),
        (">= 0.35", ">= 0.35"),
        ("[18..65)", "[18..65)"),
        ("]0..100[", "(0..100)"),
        ("( -1 .. 1 ]", "(-1..1]"),
        ("\"A\",\"B\"", "\"A\", \"B\""),
        ("'GB','US'", "\"GB\", \"US\""),
        ("not( \"A\" , null )", "not(\"A\", null)"),
        ("null", "null"),
        ("special( \"no_record\" )", "special(\"no_record\")"),
        ("date(\"2026-01-01\")", "date(\"2026-01-01\")"),
        ("[date(\"2026-01-01\")..date(\"2026-02-01\"))", "[date(\"2026-01-01\")..date(\"2026-02-01\"))"),
        ("small_business, A+, 三级 客户", "small_business, A+, 三级 客户"),
        ("true, false", "true, false"),
        ("\"a\\\"b\\\\\\n\\u4E2D\\uD83D\\uDE00\\U01F600\"", "\"a\\\"b\\\\\\n中😀😀\""),
        ("[A..C]", "[A..C]"),
        ("5, 10", "5, 10"),
        ("1000,2000", "1000, 2000"),
        ("[1..1)", "[1..1)"),
    ];
    for (text, canonical) in cases {
        assert_eq!(code(text), canonical, "{text}");
    }
}

#[test]
fn what_is_no_test_is_refused() {
    let cases = [
        ("", "T1301"),
        ("-, 5", "T1301"),
        ("5,", "T1301"),
        ("18..65", "T1301"),
        ("[18..)", "T1301"),
        ("[..65)", "T1301"),
        ("[18 65)", "T1301"),
        ("[18..65", "T1301"),
        ("[1..\"a\"]", "T1301"),
        ("[5..1]", "T1302"),
        ("[\"b\"..\"a\"]", "T1302"),
        ("[date(\"2026-02-01\")..date(\"2026-01-01\")]", "T1302"),
        ("= 5", "T1303"),
        ("!= 5", "T1303"),
        ("@\"2026-01-01\"", "T1303"),
        ("time(\"10:00:00\")", "T1303"),
        ("date and time(\"2026-01-01T00:00:00\")", "T1303"),
        ("duration(\"P1D\")", "T1303"),
        ("date(2026,1,1)", "T1303"),
        ("date(\"2026-02-30\")", "T1208"),
        ("date(\"2026/2/3\")", "T1206"),
        ("2026-01-01", "T1301"),
        ("1e3", "T1206"),
        ("1,200.50", "T1206"),
        (">= 1,200", "T1206"),
        ("１８", "T1206"),
        ("≥ 5", "T1206"),
        ("“A”", "T1206"),
        ("\"A\"，\"B\"", "T1206"),
        ("35%", "T1206"),
        ("2026/1/1", "T1206"),
        ("#NAME?", "T1206"),
        ("007", "T1206"),
        ("> 5 and < 10", "T1301"),
        ("5 or 6", "T1301"),
        ("f(x)", "T1301"),
        ("not(5", "T1301"),
        ("not(not(5))", "T1301"),
        ("special(no_record)", "T1301"),
        ("\"a", "T1301"),
        ("\"\\x\"", "T1301"),
        ("\"\\uD83D\"", "T1301"),
        ("< true", "T1301"),
        ("< null", "T1301"),
        ("`f.x`", "T1303"),
        ("a | b", "T1301"),
    ];
    for (text, expected) in cases {
        assert_eq!(code(text), expected, "{text}");
        assert!(parse_unary_tests(text).unwrap_err().help.is_some(), "{text}");
    }
}

#[test]
fn literals_of_output_cells_are_read() {
    assert_eq!(parse_literal("-12.50"), Ok(CellValue::Number("-12.50".parse().unwrap())));
    assert_eq!(parse_literal("true"), Ok(CellValue::Boolean(true)));
    assert_eq!(parse_literal("\"x\""), Ok(CellValue::Text("x".to_owned())));
    for text in ["", "null", "1,2", "a, b", "=A1", "1.2E+07", "#REF!", "[1..2]", "< 5", ".5"] {
        assert!(parse_literal(text).is_err(), "{text}");
    }
}

fn values() -> impl Strategy<Value = CellValue> {
    prop_oneof![
        (any::<i64>(), 0_u32..10).prop_map(|(m, s)| CellValue::Number(Decimal::new(m, s))),
        "[a-z\"\\\\\n,理\u{301}()']{0,6}".prop_map(CellValue::Text),
        "[a-z_理][a-z0-9_+-]{0,5}"
            .prop_filter("not a keyword", |word| !["null", "true", "false", "not"].contains(&word.as_str()))
            .prop_map(CellValue::Word),
        any::<bool>().prop_map(CellValue::Boolean),
        (0_i32..20_000).prop_map(|days| CellValue::Date(Date::from_days(days).unwrap())),
    ]
}

fn single_tests() -> impl Strategy<Value = UnaryTest> {
    let end = || values().prop_filter("ordered", |value| !matches!(value, CellValue::Boolean(_)));
    prop_oneof![
        Just(UnaryTest::Missing),
        "[a-z_]{1,5}".prop_map(UnaryTest::Special),
        values().prop_map(UnaryTest::Equal),
        (end(), any::<bool>()).prop_map(|end| UnaryTest::Interval { lower: Some(end), upper: None }),
        (end(), any::<bool>()).prop_map(|end| UnaryTest::Interval { lower: None, upper: Some(end) }),
        (end(), any::<bool>(), end(), any::<bool>())
            .prop_filter("not inverted", |(a, _, b, _)| {
                compare(a, b).is_some_and(|order| order != std::cmp::Ordering::Greater)
            })
            .prop_map(|(a, from, b, to)| UnaryTest::Interval { lower: Some((a, from)), upper: Some((b, to)) }),
    ]
}

fn cells() -> impl Strategy<Value = UnaryTests> {
    let list = || prop::collection::vec(single_tests(), 1..4);
    prop_oneof![Just(UnaryTests::Any), list().prop_map(UnaryTests::OneOf), list().prop_map(UnaryTests::NoneOf)]
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(tests in cells()) {
        prop_assert_eq!(parse_unary_tests(&write_unary_tests(&tests)).unwrap(), tests);
    }

    #[test]
    fn nothing_stops_it(text in "[\\[\\]()<>=!.,\"'\\\\ a-z0-9-]{0,16}|.{0,12}") {
        match parse_unary_tests(&text) {
            Ok(tests) => prop_assert_eq!(parse_unary_tests(&write_unary_tests(&tests)).unwrap(), tests),
            Err(error) => prop_assert!(error.range.start <= error.range.end && error.range.end <= text.len()),
        }
        let _ = parse_literal(&text);
    }
}
