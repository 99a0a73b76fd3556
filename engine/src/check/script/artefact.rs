//! Calls of scorecards, scales, tables and matrices, and the derived facts they lean on.

use std::sync::Arc;

use crate::diagnostic::Span;
use crate::diagnostic::codes::{
    ARGUMENTS, CYCLE, TABLE_COLUMN_TYPE, TYPE_MISMATCH, UNKNOWN_FACT, UNKNOWN_FIELD, UNKNOWN_TABLE,
};
use crate::ruleset::checked::{Expr, ExprKind, Input, Type, TypeKind};
use crate::ruleset::script::{self as source, Ident};
use crate::ruleset::{Aggregation, CellValue, DecisionTable, HitPolicy, InputEntry, NoMatch, UnaryTest, UnaryTests};
use crate::schema::Output;

use super::body::BodyKind;
use super::coerce::field_of;
use super::types::{Fields, JoinError, has_value, is_number, optional, output_type};
use super::{Active, Checker, TableState, Visit};

impl<'r> Checker<'r> {
    pub(super) fn table_state(&self, table: &DecisionTable) -> TableState {
        let column = |name: &str| self.names.facts.get(name).and_then(|index| self.facts.get(*index)).cloned();
        let columns: Vec<Option<Type>> = table.inputs.iter().map(|clause| column(&clause.name)).collect();
        let bound = table.inputs.iter().map(|clause| {
            let name = clause.name.as_str();
            self.names.facts.contains_key(name) || self.names.derived.contains_key(name)
        });
        TableState {
            bound: bound.collect(),
            constant: vec![true; columns.len()],
            columns,
            cost: Visit::Not,
            called: false,
            grown: false,
        }
    }

    /// The type of a derived fact that is read at `span`.
    pub(super) fn derived_at(&mut self, index: usize, span: Span) -> Option<Type> {
        if matches!(self.derived.get(index), Some(Visit::Within)) {
            return self.report_cycle(Active::Derived(index), span);
        }
        self.derived_type(index)
    }

    /// The type of a derived fact, which is checked now if it has not been.
    pub(super) fn derived_type(&mut self, index: usize) -> Option<Type> {
        match self.derived.get_mut(index)? {
            Visit::Done(body) => body.as_ref().map(|body| body.ty.clone()),
            Visit::Within => None,
            visit @ Visit::Not => {
                *visit = Visit::Within;
                let (_, closure) = *self.names.derives.get(index)?;
                self.active.push(Active::Derived(index));
                let body = self.closed_body(BodyKind::Derive, closure, TypeKind::Facts);
                self.active.pop();
                let ty = body.as_ref().map(|body| body.ty.clone());
                if let Some(visit) = self.derived.get_mut(index) {
                    *visit = Visit::Done(body);
                }
                ty
            }
        }
    }

    /// Reports that something depends on itself.
    fn report_cycle<T>(&mut self, again: Active, span: Span) -> Option<T> {
        let start = self.active.iter().position(|active| *active == again).unwrap_or(0);
        let mut path: Vec<String> = self.active.iter().skip(start).map(|active| self.active_name(*active)).collect();
        path.push(self.active_name(again));
        let message = format!("{} depends on itself: {}", self.active_name(again), path.join(" → "));
        self.complain(CYCLE, span, message, "let one of them do without the other");
        None
    }

    fn active_name(&self, active: Active) -> String {
        let name = match active {
            Active::Derived(index) => self.names.derives.get(index).map(|(name, _)| name.name.as_str()),
            Active::Function(index) => {
                self.ruleset.script.functions.get(index).map(|function| function.name.name.as_str())
            }
            Active::Card(index) => self.ruleset.scorecards.get(index).map(|card| card.name.as_str()),
            Active::Table(index) => self.ruleset.tables.get(index).map(|table| table.name.as_str()),
        };
        format!("`{}`", name.unwrap_or_default())
    }

    /// The constant name of an artefact and its index.
    fn artefact(&mut self, kind: &str, name: Expr) -> Option<usize> {
        let span = name.span;
        let text = self.constant_text(name, "the name of an artefact")?;
        let index = match kind {
            "scorecard" => &self.names.scorecards,
            "scale" => &self.names.scales,
            "matrix" => &self.names.matrices,
            _ => &self.names.tables,
        };
        if let Some(index) = index.get(text.as_str()) {
            return Some(*index);
        }
        let known: Vec<&str> = index.keys().copied().collect();
        let plural = if kind == "matrix" { "matrices".to_owned() } else { format!("{kind}s") };
        let help = self.suggest(&text, known.into_iter(), &format!("declare it under `[{plural}]` in ruleset.toml"));
        self.complain(UNKNOWN_TABLE, span, format!("there is no {kind} `{text}`"), help);
        None
    }

    /// `scorecard("name", f)`
    #[inline(never)]
    pub(super) fn scorecard(&mut self, name: &Ident, arguments: &'r [source::Expr]) -> Option<Expr> {
        let typed: Vec<Option<Expr>> = arguments.iter().map(|argument| self.expr(argument)).collect();
        let Ok([card, facts]) = <[Option<Expr>; 2]>::try_from(typed) else {
            self.report_usage(name, "scorecard(\"name\", f)", arguments.len());
            return None;
        };
        self.artefact_allowed(name)?;
        let card = self.artefact("scorecard", card?);
        let facts = facts?;
        if facts.ty.kind != TypeKind::Facts {
            let message = format!("`scorecard` takes the facts, this is {}", self.domains.describe(&facts.ty));
            self.complain(ARGUMENTS, facts.span, message, "write `scorecard(\"name\", f)`");
            return None;
        }
        let card = card?;
        if matches!(self.cards.get(card), Some(Visit::Within)) {
            return self.report_cycle(Active::Card(card), name.span);
        }
        self.visit_card(card);
        let rows = self.ruleset.scorecards.get(card).map_or(0, |card| {
            card.characteristics
                .iter()
                .fold(0_usize, |sum, characteristic| sum.saturating_add(characteristic.attributes.len()))
        });
        self.spend(u64::try_from(rows).unwrap_or(u64::MAX));
        self.cards_called.insert(card);
        Some(Expr::new(ExprKind::Scorecard(card), Type::plain(TypeKind::Card(card)), name.span))
    }

    /// Binds the characteristics of a card.
    pub(super) fn visit_card(&mut self, index: usize) {
        let Some(visit @ Visit::Not) = self.cards.get_mut(index) else { return };
        *visit = Visit::Within;
        let Some(card) = self.ruleset.scorecards.get(index) else { return };
        self.active.push(Active::Card(index));
        let mut inputs = Vec::with_capacity(card.characteristics.len());
        self.in_body(BodyKind::Cell, &mut |checker| {
            inputs.clear();
            for characteristic in &card.characteristics {
                inputs.push(checker.input(&characteristic.name, characteristic.span));
            }
            None
        });
        self.active.pop();
        if let Some(visit) = self.cards.get_mut(index) {
            *visit = Visit::Done(Some(inputs));
        }
    }

    fn input(&mut self, name: &str, span: Span) -> Option<(Input, Type)> {
        if let Some(&index) = self.names.facts.get(name) {
            return Some((Input::Fact(index), self.facts.get(index)?.clone()));
        }
        if let Some(&index) = self.names.derived.get(name) {
            return Some((Input::Derived(index), self.derived_at(index, span)?));
        }
        let known: Vec<&str> = self.names.fields_of_facts().collect();
        let help = self.suggest(name, known.into_iter(), "a characteristic is a fact or a derived fact");
        self.complain(UNKNOWN_FACT, span, format!("there is no fact and no derived fact `{name}`"), help);
        None
    }

    /// `card.score`, `card.points`
    pub(super) fn card_property(&mut self, card: Expr, index: usize, name: &Ident) -> Option<Expr> {
        let ty = self.points_type(index)?;
        match name.name.as_str() {
            "score" => {
                let card = self.direct_card(card, index, name.span);
                Some(Expr::new(ExprKind::CardScore(card), ty, name.span))
            }
            "points" => {
                let characteristics = &self.ruleset.scorecards.get(index)?.characteristics;
                let fields: Fields = characteristics.iter().map(|each| (each.name.clone(), ty.clone())).collect();
                let card = self.direct_card(card, index, name.span);
                let points = (0..fields.len()).map(|characteristic| {
                    let kind = ExprKind::CardPoints { card: card.clone(), characteristic };
                    Expr::new(kind, ty.clone(), name.span)
                });
                let kind = ExprKind::Record(points.collect());
                Some(Expr::new(kind, Type::plain(TypeKind::Record(Arc::new(fields))), name.span))
            }
            other => {
                let help = self.suggest(other, ["score", "points"].into_iter(), "it has `score` and `points`");
                let message = format!("a scorecard's result has no field `{other}`");
                self.complain(UNKNOWN_FIELD, name.span, message, help);
                None
            }
        }
    }

    /// `card.points.name`
    pub(super) fn card_points(&mut self, card: Expr, index: usize, name: &Ident) -> Option<Expr> {
        let ty = self.points_type(index)?;
        let characteristics = &self.ruleset.scorecards.get(index)?.characteristics;
        let Some(characteristic) = characteristics.iter().position(|each| each.name == name.name) else {
            let known = characteristics.iter().map(|each| each.name.as_str());
            let help = self.suggest(&name.name, known, "see the card's column `characteristic`");
            let message = format!("the card has no characteristic `{}`", name.name);
            self.complain(UNKNOWN_FIELD, name.span, message, help);
            return None;
        };
        let card = self.direct_card(card, index, name.span);
        Some(Expr::new(ExprKind::CardPoints { card, characteristic }, ty, name.span))
    }

    fn points_type(&self, card: usize) -> Option<Type> {
        Some(Type::plain(match self.ruleset.scorecards.get(card)?.points_scale {
            None => TypeKind::Integer,
            Some(scale) => TypeKind::Decimal { scale },
        }))
    }

    /// A card is asked directly, whatever expression gave it: whatever that does first is kept.
    fn direct_card(&mut self, card: Expr, index: usize, span: Span) -> Expr {
        if matches!(card.kind, ExprKind::Scorecard(_)) {
            return card;
        }
        let ty = card.ty.clone();
        let direct = Expr::new(ExprKind::Scorecard(index), ty.clone(), span);
        let statements = vec![crate::ruleset::checked::Statement::Evaluate(card)];
        Expr::new(ExprKind::Block { statements, result: Some(direct) }, ty, span)
    }

    /// `scale("name", x)`
    #[inline(never)]
    pub(super) fn scale(&mut self, name: &Ident, arguments: &'r [source::Expr]) -> Option<Expr> {
        let typed: Vec<Option<Expr>> = arguments.iter().map(|argument| self.expr(argument)).collect();
        let Ok([scale, value]) = <[Option<Expr>; 2]>::try_from(typed) else {
            self.report_usage(name, "scale(\"name\", x)", arguments.len());
            return None;
        };
        self.artefact_allowed(name)?;
        let scale = self.artefact("scale", scale?);
        let value = self.number(value?, "`scale`");
        let scale = scale?;
        self.scales_called.insert(scale);
        self.spend(20);
        let ty = Type::plain(record_of(&self.ruleset.scales.get(scale)?.outputs, false));
        Some(Expr::new(ExprKind::Scale { scale, value: value? }, ty, name.span))
    }

    /// `table("name", ...)`, `matrix("name", row, column)`
    #[inline(never)]
    pub(super) fn table(&mut self, name: &Ident, arguments: &'r [source::Expr], matrix: bool) -> Option<Expr> {
        let mut typed = arguments.iter().map(|argument| self.expr(argument)).collect::<Vec<_>>().into_iter();
        let Some(table) = typed.next() else {
            self.report_usage(name, "table(\"name\", ...)", 0);
            return None;
        };
        self.artefact_allowed(name)?;
        let index = self.artefact(if matrix { "matrix" } else { "table" }, table?)?;
        let table = self.ruleset.tables.get(index)?;
        if let Some(state) = self.tables.get_mut(index) {
            state.called = true;
        }
        if typed.len() != table.inputs.len() {
            let inputs: Vec<&str> = table.inputs.iter().map(|clause| clause.name.as_str()).collect();
            let usage = format!("{}(\"{}\", {})", name.name, table.name, inputs.join(", "));
            self.report_usage(name, &usage, arguments.len());
            return None;
        }
        let values: Vec<Option<Expr>> = typed
            .enumerate()
            .map(|(column, value)| value.and_then(|value| self.table_argument(index, column, value)))
            .collect();
        let cost = self.table_cost(index, name.span)?;
        self.spend(cost);
        let arguments: Vec<Expr> = values.into_iter().collect::<Option<_>>()?;
        let ty = table_type(table);
        let call = Expr::new(ExprKind::Table { table: index, arguments }, ty, name.span);
        if matrix { field_of(call, 0) } else { Some(call) }
    }

    /// The type of a column as far as it is known.
    pub(super) fn column(&mut self, table: usize, column: usize) -> Option<Type> {
        if let Some(Some(ty)) = self.tables.get(table)?.columns.get(column) {
            return Some(ty.clone());
        }
        let clause = self.ruleset.tables.get(table)?.inputs.get(column)?;
        let derived = *self.names.derived.get(clause.name.as_str())?;
        let ty = self.derived_at(derived, clause.span)?;
        self.set_column(table, column, ty.clone());
        Some(ty)
    }

    /// The final type of a column. Where all calls give it text constants, the texts of its cells are values as well.
    pub(super) fn final_column(&mut self, table: usize, column: usize) -> Option<Type> {
        let ty = self.column(table, column)?;
        let state = self.tables.get(table)?;
        let constant = state.constant.get(column) == Some(&true) && state.bound.get(column) == Some(&false);
        let TypeKind::Enum(domain) = &ty.kind else { return Some(ty) };
        if !constant || !self.domains.is_literal(domain) {
            return Some(ty);
        }
        let rows = &self.ruleset.tables.get(table)?.rows;
        let texts = rows.iter().filter_map(|row| row.inputs.get(column)).flat_map(texts_of);
        let domain = self.domains.extended(domain, texts);
        let ty = Type { kind: TypeKind::Enum(domain), ..ty };
        self.set_column(table, column, ty.clone());
        self.tables.get_mut(table)?.grown = true;
        Some(ty)
    }

    fn set_column(&mut self, table: usize, column: usize, ty: Type) {
        if let Some(slot) = self.tables.get_mut(table).and_then(|state| state.columns.get_mut(column)) {
            *slot = Some(ty);
        }
    }

    /// An argument in the type of its column; the column's type grows where both are of one family.
    fn table_argument(&mut self, table: usize, column: usize, value: Expr) -> Option<Expr> {
        if !has_value(&value.ty.kind) {
            return self.present(value);
        }
        if !matches!(value.kind, ExprKind::Constant(_))
            && let Some(constant) = self.tables.get_mut(table).and_then(|state| state.constant.get_mut(column))
        {
            *constant = false;
        }
        let Some(known) = self.column(table, column) else {
            let bound = *self.tables.get(table)?.bound.get(column)?;
            if !bound {
                let ty = value.ty.clone();
                self.set_column(table, column, ty);
            }
            return Some(value);
        };
        let bound = *self.tables.get(table)?.bound.get(column)?;
        let joined = if bound && !same_family(&known.kind, &value.ty.kind) {
            Err(JoinError::Kinds)
        } else {
            self.domains.join_types(&known, &value.ty)
        };
        match joined {
            Ok(ty) => {
                if ty != known {
                    self.set_column(table, column, ty.clone());
                    if let Some(state) = self.tables.get_mut(table) {
                        state.grown = true;
                    }
                }
                self.coerce(value, &ty)
            }
            Err(error) => self.report_argument(table, column, &known, &value, bound, &error),
        }
    }

    fn report_argument(
        &mut self,
        table: usize,
        column: usize,
        known: &Type,
        value: &Expr,
        bound: bool,
        error: &JoinError,
    ) -> Option<Expr> {
        if let JoinError::Unknown(text, domain) = error {
            return self.report_enum_value(text, value.span, domain);
        }
        let clause = self.ruleset.tables.get(table)?.inputs.get(column)?;
        let why = error.words(&self.domains, known, &value.ty);
        let (code, help) = match (error, bound) {
            (JoinError::Specials, _) => (error.code(), "settle the special codes first: `value_or(x, default)`"),
            (_, true) => (TYPE_MISMATCH, "the column takes the type of the fact of its name"),
            (_, false) => (TABLE_COLUMN_TYPE, "all calls must give the column values of one type"),
        };
        let message = format!("the column `{}` does not take this: {why}", clause.name);
        self.complain(code, value.span, message, help);
        None
    }

    /// Worst-case steps of a call of a table; its expressions are looked at for the first time now.
    pub(super) fn table_cost(&mut self, index: usize, span: Span) -> Option<u64> {
        match self.tables.get_mut(index).map(|state| &mut state.cost)? {
            Visit::Done(cost) => *cost,
            Visit::Within => self.report_cycle(Active::Table(index), span),
            visit @ Visit::Not => {
                *visit = Visit::Within;
                self.active.push(Active::Table(index));
                let cost = self.cells_cost(index);
                self.active.pop();
                if let Some(state) = self.tables.get_mut(index) {
                    state.cost = Visit::Done(Some(cost));
                }
                Some(cost)
            }
        }
    }
}

/// The texts that a cell compares with.
fn texts_of(entry: &InputEntry) -> impl Iterator<Item = &str> {
    let tests = match &entry.test {
        UnaryTests::Any => &[] as &[UnaryTest],
        UnaryTests::OneOf(tests) | UnaryTests::NoneOf(tests) => tests,
    };
    tests.iter().filter_map(|test| match test {
        UnaryTest::Equal(CellValue::Text(text) | CellValue::Word(text)) => Some(text.as_str()),
        _ => None,
    })
}

fn same_family(column: &TypeKind, value: &TypeKind) -> bool {
    use TypeKind::{Boolean, Date, Enum, List, Record, Series, Text, Unit};
    match (column, value) {
        (column, value) if is_number(column) && is_number(value) => true,
        (Text, Enum(_)) | (_, Unit) => true,
        (Boolean, Boolean) | (Text, Text) | (Enum(_), Enum(_)) | (Date, Date) => true,
        (List(_), List(_)) | (Record(_), Record(_)) | (Series(_), Series(_)) => true,
        _ => false,
    }
}

fn record_of(outputs: &[Output], missing: bool) -> TypeKind {
    let fields = outputs.iter().map(|output| (output.name.clone(), optional(output_type(output), missing)));
    TypeKind::Record(Arc::new(fields.collect()))
}

/// The type of a table's result.
fn table_type(table: &DecisionTable) -> Type {
    let missing = table.no_match == NoMatch::Missing;
    Type::plain(match table.hit_policy {
        HitPolicy::RuleOrder | HitPolicy::OutputOrder | HitPolicy::Collect(Aggregation::List) => {
            TypeKind::List(Box::new(Type::plain(record_of(&table.outputs, false))))
        }
        HitPolicy::Collect(Aggregation::Count) => {
            let integer = Type::plain(TypeKind::Integer);
            TypeKind::Record(Arc::new(
                table.outputs.iter().map(|output| (output.name.clone(), integer.clone())).collect(),
            ))
        }
        _ => record_of(&table.outputs, missing),
    })
}
