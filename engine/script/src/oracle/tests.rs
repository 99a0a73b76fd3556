#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "tests"
)]

use std::collections::BTreeMap;

use trutina_engine::diagnostic::codes;

use super::{Civil, Failure, Host, Kind, Outcome, ReadFact, Value, run};

/// The contract's example.
const DESIGN: &str = include_str!("../design.rhai");

fn decimal(text: &str) -> Value {
    Value::Decimal(text.parse().unwrap())
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn record<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Record(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn facts<const N: usize>(fields: [(&str, Value); N]) -> BTreeMap<String, Value> {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A small bank.
struct Bank;

impl Host for Bank {
    fn parameter(&self, name: &str) -> Result<Value, Failure> {
        (name == "max_dti").then(|| decimal("0.45")).ok_or_else(|| Failure::unknown("parameter", name))
    }

    fn scorecard(&self, _name: &str, facts: ReadFact<'_>) -> Result<Value, Failure> {
        let Value::Integer(age) = facts("age")? else { return Err(Failure::unknown("age", "")) };
        // A derived fact is read as any other.
        assert!(matches!(facts("dti")?, Value::Decimal(_)));
        Ok(record([("score", Value::Integer(500 + age))]))
    }

    fn scale(&self, _name: &str, number: Value) -> Result<Value, Failure> {
        let Value::Integer(score) = number else { return Err(Failure::unknown("score", "")) };
        Ok(record([("grade", text(if score >= 540 { "A" } else { "C" }))]))
    }

    fn table(&self, name: &str, arguments: Vec<Value>, _: ReadFact<'_>) -> Result<Value, Failure> {
        match arguments.as_slice() {
            [Value::Text(grade), Value::Decimal(_)] if grade == "A" => Ok(record([("limit", decimal("20000.00"))])),
            [Value::Text(_), Value::Decimal(_)] => Err(Failure::new(codes::NO_ROW_MATCHES, "no row matches")),
            other => panic!("{name}: {other:?}"),
        }
    }
}

fn applicant(age: i64, debt: &str, score: Value) -> BTreeMap<String, Value> {
    facts([
        ("age", Value::Integer(age)),
        ("monthly_debt", decimal(debt)),
        ("monthly_income", decimal("1200.00")),
        ("bureau_score", score),
        ("months_on_book", Value::Integer(3)),
    ])
}

fn outputs(outcome: &Outcome) -> [&Value; 4] {
    ["outcome", "score", "grade", "limit"].map(|name| &outcome.outputs[name])
}

#[test]
fn the_contracts_example_decides() {
    let good = run(DESIGN, applicant(45, "500.00", Value::Integer(600)), "2026-11-30", Bank).unwrap();
    assert_eq!(outputs(&good), [&text("approve"), &Value::Integer(545), &text("A"), &decimal("20000")]);
    assert_eq!(good.derived, facts([("dti", decimal("0.4167"))]));
    assert_eq!(good.rules.iter().map(|rule| rule.2).collect::<Vec<_>>(), [false, false, false]);

    let thin = run(DESIGN, applicant(45, "500.00", Value::Missing), "2026-11-30", Bank).unwrap();
    assert_eq!(outputs(&thin)[0], &text("refer"));
    let poor = run(DESIGN, applicant(45, "600.00", Value::Missing), "2026-11-30", Bank).unwrap();
    assert_eq!(outputs(&poor), [&text("decline"), &Value::Integer(545), &text("A"), &Value::Missing]);

    let error = run(DESIGN, applicant(30, "500.00", Value::Missing), "2026-11-30", Bank).unwrap_err();
    assert_eq!((error.code, error.place), (Some(codes::NO_ROW_MATCHES), Some((11, 17))));
    let mut broke = applicant(30, "500.00", Value::Missing);
    broke.insert("monthly_income".into(), decimal("0"));
    let error = run(DESIGN, broke, "2026-11-30", Bank).unwrap_err();
    assert_eq!((error.code, error.place), (Some(codes::DIVISION_BY_ZERO), Some((1, 19))));
}

/// The value of an expression over `f`.
fn value(expression: &str) -> Result<Value, Failure> {
    struct NoArtefacts;
    impl Host for NoArtefacts {}
    let given = facts([
        ("i", Value::Integer(7)),
        ("d", decimal("2.50")),
        ("m", Value::Missing),
        ("s", Value::Special("no_record".into())),
        ("on", Value::Date(Civil::new(2024, 2, 29).unwrap())),
        ("l", Value::List(vec![record([("b", decimal("1.5"))]), record([("b", decimal("3"))])])),
        ("n", Value::List([3, 1, 2].map(Value::Integer).to_vec())),
        ("empty", Value::List(vec![])),
        ("limit", decimal("2")),
        ("t", text("中文")),
    ]);
    let rules = format!("const LIMIT = 2;\nderive(\"x\", |f| {expression});\nfn decide(f, hits) {{ #{{ x: f.x }} }}");
    run(&rules, given, "2026-11-30", NoArtefacts).map(|outcome| outcome.outputs["x"].clone())
}

#[test]
fn functions_mean_what_the_contract_says() {
    for (expression, expected) in [
        ("div(500, 1200, 4, \"half_up\")", decimal("0.4167")),
        ("div(-1, 2, 0, \"half_even\")", decimal("0")),
        ("div(-3, 2, 0, \"half_even\")", decimal("-2")),
        ("div(-1, 2, 0, \"half_up\")", decimal("-1")),
        ("div(1, -3, 2, \"floor\")", decimal("-0.34")),
        ("div(1, -3, 2, \"ceiling\")", decimal("-0.33")),
        ("div(1, -3, 2, \"up\")", decimal("-0.34")),
        ("div(1, -3, 2, \"down\")", decimal("-0.33")),
        ("f.d.round(0, \"half_even\")", decimal("2")),
        ("round(f.d, 0, \"half_up\")", decimal("3")),
        ("round(7, 2, \"half_up\")", decimal("7")),
        ("min(1, 2.5)", decimal("1")),
        ("max(f.i, 3)", Value::Integer(7)),
        ("clamp(5, 1, 3)", Value::Integer(3)),
        ("clamp(5, 1, 3.5)", decimal("3.5")),
        ("abs(-5) + abs(-2.5)", decimal("7.5")),
        ("0.1 + 0.2", decimal("0.3")),
        ("f.m ?? 4", Value::Integer(4)),
        (
            "is_missing(f.m) && !is_missing(f.s) && is_special(f.s) && is_special(f.s, \"no_record\")",
            Value::Boolean(true),
        ),
        ("value_or(f.s, 1) + value_or(f.m, 2) + value_or(f.i, 3)", Value::Integer(10)),
        ("f.i in [1, 7.0] && f.i !in [1] && f.i in 1..8 && f.i !in 1..7 && f.i in 7..=7", Value::Boolean(true)),
        ("f.t.len() + f.n.len()", Value::Integer(5)),
        ("f.t.starts_with(\"中\") && f.t.ends_with(\"文\") && f.t.contains(\"文\")", Value::Boolean(true)),
        ("f.n.sum() + f.n.min() * 10 + f.n.max() * 100 + f.n.count(|x| x > 1) * 1000", Value::Integer(2316)),
        ("f.n.avg(2, \"half_up\")", decimal("2")),
        ("f.l.map(|l| l.b).sum()", decimal("4.5")),
        ("f.empty.sum() + f.empty.len() + f.empty.count(|x| x > 1)", Value::Integer(0)),
        (
            "is_missing(f.empty.min()) && is_missing(f.empty.max()) && is_missing(f.empty.avg(2, \"down\"))",
            Value::Boolean(true),
        ),
        ("f.n.all(|x| x > 0) && !f.n.any(|x| x > 3) && f.empty.all(|x| x)", Value::Boolean(true)),
        ("f.n.filter(|x| x >= LIMIT).map(|x| x * 2)", Value::List(vec![Value::Integer(6), Value::Integer(4)])),
        ("{ let limit = f.limit; f.l.filter(|l| l.b > limit).len() }", Value::Integer(1)),
        ("{ let n = 0; for x in f.n { if x == 1 { continue; } n += x; } n }", Value::Integer(5)),
        ("{ let n = 0; for x in 0..5 { n += x; } n }", Value::Integer(10)),
        ("{ let n = 0; for x in 0..=5 { n += x; } n }", Value::Integer(15)),
        ("switch f.i { 1..7 => 1, 7..=9 if f.d > 2 => 2, _ => 3 }", Value::Integer(2)),
        ("date(\"2026-01-31\").add_months(1)", Value::Date(Civil::new(2026, 2, 28).unwrap())),
        ("add_months(f.on, 12, \"end_of_month\")", Value::Date(Civil::new(2025, 2, 28).unwrap())),
        ("add_months(f.on, 1, \"end_of_month\")", Value::Date(Civil::new(2024, 3, 31).unwrap())),
        ("add_days(f.on, 366)", Value::Date(Civil::new(2025, 3, 1).unwrap())),
        ("days_between(f.on, as_of())", Value::Integer(1005)),
        ("months_between(f.on, as_of())", Value::Integer(33)),
        ("months_between(as_of(), f.on)", Value::Integer(-33)),
        (
            "age_in_years(f.on, date(\"2026-02-28\")) * 100 + age_in_years(f.on, date(\"2026-03-01\"))",
            Value::Integer(102),
        ),
        ("year_fraction(f.on, as_of(), \"act/365f\", 4, \"half_up\")", decimal("2.7534")),
        ("year_fraction(date(\"2026-01-31\"), date(\"2026-03-31\"), \"30/360\", 4, \"half_up\")", decimal("0.1667")),
        ("f.on < as_of() && f.on == date(\"2024-02-29\") && min(f.on, as_of()) == f.on", Value::Boolean(true)),
    ] {
        assert_eq!(value(expression), Ok(expected), "{expression}");
    }
}

#[test]
fn failures_have_a_kind_a_code_and_a_place() {
    for (expression, kind, code) in [
        ("f.i * 9223372036854775807", Kind::Overflow, Some(codes::OVERFLOW)),
        ("79228162514264337593543950335.0 * 2", Kind::Overflow, Some(codes::OVERFLOW)),
        ("(f.i - f.i - 9223372036854775807 - 1) % (f.i - f.i - 1)", Kind::Overflow, Some(codes::OVERFLOW)),
        ("f.i % 0", Kind::DivisionByZero, Some(codes::DIVISION_BY_ZERO)),
        ("div(f.i, 0, 2, \"down\")", Kind::Function, Some(codes::DIVISION_BY_ZERO)),
        ("div(79228162514264337593543950335.0, 1, 1, \"down\")", Kind::Function, Some(codes::OVERFLOW)),
        ("f.n[3]", Kind::Index, Some(codes::INDEX_RANGE)),
        ("clamp(f.i, 3, 1)", Kind::Function, Some(codes::CLAMP_BOUNDS)),
        ("add_days(f.on, 9999999)", Kind::Function, Some(codes::DATE_RANGE)),
        ("f.l.filter(|l| l.b > f.limit).len()", Kind::DataRace, None),
        ("f.typo", Kind::Type, None),
        ("f.l[0].typo", Kind::Type, None),
        ("round(f.d)", Kind::Type, None),
        ("f.n.filter(|x| x).len()", Kind::Type, None),
    ] {
        let failure = value(expression).expect_err(expression);
        assert_eq!((failure.kind, failure.code), (kind, code), "{expression}: {failure:?}");
        let line = (kind != Kind::DataRace).then_some(2);
        assert_eq!(failure.place.map(|place| place.0), line, "{expression}: {failure:?}");
    }
}

/// Rhai keeps functions apart from the constants of their file; `global::` is not in the language.
#[test]
fn a_function_does_not_see_constants() {
    struct NoArtefacts;
    impl Host for NoArtefacts {}
    let rules = "const C = 1;\nfn decide(f, hits) { #{ x: C } }";
    let failure = run(rules, facts([]), "2026-11-30", NoArtefacts).unwrap_err();
    assert_eq!((failure.kind, failure.place), (Kind::Type, Some((2, 28))));
    let rules = "const C = 1;\nrule(\"a\", \"b\", |f| C == 1);\nfn decide(f, hits) { #{ x: hits.has(\"b\") } }";
    let outcome = run(rules, facts([]), "2026-11-30", NoArtefacts).unwrap();
    assert_eq!(outcome.outputs["x"], Value::Boolean(true));
}

/// Rhai's silent surprises, as the interpreter has them: the reason for each load error of strict Rhai.
#[test]
fn the_silent_surprises_are_real() {
    for (expression, surprise) in [
        ("500 / 1200 < 0.4", Value::Boolean(true)),
        ("10 / 4 * 2", Value::Integer(4)),
        ("99999999999999999999", decimal("99999999999999999999")),
        ("0.12345678901234567890123456789", decimal("0.1234567890123456789012345679")),
        ("0xFFFFFFFFFFFFFFFF", Value::Integer(-1)),
        ("1.0 / 3.0 * 3.0 == 1.0", Value::Boolean(false)),
        ("switch 3.0 { 3 => 1, _ => 2 }", Value::Integer(2)),
        ("switch 3.0 { 3..=3 => 1, _ => 2 }", Value::Integer(1)),
        ("\"30\" >= 30", Value::Boolean(false)),
        ("\"5\" > 4 || true == 1", Value::Boolean(false)),
        ("f.m > 5 || f.m < 5 || f.m == 0", Value::Boolean(false)),
        ("!(f.m >= 5)", Value::Boolean(true)),
        ("1 < 2 < 3", Value::Boolean(false)),
        ("{ let x = 1; x =+ 5; x }", Value::Integer(5)),
        ("-2 ** 2", Value::Integer(4)),
        ("if f.i > 9 { \"A\" }", Value::Missing),
        ("switch f.i { 1 => 2 }", Value::Missing),
        ("{ let x = 1; let x = \"a\"; x }", text("a")),
    ] {
        assert_eq!(value(expression), Ok(surprise), "{expression}");
    }
}
