//! Strict Rhai: names resolved, every expression typed, every silent surprise refused.
//!
//! One body at a time: a derived fact when it is first read, a helper function per tuple of argument types, each rule,
//! `decide`, the cells of a table. An expression in error has no typed form (`None`), which silences what follows from
//! it; everything else is still looked at, so that one run reports all mistakes.

mod aggregate;
mod artefact;
mod body;
mod builtin;
mod call;
mod cell;
mod coerce;
mod compare;
mod condition;
mod constant;
mod expression;
mod finish;
pub(in crate::check) mod flow;
mod function;
mod names;
mod operator;
mod order;
mod outputs;
mod statement;
mod switch;
pub(in crate::check) mod types;
mod walk;

use std::borrow::Cow;

use crate::check::depend::ParameterUses;
use crate::diagnostic::codes::{MISSING_DECIDE, PROGRAM_TOO_COSTLY, RULESET_TOO_LARGE, UNKNOWN_EFFECT};
use crate::diagnostic::{Code, Diagnostic, FileId, Span};
use crate::ruleset::Ruleset;
use crate::ruleset::checked::{CheckedRule, Expr, Input, Type, TypeKind};
use crate::ruleset::script as source;
use crate::schema::ELEMENTS_MAX;
use crate::value::ordered::Set;

use body::{Binding, Body, BodyKind};
use names::{Names, suggestion};
use types::Domains;

/// Steps after which a ruleset counts as too large to check.
const MOST_WORK: u64 = 8_000_000;
/// Worst-case steps of one decision.
pub(in crate::check) const MOST_COST: u64 = 1_000_000_000;
/// The length that a list is assumed to have in the worst case.
pub(in crate::check) const LIST_LENGTH: u64 = ELEMENTS_MAX as u64;
/// Blocks and expressions within each other, through function calls, derived facts and tables.
const MOST_DEPTH: u32 = 200;
/// After so many problems no more "did you mean" is looked for.
const MOST_SUGGESTIONS: u32 = 200;

/// What the script and the artefacts it calls look like after judgement.
pub(super) struct Checked {
    /// The ruleset's checked form without the ruleset itself; `None` if there are errors.
    pub(super) parts: Option<finish::Parts>,
    /// All diagnostics, unsorted.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// The checker: what it has found out so far.
struct Checker<'r> {
    ruleset: &'r Ruleset,
    names: Names<'r>,
    /// The type of each fact, in the order of the ruleset.
    facts: Vec<Type>,
    domains: Domains,
    constants: Vec<Option<Expr>>,
    locals: Vec<Type>,
    derived: Vec<Visit<Expr>>,
    cards: Vec<Visit<Inputs>>,
    tables: Vec<TableState>,
    scales_called: Set<usize>,
    cards_called: Set<usize>,
    functions_called: Set<usize>,
    instances: Vec<function::Instance>,
    /// The instances of each function.
    by_function: Vec<Vec<usize>>,
    /// Where parameters went before they became constants.
    parameters: ParameterUses,
    active: Vec<Active>,
    body: Body<'r>,
    /// Diagnostics of finished bodies.
    finished: Vec<Diagnostic>,
    /// Instances called from derived facts, rules, `decide` and cells.
    roots: Set<usize>,
    /// Worst-case steps of what has been finished.
    cost: u64,
    depth: u32,
    work: u64,
    exhausted: bool,
    suggestions: u32,
}

/// What the characteristics of a card read, and of which types; `None` after an error.
type Inputs = Vec<Option<(Input, Type)>>;

/// How far something is that is looked at when it is first needed.
#[derive(Clone)]
enum Visit<T> {
    Not,
    Within,
    Done(Option<T>),
}

/// What is known of a table.
#[derive(Clone)]
struct TableState {
    /// The type of each column, from the fact of that name or from the calls so far.
    columns: Vec<Option<Type>>,
    /// Whether the column's type is that of a fact.
    bound: Vec<bool>,
    /// Whether all calls so far give the column constants.
    constant: Vec<bool>,
    /// Worst-case steps of one call.
    cost: Visit<u64>,
    called: bool,
    /// A column's type grew after a call had been typed.
    grown: bool,
}

/// What is being looked at, to name a cycle.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Active {
    Derived(usize),
    Function(usize),
    Card(usize),
    Table(usize),
}

/// Judges the script and types the artefacts.
pub(super) fn check(ruleset: &Ruleset) -> Checked {
    let mut diagnostics = Vec::new();
    let names = Names::new(ruleset, &mut diagnostics);
    let mut checker = Checker::new(ruleset, names, diagnostics);
    checker.check_constants();
    let order = checker.derive_order();
    for index in &order {
        checker.derived_type(*index);
    }
    let rules = checker.check_rules();
    let decide = checker.check_decide();
    let mut checked = checker.finish(rules, decide);
    if let Some(parts) = &mut checked.parts {
        parts.derive_order = order;
    }
    checked
}

impl<'r> Checker<'r> {
    fn new(ruleset: &'r Ruleset, names: Names<'r>, finished: Vec<Diagnostic>) -> Self {
        let derived = names.derives.iter().map(|_| Visit::Not).collect();
        let mut checker = Self {
            ruleset,
            names,
            facts: ruleset.facts.iter().map(|fact| types::type_of(&fact.spec)).collect(),
            domains: Domains::default(),
            constants: Vec::new(),
            locals: Vec::new(),
            derived,
            cards: ruleset.scorecards.iter().map(|_| Visit::Not).collect(),
            tables: Vec::new(),
            scales_called: Set::new(),
            cards_called: Set::new(),
            functions_called: Set::new(),
            instances: Vec::new(),
            by_function: vec![Vec::new(); ruleset.script.functions.len()],
            parameters: ParameterUses::default(),
            active: Vec::new(),
            body: Body::default(),
            finished,
            roots: Set::new(),
            cost: 0,
            depth: 0,
            work: 0,
            exhausted: false,
            suggestions: 0,
        };
        checker.tables = ruleset.tables.iter().map(|table| checker.table_state(table)).collect();
        checker
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.body.diagnostics.push(diagnostic);
    }

    /// Reports what is wrong and how to mend it.
    fn complain<'t>(
        &mut self,
        code: Code,
        span: Span,
        message: impl Into<Cow<'t, str>>,
        help: impl Into<Cow<'t, str>>,
    ) {
        self.report_with(code, span, message.into(), help.into());
    }

    #[inline(never)]
    fn report_with(&mut self, code: Code, span: Span, message: Cow<'_, str>, help: Cow<'_, str>) {
        self.report(Diagnostic::new(code, span, message).with_help(help));
    }

    /// Counts steps of the check itself, so that no source keeps it busy without end.
    fn charge(&mut self, steps: u64) {
        self.work = self.work.saturating_add(steps);
    }

    /// Whether the check has to give up; says so once.
    fn is_exhausted(&mut self, span: Span) -> bool {
        if self.work > MOST_WORK && !self.exhausted {
            self.exhausted = true;
            self.finished.push(
                Diagnostic::new(RULESET_TOO_LARGE, span, "the rules are too large or too entangled to be checked")
                    .with_help(
                        "use fewer constants in long lists and call helper functions with fewer kinds of arguments",
                    ),
            );
        }
        self.exhausted
    }

    /// Help for an unknown name.
    fn suggest<'a>(&mut self, word: &str, known: impl Iterator<Item = &'a str>, declare: &str) -> String {
        self.suggestions = self.suggestions.saturating_add(1);
        if self.suggestions > MOST_SUGGESTIONS { declare.to_owned() } else { suggestion(word, known, declare) }
    }

    fn check_rules(&mut self) -> Vec<Option<CheckedRule>> {
        let rules = self.names.rules.clone();
        rules.into_iter().map(|(id, effect, body)| self.check_rule(id, effect, body)).collect()
    }

    fn check_rule(
        &mut self,
        id: &'r source::Ident,
        effect: &'r source::Ident,
        closure: &'r source::Closure,
    ) -> Option<CheckedRule> {
        let effect = self.effect(effect);
        let body = self.closed_body(BodyKind::Rule, closure, TypeKind::Facts);
        Some(CheckedRule { id: id.name.clone(), effect: effect?, body: body?, span: id.span })
    }

    /// The index of an effect.
    fn effect(&mut self, effect: &source::Ident) -> Option<u16> {
        if let Some(index) = self.names.effects.get(effect.name.as_str()) {
            return u16::try_from(*index).ok();
        }
        let known = self.names.effect_order.clone();
        let help = self.suggest(&effect.name, known.into_iter(), "add it to `effects` in ruleset.toml");
        self.complain(
            UNKNOWN_EFFECT,
            effect.span,
            format!("`{}` is neither a value of the output `outcome` nor one of `effects`", effect.name),
            help,
        );
        None
    }

    fn check_decide(&mut self) -> Option<Expr> {
        let script = &self.ruleset.script;
        let Some(decide) = self.names.functions.get("decide").and_then(|index| script.functions.get(*index)) else {
            let help = "write `fn decide(f, hits) { #{ ... } }`, which returns the outputs";
            let span = self.script_start();
            self.finished
                .push(Diagnostic::new(MISSING_DECIDE, span, "rules.rhai has no function `decide`").with_help(help));
            return None;
        };
        let [facts, hits] = decide.parameters.as_slice() else {
            let message =
                format!("`decide` takes the facts and the hits, here it has {} parameters", decide.parameters.len());
            self.finished.push(
                Diagnostic::new(MISSING_DECIDE, decide.name.span, message)
                    .with_help("write `fn decide(f, hits) { ... }`"),
            );
            return None;
        };
        let kind = BodyKind::Decide;
        self.in_body(kind, &mut |checker| {
            checker.bind(facts, Binding::Facts);
            checker.bind(hits, Binding::Hits);
            checker.decide_body(&decide.body)
        })
    }

    /// A place in `rules.rhai` when there is nothing to point at.
    fn script_start(&self) -> Span {
        let script = &self.ruleset.script;
        let functions = script.functions.iter().map(|function| function.span.file);
        let files = functions.chain(script.constants.iter().map(|constant| constant.name.span.file)).chain(
            self.names
                .rules
                .iter()
                .map(|(id, ..)| id.span.file)
                .chain(self.names.derives.iter().map(|(id, _)| id.span.file)),
        );
        let by_path = || {
            let position = self.ruleset.sources.iter().position(|file| file.path.ends_with(".rhai"));
            FileId(position.and_then(|position| u16::try_from(position).ok()).unwrap_or(0))
        };
        Span::at(files.into_iter().next().unwrap_or_else(by_path), 1, 1)
    }

    /// Adds to the worst-case cost of the body at hand.
    fn spend(&mut self, steps: u64) {
        self.body.cost = self.body.cost.saturating_add(steps);
    }

    /// Refuses a body that may take too many steps.
    fn refuse_costly(&mut self, span: Span) {
        if self.body.cost > MOST_COST && !self.body.costly {
            self.body.costly = true;
            self.complain(
                PROGRAM_TOO_COSTLY,
                span,
                format!(
                    "in the worst case this takes more than {MOST_COST} steps (a list may hold {LIST_LENGTH} elements)"
                ),
                "shorten the ranges, or avoid a loop over a list within a loop over a list",
            );
        }
    }
}
