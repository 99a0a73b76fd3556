//! Output cells of tables: literals in the type of their column, and expressions over the facts.

use crate::diagnostic::Span;
use crate::diagnostic::codes::{OUTPUT_DIGITS, TABLE_CELL_TYPE};
use crate::ruleset::checked::{Expr, Type, TypeKind};
use crate::ruleset::{CellValue, HitPolicy, OutputCell};
use crate::schema::{DataType, Output};
use crate::value::Value;
use crate::value::decimal::to_i64_exact;

use super::Checker;
use super::body::{Binding, BodyKind};
use super::expression::{constant_of, decimal_type};
use super::types::{UNIT, noun, output_type};

impl<'r> Checker<'r> {
    /// The worst-case steps of one call: all rows under the policies that take all, else the dearest.
    pub(super) fn cells_cost(&mut self, index: usize) -> u64 {
        let Some(table) = self.ruleset.tables.get(index) else { return 0 };
        let all = matches!(
            table.hit_policy,
            HitPolicy::Any
                | HitPolicy::Priority
                | HitPolicy::RuleOrder
                | HitPolicy::OutputOrder
                | HitPolicy::Collect(_)
        );
        let mut cost = u64::try_from(table.rows.len()).unwrap_or(u64::MAX);
        let mut dearest = 0;
        for row in table.rows.iter().chain(&table.default_row) {
            let mut of_row: u64 = 0;
            for (cell, output) in row.outputs.iter().zip(&table.outputs) {
                if matches!(cell.value, OutputCell::Expression(_)) {
                    let (_, steps) = self.cell(&cell.value, output, cell.span);
                    of_row = of_row.saturating_add(steps);
                }
            }
            cost = if all { cost.saturating_add(of_row) } else { cost };
            dearest = of_row.max(dearest);
        }
        if all { cost } else { cost.saturating_add(dearest) }
    }

    /// A cell in the type of its column, with its worst-case steps.
    pub(super) fn cell(&mut self, cell: &'r OutputCell, output: &Output, span: Span) -> (Option<Expr>, u64) {
        let (value, body) = self.run_body(BodyKind::Cell, &mut |checker| {
            checker.bind_text("f", Binding::Facts);
            let value = match cell {
                OutputCell::Missing => constant_of(Value::Missing, UNIT, span),
                OutputCell::Literal(literal) => checker.cell_literal(literal, output, span)?,
                OutputCell::Expression(expr) => checker.expr(expr)?,
            };
            checker.output_value(value, output)
        });
        self.finished.extend(body.diagnostics);
        self.roots.extend(body.calls);
        (value, body.cost)
    }

    fn cell_literal(&mut self, literal: &CellValue, output: &Output, span: Span) -> Option<Expr> {
        let (value, ty) = match (literal, &output.data_type) {
            (CellValue::Number(number), DataType::Integer) => match to_i64_exact(*number) {
                Some(integer) => (Value::Integer(integer), Type::plain(TypeKind::Integer)),
                None => return self.report_cell(OUTPUT_DIGITS, output, "is no integer", span),
            },
            (CellValue::Number(number), DataType::Decimal { scale }) => {
                let number = number.normalize();
                if number.scale() > u32::from(*scale) {
                    return self.report_cell(OUTPUT_DIGITS, output, "has more digits", span);
                }
                (Value::Decimal(number), decimal_type(number))
            }
            (CellValue::Text(text) | CellValue::Word(text), DataType::Enum(_))
            | (CellValue::Text(text), DataType::Text) => (Value::Text(text.clone()), self.domains.literal(text)),
            (CellValue::Boolean(value), DataType::Boolean) => (Value::Boolean(*value), Type::plain(TypeKind::Boolean)),
            (CellValue::Date(date), DataType::Date) => (Value::Date(*date), Type::plain(TypeKind::Date)),
            _ => return self.report_cell(TABLE_CELL_TYPE, output, "is of another type", span),
        };
        Some(constant_of(value, ty, span))
    }

    fn report_cell<T>(&mut self, code: crate::diagnostic::Code, output: &Output, why: &str, span: Span) -> Option<T> {
        let kind = noun(&output_type(output).kind);
        let message = format!("the column `{}` is of type {kind}, this cell {why}", output.name);
        self.complain(code, span, message, "write a literal of the column's type");
        None
    }
}
