//! Branches, loops, functions, lists, derived facts and rules.

use std::sync::Arc;

use trutina_engine::compile::compile;
use trutina_engine::decision::{Place, TraceLevel, TraceValue};
use trutina_engine::diagnostic::codes;
use trutina_engine::evaluate::{Scratch, evaluate};
use trutina_engine::explain;
use trutina_engine::ruleset::OnError;
use trutina_engine::ruleset::checked::{
    AggregateFunction, ArithmeticOp, Comparison, Expr, ExprKind, FunctionInstance, Iterable, LocalId, Pattern,
    Statement, SwitchArm, Type, TypeKind,
};
use trutina_engine::schema::{DataType, Field, Period, ValueSpec};
use trutina_engine::value::Value;
use trutina_engine::value::decimal::RoundingMode;

use crate::kit::*;

fn compare(op: Comparison, left: Expr, right: Expr) -> Expr {
    e(ExprKind::Compare { op, left, right }, BOOLEAN)
}

fn add(left: Expr, right: Expr) -> Expr {
    let ty = left.ty.kind.clone();
    e(ExprKind::Arithmetic { op: ArithmeticOp::Add, left, right }, ty)
}

/// 1 / 0: an error where it is evaluated, harmless where it is not.
fn fails(ty: TypeKind) -> Expr {
    let zero = e(ExprKind::Arithmetic { op: ArithmeticOp::Remainder, left: int(1), right: int(0) }, INTEGER);
    match ty {
        TypeKind::Boolean => compare(Comparison::Equal, zero, int(0)),
        _ => zero,
    }
}

fn if_else(condition: Expr, value: Expr, otherwise: Option<Expr>) -> Expr {
    let ty = value.ty.kind.clone();
    e(ExprKind::If { branches: vec![(condition, value)], otherwise }, ty)
}

fn aggregate(function: AggregateFunction, list: Expr, closure: Option<(u32, Expr)>, ty: TypeKind) -> Expr {
    let closure = closure.map(|(local, body)| (LocalId(local), body));
    e(ExprKind::Aggregate { function, list, closure }, ty)
}

fn numbers(values: &[i64]) -> Expr {
    let elements = values.iter().map(|value| int(*value)).collect();
    e(ExprKind::List(elements), TypeKind::List(Box::new(Type::plain(INTEGER))))
}

fn integer(expr: Expr) -> Result<Value, trutina_engine::diagnostic::Code> {
    value_of(expr, DataType::Integer)
}

#[test]
fn conditions_stop_as_soon_as_they_are_decided() {
    let all = |parts| value_of(e(ExprKind::And(parts), BOOLEAN), DataType::Boolean);
    let any = |parts| value_of(e(ExprKind::Or(parts), BOOLEAN), DataType::Boolean);
    assert_eq!(all(vec![truth(false), fails(BOOLEAN)]), Ok(Value::Boolean(false)));
    assert_eq!(all(vec![truth(true), fails(BOOLEAN)]), Err(codes::DIVISION_BY_ZERO));
    assert_eq!(any(vec![truth(true), fails(BOOLEAN)]), Ok(Value::Boolean(true)));
    assert_eq!(any(vec![truth(false), fails(BOOLEAN)]), Err(codes::DIVISION_BY_ZERO));
    assert_eq!(integer(if_else(truth(true), int(1), Some(fails(INTEGER)))), Ok(Value::Integer(1)));
    assert_eq!(integer(if_else(truth(false), fails(INTEGER), Some(int(2)))), Ok(Value::Integer(2)));
    assert_eq!(integer(optional(if_else(truth(false), int(1), None))), Ok(Value::Missing));
    let coalesce = |value, default| e(ExprKind::Coalesce { value, default }, INTEGER);
    assert_eq!(integer(coalesce(int(1), fails(INTEGER))), Ok(Value::Integer(1)));
    assert_eq!(integer(coalesce(missing(), int(2))), Ok(Value::Integer(2)));
    let value_or = e(ExprKind::ValueOr { value: int(1), default: fails(INTEGER) }, INTEGER);
    assert_eq!(integer(value_or), Err(codes::DIVISION_BY_ZERO));
}

#[test]
fn switches_take_the_first_arm_that_fits() {
    let arm = |patterns, guard, result| SwitchArm { patterns, guard, result: int(result) };
    let switch = |subject: Expr| {
        let arms = vec![
            arm(vec![Pattern::Value(Value::Integer(1)), Pattern::Value(Value::Integer(2))], None, 10),
            arm(vec![Pattern::Range { start: 3, end: 6 }], Some(truth(false)), 20),
            arm(vec![Pattern::Range { start: 3, end: 5 }], Some(truth(true)), 30),
        ];
        e(ExprKind::Switch { subject, arms, default: Some(int(40)) }, INTEGER)
    };
    for (subject, expected) in [(1, 10), (2, 10), (3, 30), (4, 30), (5, 40), (6, 40), (0, 40)] {
        assert_eq!(integer(switch(int(subject))), Ok(Value::Integer(expected)), "{subject}");
    }
    let texts = |subject: &str| {
        let arms = vec![SwitchArm { patterns: vec![Pattern::Value(text("b"))], guard: None, result: int(1) }];
        let subject = constant(text(subject), TypeKind::Enum(domain(&["a", "b"])));
        e(ExprKind::Switch { subject, arms, default: Some(int(0)) }, INTEGER)
    };
    assert_eq!(integer(texts("b")), Ok(Value::Integer(1)));
    assert_eq!(integer(texts("a")), Ok(Value::Integer(0)));
    let nothing = e(ExprKind::Switch { subject: fails(INTEGER), arms: vec![], default: None }, INTEGER);
    assert_eq!(integer(nothing), Err(codes::DIVISION_BY_ZERO));
}

#[test]
fn loops_with_accumulators() {
    let (sum, item) = (local(0, INTEGER), local(1, INTEGER));
    let store = |value| Statement::Store(LocalId(0), value);
    let skip = Statement::Evaluate(if_else(
        compare(Comparison::Equal, item.clone(), int(3)),
        e(ExprKind::Block { statements: vec![Statement::Continue], result: None }, TypeKind::Never),
        None,
    ));
    let leave = Statement::Evaluate(if_else(
        compare(Comparison::Greater, item.clone(), int(5)),
        e(ExprKind::Block { statements: vec![Statement::Break], result: None }, TypeKind::Never),
        None,
    ));
    let body = vec![skip, leave, store(add(sum.clone(), item))];
    let over = |over| Statement::For { local: LocalId(1), over, body: body.clone() };
    let range = over(Iterable::Range { start: 1, end: 100 });
    assert_eq!(integer(block(vec![store(int(0)), range], sum.clone())), Ok(Value::Integer(1 + 2 + 4 + 5)));
    let list = over(Iterable::List(numbers(&[5, 3, 5, 9, 5])));
    assert_eq!(integer(block(vec![store(int(1)), list], sum)), Ok(Value::Integer(11)));
}

/// A `return` inside a loop inside a function ends the function, not its caller; arguments are evaluated before the
/// first is stored, so a function may be called within its own argument.
#[test]
fn functions_return_from_within_loops() {
    let mut kit = Kit::new();
    let (a, item) = (local(0, INTEGER), local(1, INTEGER));
    let returns = Statement::Evaluate(if_else(
        compare(Comparison::Equal, item.clone(), a.clone()),
        e(
            ExprKind::Block { statements: vec![Statement::Return(Some(add(item, int(100))))], result: None },
            TypeKind::Never,
        ),
        None,
    ));
    let over = Iterable::Range { start: 0, end: 10 };
    let body = block(vec![Statement::For { local: LocalId(1), over, body: vec![returns] }], int(-1));
    kit.checked.functions.push(FunctionInstance { name: "find".into(), parameters: vec![LocalId(0)], body });
    let call = |argument| e(ExprKind::Invoke { function: 0, arguments: vec![argument] }, INTEGER);
    kit.output("found", DataType::Integer, false, call(int(7)));
    kit.output("not", DataType::Integer, false, call(int(70)));
    kit.output("nested", DataType::Integer, false, call(add(call(int(5)), int(-100))));
    let outputs = decide(&kit.program(), &[]).outputs.unwrap();
    let found: Vec<_> = outputs.into_iter().map(|output| output.value).collect();
    assert_eq!(found, [107, -1, 105].map(Value::Integer));
}

#[test]
fn functions_over_lists() {
    use AggregateFunction::*;
    let x = || local(0, INTEGER);
    let odd = || {
        let rest = e(ExprKind::Arithmetic { op: ArithmeticOp::Remainder, left: x(), right: int(2) }, INTEGER);
        Some((0, compare(Comparison::Equal, rest, int(1))))
    };
    let list = || numbers(&[3, 1, 4, 1, 5]);
    let none = || numbers(&[]);
    let i = |number| Ok(Value::Integer(number));
    assert_eq!(integer(aggregate(Len, list(), None, INTEGER)), i(5));
    assert_eq!(integer(aggregate(Sum, list(), None, INTEGER)), i(14));
    assert_eq!(integer(aggregate(Sum, none(), None, INTEGER)), i(0));
    assert_eq!(integer(aggregate(Min, list(), None, INTEGER)), i(1));
    assert_eq!(integer(aggregate(Max, list(), None, INTEGER)), i(5));
    assert_eq!(integer(optional(aggregate(Max, none(), None, INTEGER))), Ok(Value::Missing));
    assert_eq!(integer(aggregate(Count, list(), odd(), INTEGER)), i(4));
    assert_eq!(integer(aggregate(Sum, numbers(&[i64::MAX, 1]), None, INTEGER)), Err(codes::OVERFLOW));
    let two = DataType::Decimal { scale: 2 };
    let mean = |list| aggregate(Avg(2, RoundingMode::HalfUp), list, None, decimal(2));
    assert_eq!(value_of(mean(list()), two.clone()), Ok(Value::Decimal(d("2.8"))));
    assert_eq!(value_of(optional(mean(none())), two), Ok(Value::Missing));
    let truth_of = |function, list, body| value_of(aggregate(function, list, body, BOOLEAN), DataType::Boolean);
    assert_eq!(truth_of(All, list(), odd()), Ok(Value::Boolean(false)));
    assert_eq!(truth_of(All, none(), odd()), Ok(Value::Boolean(true)));
    assert_eq!(truth_of(Any, list(), odd()), Ok(Value::Boolean(true)));
    assert_eq!(truth_of(Any, none(), odd()), Ok(Value::Boolean(false)));
    let list_type = || TypeKind::List(Box::new(Type::plain(INTEGER)));
    let odd_ones = aggregate(Filter, list(), odd(), list_type());
    let doubled = aggregate(Map, odd_ones, Some((1, add(local(1, INTEGER), local(1, INTEGER)))), list_type());
    let integers = DataType::List(Box::new(ValueSpec::of(DataType::Integer)));
    assert_eq!(value_of(doubled.clone(), integers), Ok(Value::List([6, 2, 2, 10].map(Value::Integer).to_vec())));
    let at = |index| e(ExprKind::Index { list: doubled.clone(), index: int(index) }, INTEGER);
    assert_eq!(integer(at(0)), i(6));
    assert_eq!(integer(at(-1)), i(10));
    assert_eq!(integer(at(4)), Err(codes::INDEX_RANGE));
    assert_eq!(integer(at(-5)), Err(codes::INDEX_RANGE));
    let contains = |value| e(ExprKind::InList { value: int(value), list: list() }, BOOLEAN);
    assert_eq!(value_of(contains(4), DataType::Boolean), Ok(Value::Boolean(true)));
    assert_eq!(value_of(contains(2), DataType::Boolean), Ok(Value::Boolean(false)));
}

/// Lists of records and series of the record itself, next to lists the program makes.
#[test]
fn lists_and_series_of_the_customer() {
    let mut kit = Kit::new();
    let spec = ValueSpec::of(DataType::Decimal { scale: 2 });
    let field = Field { name: "balance".into(), source: None, spec: spec.clone() };
    let record = DataType::Record(Arc::new(vec![field]));
    let loans = kit.fact("loans", DataType::List(Box::new(ValueSpec::of(record))));
    let series = DataType::Series { value: Box::new(spec), period: Period::Month };
    let balances = kit.fact("balances", series);
    let TypeKind::List(of) = loans.ty.kind.clone() else { panic!() };
    let balance = e(ExprKind::Field { record: local(0, of.kind.clone()), index: 0 }, decimal(2));
    let owed =
        aggregate(AggregateFunction::Map, loans, Some((0, balance)), TypeKind::List(Box::new(Type::plain(decimal(2)))));
    kit.output(
        "owed",
        DataType::Decimal { scale: 2 },
        false,
        aggregate(AggregateFunction::Sum, owed, None, decimal(2)),
    );
    let greatest = aggregate(AggregateFunction::Max, balances, None, decimal(2));
    kit.output("greatest", DataType::Decimal { scale: 2 }, true, optional(greatest));
    let program = kit.program();
    let facts = |loans: &[&'static str], balances: &[(&'static str, &'static str)]| {
        [
            In::List(loans.iter().map(|balance| In::Record(vec![In::Dec(balance)])).collect()),
            In::Series(balances.iter().map(|(day, balance)| (*day, In::Dec(balance))).collect()),
        ]
    };
    let values = |facts: &[In]| -> Vec<_> {
        decide(&program, facts).outputs.unwrap().into_iter().map(|output| output.value).collect()
    };
    let full = facts(&["10.5", "0.25"], &[("2026-01-31", "7"), ("2026-02-28", "9.5"), ("2026-03-31", "8")]);
    assert_eq!(values(&full), [Value::Decimal(d("10.75")), Value::Decimal(d("9.5"))]);
    assert_eq!(values(&facts(&[], &[])), [Value::Decimal(d("0")), Value::Missing]);
}

/// A derived fact is evaluated when it is first read, once, and its error is the decision's.
#[test]
fn derived_facts_are_lazy_and_remembered() {
    let mut kit = Kit::new();
    let x = kit.fact("x", DataType::Integer);
    let bad = kit.derive("bad", fails(INTEGER));
    let once = kit.derive("once", add(x.clone(), int(1)));
    let read_bad = compare(Comparison::Equal, bad, int(0));
    let guarded = e(ExprKind::And(vec![compare(Comparison::Greater, x, int(10)), read_bad]), BOOLEAN);
    kit.rule("R1", 2, guarded);
    kit.output("twice", DataType::Integer, false, add(once.clone(), once));
    let program = kit.program();
    assert_eq!(first(&program, &[In::Int(3)]), Ok(Value::Integer(8)));
    assert_eq!(first(&program, &[In::Int(11)]), Err(codes::DIVISION_BY_ZERO));
    let trace = decide(&program, &[In::Int(3)]).trace.unwrap();
    assert_eq!(trace.derived, [("once".to_owned(), TraceValue::Shown(Value::Integer(4)))]);
}

#[test]
fn rules_rank_reasons_by_severity_and_keep_hits_in_order() {
    let mut kit = Kit::new();
    let x = kit.fact("x", DataType::Integer);
    let above = |limit| compare(Comparison::Greater, x.clone(), int(limit));
    for (id, effect, limit) in [("W1", 1, 0), ("K1", 3, 5), ("R1", 2, 0), ("K2", 3, 0), ("silent", 3, 0)] {
        kit.rule(id, effect, above(limit));
    }
    for code in ["K2", "R1", "K1", "W1"] {
        kit.reason(code);
    }
    let has = |effect| e(ExprKind::Has(effect), BOOLEAN);
    kit.output("declined", DataType::Boolean, false, has(3));
    kit.output("watched", DataType::Boolean, false, has(1));
    let program = kit.program();
    let decision = decide(&program, &[In::Int(6)]);
    let hits: Vec<_> = decision.hits.iter().map(|hit| (hit.rule.as_str(), hit.effect.as_str())).collect();
    assert_eq!(hits, [("W1", "watch"), ("K1", "decline"), ("R1", "refer"), ("K2", "decline"), ("silent", "decline")]);
    let codes: Vec<_> = decision.reasons.iter().map(|reason| reason.code.as_str()).collect();
    assert_eq!(codes, ["K1", "K2", "R1", "W1"]);
    assert!(decision.reasons.iter().all(|reason| reason.points.is_none()));
    let decision = decide(&program, &[In::Int(0)]);
    assert!(decision.hits.is_empty() && decision.reasons.is_empty());
    assert_eq!(decision.outputs.unwrap()[0].value, Value::Boolean(false));
}

#[test]
fn the_first_error_is_the_error_and_has_a_place() {
    let mut kit = Kit::new();
    let mut first_failure = fails(BOOLEAN);
    let ExprKind::Compare { left, .. } = &mut first_failure.kind else { panic!() };
    left.span = line(42);
    kit.rule("R1", 2, first_failure);
    kit.output("x", DataType::Integer, false, add(int(i64::MAX), int(1)));
    let decision = decide(&kit.program(), &[]);
    let error = decision.error.unwrap();
    assert_eq!(error.code, codes::DIVISION_BY_ZERO);
    assert_eq!(error.at, Place::Source { file: "rules.rhai".into(), line: 42, column: 1 });
    assert!(decision.outputs.is_none() && decision.hits.is_empty() && decision.reasons.is_empty());
    assert!(decision.trace.unwrap().rules.iter().all(|rule| !rule.held));
}

#[test]
fn an_error_may_refer() {
    let mut kit = Kit::new();
    kit.checked.ruleset.manifest.on_error = OnError::Refer;
    let outcomes = domain(&["approve", "refer", "decline"]);
    kit.output("outcome", DataType::Enum(outcomes.clone()), false, constant(text("approve"), TypeKind::Enum(outcomes)));
    kit.output("n", DataType::Integer, false, fails(INTEGER));
    let decision = decide(&kit.program(), &[]);
    assert_eq!(decision.error.unwrap().code, codes::DIVISION_BY_ZERO);
    let values: Vec<_> = decision.outputs.unwrap().into_iter().map(|output| output.value).collect();
    assert_eq!(values, [text("refer"), Value::Missing]);
}

#[test]
fn a_ruleset_is_in_force_from_its_first_day_until_before_its_last() {
    let mut kit = Kit::new();
    kit.checked.ruleset.manifest.effective_from = Some(date("2026-01-01"));
    kit.checked.ruleset.manifest.effective_until = Some(date("2027-01-01"));
    kit.output("x", DataType::Integer, false, int(1));
    let program = kit.program();
    let record = record(&program, &[]);
    let mut scratch = Scratch::new(&program);
    for (day, in_force) in [("2025-12-31", false), ("2026-01-01", true), ("2026-12-31", true), ("2027-01-01", false)] {
        evaluate(&program, &record, date(day), TraceLevel::None, &mut scratch);
        let decision = explain::decide(&program, &record, date(day), TraceLevel::None, &scratch.outcome);
        assert_eq!(decision.error.map(|error| error.code), (!in_force).then_some(codes::NOT_IN_FORCE), "{day}");
    }
}

#[test]
fn a_full_trace_shows_each_test_and_masks_what_is_sensitive() {
    let mut kit = Kit::new();
    let x = kit.fact("x", DataType::Integer);
    let name = kit.fact("name", DataType::Text);
    kit.checked.ruleset.facts[1].sensitive = true;
    let flag = kit.fact("flag", DataType::Boolean);
    let secret = kit.derive("secret", compare(Comparison::Equal, name, constant(text("Li"), TypeKind::Text)));
    let parts = vec![compare(Comparison::Less, int(5), x), flag, secret];
    kit.rule("R1", 2, e(ExprKind::And(parts), BOOLEAN));
    kit.output("x", DataType::Integer, false, int(1));
    let program = kit.program();
    let trace = decide(&program, &[In::Int(9), In::Text("Li"), In::Bool(true)]).trace.unwrap();
    let shown = |value| TraceValue::Shown(value);
    let tests: Vec<_> =
        trace.rules[0].tests.iter().map(|test| (test.test.as_str(), test.values.clone(), test.held)).collect();
    assert_eq!(
        tests,
        [
            ("<", vec![shown(Value::Integer(5)), shown(Value::Integer(9))], true),
            ("holds", vec![shown(Value::Boolean(true))], true),
            ("holds", vec![TraceValue::Masked], true),
        ]
    );
    assert_eq!(trace.derived, [("secret".to_owned(), TraceValue::Masked)]);
    let trace = decide(&program, &[In::Int(5), In::Text("Li"), In::Bool(true)]).trace.unwrap();
    assert_eq!((trace.rules[0].tests.len(), trace.rules[0].held), (1, false));
}

#[test]
fn what_nests_too_deeply_does_not_compile() {
    let mut kit = Kit::new();
    let mut chain = kit.derive("d0", int(0));
    for n in 1..400 {
        chain = kit.derive(&format!("d{n}"), add(chain, int(1)));
    }
    kit.output("x", DataType::Integer, false, chain);
    let diagnostics = compile(&kit.checked).unwrap_err();
    assert_eq!(diagnostics.iter().map(|diagnostic| diagnostic.code).collect::<Vec<_>>(), [codes::NESTING_TOO_DEEP]);
}

/// The deepest program that compiles runs on the small stack of a test thread.
#[test]
fn the_deepest_program_runs() {
    let mut kit = Kit::new();
    let mut chain = kit.derive("d0", int(0));
    for n in 1..295 {
        chain = kit.derive(&format!("d{n}"), add(chain, int(1)));
    }
    kit.output("x", DataType::Integer, false, chain);
    assert_eq!(first(&kit.program(), &[]), Ok(Value::Integer(294)));
}
