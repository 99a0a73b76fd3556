//! Helper functions: one instance per tuple of argument types, checked when first called.

use crate::diagnostic::codes::{ARGUMENTS, NO_VALUE, RECURSION, RULESET_TOO_LARGE};
use crate::diagnostic::{Diagnostic, Span};
use crate::ruleset::checked::{Expr, ExprKind, LocalId, Statement, Type, TypeKind};
use crate::ruleset::script::{self as source, Ident};
use crate::value::ordered::Set;

use super::body::{Binding, BodyKind, Role};
use super::types::{has_value, size_of};
use super::{Active, Checker};

/// One function may be called with so many tuples of argument types.
const MOST_INSTANCES: usize = 200;
/// A call counts as so many levels more: the check of a body within a body takes as much stack.
const CALL_DEPTH: u32 = 3;

/// A helper function with known argument types.
pub(super) struct Instance {
    pub(super) function: usize,
    arguments: Vec<Type>,
    pub(super) parameters: Vec<LocalId>,
    /// `None` after an error.
    pub(super) body: Option<Expr>,
    /// Shown if anything calls the instance.
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) calls: Set<usize>,
    cost: u64,
}

impl<'r> Checker<'r> {
    /// `name(arguments)` of a helper function.
    #[inline(never)]
    pub(super) fn invoke(&mut self, name: &Ident, function: usize, arguments: &'r [source::Expr]) -> Option<Expr> {
        let declared = self.ruleset.script.functions.get(function)?;
        self.refuse_in_constant(name.span, "a call of a helper function")?;
        self.functions_called.insert(function);
        if self.active.contains(&Active::Function(function)) {
            return self.report_recursion(name);
        }
        let typed: Vec<Option<Expr>> = arguments.iter().map(|argument| self.expr(argument)).collect();
        if typed.len() != declared.parameters.len() {
            let (given, wanted) = (typed.len(), declared.parameters.len());
            self.report(
                Diagnostic::new(
                    ARGUMENTS,
                    name.span,
                    format!("`{}` takes {wanted} arguments, here it gets {given}", name.name),
                )
                .with_help("give one argument per parameter")
                .with_related(declared.name.span, "declared here"),
            );
            return None;
        }
        let typed: Vec<Expr> = typed.into_iter().collect::<Option<_>>()?;
        let instance = self.instance(name.span, function, &typed)?;
        let known = self.instances.get(instance)?;
        let (cost, ty) = (known.cost, known.body.as_ref().map(|body| body.ty.clone()));
        self.spend(cost);
        self.body.calls.insert(instance);
        self.invocation(name.span, instance, typed, arguments, ty?)
    }

    fn report_recursion(&mut self, name: &Ident) -> Option<Expr> {
        self.complain(
            RECURSION,
            name.span,
            format!("`{}` calls itself, perhaps through others", name.name),
            "write a `for` loop over a list or a constant range",
        );
        None
    }

    /// The instance for these argument types.
    fn instance(&mut self, span: Span, function: usize, arguments: &[Expr]) -> Option<usize> {
        let types: Vec<Type> = arguments.iter().map(|argument| argument.ty.clone()).collect();
        for ty in &types {
            self.charge(size_of(ty, 4_096));
        }
        let known = self.by_function.get(function)?;
        let steps = u64::try_from(known.len()).unwrap_or(u64::MAX);
        let found =
            known.iter().find(|index| self.instances.get(**index).is_some_and(|known| known.arguments == types));
        if let Some(found) = found {
            return Some(*found);
        }
        if known.len() >= MOST_INSTANCES {
            let message =
                format!("a function is called with more than {MOST_INSTANCES} combinations of argument types");
            self.complain(RULESET_TOO_LARGE, span, message, "pass facts instead of different literals");
            return None;
        }
        self.charge(steps);
        Some(self.new_instance(function, types))
    }

    fn new_instance(&mut self, function: usize, types: Vec<Type>) -> usize {
        let mut parameters = Vec::new();
        let mut finished = None;
        if let Some(declared) = self.ruleset.script.functions.get(function) {
            let opened: Vec<Type> = types.iter().map(|ty| self.domains.opened(ty)).collect();
            self.active.push(Active::Function(function));
            let depth = self.depth;
            self.depth = depth.saturating_add(CALL_DEPTH);
            let (body, record) = self.run_body(BodyKind::Function, &mut |checker| {
                parameters = checker.bind_parameters(declared, &opened);
                let value = checker.returning(declared.name.span, 0, &declared.body)?;
                checker.function_value(value)
            });
            self.depth = depth;
            self.active.pop();
            finished = Some((body, record));
        }
        let (body, record) = finished.unwrap_or_default();
        let index = self.instances.len();
        self.instances.push(Instance {
            function,
            arguments: types,
            parameters,
            body,
            diagnostics: record.diagnostics,
            calls: record.calls,
            cost: record.cost,
        });
        if let Some(known) = self.by_function.get_mut(function) {
            known.push(index);
        }
        index
    }

    fn bind_parameters(&mut self, declared: &'r source::Function, types: &[Type]) -> Vec<LocalId> {
        let mut parameters = Vec::new();
        for (name, ty) in declared.parameters.iter().zip(types) {
            let binding = match ty.kind {
                TypeKind::Facts => Binding::Facts,
                TypeKind::Hits => Binding::Hits,
                TypeKind::Card(card) => Binding::Card(card),
                _ => {
                    let id = self.new_local(ty.clone());
                    parameters.push(id);
                    Binding::Local(id, Role::Parameter)
                }
            };
            self.bind(name, binding);
        }
        parameters
    }

    fn function_value(&mut self, value: Expr) -> Option<Expr> {
        if has_value(&value.ty.kind) || matches!(value.ty.kind, TypeKind::Card(_)) {
            return Some(value);
        }
        let message = format!("a helper function does not return {}", self.domains.describe(&value.ty));
        self.complain(NO_VALUE, value.span, message, "return a value or a field");
        None
    }

    /// The call itself. Arguments without a value at run time are left out; a card among them is evaluated in its turn.
    fn invocation(
        &mut self,
        span: Span,
        instance: usize,
        typed: Vec<Expr>,
        written: &[source::Expr],
        ty: Type,
    ) -> Option<Expr> {
        let named = |expr: &source::Expr| matches!(expr.kind, source::ExprKind::Variable(_));
        let cards = typed
            .iter()
            .zip(written)
            .any(|(value, source)| matches!(value.ty.kind, TypeKind::Card(_)) && !named(source));
        let mut statements = Vec::new();
        let mut arguments = Vec::with_capacity(typed.len());
        for value in typed {
            match value.ty.kind {
                TypeKind::Facts | TypeKind::Hits => {}
                TypeKind::Card(_) if cards => statements.push(Statement::Evaluate(value)),
                TypeKind::Card(_) => {}
                _ if cards => {
                    let (value, statement) = self.stored_once(value);
                    statements.extend(statement);
                    arguments.push(value);
                }
                _ => arguments.push(value),
            }
        }
        let call = Expr::new(ExprKind::Invoke { function: instance, arguments }, ty.clone(), span);
        if statements.is_empty() {
            return Some(call);
        }
        Some(Expr::new(ExprKind::Block { statements, result: Some(call) }, ty, span))
    }
}
