//! Decision tables: cells against columns, rules of the hit policies, overlaps, gaps and rows out of reach.

use super::axis::{Axis, End};
use super::bits::Bits;
use super::check_reason;
use super::cover::{Boxes, Point, Search, WORK_MAX, Work};
use super::entry::check_entry;
use crate::diagnostic::codes::{
    TABLE_CELL_TYPE, TABLE_COLUMN_TYPE, TABLE_DEFAULT_ROW, TABLE_GAP, TABLE_HIT_POLICY, TABLE_NOT_SEARCHED,
    TABLE_OVERLAP, TABLE_UNREACHABLE,
};
use crate::diagnostic::{Diagnostic, Span};
use crate::ruleset::checked::{CheckedTable, Expr, ExprKind, Type, TypeKind};
use crate::ruleset::{
    Aggregation, DecisionTable, HitPolicy, InputEntry, NoMatch, OutputCell, Ruleset, TableRow, UnaryTest, UnaryTests,
};
use crate::schema::{DataType, Output};
use crate::value::Value;

/// Turns an output cell into an expression of its column's type, or reports why not.
pub type Coerce<'c, 'r> = &'c mut dyn FnMut(&'r OutputCell, &Output, Span) -> Option<Expr>;

/// Words that a set of all rows may take before the search for gaps and overlaps is not begun.
const MEMORY_MAX: usize = 8_000_000;

/// Judges a table whose columns have `input_types` (`None`: no fact has the column's name and nothing calls the table).
/// `outputs` coerces each output cell; what it reports is its own. `called` is left `false` for the caller to set.
///
/// Errors: T2006, T2013, T2014, T2404 (cells), T2405 (hit policy), T2406 (default row), T2408 (column type). Warnings:
/// T2401 (overlap), T2402 (gap), T2403 (out of reach), T2407 (empty interval). Hint: T2411 (too large to be
/// searched).
pub fn check_table<'r>(
    ruleset: &'r Ruleset,
    index: usize,
    input_types: &[Option<Type>],
    outputs: Coerce<'_, 'r>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<CheckedTable> {
    let table = ruleset.tables.get(index)?;
    let types = column_types(table, input_types, diagnostics);
    let mut sound = types.is_some();
    sound &= check_policy(table, diagnostics);
    sound &= check_default(table, diagnostics);
    if let Some(types) = &types {
        for row in &table.rows {
            for ((entry, ty), known) in row.inputs.iter().zip(types).zip(input_types) {
                sound &= known.is_none() || check_entry(entry, ty, diagnostics);
            }
        }
    }
    for row in table.rows.iter().chain(&table.default_row).filter(|_| !table.matrix) {
        if let Some(reason) = &row.reason {
            sound &= check_reason(reason, row.span, &ruleset.reasons, diagnostics);
        }
    }
    let rows: Vec<Option<Vec<Expr>>> =
        table.rows.iter().map(|row| row_outputs(table, row, outputs, diagnostics)).collect();
    let default_row = table.default_row.as_ref().map(|row| row_outputs(table, row, outputs, diagnostics));
    if let Some(types) = types.as_ref().filter(|_| sound && input_types.iter().all(Option::is_some)) {
        analyse(ruleset, table, types, &rows, diagnostics);
    }
    let rows: Vec<Vec<Expr>> = rows.into_iter().collect::<Option<_>>()?;
    let default_row = match default_row {
        Some(row) => Some(row?),
        None => None,
    };
    types.filter(|_| sound).map(|inputs| CheckedTable { inputs, rows, default_row, called: false })
}

/// The columns' types; a column that nobody reads takes any.
fn column_types(table: &DecisionTable, given: &[Option<Type>], diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<Type>> {
    let mut types = Vec::new();
    for (clause, ty) in table.inputs.iter().zip(given) {
        let ty = ty.clone().unwrap_or(Type::plain(TypeKind::Text));
        let testable = matches!(
            ty.kind,
            TypeKind::Boolean
                | TypeKind::Integer
                | TypeKind::Decimal { .. }
                | TypeKind::Text
                | TypeKind::Enum(_)
                | TypeKind::Date
        );
        if testable {
            types.push(ty);
        } else {
            let message = format!("the column `{}` does not hold single values", clause.name);
            let help = "tables test numbers, texts, enums, dates and truth values: derive one of these";
            diagnostics.push(Diagnostic::new(TABLE_COLUMN_TYPE, clause.span, message).with_help(help));
        }
    }
    (types.len() == table.inputs.len()).then_some(types)
}

fn check_policy(table: &DecisionTable, diagnostics: &mut Vec<Diagnostic>) -> bool {
    let ranked = table.outputs.iter().any(|output| matches!(output.data_type, DataType::Enum(_)));
    let single = match table.outputs.as_slice() {
        [output] => Some(matches!(output.data_type, DataType::Integer | DataType::Decimal { .. })),
        _ => None,
    };
    let (message, help) = match table.hit_policy {
        HitPolicy::Priority | HitPolicy::OutputOrder if !ranked => (
            "`priority` and `output_order` rank rows by their enum outputs, and this table has none",
            "make the ranking output an enum; its first value is the highest",
        ),
        HitPolicy::Collect(Aggregation::Sum | Aggregation::Min | Aggregation::Max) if single != Some(true) => (
            "`collect(sum)`, `collect(min)` and `collect(max)` need exactly one output, a number",
            "split the table, or use `collect(list)` and aggregate in the rules",
        ),
        HitPolicy::Collect(Aggregation::Count) if single.is_none() => {
            ("`collect(count)` needs exactly one output, whose name the count takes", "keep one output column")
        }
        _ => return true,
    };
    diagnostics.push(Diagnostic::new(TABLE_HIT_POLICY, table.span, message).with_help(help));
    false
}

fn check_default(table: &DecisionTable, diagnostics: &mut Vec<Diagnostic>) -> bool {
    let mut refuse = |span, message: &str, help: &str| {
        diagnostics.push(Diagnostic::new(TABLE_DEFAULT_ROW, span, message).with_help(help));
        false
    };
    let mut sound = true;
    if let Some(row) = &table.default_row {
        for entry in row.inputs.iter().filter(|entry| entry.test != UnaryTests::Any) {
            sound &= refuse(entry.span, "the row `default` tests nothing", "write `-` in each of its inputs");
        }
        if row.valid_from.is_some() || row.valid_until.is_some() {
            sound &= refuse(row.span, "the row `default` is always in force", "leave its dates blank");
        }
    } else if table.no_match != NoMatch::Default
        && let Some(row) = table.rows.iter().find(|row| row.id == "default")
    {
        let help = "write `no_match = \"default\"`, or give the row another id";
        sound &= refuse(row.span, "a row `default` in a table without a default", help);
    }
    sound
}

fn row_outputs<'r>(
    table: &'r DecisionTable,
    row: &'r TableRow,
    outputs: Coerce<'_, 'r>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Vec<Expr>> {
    let mut cells = Vec::new();
    for (entry, output) in row.outputs.iter().zip(&table.outputs) {
        if entry.value == OutputCell::Missing && !output.optional {
            let message = format!("`{}` is empty", output.name);
            let help = format!("write a value, or declare `{}` as `optional = true`", output.name);
            diagnostics.push(Diagnostic::new(TABLE_CELL_TYPE, entry.span, message).with_help(help));
            cells.push(None);
        } else {
            cells.push(outputs(&entry.value, output, entry.span));
        }
    }
    cells.into_iter().collect()
}

/// Gaps, overlaps and rows out of reach.
fn analyse(
    ruleset: &Ruleset,
    table: &DecisionTable,
    types: &[Type],
    outputs: &[Option<Vec<Expr>>],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let axes = axes(ruleset, table, types);
    let words = axes.iter().fold(0_usize, |sum, axis| sum.saturating_add(axis.alive.width()));
    if words.saturating_mul(table.rows.len()) > MEMORY_MAX {
        diagnostics.push(too_large(table.span));
        return;
    }
    let rows = table.rows.iter().map(|row| row_box(row, &axes)).collect();
    let boxes = Boxes { axes: &axes, rows };
    let mut work = Work(WORK_MAX);
    let overlaps = warn_of_overlaps(table, &boxes, outputs, &mut work, diagnostics);
    let reach = warn_of_reach(table, &boxes, &mut work, diagnostics);
    let gaps = warn_of_gaps(table, &boxes, &mut work, diagnostics);
    if !(overlaps && reach && gaps) {
        diagnostics.push(too_large(table.span));
    }
}

fn too_large(span: Span) -> Diagnostic {
    Diagnostic::new(TABLE_NOT_SEARCHED, span, "the table is too large to be searched for gaps and overlaps in full")
        .with_help("split it if you want to be told of them; decisions are not affected")
}

/// One axis per column, and one for `as_of` where rows are dated.
fn axes(ruleset: &Ruleset, table: &DecisionTable, types: &[Type]) -> Vec<Axis> {
    let mut axes = Vec::new();
    for (index, (clause, ty)) in table.inputs.iter().zip(types).enumerate() {
        let entries = table.rows.iter().filter_map(|row| row.inputs.get(index));
        let fact = ruleset.facts.iter().find(|fact| fact.name == clause.name).map(|fact| &fact.spec);
        let bound = |value: Option<&Option<Value>>| value.and_then(Option::as_ref).and_then(End::of_value);
        let (min, max) = (bound(fact.map(|fact| &fact.min)), bound(fact.map(|fact| &fact.max)));
        axes.push(Axis::new(&clause.name, ty, entries.flat_map(ends), min, max));
    }
    if table.rows.iter().any(|row| row.valid_from.is_some() || row.valid_until.is_some()) {
        let days = table.rows.iter().flat_map(|row| [row.valid_from, row.valid_until]).flatten().map(End::Date);
        let manifest = &ruleset.manifest;
        let last = manifest.effective_until.and_then(|until| until.add_days(-1).ok());
        axes.push(Axis::new(
            "as_of",
            &Type::plain(TypeKind::Date),
            days,
            manifest.effective_from.map(End::Date),
            last.map(End::Date),
        ));
    }
    axes
}

fn ends(entry: &InputEntry) -> Vec<End> {
    let (UnaryTests::OneOf(tests) | UnaryTests::NoneOf(tests)) = &entry.test else { return Vec::new() };
    let of = |test: &UnaryTest| -> Vec<End> {
        match test {
            UnaryTest::Equal(value) => End::of_cell(value).into_iter().collect(),
            UnaryTest::Interval { lower, upper } => {
                lower.iter().chain(upper).filter_map(|(value, _)| End::of_cell(value)).collect()
            }
            UnaryTest::Missing | UnaryTest::Special(_) => Vec::new(),
        }
    };
    tests.iter().flat_map(of).collect()
}

fn row_box(row: &TableRow, axes: &[Axis]) -> Vec<Bits> {
    let mut cells: Vec<Bits> = row.inputs.iter().zip(axes).map(|(entry, axis)| axis.tests(&entry.test)).collect();
    if let Some(axis) = axes.get(row.inputs.len()) {
        let (from, until) = (row.valid_from.map(End::Date), row.valid_until.map(End::Date));
        let mut period =
            axis.interval(from.as_ref().map(|from| (from, true)), until.as_ref().map(|until| (until, false)));
        period.keep(&axis.alive);
        cells.push(period);
    }
    cells
}

/// `grade = "A", amount = 12000`
fn show(boxes: &Boxes<'_>, point: &Point) -> String {
    let shown: Vec<String> = boxes.axes.iter().zip(point).map(|(axis, piece)| axis.show(*piece)).collect();
    shown.join(", ")
}

/// Whether the outputs of two rows are surely equal.
fn agree(outputs: &[Option<Vec<Expr>>], table: &DecisionTable, a: usize, b: usize) -> bool {
    let (Some(Some(first)), Some(Some(second))) = (outputs.get(a), outputs.get(b)) else { return true };
    let texts = |row: usize, column: usize| {
        table.rows.get(row).and_then(|row| row.outputs.get(column)).map(|entry| entry.text.trim())
    };
    first.iter().zip(second).enumerate().all(|(column, (x, y))| match (&x.kind, &y.kind) {
        (ExprKind::Constant(x), ExprKind::Constant(y)) => x == y,
        _ => texts(a, column) == texts(b, column),
    })
}

fn warn_of_overlaps(
    table: &DecisionTable,
    boxes: &Boxes<'_>,
    outputs: &[Option<Vec<Expr>>],
    work: &mut Work,
    diagnostics: &mut Vec<Diagnostic>,
) -> bool {
    let any = match table.hit_policy {
        HitPolicy::Unique => false,
        HitPolicy::Any => true,
        _ => return true,
    };
    let matters = |a: usize, b: usize| !any || !agree(outputs, table, a, b);
    let Some(pairs) = boxes.overlaps(&matters, work) else { return false };
    for (a, b) in pairs {
        let (Some(early), Some(late), Some(point)) = (table.rows.get(a), table.rows.get(b), boxes.common(a, b)) else {
            continue;
        };
        let differ = if any { " with different outputs" } else { "" };
        let message = format!("the rows `{}` and `{}` both match{differ}: {}", early.id, late.id, show(boxes, &point));
        let found = Diagnostic::new(TABLE_OVERLAP, late.span, message).with_related(early.span, "the other row");
        let help = if any {
            "let rows that overlap agree, or narrow one of them"
        } else {
            "narrow one of them, or choose another hit policy"
        };
        diagnostics.push(found.with_help(help));
    }
    true
}

/// Rows that match nothing, and under `first` those that earlier rows leave nothing to.
fn warn_of_reach(table: &DecisionTable, boxes: &Boxes<'_>, work: &mut Work, diagnostics: &mut Vec<Diagnostic>) -> bool {
    let mut complete = true;
    for (index, row) in table.rows.iter().enumerate() {
        if boxes.is_empty(index) {
            let cell = boxes.rows.get(index).and_then(|cells| cells.iter().position(Bits::is_empty));
            let axis = cell.and_then(|cell| boxes.axes.get(cell));
            let span = cell.and_then(|cell| row.inputs.get(cell)).map_or(row.span, |entry| entry.span);
            let message = format!(
                "the row `{}` never matches: no value of `{}` is left",
                row.id,
                axis.map_or("", |axis| &axis.name)
            );
            let help = "the test lies outside the domain, or asks for a missing value or code that never comes";
            diagnostics.push(Diagnostic::new(TABLE_UNREACHABLE, span, message).with_help(help));
        } else if table.hit_policy == HitPolicy::First {
            let mut before = Bits::none(table.rows.len());
            for earlier in (0..index).filter(|earlier| boxes.common(*earlier, index).is_some()) {
                before.insert(earlier);
            }
            let Some(within) = boxes.rows.get(index).filter(|_| !before.is_empty()) else { continue };
            match boxes.uncovered(within, &before, work) {
                Search::Covered => {
                    let message =
                        format!("the row `{}` is never reached: the rows before match all that it could", row.id);
                    let found = Diagnostic::new(TABLE_UNREACHABLE, row.span, message);
                    diagnostics.push(
                        found.with_help("under `first` the first row that matches wins; move it up or remove it"),
                    );
                }
                Search::Open(_) => {}
                Search::Cut => complete = false,
            }
        }
    }
    complete
}

/// A point that no row matches, where that is an error of the decision.
fn warn_of_gaps(table: &DecisionTable, boxes: &Boxes<'_>, work: &mut Work, diagnostics: &mut Vec<Diagnostic>) -> bool {
    if table.no_match != NoMatch::Error || !table.complete {
        return true;
    }
    match boxes.uncovered(&boxes.everything(), &Bits::all(table.rows.len()), work) {
        Search::Covered => true,
        Search::Cut => false,
        Search::Open(point) => {
            let message = format!("no row of `{}` matches {}", table.name, show(boxes, &point));
            let help = "add a row, or say what happens then: `no_match = \"default\"` or `\"missing\"`";
            let span = table.inputs.first().map_or(table.span, |clause| clause.span);
            diagnostics.push(Diagnostic::new(TABLE_GAP, span, message).with_help(help));
            true
        }
    }
}
