//! The nodes of a program: small, copyable, typed by what they are, operands by index.

use crate::ruleset::checked::{AggregateFunction, ArithmeticOp, Comparison, Function};

/// Index of a node in [`super::Code::nodes`].
pub type NodeId = u32;

/// A stretch of [`super::Code::items`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Items {
    /// First.
    pub start: u32,
    /// How many.
    pub len: u32,
}

/// What two operands of a comparison are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Integers and decimals, in any mixture.
    Number,
    /// Two integers.
    Integer,
    /// Texts.
    Text,
    /// Dates, booleans and enums of one domain: by their ordinals.
    Ordinal,
}

/// One operation. A node's operands have smaller indexes than the node.
///
/// *Ordinals* are integers, dates (days), booleans (0, 1) and enum values (index).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Node {
    /// Never made by the compiler; an error of the engine if it is evaluated.
    Broken,
    /// A constant by index.
    Constant(u32),
    /// A fact by index.
    Fact(u32),
    /// A derived fact by index.
    Derived(u32),
    /// A local by index.
    Local(u32),
    /// The date the decision speaks for.
    AsOf,
    /// `record.field`
    Field {
        /// The record.
        record: NodeId,
        /// Position of the field.
        index: u32,
    },
    /// `list[index]`
    Index {
        /// The list.
        list: NodeId,
        /// An integer; from the end if negative.
        index: NodeId,
    },
    /// An integer as a decimal.
    ToDecimal(NodeId),
    /// An integral decimal as an integer.
    ToInteger(NodeId),
    /// An enum value in another domain: items are the new indexes.
    ToEnum {
        /// The value.
        value: NodeId,
        /// New index by old index.
        map: Items,
    },
    /// An enum value as text: items are constants.
    ToText {
        /// The value.
        value: NodeId,
        /// Constant by index of the value.
        texts: Items,
    },
    /// `!x`
    Not(NodeId),
    /// `-x` of an integer.
    NegateInteger(NodeId),
    /// `-x` of a decimal.
    NegateDecimal(NodeId),
    /// All hold, as far as needed.
    And(Items),
    /// One holds, as far as needed.
    Or(Items),
    /// The ordinal of a fact lies between two bounds, both inclusive.
    FactWithin {
        /// The fact.
        fact: u32,
        /// `!=`
        negate: bool,
        /// Least.
        low: i64,
        /// Greatest.
        high: i64,
    },
    /// The ordinal of a value lies between two bounds, both inclusive.
    Within {
        /// The value.
        value: NodeId,
        /// `!=`
        negate: bool,
        /// Least.
        low: i64,
        /// Greatest.
        high: i64,
    },
    /// The mantissa of a decimal fact, which stands at its declared scale, lies between two bounds.
    FactDecimalWithin {
        /// The fact.
        fact: u32,
        /// `!=`
        negate: bool,
        /// Index in [`super::Code::bounds`].
        bounds: u32,
    },
    /// The same where the bounds, but for open ones, lie well within 64 bits.
    FactDecimalNarrow {
        /// The fact.
        fact: u32,
        /// `!=`
        negate: bool,
        /// Least; the least i64 is open.
        low: i64,
        /// Greatest; the greatest i64 is open.
        high: i64,
    },
    /// The symbol of a fact (its ordinal, below 64) is in a set.
    FactIn {
        /// The fact.
        fact: u32,
        /// Bit i stands for ordinal i.
        mask: u64,
    },
    /// The symbol of a value is in a set of any size.
    SymbolIn {
        /// The value.
        value: NodeId,
        /// First index in [`super::Code::masks`] and how many.
        masks: Items,
    },
    /// A comparison of two values.
    Compare {
        /// What they are.
        family: Family,
        /// How.
        op: Comparison,
        /// Left.
        left: NodeId,
        /// Right.
        right: NodeId,
    },
    /// A value equals one of some constants.
    InConstants {
        /// The value.
        value: NodeId,
        /// Items are constants.
        set: Items,
    },
    /// A value equals an element of a list.
    InList {
        /// The value.
        value: NodeId,
        /// The list.
        list: NodeId,
    },
    /// Integers.
    Integer {
        /// Which operation.
        op: ArithmeticOp,
        /// Left.
        left: NodeId,
        /// Right.
        right: NodeId,
    },
    /// Decimals; integer operands widen.
    Decimal {
        /// Which operation.
        op: ArithmeticOp,
        /// Left.
        left: NodeId,
        /// Right.
        right: NodeId,
    },
    /// A function of the language.
    Call {
        /// Which, with its settings.
        function: Function,
        /// An integer result of `min`, `max` and the like becomes a decimal.
        decimal: bool,
        /// Its arguments.
        arguments: Items,
    },
    /// `is_missing(x)`
    IsMissing(NodeId),
    /// `is_special(x)`, `is_special(x, "name")`
    IsSpecial {
        /// The value.
        value: NodeId,
        /// Which code, or any.
        code: Option<u8>,
    },
    /// `a ?? b`
    Coalesce {
        /// The value.
        value: NodeId,
        /// Instead, where it is missing.
        default: NodeId,
    },
    /// `value_or(a, b)`
    ValueOr {
        /// The value.
        value: NodeId,
        /// Instead, where it is missing or special.
        default: NodeId,
    },
    /// Items are conditions and values in turn, then perhaps the value otherwise.
    If(Items),
    /// Picks an arm.
    Switch {
        /// What is compared.
        subject: NodeId,
        /// Index in [`super::Code::switches`].
        arms: u32,
    },
    /// Items are statements; then the value, if there is one.
    Block {
        /// Statements.
        statements: Items,
        /// The value; else `()`.
        result: Option<NodeId>,
    },
    /// Stores a local.
    Store {
        /// Where.
        local: u32,
        /// What.
        value: NodeId,
    },
    /// Runs a block per integer.
    ForRange {
        /// The loop variable.
        local: u32,
        /// The body.
        body: NodeId,
        /// Constant: first.
        start: u32,
        /// Constant: behind the last.
        end: u32,
    },
    /// Runs a block per element.
    ForList {
        /// The loop variable.
        local: u32,
        /// The list.
        list: NodeId,
        /// The body.
        body: NodeId,
    },
    /// Ends a body.
    Return(Option<NodeId>),
    /// Leaves a loop.
    Break,
    /// Goes on with the next element.
    Continue,
    /// Runs a function: items are its locals, then the arguments for them.
    Invoke {
        /// Its body.
        body: NodeId,
        /// Locals and arguments.
        arguments: Items,
    },
    /// A function over a list.
    Aggregate {
        /// Which.
        function: AggregateFunction,
        /// The result is a decimal.
        decimal: bool,
        /// The list or series.
        list: NodeId,
        /// The closure's parameter and body.
        closure: Option<(u32, NodeId)>,
    },
    /// `[a, b]`
    List(Items),
    /// `#{ a: 1 }`
    Record(Items),
    /// What `decide` returns: items are values per declared output; the constant `()` where one is left out.
    Outputs(Items),
    /// Evaluates a scorecard.
    Scorecard(u32),
    /// The score of a card.
    CardScore {
        /// Makes the card.
        card: NodeId,
        /// Index of the scorecard.
        scorecard: u32,
    },
    /// The points of one characteristic.
    CardPoints {
        /// Makes the card.
        card: NodeId,
        /// Index of the scorecard.
        scorecard: u32,
        /// Index of the characteristic.
        characteristic: u32,
    },
    /// Looks a number up.
    Scale {
        /// Which scale.
        scale: u32,
        /// A number.
        value: NodeId,
    },
    /// Looks a table up.
    Table {
        /// Which table.
        table: u32,
        /// One argument per column.
        arguments: Items,
    },
    /// `hits.has(effect)`
    Has(u16),
}

/// How a trace names a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestKind {
    /// `==`, `<` and so on.
    Compare(Comparison),
    /// `in`
    In,
    /// `is_missing`
    IsMissing,
    /// `is_special`
    IsSpecial,
    /// `starts_with`
    StartsWith,
    /// `ends_with`
    EndsWith,
    /// `contains`
    Contains,
    /// `all`
    All,
    /// `any`
    Any,
    /// A truth value on its own.
    Holds,
}

impl TestKind {
    /// Its operator or function.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Compare(Comparison::Equal) => "==",
            Self::Compare(Comparison::NotEqual) => "!=",
            Self::Compare(Comparison::Less) => "<",
            Self::Compare(Comparison::LessEqual) => "<=",
            Self::Compare(Comparison::Greater) => ">",
            Self::Compare(Comparison::GreaterEqual) => ">=",
            Self::In => "in",
            Self::IsMissing => "is_missing",
            Self::IsSpecial => "is_special",
            Self::StartsWith => "starts_with",
            Self::EndsWith => "ends_with",
            Self::Contains => "contains",
            Self::All => "all",
            Self::Any => "any",
            Self::Holds => "holds",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Node;

    #[test]
    fn a_node_fits_three_words() {
        assert!(size_of::<Node>() <= 24, "{}", size_of::<Node>());
    }
}
