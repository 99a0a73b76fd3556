//! The compiled ruleset: plain data, typed, self-contained. No parser and no source text are needed to run it.
//!
//! Invariants, so that a verifier is simple and nothing can run for ever: a node's operands have smaller indexes than
//! the node; every index points into its pool; a local has one place in the whole program, for there is no recursion.

pub mod artefact;
pub mod locator;
pub mod node;
pub mod pool;

use crate::diagnostic::{FileId, Span};
use crate::ruleset::checked::Type;
use crate::ruleset::dependency::{Dependencies, Source};
use crate::ruleset::{OnError, Reason};
use crate::schema::{Fact, Output, Parameter};
use crate::value::date::Date;
use crate::value::slot::Slot;

pub use artefact::{CardProgram, ScaleProgram, TableProgram};
pub use node::{Node, NodeId, TestKind};
pub use pool::Pool;

/// Which ruleset decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// `sha256:...`
    pub digest: String,
}

/// A compiled ruleset. Immutable; one program serves any number of threads.
#[derive(Clone, Debug)]
pub struct Program {
    /// Which ruleset it is.
    pub identity: Identity,
    /// Facts in declared order: the slots of a record.
    pub facts: Vec<Fact>,
    /// Outputs in declared order.
    pub outputs: Vec<Output>,
    /// Parameters in declared order; their values are compiled in.
    pub parameters: Vec<Parameter>,
    /// Effects, mildest first.
    pub effects: Vec<String>,
    /// `reasons.csv` in file order.
    pub reasons: Vec<Reason>,
    /// First day in force.
    pub effective_from: Option<Date>,
    /// First day no longer in force.
    pub effective_until: Option<Date>,
    /// What an input or evaluation error does to the outcome.
    pub on_error: OnError,
    /// Paths of the source files behind [`FileId`].
    pub paths: Vec<String>,
    /// Derived facts in file order.
    pub derived: Vec<DerivedProgram>,
    /// Rules in file order.
    pub rules: Vec<RuleProgram>,
    /// Scorecards in declared order.
    pub scorecards: Vec<CardProgram>,
    /// Scales in declared order.
    pub scales: Vec<ScaleProgram>,
    /// Decision tables and matrices in declared order.
    pub tables: Vec<TableProgram>,
    /// What each part depends on; evaluation does not read it.
    pub dependencies: Dependencies,
    /// The body of `decide`.
    pub decide: NodeId,
    /// How many locals there are.
    pub locals: u32,
    /// Nodes and constants.
    pub code: Code,
}

/// Nodes with what belongs to them, and the pools they point into.
#[derive(Clone, Debug, Default)]
pub struct Code {
    /// Operands before operators.
    pub nodes: Vec<Node>,
    /// Per node: where it stands.
    pub spans: Vec<Span>,
    /// Per node: index of its type in `type_pool`.
    pub types: Vec<u32>,
    /// Per node: whether its value depends on a sensitive fact.
    pub sensitive: Vec<bool>,
    /// Distinct types.
    pub type_pool: Vec<Type>,
    /// Indexes of nodes, locals, symbols: what [`node::Items`] points into.
    pub items: Vec<u32>,
    /// Constant slots.
    pub constants: Vec<Slot>,
    /// 64 bits of symbols each.
    pub masks: Vec<u64>,
    /// Bounds of decimals as mantissas at a scale, both inclusive.
    pub bounds: Vec<(i128, i128)>,
    /// Arms of `switch`.
    pub switches: Vec<Switch>,
    /// What a trace says about a node that tests something, in ascending order of nodes.
    pub tests: Vec<Test>,
    /// Constant texts, lists and records.
    pub pool: Pool,
}

/// A derived fact.
#[derive(Clone, Debug, PartialEq)]
pub struct DerivedProgram {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Its value.
    pub body: NodeId,
    /// It depends on a sensitive fact.
    pub sensitive: bool,
    /// Where it is declared.
    pub span: Span,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleProgram {
    /// Its id.
    pub id: String,
    /// Index in [`Program::effects`].
    pub effect: u16,
    /// Its condition.
    pub body: NodeId,
    /// Index in [`Program::reasons`], if its id has a line there.
    pub reason: Option<u32>,
    /// Where it is declared.
    pub span: Span,
}

/// The arms of a `switch`, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Switch {
    /// First match wins.
    pub arms: Vec<Arm>,
    /// `_`
    pub default: Option<NodeId>,
}

/// One arm.
#[derive(Clone, Debug, PartialEq)]
pub struct Arm {
    /// Alternatives.
    pub patterns: Vec<Pattern>,
    /// Must hold, too.
    pub guard: Option<NodeId>,
    /// Its value.
    pub result: NodeId,
}

/// One alternative of an arm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pattern {
    /// Equal to this constant.
    Equal(Slot),
    /// Integers from the first to the second, both inclusive.
    Within(i64, i64),
}

/// What a trace says about a node that tests something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Test {
    /// The node.
    pub node: NodeId,
    /// Its operator or function.
    pub kind: TestKind,
    /// The left or only operand.
    pub left: NodeId,
    /// The right operand.
    pub right: Option<NodeId>,
}

impl Code {
    /// The type of a node's value.
    #[must_use]
    pub fn type_of(&self, node: NodeId) -> Option<&Type> {
        self.types.get(node as usize).and_then(|ty| self.type_pool.get(*ty as usize))
    }

    /// Where a node stands.
    #[must_use]
    pub fn span_of(&self, node: NodeId) -> Span {
        self.spans.get(node as usize).copied().unwrap_or_default()
    }

    /// Whether a node's value depends on a sensitive fact.
    #[must_use]
    pub fn is_sensitive(&self, node: NodeId) -> bool {
        self.sensitive.get(node as usize).copied().unwrap_or(true)
    }

    /// What a trace says about a node.
    #[must_use]
    pub fn test_of(&self, node: NodeId) -> Option<&Test> {
        let index = self.tests.binary_search_by_key(&node, |test| test.node).ok()?;
        self.tests.get(index)
    }
}

impl Program {
    /// The path of a source file.
    #[must_use]
    pub fn path(&self, file: FileId) -> &str {
        self.paths.get(usize::from(file.0)).map_or("", String::as_str)
    }

    /// The name of what something depends on; for an effect, the effect's.
    #[must_use]
    pub fn name_of(&self, source: Source) -> &str {
        let name = match source {
            Source::Scorecard(index) => self.scorecards.get(index as usize).map(|card| &card.name),
            Source::Scale(index) => self.scales.get(index as usize).map(|scale| &scale.name),
            Source::Table(index) => self.tables.get(index as usize).map(|table| &table.name),
            Source::Effect(index) => self.effects.get(usize::from(index)),
            Source::Derived(index) => self.derived.get(index as usize).map(|derived| &derived.name),
            Source::Fact(index) => self.facts.get(index as usize).map(|fact| &fact.name),
            Source::Parameter(index) => self.parameters.get(index as usize).map(|parameter| &parameter.name),
        };
        name.map_or("", String::as_str)
    }
}

/// Calls `visit` with every operand of a node, bodies of functions and closures included, bodies of derived facts not.
pub fn operands(code: &Code, node: Node, visit: &mut dyn FnMut(NodeId)) {
    let items = |items: node::Items| {
        let start = items.start as usize;
        code.items.get(start..start.saturating_add(items.len as usize)).unwrap_or(&[])
    };
    match node {
        Node::Field { record: only, .. }
        | Node::ToDecimal(only)
        | Node::ToInteger(only)
        | Node::ToEnum { value: only, .. }
        | Node::ToText { value: only, .. }
        | Node::Not(only)
        | Node::NegateInteger(only)
        | Node::NegateDecimal(only)
        | Node::Within { value: only, .. }
        | Node::SymbolIn { value: only, .. }
        | Node::InConstants { value: only, .. }
        | Node::IsMissing(only)
        | Node::IsSpecial { value: only, .. }
        | Node::Store { value: only, .. }
        | Node::ForRange { body: only, .. }
        | Node::Return(Some(only))
        | Node::CardScore { card: only, .. }
        | Node::CardPoints { card: only, .. }
        | Node::Scale { value: only, .. }
        | Node::Aggregate { list: only, closure: None, .. } => visit(only),
        Node::Index { list: left, index: right }
        | Node::Compare { left, right, .. }
        | Node::InList { value: left, list: right }
        | Node::Integer { left, right, .. }
        | Node::Decimal { left, right, .. }
        | Node::Coalesce { value: left, default: right }
        | Node::ValueOr { value: left, default: right }
        | Node::ForList { list: left, body: right, .. }
        | Node::Aggregate { list: left, closure: Some((_, right)), .. } => {
            visit(left);
            visit(right);
        }
        Node::And(list)
        | Node::Or(list)
        | Node::If(list)
        | Node::List(list)
        | Node::Record(list)
        | Node::Outputs(list)
        | Node::Call { arguments: list, .. }
        | Node::Table { arguments: list, .. } => items(list).iter().copied().for_each(visit),
        Node::Block { statements, result } => {
            items(statements).iter().copied().chain(result).for_each(visit);
        }
        Node::Switch { subject, arms } => {
            visit(subject);
            switch_operands(code, arms, visit);
        }
        Node::Invoke { body, arguments } => {
            items(arguments).chunks_exact(2).filter_map(|pair| pair.get(1).copied()).chain([body]).for_each(visit);
        }
        _ => {}
    }
}

fn switch_operands(code: &Code, arms: u32, visit: &mut dyn FnMut(NodeId)) {
    let Some(switch) = code.switches.get(arms as usize) else { return };
    let guarded = switch.arms.iter().flat_map(|arm| arm.guard.into_iter().chain([arm.result]));
    guarded.chain(switch.default).for_each(visit);
}
