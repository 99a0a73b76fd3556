//! Scorecards and scales.

use trutina_engine::decision::{Points, TraceValue};
use trutina_engine::diagnostic::{Span, codes};
use trutina_engine::program::Program;
use trutina_engine::ruleset::checked::{CheckedScorecard, Expr, ExprKind, Input, Type, TypeKind};
use trutina_engine::ruleset::{
    Attribute, AttributePredicate, Band, BaselineMethod, BoundText, Characteristic, ReasonCodeAlgorithm,
    ReasonSettings, Scale, Scorecard,
};
use trutina_engine::schema::{DataType, Output, ValueSpec};
use trutina_engine::value::Value;

use crate::kit::*;

fn interval(lower: Option<&str>, upper: Option<&str>) -> AttributePredicate {
    let bound = |text: &str| BoundText::Number(d(text));
    AttributePredicate::Interval { lower: lower.map(bound), upper: upper.map(bound) }
}

fn values(values: &[&str]) -> AttributePredicate {
    AttributePredicate::Values(values.iter().map(ToString::to_string).collect())
}

fn row(predicate: AttributePredicate, points: &str, reason: Option<&str>) -> Attribute {
    Attribute { predicate, partial_score: d(points), reason: reason.map(str::to_owned), span: line(7) }
}

fn characteristic(name: &str, attributes: Vec<Attribute>) -> Characteristic {
    Characteristic { name: name.into(), attributes, baseline: None, span: Span::default() }
}

const BELOW_MAX: ReasonSettings = ReasonSettings {
    algorithm: ReasonCodeAlgorithm::PointsBelow,
    baseline: BaselineMethod::Max,
    most: 4,
    keep_zero: false,
};

fn add_card(kit: &mut Kit, reasons: ReasonSettings, scale: Option<u8>, rows: Vec<(Characteristic, Expr)>) -> Expr {
    let inputs = rows.iter().map(|(_, expr)| {
        let input = match expr.kind {
            ExprKind::Fact(fact) => Input::Fact(fact),
            ExprKind::Derived(derived) => Input::Derived(derived),
            _ => panic!(),
        };
        (input, expr.ty.clone())
    });
    let index = kit.checked.scorecards.len();
    kit.checked.scorecards.push(CheckedScorecard { inputs: inputs.collect(), scale: scale.unwrap_or(0) });
    for attribute in rows.iter().flat_map(|(characteristic, _)| &characteristic.attributes) {
        let known = |kit: &Kit, code: &str| kit.checked.ruleset.reasons.iter().any(|reason| reason.code == code);
        if let Some(code) = attribute.reason.as_deref().filter(|code| !known(kit, code)) {
            kit.reason(code);
        }
    }
    kit.checked.ruleset.scorecards.push(Scorecard {
        complete: true,
        name: format!("card{index}"),
        initial_score: d("100"),
        points_scale: scale,
        reasons,
        characteristics: rows.into_iter().map(|(characteristic, _)| characteristic).collect(),
        span: Span::default(),
    });
    e(ExprKind::Scorecard(index), TypeKind::Card(index))
}

fn score(card: Expr, scale: Option<u8>) -> Expr {
    let ty = scale.map_or(INTEGER, decimal);
    e(ExprKind::CardScore(card), ty)
}

fn reasons(program: &Program, facts: &[In]) -> Vec<(String, Points)> {
    let decision = decide(program, facts);
    assert_eq!(decision.error, None);
    decision.reasons.into_iter().map(|reason| (reason.code, reason.points.unwrap())).collect()
}

fn one_fact_card(data_type: DataType, rows: Vec<Attribute>) -> Program {
    let mut kit = Kit::new();
    let spec = ValueSpec { optional: true, special: specials(&["none", "closed"]), ..ValueSpec::of(data_type) };
    let x = kit.fact_spec("x", spec);
    let card = add_card(&mut kit, BELOW_MAX, None, vec![(characteristic("x", rows), x)]);
    kit.output("score", DataType::Integer, false, score(card, None));
    kit.program()
}

#[test]
fn the_first_matching_attribute_gives_the_points() {
    let special = |name: &str| AttributePredicate::Special(name.into());
    let program = one_fact_card(
        DataType::Decimal { scale: 1 },
        vec![
            row(interval(None, Some("10")), "1", None),
            row(interval(Some("10"), Some("20.25")), "2", None),
            row(interval(Some("15"), Some("30")), "3", None),
            row(values(&["40", "50.55"]), "4", None),
            row(AttributePredicate::Missing, "5", None),
            row(special("closed"), "6", None),
            row(AttributePredicate::Else, "7", None),
        ],
    );
    for (x, points) in [
        (In::Dec("-5"), 1),
        (In::Dec("9.9"), 1),
        (In::Dec("10"), 2),
        (In::Dec("20.2"), 2),
        (In::Dec("20.3"), 3),
        (In::Dec("29.9"), 3),
        (In::Dec("30"), 7),
        (In::Dec("40"), 4),
        (In::Dec("50.5"), 7),
        (In::Dec("1e20"), 7),
        (In::Missing, 5),
        (In::Special(1), 6),
        (In::Special(0), 7),
    ] {
        assert_eq!(first(&program, std::slice::from_ref(&x)), Ok(Value::Integer(100 + points)), "{x:?}");
    }
}

#[test]
fn what_matches_nothing_is_unscorable() {
    let program = one_fact_card(
        DataType::Integer,
        vec![row(interval(Some("25.5"), Some("30")), "1", None), row(values(&["50"]), "2", None)],
    );
    for (x, expected) in [
        (In::Int(25), Err(codes::UNSCORABLE)),
        (In::Int(26), Ok(Value::Integer(101))),
        (In::Int(29), Ok(Value::Integer(101))),
        (In::Int(30), Err(codes::UNSCORABLE)),
        (In::Int(50), Ok(Value::Integer(102))),
        (In::Int(i64::MIN), Err(codes::UNSCORABLE)),
        (In::Missing, Err(codes::UNSCORABLE)),
        (In::Special(0), Err(codes::UNSCORABLE)),
    ] {
        assert_eq!(first(&program, std::slice::from_ref(&x)), expected, "{x:?}");
    }
    let error = decide(&program, &[In::Int(25)]).error.unwrap();
    assert_eq!(error.message, "no attribute of `x` in scorecard `card0` matches its value 25: the score is undefined");
}

#[test]
fn categories_of_every_type() {
    let rows = |words: [&str; 3]| {
        let [a, b, c] = words;
        vec![row(values(&[a, b]), "1", None), row(values(&[c]), "2", None), row(AttributePredicate::Else, "3", None)]
    };
    let program = one_fact_card(DataType::Enum(domain(&["p", "q", "r", "s"])), rows(["r", "p", "q"]));
    for (symbol, points) in [(0, 101), (1, 102), (2, 101), (3, 103)] {
        assert_eq!(first(&program, &[In::Symbol(symbol)]), Ok(Value::Integer(points)));
    }
    let program = one_fact_card(DataType::Text, rows(["b", "d", "a"]));
    for (word, points) in [("a", 102), ("b", 101), ("c", 103), ("d", 101), ("", 103), ("zz", 103)] {
        assert_eq!(first(&program, &[In::Text(word)]), Ok(Value::Integer(points)), "{word}");
    }
    let program =
        one_fact_card(DataType::Boolean, vec![row(values(&["true"]), "1", None), row(values(&["false"]), "2", None)]);
    assert_eq!(first(&program, &[In::Bool(true)]), Ok(Value::Integer(101)));
    assert_eq!(first(&program, &[In::Bool(false)]), Ok(Value::Integer(102)));
    let day = |text| Some(BoundText::Date(date(text)));
    let before = AttributePredicate::Interval { lower: None, upper: day("2026-01-01") };
    let since = AttributePredicate::Interval { lower: day("2026-01-01"), upper: None };
    let program = one_fact_card(DataType::Date, vec![row(before, "1", None), row(since, "2", None)]);
    assert_eq!(first(&program, &[In::Date("2025-12-31")]), Ok(Value::Integer(101)));
    assert_eq!(first(&program, &[In::Date("2026-01-01")]), Ok(Value::Integer(102)));
}

/// A computed number with many digits, next to a cut with fewer and with more.
#[test]
fn computed_decimals_are_placed_exactly() {
    let cases = [
        ("0.3499999999999999999999999999", "101"),
        ("0.35", "102"),
        ("0.3500000000000000000000000001", "102"),
        ("1.9999999999999999999999999999", "102"),
        ("2", "103"),
        ("79228162514264337593543950335", "103"),
        ("-79228162514264337593543950335", "101"),
    ];
    for scale in [2, 28] {
        for (x, expected) in cases {
            if scale < 9 && d(x).scale() > u32::from(scale) {
                continue;
            }
            let mut kit = Kit::new();
            let mut body = dec(x);
            body.ty = Type::plain(decimal(scale));
            let x_expr = kit.derive("x", body);
            let rows = vec![
                row(interval(None, Some("0.35")), "1", None),
                row(interval(Some("0.35"), Some("2")), "2", None),
                row(AttributePredicate::Else, "3", None),
            ];
            let card = add_card(&mut kit, BELOW_MAX, None, vec![(characteristic("x", rows), x_expr)]);
            kit.output("score", DataType::Integer, false, score(card, None));
            assert_eq!(first(&kit.program(), &[]), Ok(Value::Integer(expected.parse().unwrap())), "{x} at {scale}");
        }
    }
}

/// A characteristic and its attributes: points and reason code.
type Line<'a> = (&'a str, &'a [(&'a str, Option<&'a str>)]);

fn ranked(settings: ReasonSettings, scale: Option<u8>, table: &[Line<'_>]) -> (Program, Vec<In>) {
    let mut kit = Kit::new();
    let mut rows = Vec::new();
    for (name, attributes) in table {
        let x = kit.fact(name, DataType::Integer);
        let attributes = attributes
            .iter()
            .zip(0..)
            .map(|((points, reason), n): (_, i64)| row(values(&[&n.to_string()]), points, *reason));
        rows.push((characteristic(name, attributes.collect()), x));
    }
    let count = rows.len();
    let card = add_card(&mut kit, settings, scale, rows);
    let data_type = scale.map_or(DataType::Integer, |scale| DataType::Decimal { scale });
    kit.output("score", data_type, false, score(card, scale));
    (kit.program(), vec![In::Int(0); count])
}

fn integers(reasons: Vec<(String, Points)>) -> Vec<(String, i64)> {
    let plain = |(code, points)| match points {
        Points::Integer(points) => (code, points),
        Points::Decimal(points) => panic!("{points}"),
    };
    reasons.into_iter().map(plain).collect()
}

fn codes_of(reasons: &[(&str, i64)]) -> Vec<(String, i64)> {
    reasons.iter().map(|(code, points)| ((*code).to_owned(), *points)).collect()
}

#[test]
fn reasons_are_summed_ranked_and_cut() {
    let table: &[Line<'_>] = &[
        ("a", &[("10", Some("A")), ("30", Some("A"))]), // 20 below
        ("b", &[("5", Some("B")), ("45", Some("B"))]),  // 40 below
        ("c", &[("10", Some("C")), ("30", None)]),      // 20 below: after a
        ("d", &[("0", None), ("99", Some("D"))]),       // no code
        ("e", &[("7", Some("E")), ("7", Some("E"))]),   // 0
        ("f", &[("1", Some("A")), ("26", Some("F"))]),  // A again: 25 more
    ];
    let (program, facts) = ranked(BELOW_MAX, None, table);
    assert_eq!(integers(reasons(&program, &facts)), codes_of(&[("A", 45), ("B", 40), ("C", 20)]));
    let keep = ReasonSettings { keep_zero: true, ..BELOW_MAX };
    let (program, facts) = ranked(keep, None, table);
    assert_eq!(integers(reasons(&program, &facts)), codes_of(&[("A", 45), ("B", 40), ("C", 20), ("E", 0)]));
    let two = ReasonSettings { most: 2, ..BELOW_MAX };
    let (program, facts) = ranked(two, None, table);
    assert_eq!(integers(reasons(&program, &facts)), codes_of(&[("A", 45), ("B", 40)]));
    let none = ReasonSettings { most: 0, ..BELOW_MAX };
    let (program, facts) = ranked(none, None, table);
    assert_eq!(reasons(&program, &facts), []);
    // Above the least points: nothing is above where the first row is the least.
    let above = ReasonSettings { algorithm: ReasonCodeAlgorithm::PointsAbove, baseline: BaselineMethod::Min, ..keep };
    let (program, facts) = ranked(above, None, &[("a", &[("10", Some("A")), ("4", None)]), ("b", &[("1", Some("B"))])]);
    assert_eq!(integers(reasons(&program, &facts)), codes_of(&[("A", 6), ("B", 0)]));
}

/// 10/3 and 10/3 tie exactly, whatever a rounded quotient would say; printed half up with 4 digits.
#[test]
fn means_are_fractions() {
    let mean = ReasonSettings { baseline: BaselineMethod::Mean, ..BELOW_MAX };
    let table: &[Line<'_>] = &[
        ("a", &[("0", Some("A")), ("10", None), ("0", None)]),
        ("b", &[("5", Some("B")), ("10", None), ("10", None)]),
        ("c", &[("1", Some("C")), ("2", None), ("3", None), ("4", None), ("5", None), ("7", None)]),
    ];
    let (program, facts) = ranked(mean, None, table);
    let text = |code: &str, points: &str| (code.to_owned(), Points::Decimal(points.to_owned()));
    assert_eq!(reasons(&program, &facts), [text("A", "3.3333"), text("B", "3.3333"), text("C", "2.6667")]);
}

#[test]
fn decimal_points_print_with_the_digits_of_the_card() {
    let (program, facts) = ranked(BELOW_MAX, Some(2), &[("a", &[("1.5", Some("A")), ("3", None)])]);
    assert_eq!(first(&program, &facts), Ok(Value::Decimal(d("101.5"))));
    assert_eq!(reasons(&program, &facts), [("A".to_owned(), Points::Decimal("1.50".to_owned()))]);
}

#[test]
fn a_score_that_does_not_fit_is_an_error() {
    let (program, facts) = ranked(BELOW_MAX, None, &[("a", &[("9223372036854775707", None)])]);
    assert_eq!(first(&program, &facts), Ok(Value::Integer(i64::MAX)));
    let (program, facts) = ranked(BELOW_MAX, None, &[("a", &[("9223372036854775708", None)])]);
    assert_eq!(first(&program, &facts), Err(codes::OVERFLOW));
    // Only the total counts, not the way to it.
    let (program, facts) = ranked(BELOW_MAX, None, &[("a", &[("9223372036854775708", None)]), ("b", &[("-1", None)])]);
    assert_eq!(first(&program, &facts), Ok(Value::Integer(i64::MAX)));
}

/// Two cards, one asked for twice: reasons in the order of the first calls, each card once, each code once.
#[test]
fn cards_answer_from_memory() {
    let mut kit = Kit::new();
    let x = kit.fact("x", DataType::Integer);
    let rows = |code: &str| {
        vec![(
            characteristic("x", vec![row(values(&["0"]), "1", Some(code)), row(values(&["1"]), "5", None)]),
            x.clone(),
        )]
    };
    let a = add_card(&mut kit, BELOW_MAX, None, rows("A"));
    let b = add_card(&mut kit, BELOW_MAX, None, rows("B"));
    let again = add_card(&mut kit, BELOW_MAX, None, rows("A"));
    let points = e(ExprKind::CardPoints { card: b.clone(), characteristic: 0 }, INTEGER);
    kit.output("b", DataType::Integer, false, score(b.clone(), None));
    kit.output("a", DataType::Integer, false, score(a, None));
    kit.output("c", DataType::Integer, false, score(again, None));
    kit.output("b_again", DataType::Integer, false, score(b, None));
    kit.output("points", DataType::Integer, false, points);
    let program = kit.program();
    let decision = decide(&program, &[In::Int(0)]);
    let found: Vec<_> = decision.outputs.unwrap().into_iter().map(|output| output.value).collect();
    assert_eq!(found, [101, 101, 101, 101, 1].map(Value::Integer));
    let codes: Vec<_> = decision.reasons.iter().map(|reason| reason.code.as_str()).collect();
    assert_eq!(codes, ["B", "A"]);
    let trace = decision.trace.unwrap();
    let cards: Vec<_> = trace.scorecards.iter().map(|card| card.scorecard.as_str()).collect();
    assert_eq!(cards, ["card1", "card0", "card2"]);
    let seen = &trace.scorecards[0].characteristics[0];
    assert_eq!((seen.attribute.as_str(), seen.line, &seen.points), ("0", 7, &Value::Integer(1)));
    assert_eq!((&seen.value, seen.reason.as_deref()), (&TraceValue::Shown(Value::Integer(0)), Some("B")));
}

#[test]
fn scales_are_half_open_and_closed_to_the_outside() {
    let band = |from: Option<&str>, to: Option<&str>, grade: &str| Band {
        from: from.map(d),
        to: to.map(d),
        values: vec![text(grade)],
        span: Span::default(),
    };
    let grades = domain(&["A", "B", "C"]);
    let scale = Scale {
        complete: true,
        name: "master".into(),
        outputs: vec![Output {
            name: "grade".into(),
            data_type: DataType::Enum(grades.clone()),
            optional: false,
            span: Span::default(),
        }],
        bands: vec![
            band(Some("600.5"), None, "A"),
            band(Some("500"), Some("600.5"), "B"),
            band(Some("0"), Some("500"), "C"),
        ],
        span: Span::default(),
    };
    for (x, expected) in [
        ("600.5", Ok("A")),
        ("600.49999999999999", Ok("B")),
        ("500", Ok("B")),
        ("499.9999999999999999999", Ok("C")),
        ("0", Ok("C")),
        ("-0.0000000000000001", Err(codes::OUTSIDE_SCALE)),
        ("79228162514264337593543950335", Ok("A")),
    ] {
        let mut kit = Kit::new();
        kit.checked.ruleset.scales.push(scale.clone());
        let record =
            TypeKind::Record(std::sync::Arc::new(vec![("grade".into(), Type::plain(TypeKind::Enum(grades.clone())))]));
        let found = e(ExprKind::Scale { scale: 0, value: dec(x) }, record);
        let grade = e(ExprKind::Field { record: found, index: 0 }, TypeKind::Enum(grades.clone()));
        kit.output("grade", DataType::Enum(grades.clone()), false, grade);
        assert_eq!(first(&kit.program(), &[]), expected.map(text), "{x}");
    }
}
