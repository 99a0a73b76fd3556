//! The order in which Rhai evaluates a chain of methods: what stands in brackets first.

use trutina_engine::ruleset::script::{Expr, ExprKind};

use super::evaluate::{Flow, Machine};
use super::value::Value;

impl Machine<'_> {
    /// In `a.f(b)[c]` evaluates `b` and `c` before `a`, as the interpreter does. Only which of two errors comes first
    /// can depend on it.
    pub fn arguments_first(mut self) -> Self {
        self.ahead = Some(Vec::new());
        self
    }

    pub(super) fn look_ahead(&mut self, chain: &Expr) -> Result<(), Flow> {
        let (target, arguments) = match &chain.kind {
            ExprKind::Property { target, .. } => (&**target, &[][..]),
            ExprKind::Index { target, index } => (&**target, std::slice::from_ref(&**index)),
            ExprKind::Call { arguments, method: true, .. } => (&arguments[0], &arguments[1..]),
            _ => return Ok(()),
        };
        self.look_ahead(target)?;
        for argument in arguments.iter().filter(|argument| !matches!(argument.kind, ExprKind::Closure(_))) {
            let place = std::ptr::from_ref(argument);
            if self.ahead.iter().flatten().all(|(other, _)| *other != place) {
                let value = self.expr(argument)?;
                self.ahead.get_or_insert_default().push((place, value));
            }
        }
        Ok(())
    }

    /// The value of an expression that was evaluated ahead.
    pub(super) fn taken(&mut self, expr: &Expr) -> Option<Value> {
        let ahead = self.ahead.as_mut()?;
        let index = ahead.iter().position(|(place, _)| *place == std::ptr::from_ref(expr))?;
        Some(ahead.swap_remove(index).1)
    }
}
