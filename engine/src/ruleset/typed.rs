//! An expression with its type and place.

use super::checked::ExprKind;
use super::types::Type;
use crate::diagnostic::Span;

/// A typed expression. It is one word, for it is handed around a lot: by value it would be some seventy bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr(Box<Typed>);

impl Expr {
    /// An expression.
    #[must_use]
    #[inline(never)]
    pub fn new(kind: ExprKind, ty: Type, span: Span) -> Self {
        Self(Box::new(Typed { kind, ty, span }))
    }

    /// The same, of another type.
    #[must_use]
    #[inline(never)]
    pub fn with_type(mut self, ty: Type) -> Self {
        self.ty = ty;
        self
    }

    /// Taken apart.
    #[must_use]
    pub fn into_parts(self) -> Typed {
        *self.0
    }
}

impl std::ops::Deref for Expr {
    type Target = Typed;

    fn deref(&self) -> &Typed {
        &self.0
    }
}

impl std::ops::DerefMut for Expr {
    fn deref_mut(&mut self) -> &mut Typed {
        &mut self.0
    }
}

/// What an expression consists of.
#[derive(Clone, Debug, PartialEq)]
pub struct Typed {
    /// What it does.
    pub kind: ExprKind,
    /// Its type.
    pub ty: Type,
    /// Where it stands: the place of an evaluation error.
    pub span: Span,
}
