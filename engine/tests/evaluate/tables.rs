//! Decision tables: cells, hit policies, dated rows, no match.

use trutina_engine::decision::Decision;
use trutina_engine::diagnostic::{Code, Span, codes};
use trutina_engine::program::Program;
use trutina_engine::ruleset::checked::{ArithmeticOp, CheckedTable, Expr, ExprKind, Type, TypeKind};
use trutina_engine::ruleset::{
    Aggregation, CellValue, DecisionTable, HitPolicy, InputClause, InputEntry, NoMatch, OutputCell, OutputEntry,
    TableRow, UnaryTest, UnaryTests,
};
use trutina_engine::schema::{DataType, Output, ValueSpec};
use trutina_engine::value::Value;
use trutina_engine::value::date::Date;

use crate::kit::*;

pub struct Row {
    tests: Vec<UnaryTests>,
    outputs: Vec<Expr>,
    reason: Option<&'static str>,
    from: Option<Date>,
    until: Option<Date>,
}

pub fn row(tests: Vec<UnaryTests>, outputs: Vec<Expr>) -> Row {
    Row { tests, outputs, reason: None, from: None, until: None }
}

pub fn output(name: &str, data_type: DataType, optional: bool) -> Output {
    Output { name: name.into(), data_type, optional, span: Span::default() }
}

fn table_row(id: String, row: &Row) -> TableRow {
    let entry = |test: &UnaryTests| InputEntry { test: test.clone(), text: format!("{test:?}"), span: Span::default() };
    let outputs = row.outputs.iter();
    TableRow {
        id,
        inputs: row.tests.iter().map(entry).collect(),
        outputs: outputs
            .map(|_| OutputEntry { value: OutputCell::Missing, text: String::new(), span: Span::default() })
            .collect(),
        reason: row.reason.map(str::to_owned),
        valid_from: row.from,
        valid_until: row.until,
        span: Span::default(),
    }
}

/// Adds a table over these arguments; gives the expression that calls it.
pub fn add_table(
    kit: &mut Kit,
    hit_policy: HitPolicy,
    no_match: NoMatch,
    outputs: Vec<Output>,
    arguments: Vec<Expr>,
    rows: &[Row],
    default_row: Option<Row>,
) -> Expr {
    let index = kit.checked.ruleset.tables.len();
    for code in rows.iter().chain(&default_row).filter_map(|row| row.reason) {
        kit.reason(code);
    }
    let fields = outputs.iter().map(|output| (output.name.clone(), Type::plain(kind(&output.data_type)))).collect();
    kit.checked.ruleset.tables.push(DecisionTable {
        complete: true,
        name: format!("table{index}"),
        matrix: false,
        hit_policy,
        inputs: (0..arguments.len()).map(|n| InputClause { name: format!("in{n}"), span: Span::default() }).collect(),
        outputs,
        no_match,
        rows: rows.iter().zip(1..).map(|(row, n): (_, i32)| table_row(format!("r{n}"), row)).collect(),
        default_row: default_row.as_ref().map(|row| table_row("default".into(), row)),
        span: Span::default(),
    });
    kit.checked.tables.push(CheckedTable {
        inputs: arguments.iter().map(|argument| argument.ty.clone()).collect(),
        rows: rows.iter().map(|row| row.outputs.clone()).collect(),
        default_row: default_row.map(|row| row.outputs),
        called: true,
    });
    let record = TypeKind::Record(std::sync::Arc::new(fields));
    let list =
        matches!(hit_policy, HitPolicy::RuleOrder | HitPolicy::OutputOrder | HitPolicy::Collect(Aggregation::List));
    let ty = if list { TypeKind::List(Box::new(Type::plain(record))) } else { record };
    e(ExprKind::Table { table: index, arguments }, ty)
}

fn kind(data_type: &DataType) -> TypeKind {
    match data_type {
        DataType::Enum(domain) => TypeKind::Enum(domain.clone()),
        DataType::Decimal { scale } => decimal(*scale),
        DataType::Text => TypeKind::Text,
        _ => INTEGER,
    }
}

pub fn field(record: Expr, index: usize) -> Expr {
    let TypeKind::Record(fields) = &record.ty.kind else { panic!() };
    let ty = fields[index].1.kind.clone();
    e(ExprKind::Field { record, index }, ty)
}

fn one_of(tests: &[UnaryTest]) -> UnaryTests {
    UnaryTests::OneOf(tests.to_vec())
}

fn number(text: &str) -> CellValue {
    CellValue::Number(d(text))
}

fn equal(text: &str) -> UnaryTest {
    UnaryTest::Equal(number(text))
}

fn between(lower: Option<(&str, bool)>, upper: Option<(&str, bool)>) -> UnaryTest {
    let end = |(text, closed): (&str, bool)| (number(text), closed);
    UnaryTest::Interval { lower: lower.map(end), upper: upper.map(end) }
}

/// Which rows of a one-column table match a value, by their outputs 0, 1, 2, ...
fn matching(spec: ValueSpec, tests: &[UnaryTests], values: &[In]) -> Vec<Vec<usize>> {
    let mut kit = Kit::new();
    let x = kit.fact_spec("x", spec);
    let rows: Vec<_> = tests.iter().zip(0..).map(|(test, n)| row(vec![test.clone()], vec![int(n)])).collect();
    let outputs = vec![output("n", DataType::Integer, false)];
    let call = add_table(&mut kit, HitPolicy::RuleOrder, NoMatch::Missing, outputs, vec![x], &rows, None);
    let length = ExprKind::Aggregate {
        function: trutina_engine::ruleset::checked::AggregateFunction::Len,
        list: call,
        closure: None,
    };
    kit.output("n", DataType::Integer, false, e(length, INTEGER));
    let program = kit.program();
    let rows = |value: &In| {
        let decision = decide(&program, std::slice::from_ref(value));
        let table = &decision.trace.as_ref().unwrap().tables[0];
        let selected: Vec<_> = (0..tests.len()).filter(|n| table.rows[*n].selected).collect();
        let matched: Vec<_> = (0..tests.len()).filter(|n| table.rows[*n].cells[0].matched).collect();
        assert_eq!(selected, matched);
        assert_eq!(decision.outputs.unwrap()[0].value, Value::Integer(selected.len().try_into().unwrap()));
        selected
    };
    values.iter().map(rows).collect()
}

fn number_tests() -> Vec<UnaryTests> {
    vec![
        UnaryTests::Any,
        one_of(&[equal("18")]),
        one_of(&[between(None, Some(("25", false)))]),
        one_of(&[between(Some(("18", true)), Some(("65", false)))]),
        one_of(&[between(Some(("18", false)), Some(("65", true)))]),
        UnaryTests::NoneOf(vec![equal("18"), between(Some(("60", true)), None)]),
        one_of(&[UnaryTest::Missing]),
        one_of(&[UnaryTest::Special("closed".into()), equal("0.5")]),
        UnaryTests::NoneOf(vec![UnaryTest::Missing]),
        one_of(&[between(Some(("17.5", true)), Some(("17.9", true)))]),
    ]
}

#[test]
fn cells_of_numbers() {
    let spec =
        |data_type| ValueSpec { optional: true, special: specials(&["none", "closed"]), ..ValueSpec::of(data_type) };
    let values = [In::Int(17), In::Int(18), In::Int(25), In::Int(65), In::Missing, In::Special(0), In::Special(1)];
    let expected =
        [vec![0, 2, 5, 8], vec![0, 1, 2, 3, 8], vec![0, 3, 4, 5, 8], vec![0, 4, 8], vec![0, 5, 6], vec![0], vec![0, 7]];
    assert_eq!(matching(spec(DataType::Integer), &number_tests(), &values), expected);
    let values =
        [In::Dec("17.75"), In::Dec("18.0"), In::Dec("65.01"), In::Dec("0.5"), In::Dec("17.5"), In::Dec("17.49")];
    let expected = [
        vec![0, 2, 5, 8, 9],
        vec![0, 1, 2, 3, 8],
        vec![0, 8],
        vec![0, 2, 5, 7, 8],
        vec![0, 2, 5, 8, 9],
        vec![0, 2, 5, 8],
    ];
    assert_eq!(matching(spec(DataType::Decimal { scale: 2 }), &number_tests(), &values), expected);
    assert_eq!(matching(spec(DataType::Decimal { scale: 20 }), &number_tests(), &values), expected);
}

#[test]
fn cells_beyond_the_range_of_integers() {
    let tests = [
        one_of(&[between(Some(("1e20", true)), None)]),
        one_of(&[between(None, Some(("1e20", true)))]),
        one_of(&[between(None, Some(("-1e20", false)))]),
        one_of(&[equal("9223372036854775807")]),
        one_of(&[equal("-9223372036854775808")]),
        UnaryTests::NoneOf(vec![equal("9223372036854775807")]),
    ];
    let values = [In::Int(i64::MAX), In::Int(i64::MIN), In::Int(0)];
    let expected = [vec![1, 3], vec![1, 4, 5], vec![1, 5]];
    assert_eq!(matching(ValueSpec::of(DataType::Integer), &tests, &values), expected);
}

#[test]
fn cells_of_texts_enums_dates_and_booleans() {
    let word = |text: &str| CellValue::Text(text.into());
    let tests = [
        one_of(&[UnaryTest::Equal(word("b")), UnaryTest::Equal(word("d"))]),
        UnaryTests::NoneOf(vec![UnaryTest::Equal(word("b"))]),
        one_of(&[UnaryTest::Interval { lower: Some((word("b"), false)), upper: Some((word("d"), true)) }]),
    ];
    let values = ["", "a", "b", "c", "d", "e"].map(In::Text);
    let expected = [vec![1], vec![1], vec![0], vec![1, 2], vec![0, 1, 2], vec![1]];
    assert_eq!(matching(ValueSpec::of(DataType::Text), &tests, &values), expected);
    let tests = [
        one_of(&[UnaryTest::Equal(CellValue::Word("b".into())), UnaryTest::Equal(word("c"))]),
        UnaryTests::NoneOf(vec![UnaryTest::Equal(word("a"))]),
    ];
    let enums = ValueSpec::of(DataType::Enum(domain(&["a", "b", "c"])));
    assert_eq!(
        matching(enums, &tests, &[In::Symbol(0), In::Symbol(1), In::Symbol(2)]),
        [vec![], vec![0, 1], vec![0, 1]]
    );
    let day = |text| CellValue::Date(date(text));
    let january =
        UnaryTest::Interval { lower: Some((day("2026-01-01"), true)), upper: Some((day("2026-02-01"), false)) };
    let tests = [one_of(std::slice::from_ref(&january)), UnaryTests::NoneOf(vec![january])];
    let values = ["2025-12-31", "2026-01-01", "2026-01-31", "2026-02-01"].map(In::Date);
    assert_eq!(matching(ValueSpec::of(DataType::Date), &tests, &values), [vec![1], vec![0], vec![0], vec![1]]);
    let tests = [one_of(&[UnaryTest::Equal(CellValue::Boolean(true))]), UnaryTests::Any];
    let values = [In::Bool(true), In::Bool(false)];
    assert_eq!(matching(ValueSpec::of(DataType::Boolean), &tests, &values), [vec![0, 1], vec![1]]);
}

/// Three boolean inputs, three rows, each row one input; the output of row n is `outputs[n]`.
fn policy(hit: HitPolicy, no_match: NoMatch, outputs: [Expr; 3], list: bool) -> Program {
    let mut kit = Kit::new();
    let inputs: Vec<_> = ["a", "b", "c"].iter().map(|name| kit.fact(name, DataType::Boolean)).collect();
    let yes = one_of(&[UnaryTest::Equal(CellValue::Boolean(true))]);
    let rows: Vec<_> = outputs
        .iter()
        .zip([("R1", 0), ("R2", 1), ("R3", 2)])
        .map(|(output, (reason, n))| {
            let tests = (0..3).map(|place| if place == n { yes.clone() } else { UnaryTests::Any }).collect();
            Row { reason: Some(reason), ..row(tests, vec![output.clone()]) }
        })
        .collect();
    let data_type = match &outputs[0].ty.kind {
        TypeKind::Enum(domain) => DataType::Enum(domain.clone()),
        TypeKind::Decimal { scale } => DataType::Decimal { scale: *scale },
        _ => DataType::Integer,
    };
    let default = (no_match == NoMatch::Default)
        .then(|| Row { reason: Some("RD"), ..row(vec![UnaryTests::Any; 3], vec![outputs[2].clone()]) });
    let columns = vec![output("x", data_type.clone(), false)];
    let call = add_table(&mut kit, hit, no_match, columns, inputs, &rows, default);
    if list {
        let TypeKind::List(of) = call.ty.kind.clone() else { panic!() };
        let value = field(local(0, of.kind), 0);
        let ty = TypeKind::List(Box::new(value.ty.clone()));
        let map = ExprKind::Aggregate {
            function: trutina_engine::ruleset::checked::AggregateFunction::Map,
            list: call,
            closure: Some((trutina_engine::ruleset::checked::LocalId(0), value)),
        };
        kit.output("x", DataType::List(Box::new(ValueSpec::of(data_type))), false, e(map, ty));
    } else {
        let optional = no_match == NoMatch::Missing;
        let count = hit == HitPolicy::Collect(Aggregation::Count);
        let data_type = if count { DataType::Integer } else { data_type };
        kit.output("x", data_type, optional, field(call, 0));
    }
    kit.program()
}

fn answer(program: &Program, inputs: [bool; 3]) -> (Result<Value, Code>, Vec<String>) {
    let Decision { outputs, error, reasons, .. } = decide(program, &inputs.map(In::Bool));
    let codes = reasons.into_iter().map(|reason| reason.code).collect();
    (error.map_or_else(|| Ok(outputs.unwrap()[0].value.clone()), |error| Err(error.code)), codes)
}

const NONE: [bool; 3] = [false, false, false];
const TWO: [bool; 3] = [false, true, true];
const ALL: [bool; 3] = [true, true, true];

fn check(program: &Program, inputs: [bool; 3], expected: Result<Value, Code>, reasons: &[&str]) {
    let (found, codes) = answer(program, inputs);
    assert_eq!((found, codes), (expected, reasons.iter().map(ToString::to_string).collect()));
}

#[test]
fn single_hit_policies() {
    let numbers = || [int(1), int(2), int(3)];
    let i = |number| Ok(Value::Integer(number));
    let unique = policy(HitPolicy::Unique, NoMatch::Error, numbers(), false);
    check(&unique, [false, true, false], i(2), &["R2"]);
    check(&unique, TWO, Err(codes::UNIQUE_VIOLATED), &[]);
    check(&unique, NONE, Err(codes::NO_ROW_MATCHES), &[]);
    // Even equal outputs violate `unique`.
    let equal = policy(HitPolicy::Unique, NoMatch::Error, [int(1), int(1), int(1)], false);
    check(&equal, TWO, Err(codes::UNIQUE_VIOLATED), &[]);
    let any = policy(HitPolicy::Any, NoMatch::Missing, [int(1), int(2), int(2)], false);
    check(&any, TWO, i(2), &["R2"]);
    check(&any, ALL, Err(codes::ANY_VIOLATED), &[]);
    check(&any, NONE, Ok(Value::Missing), &[]);
    let first = policy(HitPolicy::First, NoMatch::Default, numbers(), false);
    check(&first, TWO, i(2), &["R2"]);
    check(&first, NONE, i(3), &["RD"]);
    let grades = TypeKind::Enum(domain(&["high", "middle", "low"]));
    let grade = |text_of: &str| constant(text(text_of), grades.clone());
    let outputs = [grade("low"), grade("middle"), grade("high")];
    let priority = policy(HitPolicy::Priority, NoMatch::Error, outputs, false);
    check(&priority, ALL, Ok(text("high")), &["R3"]);
    check(&priority, [true, true, false], Ok(text("middle")), &["R2"]);
}

#[test]
fn multiple_hit_policies() {
    let numbers = || [int(3), int(1), int(2)];
    let list = |numbers: &[i64]| Ok(Value::List(numbers.iter().copied().map(Value::Integer).collect()));
    let i = |number| Ok(Value::Integer(number));
    let collect = |aggregation, no_match| policy(HitPolicy::Collect(aggregation), no_match, numbers(), false);
    for hit in [HitPolicy::RuleOrder, HitPolicy::Collect(Aggregation::List)] {
        let program = policy(hit, NoMatch::Missing, numbers(), true);
        check(&program, ALL, list(&[3, 1, 2]), &["R1", "R2", "R3"]);
        check(&program, NONE, list(&[]), &[]);
        let program = policy(hit, NoMatch::Default, numbers(), true);
        check(&program, NONE, list(&[2]), &["RD"]);
    }
    let grades = TypeKind::Enum(domain(&["high", "middle", "low"]));
    let grade = |text_of: &str| constant(text(text_of), grades.clone());
    let program = policy(HitPolicy::OutputOrder, NoMatch::Error, [grade("low"), grade("high"), grade("low")], true);
    check(&program, ALL, Ok(Value::List(["high", "low", "low"].map(text).to_vec())), &["R2", "R1", "R3"]);
    check(&collect(Aggregation::Sum, NoMatch::Error), ALL, i(6), &["R1", "R2", "R3"]);
    check(&collect(Aggregation::Min, NoMatch::Error), ALL, i(1), &["R1", "R2", "R3"]);
    check(&collect(Aggregation::Max, NoMatch::Error), ALL, i(3), &["R1", "R2", "R3"]);
    check(&collect(Aggregation::Count, NoMatch::Missing), TWO, i(2), &["R2", "R3"]);
    check(&collect(Aggregation::Count, NoMatch::Missing), NONE, i(0), &[]);
    check(&collect(Aggregation::Count, NoMatch::Default), NONE, i(1), &["RD"]);
    check(&collect(Aggregation::Sum, NoMatch::Missing), NONE, Ok(Value::Missing), &[]);
    check(&collect(Aggregation::Sum, NoMatch::Error), NONE, Err(codes::NO_ROW_MATCHES), &[]);
    let decimals = [dec("0.1"), dec("0.2"), dec("0.3")];
    let sum = policy(HitPolicy::Collect(Aggregation::Sum), NoMatch::Error, decimals, false);
    check(&sum, TWO, Ok(Value::Decimal(d("0.5"))), &["R2", "R3"]);
}

/// An error in the cell of a row that counts is the decision's error; in a row that does not count it is none.
#[test]
fn errors_in_cells() {
    let bad = || {
        let (left, right) = (int(1), int(0));
        e(ExprKind::Arithmetic { op: ArithmeticOp::Remainder, left, right }, INTEGER)
    };
    let first = policy(HitPolicy::First, NoMatch::Error, [int(1), bad(), int(3)], false);
    check(&first, ALL, Ok(Value::Integer(1)), &["R1"]);
    check(&first, TWO, Err(codes::DIVISION_BY_ZERO), &[]);
    for hit in [HitPolicy::Any, HitPolicy::Collect(Aggregation::Sum), HitPolicy::Collect(Aggregation::Count)] {
        let program = policy(hit, NoMatch::Error, [int(1), int(2), bad()], false);
        check(&program, ALL, Err(codes::DIVISION_BY_ZERO), &[]);
    }
}

#[test]
fn rows_out_of_force_do_not_exist() {
    let mut kit = Kit::new();
    let x = kit.fact("x", DataType::Integer);
    let day = |text| Some(date(text));
    let (yesterday, today, tomorrow) = (day("2026-11-29"), day("2026-11-30"), day("2026-12-01"));
    let dated = |n, from, until| Row { from, until, ..row(vec![UnaryTests::Any], vec![int(n)]) };
    let rows = [
        dated(1, None, today),
        dated(2, yesterday, tomorrow),
        dated(4, today, None),
        dated(8, tomorrow, None),
        dated(16, None, None),
    ];
    let outputs = vec![output("n", DataType::Integer, false)];
    let hit = HitPolicy::Collect(Aggregation::Sum);
    let call = add_table(&mut kit, hit, NoMatch::Error, outputs, vec![x], &rows, None);
    kit.output("n", DataType::Integer, false, field(call, 0));
    let program = kit.program();
    assert_eq!(first(&program, &[In::Int(0)]), Ok(Value::Integer(2 + 4 + 16)));
    let trace = decide(&program, &[In::Int(0)]).trace.unwrap();
    let states: Vec<_> = trace.tables[0].rows.iter().map(|row| (row.out_of_force, row.matched, row.selected)).collect();
    let (out, in_force) = ((true, false, false), (false, true, true));
    assert_eq!(states, [out, in_force, in_force, out, in_force]);
}

/// A table of two range columns and so many rows: the same answers with sets of rows and, beyond the cap, row by row.
#[test]
fn large_tables_are_found_in_every_form() {
    for rows in [1_000_i64, 6_000] {
        let mut kit = Kit::new();
        let x = kit.fact("x", DataType::Integer);
        let y = kit.fact("y", DataType::Decimal { scale: 2 });
        let lines: Vec<_> = (0..rows)
            .map(|n| {
                let (low, high) = ((n * 10).to_string(), (n * 10 + 10).to_string());
                let range = one_of(&[between(Some((&low, true)), Some((&high, false)))]);
                let from = format!("{}.5", n % 100);
                row(vec![range, one_of(&[between(Some((&from, true)), None)])], vec![int(n)])
            })
            .collect();
        let outputs = vec![output("n", DataType::Integer, false)];
        let call = add_table(&mut kit, HitPolicy::Unique, NoMatch::Missing, outputs, vec![x, y], &lines, None);
        kit.output("n", DataType::Integer, true, field(call, 0));
        let program = kit.program();
        for n in (0..rows).step_by(if rows > 1_000 { 997 } else { 97 }) {
            for x in [n * 10, n * 10 + 9] {
                let at = |y: &'static str| first(&program, &[In::Int(x), In::Dec(y)]);
                assert_eq!(at("99.5"), Ok(Value::Integer(n)), "{x}");
                let expected = if n % 100 == 0 { Value::Integer(n) } else { Value::Missing };
                assert_eq!(at("0.5"), Ok(expected), "{x}");
                assert_eq!(at("0.49"), Ok(Value::Missing), "{x}");
            }
        }
    }
}
