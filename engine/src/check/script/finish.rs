//! The end of a check: artefacts nobody called, instances nobody needs, columns that grew after a call.

use crate::check::artefacts;
use crate::check::depend::ParameterUses;
use crate::diagnostic::codes::{PROGRAM_TOO_COSTLY, TABLE_UNUSED};
use crate::diagnostic::{Diagnostic, Span};
use crate::ruleset::OutputCell;
use crate::ruleset::checked::{
    CheckedDerived, CheckedRule, CheckedScorecard, CheckedTable, Expr, ExprKind, FunctionInstance, Type, TypeKind,
};

use crate::schema::Output;
use crate::value::ordered::{Map, Set};

use super::body::{Binding, BodyKind};
use super::{Active, Checked, Checker, MOST_COST, Visit, walk};

/// The checked form without the ruleset.
pub(in crate::check) struct Parts {
    pub(in crate::check) effects: Vec<String>,
    pub(in crate::check) derived: Vec<CheckedDerived>,
    pub(in crate::check) derive_order: Vec<usize>,
    pub(in crate::check) rules: Vec<CheckedRule>,
    pub(in crate::check) decide: Expr,
    pub(in crate::check) functions: Vec<FunctionInstance>,
    pub(in crate::check) locals: Vec<Type>,
    pub(in crate::check) scorecards: Vec<CheckedScorecard>,
    pub(in crate::check) tables: Vec<CheckedTable>,
    pub(in crate::check) parameters: ParameterUses,
}

impl<'r> Checker<'r> {
    /// Puts everything together.
    pub(super) fn finish(mut self, rules: Vec<Option<CheckedRule>>, decide: Option<Expr>) -> Checked {
        for card in 0..self.ruleset.scorecards.len() {
            self.visit_card(card);
        }
        for (table, declared) in self.ruleset.tables.iter().enumerate() {
            // Cells may call tables whose columns then grow: all are seen before the first is finished.
            self.table_cost(table, declared.span);
        }
        let scorecards: Vec<Option<CheckedScorecard>> =
            (0..self.ruleset.scorecards.len()).map(|card| self.finish_card(card)).collect();
        let tables: Vec<Option<CheckedTable>> =
            (0..self.ruleset.tables.len()).map(|table| self.finish_table(table)).collect();
        for scale in 0..self.ruleset.scales.len() {
            artefacts::check_scale(self.ruleset, scale, &mut self.finished);
        }
        self.refuse_costly_whole();
        self.warn_unused_artefacts();
        let reachable = self.reachable(&self.roots);
        let uncalled = self.check_uncalled();
        let mut checked = reachable.clone();
        checked.extend(self.reachable(&uncalled));
        for index in &checked {
            if let Some(instance) = self.instances.get_mut(*index) {
                let diagnostics = std::mem::take(&mut instance.diagnostics);
                self.finished.extend(diagnostics);
            }
        }
        let reports = std::mem::take(&mut self.body.diagnostics);
        self.finished.extend(reports);
        let diagnostics = std::mem::take(&mut self.finished);
        if diagnostics.iter().any(Diagnostic::is_error) {
            return Checked { parts: None, diagnostics };
        }
        let parts = self.parts(rules, decide, scorecards, tables, &reachable);
        Checked { parts, diagnostics }
    }

    fn finish_card(&mut self, index: usize) -> Option<CheckedScorecard> {
        let Some(Visit::Done(inputs)) = self.cards.get_mut(index) else { return None };
        let inputs = inputs.take()?;
        artefacts::check_scorecard(self.ruleset, index, &inputs, &mut self.finished)
    }

    fn finish_table(&mut self, index: usize) -> Option<CheckedTable> {
        let ruleset = self.ruleset;
        let columns = ruleset.tables.get(index)?.inputs.len();
        let types: Vec<Option<Type>> = (0..columns).map(|column| self.final_column(index, column)).collect();
        let mut diagnostics = Vec::new();
        let mut coerce = |cell: &'r OutputCell, output: &Output, span: Span| self.cell(cell, output, span).0;
        let table = artefacts::check_table(ruleset, index, &types, &mut coerce, &mut diagnostics);
        self.finished.extend(diagnostics);
        let called = self.tables.get(index).is_some_and(|state| state.called);
        table.map(|table| CheckedTable { called, ..table })
    }

    fn refuse_costly_whole(&mut self) {
        if self.cost > MOST_COST && !self.finished.iter().any(|diagnostic| diagnostic.code == PROGRAM_TOO_COSTLY) {
            let span = self.script_start();
            self.finished.push(
                Diagnostic::new(
                    PROGRAM_TOO_COSTLY,
                    span,
                    format!("in the worst case a decision takes more than {MOST_COST} steps"),
                )
                .with_help("shorten the ranges, or do with fewer loops over lists"),
            );
        }
    }

    fn warn_unused_artefacts(&mut self) {
        let ruleset = self.ruleset;
        let mut unused: Vec<(Span, String)> = Vec::new();
        for (index, card) in ruleset.scorecards.iter().enumerate() {
            if !self.cards_called.contains(&index) {
                unused.push((card.span, format!("the scorecard `{}`", card.name)));
            }
        }
        for (index, scale) in ruleset.scales.iter().enumerate() {
            if !self.scales_called.contains(&index) {
                unused.push((scale.span, format!("the scale `{}`", scale.name)));
            }
        }
        for (table, state) in ruleset.tables.iter().zip(&self.tables) {
            if !state.called {
                unused.push((table.span, format!("the table `{}`", table.name)));
            }
        }
        for (index, function) in ruleset.script.functions.iter().enumerate() {
            if function.name.name != "decide" && !self.functions_called.contains(&index) {
                unused.push((function.name.span, format!("the function `{}`", function.name.name)));
            }
        }
        for (span, what) in unused {
            let help = match what.starts_with("the function") {
                true => "call it or remove it; until then, what depends on its parameters is not checked",
                false => "call it or remove it",
            };
            self.finished.push(Diagnostic::new(TABLE_UNUSED, span, format!("{what} is never called")).with_help(help));
        }
    }

    /// Checks the functions that nothing calls, as far as one can without the types of their parameters. Gives the
    /// instances they call; whatever else they call does not count as called.
    fn check_uncalled(&mut self) -> Set<usize> {
        let (tables, mut calls) = (self.tables.clone(), Set::new());
        let called = self.functions_called.clone();
        for (index, function) in self.ruleset.script.functions.iter().enumerate() {
            if function.name.name == "decide" || called.contains(&index) {
                continue;
            }
            self.active.push(Active::Function(index));
            let (_, body) = self.run_body(BodyKind::Function, &mut |checker| {
                for parameter in &function.parameters {
                    checker.bind(parameter, Binding::Poisoned);
                }
                checker.returning(function.name.span, 0, &function.body)
            });
            self.active.pop();
            self.finished.extend(body.diagnostics);
            calls.extend(body.calls);
        }
        self.tables = tables;
        calls
    }

    /// The instances that these call, directly or not, and these.
    fn reachable(&self, roots: &Set<usize>) -> Set<usize> {
        let mut reachable = Set::new();
        let mut waiting: Vec<usize> = roots.iter().copied().collect();
        while let Some(index) = waiting.pop() {
            if reachable.insert(index)
                && let Some(instance) = self.instances.get(index)
            {
                waiting.extend(&instance.calls);
            }
        }
        reachable
    }

    fn parts(
        &mut self,
        rules: Vec<Option<CheckedRule>>,
        decide: Option<Expr>,
        scorecards: Vec<Option<CheckedScorecard>>,
        tables: Vec<Option<CheckedTable>>,
        reachable: &Set<usize>,
    ) -> Option<Parts> {
        let derived = std::mem::take(&mut self.derived);
        let names = self.names.derives.clone();
        let derived = names.into_iter().zip(derived).map(|((name, _), visit)| match visit {
            Visit::Done(Some(body)) => Some(CheckedDerived { name: name.name.clone(), body, span: name.span }),
            _ => None,
        });
        let functions: Option<Vec<FunctionInstance>> = reachable.iter().map(|index| self.function(*index)).collect();
        let mut parts = Parts {
            effects: self.names.effect_order.iter().map(|effect| (*effect).to_owned()).collect(),
            derived: derived.collect::<Option<_>>()?,
            derive_order: Vec::new(),
            rules: rules.into_iter().collect::<Option<_>>()?,
            decide: decide?,
            functions: functions?,
            locals: Vec::new(),
            scorecards: scorecards.into_iter().collect::<Option<_>>()?,
            tables: tables.into_iter().collect::<Option<_>>()?,
            parameters: std::mem::take(&mut self.parameters),
        };
        let renumbered = reachable.len() != self.instances.len();
        if renumbered || self.tables.iter().any(|state| state.grown) {
            let numbers: Map<usize, usize> = reachable.iter().enumerate().map(|(new, old)| (*old, new)).collect();
            for expr in parts.expressions() {
                walk::change_all(expr, &mut |expr| self.settle(expr, &numbers));
            }
        }
        parts.locals = std::mem::take(&mut self.locals);
        Some(parts)
    }

    fn function(&mut self, index: usize) -> Option<FunctionInstance> {
        let instance = self.instances.get_mut(index)?;
        let name = self.ruleset.script.functions.get(instance.function)?.name.name.clone();
        Some(FunctionInstance {
            name,
            parameters: std::mem::take(&mut instance.parameters),
            body: instance.body.take()?,
        })
    }

    /// Brings a call to its final number, and arguments of a table to the final type of their columns.
    fn settle(&mut self, expr: &mut Expr, numbers: &Map<usize, usize>) {
        let span = expr.span;
        match &mut expr.kind {
            ExprKind::Invoke { function, .. } => {
                if let Some(new) = numbers.get(function) {
                    *function = *new;
                }
            }
            ExprKind::Table { table, arguments } => {
                let Some(state) = self.tables.get(*table).filter(|state| state.grown) else { return };
                let columns = state.columns.clone();
                for (argument, column) in arguments.iter_mut().zip(columns) {
                    let Some(column) = column else { continue };
                    let taken = std::mem::replace(argument, super::expression::valueless(TypeKind::Unit, span));
                    if let Some(coerced) = self.coerce(taken, &column) {
                        *argument = coerced;
                    }
                }
            }
            _ => {}
        }
    }
}

impl Parts {
    /// Every root of a typed tree.
    fn expressions(&mut self) -> impl Iterator<Item = &mut Expr> {
        let cells =
            self.tables.iter_mut().flat_map(|table| table.rows.iter_mut().chain(&mut table.default_row)).flatten();
        self.derived
            .iter_mut()
            .map(|derived| &mut derived.body)
            .chain(self.rules.iter_mut().map(|rule| &mut rule.body))
            .chain(std::iter::once(&mut self.decide))
            .chain(self.functions.iter_mut().map(|function| &mut function.body))
            .chain(cells)
    }
}
