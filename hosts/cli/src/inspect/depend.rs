//! What depends on what: a walk over the checked ruleset that follows values through locals, helper functions and the
//! conditions above them. It may name too much, never too little.

use std::collections::BTreeSet;

use trutina_engine::ruleset::checked::{CheckedRuleset, Expr, ExprKind, Input, Iterable, Statement};

use crate::table::{Align, Table};

/// Something that a value may depend on, in the order in which it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    Card(usize),
    Scale(usize),
    Table(usize),
    /// The rules with this effect.
    Effect(u16),
    Derived(usize),
    Fact(usize),
}

type Sources = BTreeSet<Source>;

/// Derived facts, scorecards and outputs, each with what it depends on.
pub fn table(ruleset: &CheckedRuleset) -> Table {
    let mut table = Table::new(&[Align::Left, Align::Left, Align::Left]);
    for derived in &ruleset.derived {
        table.row([derived.name.clone(), "←".to_owned(), reads(ruleset, &derived.body)]);
    }
    for (card, checked) in ruleset.ruleset.scorecards.iter().zip(&ruleset.scorecards) {
        let inputs = checked.inputs.iter().map(|(input, _)| match input {
            Input::Fact(index) => Source::Fact(*index),
            Input::Derived(index) => Source::Derived(*index),
        });
        table.row([format!("scorecard {}", card.name), "←".to_owned(), names(ruleset, &inputs.collect())]);
    }
    let mut walk = Walk::new(ruleset);
    walk.flow(&ruleset.decide);
    for (output, sources) in ruleset.ruleset.outputs.iter().zip(&walk.outputs) {
        table.row([output.name.clone(), "←".to_owned(), names(ruleset, sources)]);
    }
    table
}

/// What an expression reads, by name.
pub fn reads(ruleset: &CheckedRuleset, body: &Expr) -> String {
    let mut walk = Walk::new(ruleset);
    let mut sources = walk.flow(body);
    sources.append(&mut walk.returned);
    sources.append(&mut walk.control);
    names(ruleset, &sources)
}

fn names(ruleset: &CheckedRuleset, sources: &Sources) -> String {
    let document = &ruleset.ruleset;
    let name = |source: &Source| match source {
        Source::Card(index) => document.scorecards.get(*index).map(|card| format!("scorecard {}", card.name)),
        Source::Scale(index) => document.scales.get(*index).map(|scale| format!("scale {}", scale.name)),
        Source::Table(index) => document.tables.get(*index).map(|table| format!("table {}", table.name)),
        Source::Effect(index) => {
            let rules: Vec<&str> =
                ruleset.rules.iter().filter(|rule| rule.effect == *index).map(|rule| rule.id.as_str()).collect();
            let effect = ruleset.effects.get(usize::from(*index))?;
            Some(format!("rules that say {effect} ({})", rules.join(" ")))
        }
        Source::Derived(index) => ruleset.derived.get(*index).map(|derived| derived.name.clone()),
        Source::Fact(index) => document.facts.get(*index).map(|fact| fact.name.clone()),
    };
    sources.iter().filter_map(name).collect::<Vec<_>>().join(", ")
}

struct Walk<'r> {
    ruleset: &'r CheckedRuleset,
    /// Per local: what its values came from.
    locals: Vec<Sources>,
    /// Per output.
    outputs: Vec<Sources>,
    /// What decided that control got here.
    control: Sources,
    /// What returned values came from.
    returned: Sources,
    /// How many `return` there were.
    returns: usize,
}

impl<'r> Walk<'r> {
    fn new(ruleset: &'r CheckedRuleset) -> Self {
        Self {
            ruleset,
            locals: vec![Sources::new(); ruleset.locals.len()],
            outputs: vec![Sources::new(); ruleset.ruleset.outputs.len()],
            control: Sources::new(),
            returned: Sources::new(),
            returns: 0,
        }
    }

    fn all<'e>(&mut self, list: impl IntoIterator<Item = &'e Expr>) -> Sources {
        list.into_iter().flat_map(|expr| self.flow(expr)).collect()
    }

    fn flow(&mut self, expr: &Expr) -> Sources {
        match &expr.kind {
            ExprKind::Constant(_) | ExprKind::AsOf => Sources::new(),
            ExprKind::Fact(index) => Sources::from([Source::Fact(*index)]),
            ExprKind::Derived(index) => Sources::from([Source::Derived(*index)]),
            ExprKind::Scorecard(index) => Sources::from([Source::Card(*index)]),
            ExprKind::Has(effect) => Sources::from([Source::Effect(*effect)]),
            ExprKind::Local(local) => self.local(local.0).cloned().unwrap_or_default(),
            ExprKind::Scale { scale, value } => with(self.flow(value), Source::Scale(*scale)),
            ExprKind::Table { table, arguments } => with(self.all(arguments), Source::Table(*table)),
            ExprKind::Field { record: only, .. }
            | ExprKind::ToDecimal(only)
            | ExprKind::ToInteger(only)
            | ExprKind::ToEnum { value: only, .. }
            | ExprKind::ToText(only)
            | ExprKind::Not(only)
            | ExprKind::Negate(only)
            | ExprKind::IsMissing(only)
            | ExprKind::IsSpecial { value: only, .. }
            | ExprKind::InSet { value: only, .. }
            | ExprKind::InRange { value: only, .. }
            | ExprKind::CardScore(only)
            | ExprKind::CardPoints { card: only, .. } => self.flow(only),
            ExprKind::Index { list: left, index: right }
            | ExprKind::Compare { left, right, .. }
            | ExprKind::Arithmetic { left, right, .. }
            | ExprKind::Coalesce { value: left, default: right }
            | ExprKind::ValueOr { value: left, default: right }
            | ExprKind::InList { value: left, list: right } => self.all([left.as_ref(), right.as_ref()]),
            ExprKind::And(list)
            | ExprKind::Or(list)
            | ExprKind::List(list)
            | ExprKind::Record(list)
            | ExprKind::Call { arguments: list, .. } => self.all(list),
            ExprKind::If { branches, otherwise } => self.branches(branches, otherwise.as_deref()),
            ExprKind::Switch { subject, arms, default } => {
                let subject = self.flow(subject);
                self.under(&subject, |walk| {
                    let guards = walk.all(arms.iter().filter_map(|arm| arm.guard.as_ref()));
                    let results = arms.iter().map(|arm| &arm.result).chain(default.as_deref());
                    joined(walk.all(results), guards)
                })
            }
            ExprKind::Block { statements, result } => {
                statements.iter().for_each(|statement| self.statement(statement));
                self.all(result.as_deref())
            }
            ExprKind::Invoke { function, arguments } => self.invoke(*function, arguments),
            ExprKind::Aggregate { list, closure, .. } => {
                let list = self.flow(list);
                match closure {
                    None => list,
                    Some((local, body)) => {
                        self.store(local.0, &list);
                        joined(self.flow(body), list)
                    }
                }
            }
            ExprKind::Outputs(list) => self.outputs(list),
        }
    }

    fn local(&self, local: u32) -> Option<&Sources> {
        self.locals.get(usize::try_from(local).ok()?)
    }

    fn store(&mut self, local: u32, sources: &Sources) {
        let control = self.control.clone();
        if let Some(place) = usize::try_from(local).ok().and_then(|local| self.locals.get_mut(local)) {
            place.extend(sources.iter().copied().chain(control));
        }
    }

    /// Walks what happens only under a condition. A `return` in there makes all that follows depend on it, too.
    fn under(&mut self, condition: &Sources, walk: impl FnOnce(&mut Self) -> Sources) -> Sources {
        let (before, returns) = (self.control.clone(), self.returns);
        self.control.extend(condition.iter().copied());
        let sources = walk(self);
        if self.returns == returns {
            self.control = before;
        }
        joined(sources, condition.clone())
    }

    fn branches(&mut self, branches: &[(Expr, Expr)], otherwise: Option<&Expr>) -> Sources {
        let Some(((condition, body), rest)) = branches.split_first() else { return self.all(otherwise) };
        let condition = self.flow(condition);
        self.under(&condition, |walk| {
            let body = walk.flow(body);
            joined(body, walk.branches(rest, otherwise))
        })
    }

    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Store(local, value) => {
                let sources = self.flow(value);
                self.store(local.0, &sources);
            }
            Statement::Evaluate(expr) => drop(self.flow(expr)),
            Statement::For { local, over, body } => {
                let over = match over {
                    Iterable::Range { .. } => Sources::new(),
                    Iterable::List(list) => self.flow(list),
                };
                self.store(local.0, &over);
                // Twice: a later statement of the body may feed an earlier one in the next round.
                self.under(&over, |walk| {
                    body.iter().chain(body).for_each(|statement| walk.statement(statement));
                    Sources::new()
                });
            }
            Statement::Return(value) => {
                self.returns = self.returns.saturating_add(1);
                let sources = self.all(value.as_ref());
                let control = self.control.clone();
                self.returned.extend(sources.into_iter().chain(control));
            }
            Statement::Break | Statement::Continue => self.returns = self.returns.saturating_add(1),
        }
    }

    fn invoke(&mut self, function: usize, arguments: &[Expr]) -> Sources {
        let arguments: Vec<Sources> = arguments.iter().map(|argument| self.flow(argument)).collect();
        let Some(function) = self.ruleset.functions.get(function) else { return Sources::new() };
        for (local, sources) in function.parameters.iter().zip(&arguments) {
            self.store(local.0, sources);
        }
        let outer = (std::mem::take(&mut self.returned), self.control.clone());
        let result = self.flow(&function.body);
        let returned = std::mem::replace(&mut self.returned, outer.0);
        self.control = outer.1;
        joined(result, returned)
    }

    fn outputs(&mut self, list: &[Option<Expr>]) -> Sources {
        for (index, expr) in list.iter().enumerate() {
            let sources = self.all(expr.as_ref());
            let control = self.control.clone();
            if let Some(place) = self.outputs.get_mut(index) {
                place.extend(sources.into_iter().chain(control));
            }
        }
        Sources::new()
    }
}

fn with(mut sources: Sources, one: Source) -> Sources {
    sources.insert(one);
    sources
}

fn joined(mut one: Sources, other: Sources) -> Sources {
    one.extend(other);
    one
}
