//! What the Rhai interpreter asks of parameters, cards, scales and tables: the reference answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use num_traits::ToPrimitive;
use trutina_engine::diagnostic::Span;
use trutina_engine::diagnostic::codes::Code;
use trutina_engine::ruleset::Ruleset;
use trutina_engine::value::date::Date;
use trutina_script::oracle::{
    self, Civil as RhaiCivil, Failure as RhaiFailure, Host, Kind, ReadFact, Value as RhaiValue,
};

use super::calendar::Civil;
use super::evaluate::{Flow, Machine, Step};
use super::number::{Number, from_decimal, power_of_ten, whole};
use super::value::Value;
use super::{Answer, Failure, Reached, facts, outcome};

/// The reference as the interpreter's host: every question is answered by a machine of its own.
struct Artefacts {
    ruleset: Arc<Ruleset>,
    facts: Vec<Value>,
    as_of: Civil,
}

/// What the interpreter made of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Interpreted {
    /// Outputs and hits as canonical text.
    Decided {
        /// `outputs`
        outputs: String,
        /// `hits`
        hits: String,
    },
    /// An error with its code.
    Failed(String),
    /// A difference that the contract excuses: a closure over one of the customer's own lists that reads other facts.
    Excused,
}

/// Runs the script on Rhai's interpreter. `None` where the script is not asked: the record is not even read.
pub fn interpret(ruleset: &Arc<Ruleset>, rules: &str, record: &str, as_of: Date) -> Option<Interpreted> {
    let civil = Civil::from_day_number(i64::from(as_of.days()));
    let values = facts::read(&ruleset.facts, record).ok()?;
    let given: BTreeMap<String, RhaiValue> =
        ruleset.facts.iter().zip(&values).map(|(fact, value)| (fact.name.clone(), to_rhai(value))).collect();
    let host = Artefacts { ruleset: Arc::clone(ruleset), facts: values, as_of: civil };
    Some(match oracle::run(rules, given, &civil.text(), host) {
        Ok(found) => {
            let held: Vec<(String, String)> =
                found.rules.into_iter().filter(|(_, _, held)| *held).map(|(id, effect, _)| (id, effect)).collect();
            match outcome::outputs_of(ruleset, |name| found.outputs.get(name).map(from_rhai)) {
                Ok(outputs) => Interpreted::Decided { outputs, hits: outcome::hits_text(&held) },
                Err(code) => Interpreted::Failed(code.to_string()),
            }
        }
        Err(failure) if failure.kind == Kind::DataRace => Interpreted::Excused,
        Err(failure) => {
            Interpreted::Failed(failure.code.map_or_else(|| failure.message.clone(), |code| code.to_string()))
        }
    })
}

/// Whether the interpreter's result is that of an answer, or excused: a lost digit is Rhai's silent rounding, and of two
/// errors in one chain of methods Rhai meets those of the arguments first (`first`).
pub fn agrees(answer: &Answer, interpreted: &Interpreted, first: impl FnOnce() -> Option<Code>) -> bool {
    match (interpreted, &answer.error) {
        (Interpreted::Excused, _) => true,
        (_, Some(failure)) if failure.code.number() == 4003 => true,
        (Interpreted::Decided { outputs, hits }, None) => *outputs == answer.outputs && *hits == answer.hits,
        (Interpreted::Failed(code), Some(failure)) => {
            *code == failure.code.to_string() || first().is_some_and(|first| *code == first.to_string())
        }
        _ => false,
    }
}

impl Artefacts {
    fn ask(&self, question: impl FnOnce(&mut Machine<'_>) -> Step) -> Result<Value, RhaiFailure> {
        let reached = Reached::default();
        let mut machine = Machine::new(&self.ruleset, self.facts.clone(), self.as_of, &reached);
        question(&mut machine).map_err(|flow| match flow {
            Flow::Fail(Failure { code, .. }) => RhaiFailure::new(code, "the reference says so"),
            _ => RhaiFailure::unknown("way", "out"),
        })
    }
}

impl Host for Artefacts {
    fn parameter(&self, name: &str) -> Result<RhaiValue, RhaiFailure> {
        self.ask(|machine| Ok(machine.parameter(name))).map(|value| to_rhai(&value))
    }

    fn scorecard(&self, name: &str, _: ReadFact<'_>) -> Result<RhaiValue, RhaiFailure> {
        let mut points = BTreeMap::new();
        let score = self.ask(|machine| {
            let card = machine.scorecard(name, Span::default())?;
            let result = &machine.cards.last().expect("the card").1;
            points = result.points.iter().map(|(name, points)| (name.clone(), to_rhai(points))).collect();
            machine.property(&card, "score")
        })?;
        let fields = [("score".to_owned(), to_rhai(&score)), ("points".to_owned(), RhaiValue::Record(points))];
        Ok(RhaiValue::Record(fields.into()))
    }

    fn scale(&self, name: &str, number: RhaiValue) -> Result<RhaiValue, RhaiFailure> {
        let x = from_rhai(&number);
        self.ask(|machine| machine.scale(name, x.number(), Span::default())).map(|value| to_rhai(&value))
    }

    fn table(&self, name: &str, arguments: Vec<RhaiValue>, _: ReadFact<'_>) -> Result<RhaiValue, RhaiFailure> {
        let arguments: Vec<Value> = arguments.iter().map(from_rhai).collect();
        self.ask(|machine| machine.table(name, false, &arguments, Span::default())).map(|value| to_rhai(&value))
    }

    fn matrix(&self, name: &str, row: RhaiValue, column: RhaiValue, _: ReadFact<'_>) -> Result<RhaiValue, RhaiFailure> {
        let arguments = [from_rhai(&row), from_rhai(&column)];
        self.ask(|machine| machine.table(name, true, &arguments, Span::default())).map(|value| to_rhai(&value))
    }

    fn odds(&self, function: &str, arguments: Vec<RhaiValue>) -> Result<RhaiValue, RhaiFailure> {
        let arguments: Vec<Value> = arguments.iter().map(from_rhai).collect();
        self.ask(|_| super::calls::plain(function, &arguments, Span::default())).map(|value| to_rhai(&value))
    }
}

fn to_rhai(value: &Value) -> RhaiValue {
    match value {
        Value::Missing => RhaiValue::Missing,
        Value::Special(name) => RhaiValue::Special(name.clone()),
        Value::Boolean(value) => RhaiValue::Boolean(*value),
        Value::Integer(number) => RhaiValue::Integer(number.to_integer().to_i64().expect("an i64")),
        Value::Decimal(number) => RhaiValue::Decimal(decimal(number)),
        Value::Text(text) => RhaiValue::Text(text.clone()),
        Value::Date(date) => RhaiValue::Date(RhaiCivil::parse(&date.text()).expect("a date")),
        Value::List(items) => RhaiValue::List(items.iter().map(to_rhai).collect()),
        Value::Record(fields) => {
            RhaiValue::Record(fields.iter().map(|(name, value)| (name.clone(), to_rhai(value))).collect())
        }
        other => panic!("{other:?} is no value of the interpreter"),
    }
}

fn decimal(number: &Number) -> trutina_engine::value::Decimal {
    let scale = super::number::digits(number).expect("a decimal");
    let coefficient = (number * power_of_ten(scale)).to_integer().to_i128().expect("a coefficient");
    trutina_engine::value::Decimal::from_i128_with_scale(coefficient, scale)
}

fn from_rhai(value: &RhaiValue) -> Value {
    match value {
        RhaiValue::Missing => Value::Missing,
        RhaiValue::Special(name) => Value::Special(name.clone()),
        RhaiValue::Boolean(value) => Value::Boolean(*value),
        RhaiValue::Integer(n) => Value::Integer(whole(*n)),
        RhaiValue::Decimal(decimal) => Value::Decimal(from_decimal(*decimal)),
        RhaiValue::Text(text) => Value::Text(text.clone()),
        RhaiValue::Date(date) => Value::Date(Civil { year: date.year, month: date.month, day: date.day }),
        RhaiValue::List(items) => Value::List(items.iter().map(from_rhai).collect()),
        RhaiValue::Record(fields) => {
            Value::Record(fields.iter().map(|(name, value)| (name.clone(), from_rhai(value))).collect())
        }
    }
}
