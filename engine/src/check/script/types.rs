//! Types of expressions: how declared types become them, how two become one, how they are named to people.

use std::sync::Arc;

use crate::diagnostic::codes::{SPECIAL_UNHANDLED, TYPE_MISMATCH, UNKNOWN_ENUM_VALUE};
use crate::diagnostic::{Code, Span};
use crate::ruleset::checked::{Expr, ExprKind, Type, TypeKind};
use crate::schema::{DataType, EnumDomain, Output, ValueSpec};
use crate::value::ordered::{Map, Set};

/// The domains that come from text literals, told apart from declared ones by identity.
///
/// A literal's domain is *closed* where the checker has seen all its values: comparing it with another text is then a
/// mistake. It is *open* behind a parameter of a helper function, which sees only the literals of one call.
#[derive(Debug, Default)]
pub(super) struct Domains {
    literals: Map<String, Arc<EnumDomain>>,
    made: Map<usize, Made>,
}

#[derive(Debug)]
struct Made {
    open: bool,
    /// Keeps the address from being given to another domain.
    _domain: Arc<EnumDomain>,
}

fn address(domain: &Arc<EnumDomain>) -> usize {
    Arc::as_ptr(domain).addr()
}

impl Domains {
    /// The type of the text literal `text`.
    pub(super) fn literal(&mut self, text: &str) -> Type {
        let domain = match self.literals.get(text) {
            Some(domain) => Arc::clone(domain),
            None => {
                let domain = self.make(vec![text.to_owned()], false);
                self.literals.insert(text.to_owned(), Arc::clone(&domain));
                domain
            }
        };
        Type::plain(TypeKind::Enum(domain))
    }

    fn make(&mut self, values: Vec<String>, open: bool) -> Arc<EnumDomain> {
        let domain = Arc::new(EnumDomain::new(values));
        self.made.insert(address(&domain), Made { open, _domain: Arc::clone(&domain) });
        domain
    }

    /// Whether the domain comes from literals.
    pub(super) fn is_literal(&self, domain: &Arc<EnumDomain>) -> bool {
        self.made.contains_key(&address(domain))
    }

    /// Whether further literals may join it without being a mistake.
    pub(super) fn is_open(&self, domain: &Arc<EnumDomain>) -> bool {
        self.made.get(&address(domain)).is_some_and(|made| made.open)
    }

    /// The type in words, with an article; the values of literals are texts to people.
    pub(super) fn describe(&self, ty: &Type) -> String {
        match &ty.kind {
            TypeKind::Enum(domain) if self.is_literal(domain) => {
                describe(&Type { kind: TypeKind::Text, missing: ty.missing, special: None })
            }
            _ => describe(ty),
        }
    }

    /// The same type as a parameter of a helper function sees it.
    pub(super) fn opened(&mut self, ty: &Type) -> Type {
        match &ty.kind {
            TypeKind::Enum(domain) if self.is_literal(domain) && !self.is_open(domain) => {
                let open = self.make(domain.values.clone(), true);
                Type { kind: TypeKind::Enum(open), ..ty.clone() }
            }
            _ => ty.clone(),
        }
    }

    /// One domain with the values of both, the first's first.
    pub(super) fn union(&mut self, a: &Arc<EnumDomain>, b: &Arc<EnumDomain>) -> Arc<EnumDomain> {
        let open = self.is_open(a) || self.is_open(b);
        if b.values.iter().all(|value| a.index_of(value).is_some()) && open == self.is_open(a) {
            return Arc::clone(a);
        }
        let mut values = a.values.clone();
        values.extend(b.values.iter().filter(|value| a.index_of(value).is_none()).cloned());
        self.make(values, open)
    }

    /// A domain from literals with further texts, in one go.
    pub(super) fn extended<'a>(
        &mut self,
        domain: &Arc<EnumDomain>,
        texts: impl Iterator<Item = &'a str>,
    ) -> Arc<EnumDomain> {
        let mut seen: Set<&str> = domain.values.iter().map(String::as_str).collect();
        let more: Vec<String> = texts.filter(|text| seen.insert(text)).map(str::to_owned).collect();
        let values = domain.values.iter().cloned().chain(more).collect();
        self.make(values, self.is_open(domain))
    }

    /// The domain of a value that is one of either. Declared domains must be equal; literals must lie in a declared one.
    fn join(&mut self, a: &Arc<EnumDomain>, b: &Arc<EnumDomain>) -> Result<Arc<EnumDomain>, JoinError> {
        if Arc::ptr_eq(a, b) {
            return Ok(Arc::clone(a));
        }
        match (self.is_literal(a), self.is_literal(b)) {
            (true, true) => Ok(self.union(a, b)),
            (true, false) => contained(a, b),
            (false, true) => contained(b, a),
            (false, false) if a == b => Ok(Arc::clone(a)),
            (false, false) => Err(JoinError::Domains),
        }
    }

    /// The type of a value that has one of two types.
    pub(super) fn join_types(&mut self, a: &Type, b: &Type) -> Result<Type, JoinError> {
        let kind = self.join_kinds(&a.kind, &b.kind)?;
        let missing = a.missing || b.missing;
        let special = match (&a.special, &b.special) {
            (Some(a), Some(b)) if a == b => Some(Arc::clone(a)),
            (Some(_), Some(_)) => return Err(JoinError::Specials),
            (Some(codes), None) | (None, Some(codes)) => Some(Arc::clone(codes)),
            (None, None) => None,
        };
        Ok(Type { kind, missing, special })
    }

    fn join_kinds(&mut self, a: &TypeKind, b: &TypeKind) -> Result<TypeKind, JoinError> {
        use TypeKind::{Decimal, Enum, Integer, List, Never, Record, Series, Text, Unit};
        Ok(match (a, b) {
            (Never | Unit, other) if has_value(other) => other.clone(),
            (other, Never | Unit) if has_value(other) => other.clone(),
            (Decimal { scale: a }, Decimal { scale: b }) => Decimal { scale: *a.max(b) },
            (Decimal { scale }, Integer) | (Integer, Decimal { scale }) => Decimal { scale: *scale },
            (Enum(a), Enum(b)) => Enum(self.join(a, b)?),
            (Text, Enum(_)) | (Enum(_), Text) => Text,
            (List(a), List(b)) => List(Box::new(self.join_types(a, b)?)),
            (Series(a), Series(b)) => Series(Box::new(self.join_types(a, b)?)),
            (Record(a), Record(b)) if Arc::ptr_eq(a, b) => Record(Arc::clone(a)),
            (Record(a), Record(b)) => Record(self.join_records(a, b)?),
            (a, b) if has_value(a) && a == b => a.clone(),
            _ => return Err(JoinError::Kinds),
        })
    }

    fn join_records(&mut self, a: &Fields, b: &Fields) -> Result<Arc<Fields>, JoinError> {
        if a.len() != b.len() {
            return Err(JoinError::Fields);
        }
        let mut fields = Vec::with_capacity(a.len());
        for (name, ty) in a {
            let (_, other) = b.iter().find(|(other, _)| other == name).ok_or(JoinError::Fields)?;
            fields.push((name.clone(), self.join_types(ty, other)?));
        }
        Ok(Arc::new(fields))
    }
}

/// The fields of a record type.
pub(super) type Fields = Vec<(String, Type)>;

fn contained(literal: &Arc<EnumDomain>, declared: &Arc<EnumDomain>) -> Result<Arc<EnumDomain>, JoinError> {
    match literal.values.iter().find(|value| declared.index_of(value).is_none()) {
        Some(value) => Err(JoinError::Unknown(value.clone(), Arc::clone(declared))),
        None => Ok(Arc::clone(declared)),
    }
}

/// Why two types are not one.
#[derive(Debug)]
pub(super) enum JoinError {
    /// They are different kinds of values.
    Kinds,
    /// They are enums with different values.
    Domains,
    /// A literal is none of the declared values.
    Unknown(String, Arc<EnumDomain>),
    /// They have different special codes.
    Specials,
    /// They are records with different fields.
    Fields,
}

impl JoinError {
    /// The code under which it is reported.
    pub(super) const fn code(&self) -> Code {
        match self {
            Self::Unknown(..) => UNKNOWN_ENUM_VALUE,
            Self::Specials => SPECIAL_UNHANDLED,
            Self::Kinds | Self::Domains | Self::Fields => TYPE_MISMATCH,
        }
    }

    /// What is wrong, in words.
    pub(super) fn words(&self, domains: &Domains, a: &Type, b: &Type) -> String {
        match self {
            Self::Kinds => format!("{} and {} are different types", domains.describe(a), domains.describe(b)),
            Self::Domains => "the two enums have different values".to_owned(),
            Self::Unknown(value, _) => format!("`{value}` is none of the declared values"),
            Self::Specials => "the two sides have different special codes".to_owned(),
            Self::Fields => "the two records have different fields".to_owned(),
        }
    }
}

/// The type of `()`: missing and nothing else.
pub(super) const UNIT: Type = Type { kind: TypeKind::Unit, missing: true, special: None };

/// The type of what control never gets past.
pub(super) const NEVER: Type = Type::plain(TypeKind::Never);

/// Where the value of an expression comes from: behind the statements of blocks.
pub(super) fn end_of(expr: &Expr) -> Span {
    let mut at = expr;
    while let ExprKind::Block { result: Some(result), .. } = &at.kind {
        at = result;
    }
    at.span
}

/// Whether it is only `()`.
pub(super) const fn is_unit(ty: &Type) -> bool {
    matches!(ty.kind, TypeKind::Unit)
}

/// Whether control never gets past it.
pub(super) const fn is_never(ty: &Type) -> bool {
    matches!(ty.kind, TypeKind::Never)
}

/// Whether a value of this kind exists at run time.
pub(super) const fn has_value(kind: &TypeKind) -> bool {
    !matches!(kind, TypeKind::Facts | TypeKind::Hits | TypeKind::Card(_) | TypeKind::Outputs)
}

/// Whether it is an integer or a decimal.
pub(super) const fn is_number(kind: &TypeKind) -> bool {
    matches!(kind, TypeKind::Integer | TypeKind::Decimal { .. })
}

/// Whether it is a text or an enum.
pub(super) const fn is_textual(kind: &TypeKind) -> bool {
    matches!(kind, TypeKind::Text | TypeKind::Enum(_))
}

/// The most digits after the point; 0 for an integer.
pub(super) const fn scale_of(kind: &TypeKind) -> u8 {
    match kind {
        TypeKind::Decimal { scale } => *scale,
        _ => 0,
    }
}

/// The type without missing and special codes.
pub(super) fn present(ty: &Type) -> Type {
    Type::plain(ty.kind.clone())
}

/// The same type, perhaps missing.
pub(super) fn optional(mut ty: Type, missing: bool) -> Type {
    ty.missing |= missing;
    ty
}

/// The type of a declared datum.
pub(in crate::check) fn type_of(spec: &ValueSpec) -> Type {
    Type {
        kind: kind_of(&spec.data_type),
        missing: spec.optional,
        special: (!spec.special.is_empty()).then(|| Arc::new(spec.special.clone())),
    }
}

/// The type of a declared output.
pub(in crate::check) fn output_type(output: &Output) -> Type {
    Type { kind: kind_of(&output.data_type), missing: output.optional, special: None }
}

/// The kind of a declared type.
pub(super) fn kind_of(data_type: &DataType) -> TypeKind {
    match data_type {
        DataType::Boolean => TypeKind::Boolean,
        DataType::Integer => TypeKind::Integer,
        DataType::Decimal { scale } => TypeKind::Decimal { scale: *scale },
        DataType::Text => TypeKind::Text,
        DataType::Enum(domain) => TypeKind::Enum(Arc::clone(domain)),
        DataType::Date => TypeKind::Date,
        DataType::List(element) => TypeKind::List(Box::new(type_of(element))),
        DataType::Record(fields) => {
            TypeKind::Record(Arc::new(fields.iter().map(|field| (field.name.clone(), type_of(&field.spec))).collect()))
        }
        DataType::Series { value, .. } => TypeKind::Series(Box::new(type_of(value))),
    }
}

/// The type in words, with an article: `an optional integer`.
fn describe(ty: &Type) -> String {
    if ty.missing && !matches!(ty.kind, TypeKind::Unit | TypeKind::Never) {
        return format!("an optional {}", noun(&ty.kind));
    }
    match ty.kind {
        TypeKind::Never | TypeKind::Unit => noun(&ty.kind).to_owned(),
        TypeKind::Facts | TypeKind::Hits | TypeKind::Outputs => format!("the {}", noun(&ty.kind)),
        TypeKind::Integer | TypeKind::Enum(_) => format!("an {}", noun(&ty.kind)),
        _ => format!("a {}", noun(&ty.kind)),
    }
}

/// The kind in words, without article.
pub(super) const fn noun(kind: &TypeKind) -> &'static str {
    match kind {
        TypeKind::Never => "no value",
        TypeKind::Unit => "`()`",
        TypeKind::Boolean => "boolean",
        TypeKind::Integer => "integer",
        TypeKind::Decimal { .. } => "decimal",
        TypeKind::Text => "text",
        TypeKind::Enum(_) => "enum value",
        TypeKind::Date => "date",
        TypeKind::List(_) => "list",
        TypeKind::Record(_) => "record",
        TypeKind::Series(_) => "series",
        TypeKind::Facts => "facts",
        TypeKind::Hits => "hits",
        TypeKind::Card(_) => "scorecard's result",
        TypeKind::Outputs => "outputs",
    }
}

/// How many types a type consists of, counted up to `most`.
pub(super) fn size_of(ty: &Type, most: u64) -> u64 {
    let mut waiting = vec![ty];
    let mut size: u64 = 0;
    while let Some(ty) = waiting.pop() {
        size = size.saturating_add(1);
        if size >= most {
            break;
        }
        match &ty.kind {
            TypeKind::List(element) | TypeKind::Series(element) => waiting.push(element),
            TypeKind::Record(fields) => waiting.extend(fields.iter().map(|(_, ty)| ty)),
            _ => {}
        }
    }
    size
}
