//! Nothing survives from one record to the next.

use trutina_engine::decision::TraceLevel;
use trutina_engine::evaluate::{Scratch, evaluate};
use trutina_engine::explain;
use trutina_engine::ruleset::checked::{
    AggregateFunction, Comparison, Expr, ExprKind, LocalId, Statement, Type, TypeKind,
};
use trutina_engine::ruleset::{CellValue, HitPolicy, NoMatch, UnaryTest, UnaryTests};
use trutina_engine::schema::{DataType, ValueSpec};
use trutina_engine::value::slot::Slot;

use crate::kit::*;
use crate::tables::{add_table, field, output, row};

/// A ruleset that uses every kind of memory: locals, derived facts, hits, lists of its own, tables.
fn kit() -> Kit {
    let mut kit = Kit::new();
    let x = kit.fact("x", DataType::Integer);
    let list = kit.fact("list", DataType::List(Box::new(ValueSpec::of(DataType::Integer))));
    let compare = |op, left: &Expr, right| e(ExprKind::Compare { op, left: left.clone(), right }, BOOLEAN);
    let remainder = e(
        ExprKind::Arithmetic {
            op: trutina_engine::ruleset::checked::ArithmeticOp::Remainder,
            left: int(100),
            right: x.clone(),
        },
        INTEGER,
    );
    let derived = kit.derive("rest", remainder);
    kit.rule("R1", 3, compare(Comparison::GreaterEqual, &x, int(10)));
    kit.reason("R1");
    let above = compare(Comparison::Greater, &local(1, INTEGER), x.clone());
    let filtered = e(
        ExprKind::Aggregate {
            function: AggregateFunction::Filter,
            list: list.clone(),
            closure: Some((LocalId(1), above)),
        },
        TypeKind::List(Box::new(Type::plain(INTEGER))),
    );
    let bound = CellValue::Number(d("10"));
    let high = UnaryTests::OneOf(vec![UnaryTest::Interval { lower: Some((bound, true)), upper: None }]);
    let outputs = vec![output("n", DataType::Integer, false)];
    let call = add_table(
        &mut kit,
        HitPolicy::First,
        NoMatch::Missing,
        outputs,
        vec![x],
        &[row(vec![high], vec![int(1)])],
        None,
    );
    kit.checked.locals = vec![Type::plain(INTEGER); 2];
    kit.output("rest", DataType::Integer, false, derived);
    let integers = DataType::List(Box::new(ValueSpec::of(DataType::Integer)));
    let stored = block(vec![Statement::Store(LocalId(0), filtered.clone())], local(0, filtered.ty.kind.clone()));
    kit.output("above", integers, false, stored);
    kit.output("row", DataType::Integer, true, field(call, 0));
    kit.output("declined", DataType::Boolean, false, e(ExprKind::Has(3), BOOLEAN));
    kit
}

/// Records on either side of every boundary, an error among them, in turn on one scratch: each decides as on a new one.
#[test]
fn records_that_alternate_decide_as_if_alone() {
    let program = kit().program();
    let facts = |x, list: &[i64]| [In::Int(x), In::List(list.iter().copied().map(In::Int).collect())];
    let records: Vec<_> = [
        facts(9, &[8, 9, 10, 11]),
        facts(10, &[]),
        facts(0, &[1]),
        facts(9, &[]),
        facts(11, &[12, 13]),
        facts(0, &[]),
        facts(10, &[11, 9, 12]),
    ]
    .iter()
    .map(|facts| record(&program, facts))
    .collect();
    let mut shared = Scratch::new(&program);
    for round in 0..50 {
        for turn in 0..records.len() {
            let record = &records[(turn * 3 + round) % records.len()];
            let level = [TraceLevel::None, TraceLevel::Reasons, TraceLevel::Full][(turn + round) % 3];
            let mut own = Scratch::new(&program);
            let run = |scratch: &mut Scratch| {
                evaluate(&program, record, as_of(), level, scratch);
                explain::decide(&program, record, as_of(), level, &scratch.outcome)
            };
            assert_eq!(run(&mut shared), run(&mut own), "round {round}, turn {turn}");
        }
    }
}

/// One scratch serves another program, too: nothing of the first is found.
#[test]
fn a_scratch_moves_between_programs() {
    let program = kit().program();
    let mut kit = Kit::new();
    kit.output("x", DataType::Integer, false, int(1));
    let other = kit.program();
    let mut scratch = Scratch::new(&program);
    let facts = record(&program, &[In::Int(10), In::List(vec![In::Int(11)])]);
    let none = record(&other, &[]);
    for _ in 0..3 {
        evaluate(&program, &facts, as_of(), TraceLevel::None, &mut scratch);
        assert_eq!((scratch.outcome.hits.len(), scratch.outcome.outputs.len()), (1, 4));
        evaluate(&other, &none, as_of(), TraceLevel::None, &mut scratch);
        assert_eq!((scratch.outcome.hits.len(), scratch.outcome.outputs.len()), (0, 1));
    }
}

/// Probabilities are remembered by all their operands: scores that share a place in the memory never share an answer.
#[test]
fn remembered_probabilities_are_those_of_the_operands() {
    use trutina_engine::ruleset::checked::Function;
    use trutina_engine::value::decimal::{Decimal, RoundingMode};
    use trutina_engine::value::odds::pd_from_score;

    let mut kit = Kit::new();
    let score = kit.fact("score", DataType::Integer);
    let points = kit.fact("points", DataType::Integer);
    for (name, mode) in [("up", RoundingMode::Up), ("down", RoundingMode::Down)] {
        let arguments = vec![score.clone(), points.clone(), int(600), int(19)];
        let pd = e(ExprKind::Call { function: Function::PdFromScore(6, mode), arguments }, decimal(6));
        kit.output(name, DataType::Decimal { scale: 6 }, false, pd);
    }
    let program = kit.program();
    let mut scratch = Scratch::new(&program);
    for (score, points) in [(500, 50), (1524, 50), (500, 50), (500, 20), (-524, 50), (500, 50), (500, 20)] {
        let record = record(&program, &[In::Int(score), In::Int(points)]);
        evaluate(&program, &record, as_of(), TraceLevel::None, &mut scratch);
        let expected = [RoundingMode::Up, RoundingMode::Down].map(|mode| {
            let d = |number: i64| Decimal::from(number);
            Slot::Decimal(pd_from_score(d(score), d(points), d(600), d(19), 6, mode).unwrap())
        });
        assert_eq!(scratch.outcome.outputs, expected, "{score} {points}");
    }
}
