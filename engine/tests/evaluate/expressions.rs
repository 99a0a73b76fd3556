//! Values, conditions, arithmetic and functions.

use trutina_engine::diagnostic::codes;
use trutina_engine::ruleset::checked::{ArithmeticOp, Comparison, Expr, ExprKind, Function, Type, TypeKind};
use trutina_engine::schema::{DataType, ValueSpec};
use trutina_engine::value::Value;
use trutina_engine::value::date::DayCount;
use trutina_engine::value::decimal::RoundingMode;

use crate::kit::*;

fn compare(op: Comparison, left: Expr, right: Expr) -> Expr {
    e(ExprKind::Compare { op, left, right }, BOOLEAN)
}

fn arithmetic(op: ArithmeticOp, left: Expr, right: Expr, ty: TypeKind) -> Expr {
    e(ExprKind::Arithmetic { op, left, right }, ty)
}

fn call(function: Function, arguments: Vec<Expr>, ty: TypeKind) -> Expr {
    e(ExprKind::Call { function, arguments }, ty)
}

const OPS: [Comparison; 6] = [
    Comparison::Equal,
    Comparison::NotEqual,
    Comparison::Less,
    Comparison::LessEqual,
    Comparison::Greater,
    Comparison::GreaterEqual,
];

fn holds(op: Comparison, order: std::cmp::Ordering) -> bool {
    match op {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterEqual => order.is_ge(),
    }
}

/// A fact against a constant, both ways round, for every operator: the fused nodes agree with the order of decimals.
#[test]
fn a_fact_compares_with_constants_exactly() {
    let constants =
        ["0", "1", "-1", "25", "25.5", "25.50", "25.499999999999999999999", "-0.005", "1e3", "99999999999999999999"];
    let facts = ["0", "25", "25.49", "25.50", "25.51", "-0.01", "1000", "-1"];
    for constant in constants.map(d) {
        let exact = |value| super::kit::constant(Value::Decimal(value), INTEGER).with_type(Type::plain(decimal(28)));
        for op in OPS {
            for mirrored in [false, true] {
                let mut kit = Kit::new();
                let fact = kit.fact("x", DataType::Decimal { scale: 2 });
                let n = kit.fact("n", DataType::Integer);
                for fact in [fact, n] {
                    let test = match mirrored {
                        false => compare(op, fact, exact(constant)),
                        true => compare(op, exact(constant), fact),
                    };
                    kit.output("b", DataType::Boolean, false, test);
                }
                let program = kit.program();
                for x in facts {
                    let n = i64::try_from(d(x).trunc().mantissa()).unwrap();
                    let decision = decide(&program, &[In::Dec(x), In::Int(n)]);
                    let outputs = decision.outputs.unwrap();
                    for (fact, output) in [d(x), d(&n.to_string())].into_iter().zip(outputs) {
                        let order = if mirrored { constant.cmp(&fact) } else { fact.cmp(&constant) };
                        let expected = Value::Boolean(holds(op, order));
                        assert_eq!(output.value, expected, "{op:?} {fact} {constant} mirrored {mirrored}");
                    }
                }
            }
        }
    }
}

#[test]
fn integers_beyond_the_range_of_the_type_compare() {
    for (op, constant, expected) in [
        (Comparison::Less, "99999999999999999999", true),
        (Comparison::Greater, "99999999999999999999", false),
        (Comparison::Greater, "-99999999999999999999", true),
        (Comparison::LessEqual, "-99999999999999999999", false),
        (Comparison::NotEqual, "99999999999999999999", true),
        (Comparison::LessEqual, "9223372036854775807", true),
        (Comparison::Less, "9223372036854775807", false),
    ] {
        let mut kit = Kit::new();
        let n = kit.fact("n", DataType::Integer);
        kit.output("b", DataType::Boolean, false, compare(op, n, dec(constant)));
        assert_eq!(first(&kit.program(), &[In::Int(i64::MAX)]), Ok(Value::Boolean(expected)), "{op:?} {constant}");
    }
}

#[test]
fn computed_values_compare() {
    let cases = [
        (compare(Comparison::Less, int(1), dec("1.5")), true),
        (compare(Comparison::Equal, dec("1.50"), dec("1.5")), true),
        (compare(Comparison::GreaterEqual, int(2), int(3)), false),
        (compare(Comparison::Less, constant(text("a"), TypeKind::Text), constant(text("b"), TypeKind::Text)), true),
        (compare(Comparison::Equal, truth(true), truth(false)), false),
        (
            compare(
                Comparison::Greater,
                constant(Value::Date(date("2026-01-02")), TypeKind::Date),
                constant(Value::Date(date("2026-01-01")), TypeKind::Date),
            ),
            true,
        ),
        (e(ExprKind::Not(truth(false)), BOOLEAN), true),
        (e(ExprKind::InRange { value: int(5), start: 1, end: 5, inclusive: false }, BOOLEAN), false),
        (e(ExprKind::InRange { value: int(5), start: 1, end: 5, inclusive: true }, BOOLEAN), true),
        (
            e(ExprKind::InSet { value: dec("2.50"), set: vec![Value::Integer(1), Value::Decimal(d("2.5"))] }, BOOLEAN),
            true,
        ),
    ];
    for (expr, expected) in cases {
        assert_eq!(value_of(expr.clone(), DataType::Boolean), Ok(Value::Boolean(expected)), "{expr:?}");
    }
}

#[test]
fn enums_in_sets_of_any_size() {
    let names: Vec<String> = (0..200).map(|n| format!("v{n}")).collect();
    let domain = domain(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let mut kit = Kit::new();
    let x = kit.fact("x", DataType::Enum(std::sync::Arc::clone(&domain)));
    let small = kit.fact("small", DataType::Enum(super::kit::domain(&["a", "b", "c"])));
    let set = |values: &[&str]| values.iter().map(|value| text(value)).collect::<Vec<_>>();
    let wide = e(ExprKind::InSet { value: x.clone(), set: set(&["v3", "v64", "v199"]) }, BOOLEAN);
    let narrow = e(ExprKind::InSet { value: small, set: set(&["a", "c"]) }, BOOLEAN);
    let same = compare(Comparison::NotEqual, x.clone(), constant(text("v64"), x.ty.kind.clone()));
    kit.output("wide", DataType::Boolean, false, wide);
    kit.output("narrow", DataType::Boolean, false, narrow);
    kit.output("same", DataType::Boolean, false, same);
    let program = kit.program();
    for (x, small, expected) in [
        (3, 0, [true, true, true]),
        (64, 1, [true, false, false]),
        (199, 2, [true, true, true]),
        (0, 1, [false, false, true]),
        (65, 1, [false, false, true]),
        (128, 1, [false, false, true]),
    ] {
        let outputs = decide(&program, &[In::Symbol(x), In::Symbol(small)]).outputs.unwrap();
        let found: Vec<_> = outputs.into_iter().map(|output| output.value).collect();
        assert_eq!(found, expected.map(Value::Boolean), "{x}");
    }
}

#[test]
fn arithmetic_is_exact_or_an_error() {
    use ArithmeticOp::*;
    let integer = |op, a, b| value_of(arithmetic(op, int(a), int(b), INTEGER), DataType::Integer);
    assert_eq!(integer(Add, 2, 3), Ok(Value::Integer(5)));
    assert_eq!(integer(Subtract, i64::MIN, 1), Err(codes::OVERFLOW));
    assert_eq!(integer(Multiply, -4, 3), Ok(Value::Integer(-12)));
    assert_eq!(integer(Remainder, -7, 3), Ok(Value::Integer(-1)));
    assert_eq!(integer(Remainder, 7, 0), Err(codes::DIVISION_BY_ZERO));
    assert_eq!(integer(Power, 2, 62), Ok(Value::Integer(1 << 62)));
    assert_eq!(integer(Power, 2, 63), Err(codes::OVERFLOW));
    let ten = DataType::Decimal { scale: 10 };
    let decimals = |op, a, b| value_of(arithmetic(op, dec(a), dec(b), decimal(10)), ten.clone());
    assert_eq!(decimals(Add, "0.1", "0.2"), Ok(Value::Decimal(d("0.3"))));
    assert_eq!(decimals(Multiply, "1.5", "-2"), Ok(Value::Decimal(d("-3"))));
    assert_eq!(decimals(Multiply, "0.00000000000000000001", "0.00000000000000000001"), Err(codes::LOST_DIGITS));
    let mixed = arithmetic(Subtract, int(1), dec("0.25"), decimal(2));
    assert_eq!(value_of(mixed, ten), Ok(Value::Decimal(d("0.75"))));
    let negate = |expr: Expr| e(ExprKind::Negate(expr.clone()), expr.ty.kind.clone());
    assert_eq!(value_of(negate(int(i64::MIN)), DataType::Integer), Err(codes::OVERFLOW));
    assert_eq!(value_of(negate(int(3)), DataType::Integer), Ok(Value::Integer(-3)));
    assert_eq!(value_of(negate(dec("0.5")), DataType::Decimal { scale: 1 }), Ok(Value::Decimal(d("-0.5"))));
}

#[test]
fn functions() {
    let half_up = RoundingMode::HalfUp;
    let day = |text: &str| constant(Value::Date(date(text)), TypeKind::Date);
    let word = |value: &str| constant(text(value), TypeKind::Text);
    let (whole, two, yes, when) =
        (DataType::Integer, DataType::Decimal { scale: 2 }, DataType::Boolean, DataType::Date);
    let cases = [
        (call(Function::Round(1, half_up), vec![dec("2.25")], decimal(1)), &two, Ok(Value::Decimal(d("2.3")))),
        (call(Function::Div(2, half_up), vec![int(1), int(3)], decimal(2)), &two, Ok(Value::Decimal(d("0.33")))),
        (call(Function::Div(2, half_up), vec![int(1), int(0)], decimal(2)), &two, Err(codes::DIVISION_BY_ZERO)),
        (call(Function::Min, vec![int(1), dec("2.5")], decimal(1)), &two, Ok(Value::Decimal(d("1")))),
        (call(Function::Max, vec![int(1), int(2)], INTEGER), &whole, Ok(Value::Integer(2))),
        (call(Function::Abs, vec![int(-2)], INTEGER), &whole, Ok(Value::Integer(2))),
        (call(Function::Abs, vec![int(i64::MIN)], INTEGER), &whole, Err(codes::OVERFLOW)),
        (call(Function::Abs, vec![dec("-2.5")], decimal(1)), &two, Ok(Value::Decimal(d("2.5")))),
        (call(Function::Clamp, vec![int(9), int(1), int(5)], INTEGER), &whole, Ok(Value::Integer(5))),
        (call(Function::Clamp, vec![int(0), int(1), int(5)], INTEGER), &whole, Ok(Value::Integer(1))),
        (call(Function::Clamp, vec![int(3), int(1), int(5)], INTEGER), &whole, Ok(Value::Integer(3))),
        (call(Function::Clamp, vec![int(3), int(5), int(1)], INTEGER), &whole, Err(codes::CLAMP_BOUNDS)),
        (
            call(Function::DaysBetween, vec![day("2026-01-01"), day("2026-03-01")], INTEGER),
            &whole,
            Ok(Value::Integer(59)),
        ),
        (
            call(Function::MonthsBetween, vec![day("2026-01-31"), day("2026-02-28")], INTEGER),
            &whole,
            Ok(Value::Integer(1)),
        ),
        (
            call(Function::AddDays, vec![day("2026-01-31"), int(1)], TypeKind::Date),
            &when,
            Ok(Value::Date(date("2026-02-01"))),
        ),
        (call(Function::AddDays, vec![day("9999-12-31"), int(1)], TypeKind::Date), &when, Err(codes::DATE_RANGE)),
        (
            call(Function::AddMonths, vec![day("2026-02-28"), int(1)], TypeKind::Date),
            &when,
            Ok(Value::Date(date("2026-03-28"))),
        ),
        (
            call(Function::AddMonthsEndOfMonth, vec![day("2026-02-28"), int(1)], TypeKind::Date),
            &when,
            Ok(Value::Date(date("2026-03-31"))),
        ),
        (
            call(Function::AgeInYears, vec![day("2008-02-29"), day("2026-02-28")], INTEGER),
            &whole,
            Ok(Value::Integer(17)),
        ),
        (
            call(
                Function::YearFraction(DayCount::Thirty360, 2, half_up),
                vec![day("2026-01-31"), day("2026-07-31")],
                decimal(2),
            ),
            &two,
            Ok(Value::Decimal(d("0.5"))),
        ),
        (
            call(Function::ScoreFromGoodOdds(2, half_up), vec![int(100), int(20), int(600), int(50)], decimal(2)),
            &two,
            Ok(Value::Decimal(d("620"))),
        ),
        (
            call(Function::GoodOddsFromScore(2, half_up), vec![int(620), int(20), int(600), int(50)], decimal(2)),
            &two,
            Ok(Value::Decimal(d("100"))),
        ),
        (
            call(Function::PdFromScore(2, half_up), vec![int(500), int(20), int(600), int(50)], decimal(2)),
            &two,
            Ok(Value::Decimal(d("0.39"))),
        ),
        (
            call(Function::PdFromScore(2, half_up), vec![int(500), int(0), int(600), int(50)], decimal(2)),
            &two,
            Err(codes::ODDS_DOMAIN),
        ),
        (call(Function::StartsWith, vec![word("abc"), word("ab")], BOOLEAN), &yes, Ok(Value::Boolean(true))),
        (call(Function::EndsWith, vec![word("abc"), word("ab")], BOOLEAN), &yes, Ok(Value::Boolean(false))),
        (call(Function::Contains, vec![word("客户评级"), word("户评")], BOOLEAN), &yes, Ok(Value::Boolean(true))),
        (call(Function::TextLen, vec![word("客户评级")], INTEGER), &whole, Ok(Value::Integer(4))),
    ];
    for (expr, data_type, expected) in cases {
        assert_eq!(value_of(expr.clone(), data_type.clone()), expected, "{expr:?}");
    }
}

#[test]
fn missing_and_special_values() {
    let mut kit = Kit::new();
    let spec = ValueSpec { optional: true, special: specials(&["none", "closed"]), ..ValueSpec::of(DataType::Integer) };
    let x = kit.fact_spec("x", spec);
    let is_missing = e(ExprKind::IsMissing(x.clone()), BOOLEAN);
    let any = e(ExprKind::IsSpecial { value: x.clone(), code: None }, BOOLEAN);
    let closed = e(ExprKind::IsSpecial { value: x.clone(), code: Some(1) }, BOOLEAN);
    let value_or = e(ExprKind::ValueOr { value: x.clone(), default: int(7) }, INTEGER);
    let coalesce = e(ExprKind::Coalesce { value: x, default: int(8) }, INTEGER);
    let special = e(ExprKind::IsSpecial { value: coalesce.clone(), code: None }, BOOLEAN);
    for (name, expr) in [("m", is_missing), ("any", any), ("closed", closed), ("passes", special)] {
        kit.output(name, DataType::Boolean, false, expr);
    }
    kit.output("or", DataType::Integer, false, value_or);
    let program = kit.program();
    for (x, expected, number) in [
        (In::Missing, [true, false, false, false], 7),
        (In::Special(0), [false, true, false, true], 7),
        (In::Special(1), [false, true, true, true], 7),
        (In::Int(3), [false, false, false, false], 3),
    ] {
        let outputs = decide(&program, std::slice::from_ref(&x)).outputs.unwrap();
        let found: Vec<_> = outputs.iter().map(|output| output.value.clone()).collect();
        assert_eq!(found[..4], expected.map(Value::Boolean), "{x:?}");
        assert_eq!(found[4], Value::Integer(number), "{x:?}");
    }
}

#[test]
fn conversions() {
    let to_decimal = e(ExprKind::ToDecimal(int(3)), decimal(0));
    assert_eq!(value_of(to_decimal, DataType::Decimal { scale: 2 }), Ok(Value::Decimal(d("3"))));
    let to_integer = |x| e(ExprKind::ToInteger(dec(x)), INTEGER);
    assert_eq!(value_of(to_integer("3.00"), DataType::Integer), Ok(Value::Integer(3)));
    assert_eq!(value_of(to_integer("9223372036854775808"), DataType::Integer), Err(codes::OVERFLOW));
    let (small, large) = (domain(&["b", "a"]), domain(&["a", "b", "c"]));
    let b = constant(text("b"), TypeKind::Enum(small));
    let moved = e(ExprKind::ToEnum { value: b.clone(), map: vec![1, 0] }, TypeKind::Enum(large.clone()));
    assert_eq!(value_of(moved, DataType::Enum(large)), Ok(text("b")));
    assert_eq!(value_of(e(ExprKind::ToText(b), TypeKind::Text), DataType::Text), Ok(text("b")));
    assert_eq!(value_of(e(ExprKind::AsOf, TypeKind::Date), DataType::Date), Ok(Value::Date(as_of())));
}

/// A decimal output is fixed to its scale; what does not fit the digits of a decimal is an error.
#[test]
fn outputs_have_their_declared_digits() {
    let mut kit = Kit::new();
    kit.output("x", DataType::Decimal { scale: 4 }, false, dec("12.5"));
    let outputs = decide(&kit.program(), &[]).outputs.unwrap();
    assert_eq!((outputs[0].value.clone(), outputs[0].scale), (Value::Decimal(d("12.5")), Some(4)));
    let wide = dec("79228162514264337593543950335");
    assert_eq!(
        value_of(wide.clone(), DataType::Decimal { scale: 0 }),
        Ok(Value::Decimal(d("79228162514264337593543950335")))
    );
    assert_eq!(value_of(wide, DataType::Decimal { scale: 2 }), Err(codes::OVERFLOW));
    assert_eq!(value_of(missing(), DataType::Integer), Ok(Value::Missing));
}
