//! The raw outcome of an evaluation: slots and indexes, nothing worded. It is reused from decision to decision.

use crate::diagnostic::{Code, Span};
use crate::program::NodeId;
use crate::value::slot::Slot;

/// What an evaluation found. Indexes refer to the program, texts and lists to the program, the record and `arena`.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// One per declared output; empty after an error. Decimals stand at the output's scale.
    pub outputs: Vec<Slot>,
    /// Rules that held, in file order; empty after an error.
    pub hits: Vec<u32>,
    /// Ranked, unique by code; empty after an error.
    pub reasons: Vec<RankedReason>,
    /// The first error.
    pub error: Option<Failure>,
    /// Lists and records made by this decision.
    pub arena: Vec<Slot>,
    /// How it came about.
    pub events: Events,
}

/// One reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RankedReason {
    /// Index in `Program::reasons`.
    pub code: u32,
    /// The scorecard and the difference over its denominator.
    pub points: Option<(u32, i128)>,
}

/// An error with its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Failure {
    /// T3xxx to T6xxx.
    pub code: Code,
    /// What it is about.
    pub subject: Subject,
    /// Where; `None` where no line of the ruleset is to blame.
    pub span: Option<Span>,
}

/// What an error is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Subject {
    /// The code says it all.
    Nothing,
    /// This scorecard as a whole.
    Card {
        /// Index of the scorecard.
        card: u32,
    },
    /// This characteristic, which saw this value.
    Characteristic {
        /// Index of the scorecard.
        card: u32,
        /// Index of the characteristic.
        characteristic: u32,
        /// What it saw.
        value: Slot,
    },
    /// This scale, looked up by this node with this value.
    Scale {
        /// Index of the scale.
        scale: u32,
        /// The operand.
        node: NodeId,
        /// What was looked up.
        value: Slot,
    },
    /// This table.
    Table {
        /// Index of the table.
        table: u32,
    },
    /// These two rows of a table.
    Rows {
        /// Index of the table.
        table: u32,
        /// The first of them.
        first: u32,
        /// The second of them.
        second: u32,
    },
    /// This output.
    Output {
        /// Index of the output.
        output: u32,
    },
}

/// What happened on the way. The lists grow as far as evaluation got; the first group is always kept.
#[derive(Clone, Debug, Default)]
pub struct Events {
    /// Derived facts in the order they were evaluated, with their values.
    pub derived: Vec<(u32, Slot)>,
    /// Scorecards in the order of their first call.
    pub cards: Vec<CardEvent>,
    /// Attributes of all evaluated cards: index per characteristic.
    pub attributes: Vec<u32>,
    /// Scale look-ups.
    pub scales: Vec<ScaleEvent>,
    /// Table look-ups.
    pub tables: Vec<TableEvent>,
    /// Arguments of table look-ups and values of characteristics.
    pub values: Vec<Slot>,
    /// Classes of the arguments of table look-ups, the validity class last.
    pub classes: Vec<u32>,
    /// Selected rows of table look-ups; the number of rows stands for the default row.
    pub rows: Vec<u32>,
    /// Only in a full trace: comparisons, in order.
    pub tests: Vec<TestEvent>,
    /// Only in a full trace: per evaluated rule, how many tests there were after it, and whether it held.
    pub rules: Vec<(u32, bool)>,
}

/// A card was evaluated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CardEvent {
    /// Which.
    pub card: u32,
    /// The total, an integer or a decimal at the card's scale.
    pub score: Slot,
    /// First of its attributes in `Events::attributes`.
    pub attributes: u32,
    /// First of its values in `Events::values`.
    pub values: u32,
}

/// A number was looked up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScaleEvent {
    /// Which.
    pub scale: u32,
    /// The band.
    pub band: u32,
    /// What was looked up.
    pub value: Slot,
    /// The operand, for its type.
    pub node: NodeId,
}

/// A table was looked up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TableEvent {
    /// Which.
    pub table: u32,
    /// First of its arguments in `Events::values`.
    pub values: u32,
    /// First of its classes in `Events::classes`.
    pub classes: u32,
    /// First of its selected rows in `Events::rows`.
    pub rows: u32,
    /// How many were selected.
    pub selected: u32,
    /// The look-up, for the types of its operands.
    pub node: NodeId,
}

/// A test was made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TestEvent {
    /// The node.
    pub node: NodeId,
    /// The left or only value.
    pub left: Slot,
    /// The right value, if it is not a constant.
    pub right: Option<Slot>,
    /// Whether it held.
    pub held: bool,
}

impl Outcome {
    /// Forgets the last decision, keeps the memory.
    pub fn clear(&mut self) {
        self.outputs.clear();
        self.hits.clear();
        self.reasons.clear();
        self.error = None;
        self.arena.clear();
        let events = &mut self.events;
        events.derived.clear();
        events.cards.clear();
        events.attributes.clear();
        events.scales.clear();
        events.tables.clear();
        events.values.clear();
        events.classes.clear();
        events.rows.clear();
        events.tests.clear();
        events.rules.clear();
    }
}
