//! Decision tables: every row in force is tried, whatever the hit policy.

use std::cmp::Ordering;

use num_traits::ToPrimitive;
use trutina_engine::diagnostic::Span;
use trutina_engine::diagnostic::codes::{ANY_VIOLATED, NO_ROW_MATCHES, UNIQUE_VIOLATED};
use trutina_engine::ruleset::script::BinaryOp;
use trutina_engine::ruleset::{
    Aggregation, CellValue, DecisionTable, HitPolicy, NoMatch, OutputCell, TableRow, UnaryTest, UnaryTests,
};
use trutina_engine::schema::DataType;
use trutina_engine::value::date::Date;

use super::calendar::Civil;
use super::evaluate::{Flow, Machine, Step, arithmetic, fail};
use super::number::from_decimal;
use super::value::Value;

type Fields = Vec<(String, Value)>;

impl Machine<'_> {
    /// `table("name", ...)`, `matrix("name", row, column)`
    pub fn table(&mut self, name: &str, matrix: bool, arguments: &[Value], span: Span) -> Step {
        let ruleset = self.ruleset;
        let table = ruleset.tables.iter().find(|table| table.name == name && table.matrix == matrix).expect("a table");
        let matching: Vec<&TableRow> = table.rows.iter().filter(|row| self.row_matches(row, arguments)).collect();
        self.reach(format!("{:?}", table.hit_policy));
        // A cell may ask for a derived fact that calls another table: that call came later, so its reasons do too.
        let before = std::mem::take(&mut self.table_reasons);
        self.row_reasons.push(Vec::new());
        let result = if matching.is_empty() { self.no_match(table, span) } else { self.hit(table, &matching, span) };
        let own = self.row_reasons.pop().unwrap_or_default();
        let later = std::mem::replace(&mut self.table_reasons, before);
        self.table_reasons.extend(own.into_iter().chain(later));
        let result = result?;
        match result {
            Value::Record(mut fields) if matrix => Ok(fields.swap_remove(0).1),
            other => Ok(other),
        }
    }

    fn row_matches(&self, row: &TableRow, arguments: &[Value]) -> bool {
        let civil = |date: Date| Civil::from_day_number(i64::from(date.days()));
        let begun = row.valid_from.is_none_or(|from| civil(from) <= self.as_of);
        let ended = row.valid_until.is_some_and(|until| civil(until) <= self.as_of);
        begun && !ended && row.inputs.iter().zip(arguments).all(|(entry, value)| cell_matches(&entry.test, value))
    }

    fn hit(&mut self, table: &DecisionTable, rows: &[&TableRow], span: Span) -> Step {
        match table.hit_policy {
            HitPolicy::Unique if rows.len() > 1 => fail(UNIQUE_VIOLATED, span),
            HitPolicy::Unique | HitPolicy::First => self.select(table, rows[0]).map(Value::Record),
            HitPolicy::Any => {
                let mut results = self.outputs_of_all(table, rows)?;
                if results.iter().any(|other| !same(other, &results[0])) {
                    return fail(ANY_VIOLATED, span);
                }
                self.note(rows[0]);
                Ok(Value::Record(results.swap_remove(0)))
            }
            HitPolicy::Priority => {
                let (row, fields) = self.ranked(table, rows)?.swap_remove(0);
                self.note(row);
                Ok(Value::Record(fields))
            }
            HitPolicy::RuleOrder | HitPolicy::Collect(Aggregation::List) => {
                let records = self.outputs_of_all(table, rows)?;
                rows.iter().for_each(|row| self.note(row));
                Ok(Value::List(records.into_iter().map(Value::Record).collect()))
            }
            HitPolicy::OutputOrder => {
                let ranked = self.ranked(table, rows)?;
                ranked.iter().for_each(|(row, _)| self.note(row));
                Ok(Value::List(ranked.into_iter().map(|(_, fields)| Value::Record(fields)).collect()))
            }
            HitPolicy::Collect(aggregation) => {
                let figures: Vec<Value> =
                    self.outputs_of_all(table, rows)?.into_iter().map(|mut fields| fields.swap_remove(0).1).collect();
                rows.iter().for_each(|row| self.note(row));
                let value = aggregate(aggregation, &figures, span)?;
                Ok(Value::Record(vec![(table.outputs[0].name.clone(), value)]))
            }
        }
    }

    fn no_match(&mut self, table: &DecisionTable, span: Span) -> Step {
        self.reach(format!("no match {:?}", table.no_match));
        let count = table.hit_policy == HitPolicy::Collect(Aggregation::Count);
        match (table.no_match, &table.default_row) {
            (NoMatch::Default, Some(row)) if count => {
                self.select(table, row)?;
                Ok(Value::Record(vec![(table.outputs[0].name.clone(), Value::integer(1))]))
            }
            (NoMatch::Default, Some(row)) => {
                let fields = self.select(table, row)?;
                Ok(if is_list(table) { Value::List(vec![Value::Record(fields)]) } else { Value::Record(fields) })
            }
            (NoMatch::Missing, _) if is_list(table) => Ok(Value::List(Vec::new())),
            (NoMatch::Missing, _) if count => {
                Ok(Value::Record(vec![(table.outputs[0].name.clone(), Value::integer(0))]))
            }
            (NoMatch::Missing, _) => {
                Ok(Value::Record(table.outputs.iter().map(|output| (output.name.clone(), Value::Missing)).collect()))
            }
            _ => fail(NO_ROW_MATCHES, span),
        }
    }

    fn note(&mut self, row: &TableRow) {
        self.row_reasons.last_mut().expect("a look-up").extend(row.reason.clone());
    }

    fn select(&mut self, table: &DecisionTable, row: &TableRow) -> Result<Fields, Flow> {
        let fields = self.outputs(table, row)?;
        self.note(row);
        Ok(fields)
    }

    fn outputs_of_all(&mut self, table: &DecisionTable, rows: &[&TableRow]) -> Result<Vec<Fields>, Flow> {
        rows.iter().map(|row| self.outputs(table, row)).collect()
    }

    fn outputs(&mut self, table: &DecisionTable, row: &TableRow) -> Result<Fields, Flow> {
        let mut fields = Vec::new();
        for (output, entry) in table.outputs.iter().zip(&row.outputs) {
            let value = match &entry.value {
                OutputCell::Missing => Value::Missing,
                OutputCell::Literal(literal) => literal_value(literal),
                OutputCell::Expression(expr) => self.cell(expr)?,
            };
            fields.push((output.name.clone(), in_type(&output.data_type, value)));
        }
        Ok(fields)
    }

    /// Matching rows by the order of their enum outputs, from left to right; equal ranks in the order of the file.
    fn ranked<'r>(
        &mut self,
        table: &DecisionTable,
        rows: &[&'r TableRow],
    ) -> Result<Vec<(&'r TableRow, Fields)>, Flow> {
        let mut ranked: Vec<_> = rows.iter().copied().zip(self.outputs_of_all(table, rows)?).collect();
        ranked.sort_by(|(_, a), (_, b)| {
            for (index, output) in table.outputs.iter().enumerate() {
                if let DataType::Enum(domain) = &output.data_type {
                    let rank = |fields: &Fields| match &fields[index].1 {
                        Value::Text(text) => {
                            domain.values.iter().position(|value| value == text).expect("a value of the domain")
                        }
                        _ => usize::MAX,
                    };
                    match rank(a).cmp(&rank(b)) {
                        Ordering::Equal => {}
                        order => return order,
                    }
                }
            }
            Ordering::Equal
        });
        Ok(ranked)
    }
}

fn is_list(table: &DecisionTable) -> bool {
    matches!(table.hit_policy, HitPolicy::RuleOrder | HitPolicy::OutputOrder | HitPolicy::Collect(Aggregation::List))
}

fn same(a: &Fields, b: &Fields) -> bool {
    a.iter().zip(b).all(|((_, a), (_, b))| a.equals(b))
}

/// An output has its declared type: a whole number in a decimal column is a decimal, and the other way round.
fn in_type(data_type: &DataType, value: Value) -> Value {
    match (data_type, value) {
        (DataType::Decimal { .. }, Value::Integer(number)) => Value::Decimal(number),
        (DataType::Integer, Value::Decimal(number)) => Value::Integer(number),
        (_, value) => value,
    }
}

fn aggregate(aggregation: Aggregation, figures: &[Value], span: Span) -> Step {
    let first = figures[0].clone();
    let rest = &figures[1..];
    match aggregation {
        Aggregation::Count => Ok(Value::integer(figures.len().to_i64().expect("a length"))),
        Aggregation::Sum => rest.iter().try_fold(first, |sum, figure| arithmetic(BinaryOp::Add, &sum, figure, span)),
        Aggregation::Min => {
            Ok(rest.iter().fold(first, |best, figure| if figure.order(&best).is_lt() { figure.clone() } else { best }))
        }
        Aggregation::Max => {
            Ok(rest.iter().fold(first, |best, figure| if figure.order(&best).is_gt() { figure.clone() } else { best }))
        }
        Aggregation::List => unreachable!("a list is not aggregated"),
    }
}

/// Whether a cell matches. A missing input matches `-`, `null` and a `not(...)` without `null`; a special code matches
/// `-` and its own `special(...)`.
fn cell_matches(test: &UnaryTests, value: &Value) -> bool {
    match (test, value) {
        (UnaryTests::Any, _) => true,
        (UnaryTests::OneOf(tests), value) => tests.iter().any(|test| test_matches(test, value)),
        (UnaryTests::NoneOf(_), Value::Special(_)) => false,
        (UnaryTests::NoneOf(tests), value) => !tests.iter().any(|test| test_matches(test, value)),
    }
}

fn test_matches(test: &UnaryTest, value: &Value) -> bool {
    match (test, value) {
        (UnaryTest::Missing, value) => *value == Value::Missing,
        (UnaryTest::Special(wanted), Value::Special(code)) => wanted == code,
        (UnaryTest::Special(_), _) | (_, Value::Missing | Value::Special(_)) => false,
        (UnaryTest::Equal(literal), value) => literal_value(literal).equals(value),
        (UnaryTest::Interval { lower, upper }, value) => {
            let above = lower.as_ref().is_none_or(|(bound, closed)| match value.order(&literal_value(bound)) {
                Ordering::Greater => true,
                Ordering::Equal => *closed,
                Ordering::Less => false,
            });
            let below = upper.as_ref().is_none_or(|(bound, closed)| match value.order(&literal_value(bound)) {
                Ordering::Less => true,
                Ordering::Equal => *closed,
                Ordering::Greater => false,
            });
            above && below
        }
    }
}

fn literal_value(literal: &CellValue) -> Value {
    match literal {
        CellValue::Number(decimal) => Value::Decimal(from_decimal(*decimal)),
        CellValue::Text(text) | CellValue::Word(text) => Value::Text(text.clone()),
        CellValue::Boolean(value) => Value::Boolean(*value),
        CellValue::Date(date) => Value::Date(Civil::from_day_number(i64::from(date.days()))),
    }
}
