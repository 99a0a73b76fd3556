//! The body at hand: its names, its locals, what it returns; and passes over it until its types settle.

use crate::diagnostic::codes::{ASSIGNMENT, BAD_DECLARATION, NO_VALUE, SHADOWING};
use crate::diagnostic::{Diagnostic, Span};
use crate::ruleset::checked::{Expr, ExprKind, LocalId, Type, TypeKind};
use crate::ruleset::script::{Block, Closure, Ident};
use crate::value::ordered::{Map, Set};

use super::Checker;
use super::flow::{Flow, Known, Path, Root};
use super::types::{end_of, has_value, is_never, is_unit};

/// After so many passes a body's types count as unsettled.
const MOST_PASSES: u32 = 16;
/// From this pass on a decimal that grows gets all the digits there are, so that it settles.
const WIDENING_PASS: u32 = 3;

/// What kind of body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum BodyKind {
    /// A named constant: no facts, no date, no artefacts.
    Constant,
    /// The value of a derived fact.
    Derive,
    /// A rule's condition.
    #[default]
    Rule,
    /// A helper function.
    Function,
    /// An expression in a table's cell.
    Cell,
    /// `decide`.
    Decide,
}

/// What a name in scope stands for.
#[derive(Clone, Debug)]
pub(super) enum Binding {
    /// A variable with a place at run time.
    Local(LocalId, Role),
    /// A variable whose value is in error.
    Poisoned,
    /// The facts.
    Facts,
    /// The rules that held.
    Hits,
    /// The result of a scorecard.
    Card(usize),
}

/// Whether and how a local may be assigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// `let`; the key finds its type again in the next pass.
    Variable(Span),
    /// `const`
    Constant,
    /// `for`
    Loop,
    /// Of a function or closure.
    Parameter,
}

/// What a body is made of while it is checked.
#[derive(Debug, Default)]
pub(super) struct Body<'r> {
    pub(super) kind: BodyKind,
    pub(super) flow: Flow,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Instances of helper functions it calls.
    pub(super) calls: Set<usize>,
    /// Every use of a parameter so far, by index.
    pub(super) parameters: Vec<u32>,
    pub(super) cost: u64,
    pub(super) costly: bool,
    pub(super) frame: Frame,
    scope: Vec<(&'r str, Binding, Option<usize>)>,
    /// `None` once a name's scope has been left.
    visible: Map<&'r str, Option<usize>>,
    /// Types of variables and of returned values as the pass before found them, by place.
    hints: Map<Span, Type>,
    changed: bool,
    pass: u32,
}

/// A function or closure within the body: what `return` ends.
#[derive(Debug, Default)]
pub(super) struct Frame {
    /// `return` gives the outputs of the decision.
    pub(super) outputs: bool,
    /// How many loops surround the place at hand.
    pub(super) loops: u32,
    expected: Option<Type>,
    returned: Option<Type>,
    uniform: bool,
    failed: bool,
    /// Names below this position are captured.
    captured: usize,
}

impl<'r> Checker<'r> {
    /// Checks a body from a clean slate, as often as its types need to settle, and returns it with its bookkeeping.
    pub(super) fn run_body(
        &mut self,
        kind: BodyKind,
        check: &mut dyn FnMut(&mut Self) -> Option<Expr>,
    ) -> (Option<Expr>, Body<'r>) {
        let outer = std::mem::replace(&mut self.body, Body { kind, ..Body::default() });
        let mut result = None;
        for pass in 1..=MOST_PASSES {
            result = check(self);
            if !self.body.changed || self.exhausted {
                break;
            }
            if pass == MOST_PASSES {
                let at = self.body.hints.keys().next().copied().unwrap_or_default();
                self.complain(
                    ASSIGNMENT,
                    at,
                    "the types of the variables do not settle",
                    "give each variable a value of its final type where it is declared",
                );
                break;
            }
            let hints = std::mem::take(&mut self.body.hints);
            self.body = Body { kind, hints, pass, ..Body::default() };
        }
        let body = std::mem::replace(&mut self.body, outer);
        (result, body)
    }

    /// A body that is not a helper function: its diagnostics and costs count at once.
    pub(super) fn in_body(&mut self, kind: BodyKind, check: &mut dyn FnMut(&mut Self) -> Option<Expr>) -> Option<Expr> {
        let (result, body) = self.run_body(kind, check);
        self.finished.extend(body.diagnostics);
        self.roots.extend(body.calls);
        self.cost = self.cost.saturating_add(body.cost);
        result
    }

    /// A closure at top level with one parameter.
    pub(super) fn closed_body(&mut self, kind: BodyKind, closure: &'r Closure, parameter: TypeKind) -> Option<Expr> {
        let [name] = closure.parameters.as_slice() else {
            let message = format!("the closure takes the facts, here it has {} parameters", closure.parameters.len());
            self.complain(BAD_DECLARATION, closure.span, message, "write `|f| ...`");
            return None;
        };
        let binding = if parameter == TypeKind::Hits { Binding::Hits } else { Binding::Facts };
        self.in_body(kind, &mut |checker| {
            checker.bind(name, binding.clone());
            let value = checker.returning(closure.span, 0, &closure.body)?;
            match kind {
                BodyKind::Rule => checker.condition_value(value),
                _ => checker.storable(value),
            }
        })
    }

    /// A value that can be kept: not the facts, not the hits, not only `()`.
    pub(super) fn storable(&mut self, value: Expr) -> Option<Expr> {
        if has_value(&value.ty.kind) && !is_unit(&value.ty) && !is_never(&value.ty) {
            return Some(value);
        }
        let message = format!("this is {}, which is no value of its own", self.domains.describe(&value.ty));
        self.complain(NO_VALUE, end_of(&value), message, "give a number, text, date, boolean, list or record");
        None
    }

    /// A block whose value, or what it returns early, is the value of a function or closure.
    /// Names below the position `captured` belong to what surrounds it.
    pub(super) fn returning(&mut self, key: Span, captured: usize, block: &'r Block) -> Option<Expr> {
        let expected = self.body.hints.get(&key).cloned();
        let frame = Frame { expected, uniform: true, captured, ..Frame::default() };
        let outer = std::mem::replace(&mut self.body.frame, frame);
        let dead = std::mem::take(&mut self.body.flow.dead);
        let value = self.block(block, super::statement::Want::Value);
        self.body.flow.dead = dead;
        let frame = std::mem::replace(&mut self.body.frame, outer);
        let value = value?;
        let Some(returned) = frame.returned else {
            return if frame.failed { None } else { Some(value) };
        };
        let ty = self.join_or_report(&returned, &value.ty, end_of(&value))?;
        let same = frame.uniform && returned == ty;
        if !same && frame.expected.as_ref() != Some(&ty) {
            self.body.hints.insert(key, ty.clone());
            self.body.changed = true;
        }
        if frame.failed {
            return None;
        }
        if is_never(&value.ty) {
            return Some(value.with_type(ty));
        }
        self.coerce(value, &ty)
    }

    /// Types the value of a `return`.
    pub(super) fn returned(&mut self, value: Option<Expr>) -> Option<Expr> {
        let Some(value) = value else {
            self.body.frame.failed = true;
            return None;
        };
        let joined = match self.body.frame.returned.take() {
            None => value.ty.clone(),
            Some(before) => {
                let joined = self.join_or_report(&before, &value.ty, value.span);
                let Some(joined) = joined else {
                    self.body.frame.returned = Some(before);
                    self.body.frame.failed = true;
                    return None;
                };
                self.body.frame.uniform &= joined == before;
                joined
            }
        };
        self.body.frame.uniform &= joined == value.ty;
        self.body.frame.returned = Some(joined);
        match self.body.frame.expected.clone() {
            Some(expected) if has_value(&expected.kind) => self.coerce(value, &expected),
            _ => Some(value),
        }
    }

    /// Makes a name visible; a name that is visible already is reported.
    pub(super) fn bind(&mut self, name: &'r Ident, binding: Binding) {
        let text = name.name.as_str();
        let position = self.body.scope.len();
        let before = self.body.visible.insert(text, Some(position)).flatten();
        let what = if before.is_some() {
            Some("a variable")
        } else if self.names.constants.contains_key(text) {
            Some("a constant")
        } else {
            None
        };
        if let Some(what) = what {
            self.complain(
                SHADOWING,
                name.span,
                format!("`{text}` is already the name of {what} that is visible here"),
                "choose another name",
            );
        }
        self.body.scope.push((text, binding, before));
    }

    /// Makes a name visible that the author does not declare.
    pub(super) fn bind_text(&mut self, name: &'r str, binding: Binding) {
        let before = self.body.visible.insert(name, Some(self.body.scope.len())).flatten();
        self.body.scope.push((name, binding, before));
    }

    /// Where the names visible now end.
    pub(super) fn scope_mark(&self) -> usize {
        self.body.scope.len()
    }

    /// Names made visible since `mark` are no longer.
    pub(super) fn leave_scope(&mut self, mark: usize) {
        while self.body.scope.len() > mark {
            let Some((name, _, before)) = self.body.scope.pop() else { break };
            self.body.visible.insert(name, before);
        }
    }

    /// What a name stands for, and whether it is captured by the closure at hand.
    pub(super) fn lookup(&self, name: &str) -> Option<(Binding, bool)> {
        let position = (*self.body.visible.get(name)?)?;
        let (_, binding, _) = self.body.scope.get(position)?;
        Some((binding.clone(), position < self.body.frame.captured))
    }

    /// The names visible now.
    pub(super) fn visible_names(&self) -> Vec<&'r str> {
        let declared = self.body.visible.iter().filter(|(_, position)| position.is_some()).map(|(name, _)| name);
        declared.chain(self.names.constants.keys()).copied().collect()
    }

    /// A new local of a type.
    pub(super) fn new_local(&mut self, ty: Type) -> LocalId {
        let id = LocalId(u32::try_from(self.locals.len()).unwrap_or(u32::MAX));
        self.locals.push(ty);
        id
    }

    /// The declared type of a local.
    pub(super) fn local_type(&self, id: LocalId) -> Option<&Type> {
        self.locals.get(usize::try_from(id.0).ok()?)
    }

    /// Reads a local, with what is known of it.
    pub(super) fn read_local(&self, id: LocalId, span: Span) -> Option<Expr> {
        let known = self.body.flow.get(&Path::root(Root::Local(id.0)));
        let ty = known.narrow(self.local_type(id)?.clone());
        Some(Expr::new(ExprKind::Local(id), ty, span))
    }

    /// Declares a variable with its first value; its type is what the pass before found.
    pub(super) fn declare(&mut self, key: Span, value: Expr) -> Option<(LocalId, Expr)> {
        let ty = match self.body.hints.get(&key).cloned() {
            Some(hint) => self.join_or_report(&hint, &value.ty, value.span)?,
            None => value.ty.clone(),
        };
        let id = self.new_local(ty.clone());
        let stored = value.ty.clone();
        let value = self.coerce(value, &ty)?;
        self.learn_stored(id, &stored);
        Some((id, value))
    }

    /// A variable gets a value: its type grows where it has to, which asks for another pass.
    pub(super) fn assign(&mut self, id: LocalId, key: Span, value: Expr) -> Option<Expr> {
        let before = self.local_type(id)?.clone();
        if before.kind == TypeKind::Integer && matches!(value.ty.kind, TypeKind::Decimal { .. }) {
            self.complain(
                ASSIGNMENT,
                value.span,
                "a variable that began as an integer is given a decimal",
                "begin with a decimal, `0.0`, where the variable is declared",
            );
            return None;
        }
        let mut ty = match self.domains.join_types(&before, &value.ty) {
            Ok(ty) => ty,
            Err(super::types::JoinError::Unknown(text, domain)) => {
                return self.report_enum_value(&text, value.span, &domain);
            }
            Err(error) => {
                let message = format!(
                    "a variable of another type is assigned: {}",
                    error.words(&self.domains, &before, &value.ty)
                );
                self.complain(ASSIGNMENT, value.span, message, "use a new variable");
                return None;
            }
        };
        if ty != before {
            if let TypeKind::Decimal { scale } = &mut ty.kind
                && self.body.pass >= WIDENING_PASS
            {
                *scale = 28;
            }
            self.body.hints.insert(key, ty.clone());
            self.body.changed = true;
            if let Some(slot) = usize::try_from(id.0).ok().and_then(|index| self.locals.get_mut(index)) {
                slot.clone_from(&ty);
            }
        }
        let stored = value.ty.clone();
        let value = self.coerce(value, &ty)?;
        self.body.flow.forget(id.0);
        self.learn_stored(id, &stored);
        Some(value)
    }

    /// What a local holds once a value of type `stored` is stored in it.
    fn learn_stored(&mut self, id: LocalId, stored: &Type) {
        let path = Path::root(Root::Local(id.0));
        if !stored.missing {
            self.body.flow.establish(path.clone(), Known::PRESENT);
        }
        if stored.special.is_none() {
            self.body.flow.establish(path, Known::NOT_SPECIAL);
        }
    }
}
