//! Which types stand for which.

use std::sync::Arc;

use crate::ruleset::checked::{Type, TypeKind};

/// Whether every present value of one kind is one of another. Nothing is of every kind; missing is not asked here.
pub(super) fn is_kind(from: &TypeKind, to: &TypeKind) -> bool {
    use TypeKind::{
        Boolean, Card, Date, Decimal, Enum, Facts, Hits, Integer, List, Never, Outputs, Record, Series, Text, Unit,
    };
    match (from, to) {
        (Never | Unit, _) => true,
        (Decimal { scale: from }, Decimal { scale: to }) => from <= to,
        (Enum(from), Enum(to)) => from == to,
        (List(from), List(to)) | (Series(from), Series(to)) => is_type(from, to),
        (Record(from), Record(to)) => {
            Arc::ptr_eq(from, to)
                || (from.len() == to.len() && from.iter().zip(to.iter()).all(|((_, from), (_, to))| is_type(from, to)))
        }
        (Card(from), Card(to)) => from == to,
        (Boolean, Boolean)
        | (Integer, Integer)
        | (Text, Text)
        | (Date, Date)
        | (Facts, Facts)
        | (Hits, Hits)
        | (Outputs, Outputs) => true,
        _ => false,
    }
}

/// Whether every value of one type is one of another.
pub(super) fn is_type(from: &Type, to: &Type) -> bool {
    let missing = from.missing || matches!(from.kind, TypeKind::Unit);
    (!missing || takes_missing(to))
        && (from.special.is_none() || from.special == to.special)
        && is_kind(&from.kind, &to.kind)
}

/// Whether a value of this type may be missing.
pub(super) const fn takes_missing(ty: &Type) -> bool {
    ty.missing || matches!(ty.kind, TypeKind::Unit)
}

/// The most digits behind the point of a number; nothing for what is none.
pub(super) const fn digits(kind: &TypeKind) -> Option<u8> {
    match kind {
        TypeKind::Integer => Some(0),
        TypeKind::Decimal { scale } => Some(*scale),
        _ => None,
    }
}

/// Whether a decimal with so many digits is of this kind.
pub(super) const fn takes_digits(kind: &TypeKind, digits: u8) -> bool {
    match kind {
        TypeKind::Decimal { scale } => digits <= *scale,
        _ => false,
    }
}

/// How many types a type consists of.
pub(super) fn size(ty: &Type) -> usize {
    match &ty.kind {
        TypeKind::List(of) | TypeKind::Series(of) => size(of).saturating_add(1),
        TypeKind::Record(fields) => fields.iter().fold(1, |sum, (_, ty)| size(ty).saturating_add(sum)),
        _ => 1,
    }
}
