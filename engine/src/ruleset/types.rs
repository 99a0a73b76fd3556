//! Static types: what an expression can be, missing and special codes included.

use std::sync::Arc;

use crate::schema::{EnumDomain, SpecialCode};

/// The static type of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Type {
    /// What it is when it is a value.
    pub kind: TypeKind,
    /// It may be missing.
    pub missing: bool,
    /// It may be one of these special codes.
    pub special: Option<Arc<Vec<SpecialCode>>>,
}

impl Type {
    /// A type that is always a value.
    #[must_use]
    pub const fn plain(kind: TypeKind) -> Self {
        Self { kind, missing: false, special: None }
    }
}

/// The kinds of values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeKind {
    /// Control never gets here (`return`, `break`).
    Never,
    /// Only `()`; together with `missing` it becomes any optional type.
    Unit,
    /// Truth value.
    Boolean,
    /// i64.
    Integer,
    /// Exact decimal with at most so many digits after the point.
    Decimal {
        /// 0 to 28.
        scale: u8,
    },
    /// Text.
    Text,
    /// A value of a declared domain. Text literals get a domain of their own, which `check` widens and coerces.
    Enum(Arc<EnumDomain>),
    /// Civil date.
    Date,
    /// A list.
    List(Box<Type>),
    /// A record; fields in order.
    Record(Arc<Vec<(String, Type)>>),
    /// A series of such values.
    Series(Box<Type>),
    /// The facts, `f`: known at load, no value at run time.
    Facts,
    /// The rules that held, `hits`: no value at run time.
    Hits,
    /// The result of the scorecard with this index: no value at run time, its figures are kept with the card.
    Card(usize),
    /// What `decide` returns: one value per declared output.
    Outputs,
}
