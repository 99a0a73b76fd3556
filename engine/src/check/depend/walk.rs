//! The walk: what flows into which node.

use crate::ruleset::checked::{CheckedRuleset, Expr, ExprKind, Iterable, LocalId, Statement};
use crate::ruleset::dependency::Source;

use super::graph::{Graph, Link};
use super::{ParameterUses, number};

/// Where the nodes of named things begin: variables first, then tables, scales, outputs.
#[derive(Clone, Copy)]
pub(super) struct Places {
    tables: usize,
    scales: usize,
    outputs: usize,
    end: usize,
}

impl Places {
    pub(super) fn tables(self) -> impl Iterator<Item = usize> {
        self.tables..self.scales
    }

    pub(super) fn scales(self) -> impl Iterator<Item = usize> {
        self.scales..self.outputs
    }

    pub(super) fn outputs(self) -> impl Iterator<Item = usize> {
        self.outputs..self.end
    }
}

/// What the result of a helper function depends on, whoever calls it.
#[derive(Clone)]
struct Summary {
    /// Reads what the function reads by itself.
    own: usize,
    /// The positions of the arguments that the result depends on.
    arguments: Vec<usize>,
}

/// Where the walk stands.
#[derive(Clone, Copy)]
struct Here {
    /// Reads what decided that control got here.
    control: Option<usize>,
    /// Where the values of `return` flow.
    returned: usize,
    /// How many `return` there were.
    returns: usize,
    /// How many `break` and `continue` there were in the loop at hand.
    breaks: usize,
}

/// A walk over a ruleset.
pub(super) struct Walk<'r> {
    checked: &'r CheckedRuleset,
    parameters: &'r ParameterUses,
    graph: Graph,
    places: Places,
    functions: Vec<Option<Summary>>,
    here: Here,
}

impl<'r> Walk<'r> {
    pub(super) fn new(checked: &'r CheckedRuleset, parameters: &'r ParameterUses) -> Self {
        let ruleset = &checked.ruleset;
        let tables = checked.locals.len();
        let scales = tables.saturating_add(ruleset.tables.len());
        let outputs = scales.saturating_add(ruleset.scales.len());
        let places = Places { tables, scales, outputs, end: outputs.saturating_add(ruleset.outputs.len()) };
        let mut graph = Graph::default();
        for _ in 0..places.end {
            graph.node();
        }
        let here = Here { control: None, returned: 0, returns: 0, breaks: 0 };
        Self { checked, parameters, graph, places, functions: vec![None; checked.functions.len()], here }
    }

    pub(super) fn finish(self) -> (Graph, Places) {
        (self.graph, self.places)
    }

    /// Walks a body of its own; gives the node of its value.
    pub(super) fn root(&mut self, body: &Expr) -> usize {
        let node = self.graph.node();
        self.body(body, node);
        node
    }

    /// Walks the cells of a table.
    pub(super) fn cells<'e>(&mut self, table: usize, cells: impl Iterator<Item = &'e Expr>) {
        let node = self.places.tables.saturating_add(table);
        cells.for_each(|cell| self.body(cell, node));
    }

    fn body(&mut self, body: &Expr, into: usize) {
        let here = Here { control: None, returned: into, returns: 0, breaks: 0 };
        let outer = std::mem::replace(&mut self.here, here);
        self.flow(body, into);
        self.here = outer;
    }

    fn source(&mut self, into: usize, source: Source) {
        self.graph.link(into, Link::Source(source));
    }

    fn node(&mut self, into: usize, node: usize) {
        self.graph.link(into, Link::Node(node));
    }

    /// What decided that control got here flows there, too.
    fn controlled(&mut self, into: usize) {
        if let Some(control) = self.here.control {
            self.node(into, control);
        }
    }

    /// A new node with the value of an expression.
    fn value(&mut self, expr: &Expr) -> usize {
        let node = self.graph.node();
        self.flow(expr, node);
        node
    }

    fn all<'e>(&mut self, list: impl IntoIterator<Item = &'e Expr>, into: usize) {
        list.into_iter().for_each(|expr| self.flow(expr, into));
    }

    /// From here on, control depends on the condition.
    fn fork(&mut self, condition: usize) -> usize {
        let node = self.graph.node();
        self.node(node, condition);
        self.controlled(node);
        self.here.control = Some(node);
        node
    }

    /// Walks what happens only under conditions. A `return` in there makes all that follows depend on them, too.
    fn under(&mut self, walk: impl FnOnce(&mut Self)) {
        let before = self.here;
        walk(self);
        if (self.here.returns, self.here.breaks) == (before.returns, before.breaks) {
            self.here.control = before.control;
        }
    }

    /// Links a node to what the value of an expression comes from.
    fn flow(&mut self, expr: &Expr, into: usize) {
        for parameter in self.parameters.of(expr.span) {
            self.source(into, Source::Parameter(parameter));
        }
        match &expr.kind {
            ExprKind::Constant(_) | ExprKind::AsOf => {}
            ExprKind::Fact(index) => self.source(into, Source::Fact(number(*index))),
            ExprKind::Derived(index) => self.source(into, Source::Derived(number(*index))),
            ExprKind::Scorecard(index) => self.source(into, Source::Scorecard(number(*index))),
            ExprKind::Has(effect) => self.source(into, Source::Effect(*effect)),
            ExprKind::Local(local) => self.node(into, place(*local)),
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
            | ExprKind::CardPoints { card: only, .. } => self.flow(only, into),
            ExprKind::Index { list: left, index: right }
            | ExprKind::Compare { left, right, .. }
            | ExprKind::Arithmetic { left, right, .. }
            | ExprKind::ValueOr { value: left, default: right }
            | ExprKind::InList { value: left, list: right } => self.all([left, right], into),
            ExprKind::List(list) | ExprKind::Record(list) | ExprKind::Call { arguments: list, .. } => {
                self.all(list, into);
            }
            ExprKind::Coalesce { value, default } => self.chain([value, default], into),
            ExprKind::And(list) | ExprKind::Or(list) => self.chain(list, into),
            ExprKind::Scale { .. } | ExprKind::Table { .. } => self.lookup(&expr.kind, into),
            ExprKind::If { .. } | ExprKind::Switch { .. } | ExprKind::Block { .. } => self.branches(&expr.kind, into),
            ExprKind::Invoke { function, arguments } => self.invoke(*function, arguments, into),
            ExprKind::Aggregate { list, closure, .. } => {
                self.aggregate(list, closure.as_ref().map(|(local, body)| (*local, body)), into);
            }
            ExprKind::Outputs(list) => {
                for (index, expr) in list.iter().enumerate() {
                    let output = self.places.outputs.saturating_add(index);
                    self.all(expr.as_ref(), output);
                    self.controlled(output);
                }
            }
        }
    }

    /// Operands that are evaluated only as far as needed.
    fn chain<'e>(&mut self, list: impl IntoIterator<Item = &'e Expr>, into: usize) {
        let value = self.graph.node();
        self.node(into, value);
        self.under(|walk| {
            for (position, expr) in list.into_iter().enumerate() {
                if position == 1 {
                    walk.fork(value);
                }
                walk.flow(expr, value);
            }
        });
    }

    /// A scale and a table are named, and what is looked up in them counts, too.
    fn lookup(&mut self, kind: &ExprKind, into: usize) {
        let value = self.graph.node();
        let place = match kind {
            ExprKind::Scale { scale, value: number_of } => {
                self.flow(number_of, value);
                self.source(into, Source::Scale(number(*scale)));
                self.places.scales.saturating_add(*scale)
            }
            ExprKind::Table { table, arguments } => {
                self.all(arguments, value);
                self.source(into, Source::Table(number(*table)));
                self.places.tables.saturating_add(*table)
            }
            _ => return,
        };
        self.node(into, value);
        self.node(place, value);
    }

    fn branches(&mut self, kind: &ExprKind, into: usize) {
        match kind {
            ExprKind::If { branches, otherwise } => self.under(|walk| {
                for (condition, body) in branches {
                    let condition = walk.value(condition);
                    walk.node(into, condition);
                    walk.fork(condition);
                    walk.under(|walk| walk.flow(body, into));
                }
                walk.all(otherwise, into);
            }),
            ExprKind::Switch { subject, arms, default } => {
                let subject = self.value(subject);
                self.node(into, subject);
                self.under(|walk| {
                    walk.fork(subject);
                    for arm in arms {
                        walk.all(arm.guard.as_ref(), subject);
                        walk.under(|walk| walk.flow(&arm.result, into));
                    }
                    walk.all(default, into);
                });
            }
            ExprKind::Block { statements, result } => {
                statements.iter().for_each(|statement| self.statement(statement));
                self.all(result, into);
            }
            _ => {}
        }
    }

    fn aggregate(&mut self, list: &Expr, closure: Option<(LocalId, &Expr)>, into: usize) {
        let list = self.value(list);
        self.node(into, list);
        if let Some((local, body)) = closure {
            self.node(place(local), list);
            // A `return` in there ends the closure and nothing else.
            let outer = self.here;
            self.here.returned = into;
            self.flow(body, into);
            self.here = outer;
        }
    }

    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Store(local, value) => {
                self.flow(value, place(*local));
                self.controlled(place(*local));
            }
            Statement::Evaluate(expr) => drop(self.value(expr)),
            Statement::For { local, over, body } => self.repeated(*local, over, body),
            Statement::Return(value) => {
                self.here.returns = self.here.returns.saturating_add(1);
                let returned = self.here.returned;
                self.all(value.as_ref(), returned);
                self.controlled(returned);
            }
            Statement::Break | Statement::Continue => self.here.breaks = self.here.breaks.saturating_add(1),
        }
    }

    fn repeated(&mut self, local: LocalId, over: &Iterable, body: &[Statement]) {
        let element = place(local);
        if let Iterable::List(list) = over {
            self.flow(list, element);
        }
        for parameter in self.parameters.of_loop(local) {
            self.source(element, Source::Parameter(parameter));
        }
        let before = self.here;
        let round = self.fork(element);
        body.iter().for_each(|statement| self.statement(statement));
        // Whether the loop is left decides whether its next round comes.
        self.controlled(round);
        self.here.breaks = before.breaks;
        if self.here.returns == before.returns {
            self.here.control = before.control;
        }
    }

    fn invoke(&mut self, function: usize, arguments: &[Expr], into: usize) {
        let arguments: Vec<usize> = arguments.iter().map(|argument| self.value(argument)).collect();
        let checked = self.checked;
        for (local, argument) in
            checked.functions.get(function).iter().flat_map(|known| &known.parameters).zip(&arguments)
        {
            self.node(place(*local), *argument);
        }
        let Some(summary) = self.summary(function) else { return };
        self.node(into, summary.own);
        for position in summary.arguments {
            if let Some(argument) = arguments.get(position) {
                self.node(into, *argument);
            }
        }
    }

    fn summary(&mut self, function: usize) -> Option<Summary> {
        if let Some(known) = self.functions.get(function)? {
            return Some(known.clone());
        }
        let checked = self.checked;
        let declared = checked.functions.get(function)?;
        let result = self.root(&declared.body);
        let parameters: Vec<usize> = declared.parameters.iter().map(|local| place(*local)).collect();
        let (sources, arguments) = self.graph.reach(result, &parameters);
        let own = self.graph.node();
        sources.into_iter().for_each(|source| self.source(own, source));
        let summary = Summary { own, arguments };
        if let Some(known) = self.functions.get_mut(function) {
            *known = Some(summary.clone());
        }
        Some(summary)
    }
}

fn place(local: LocalId) -> usize {
    usize::try_from(local.0).unwrap_or(usize::MAX)
}
