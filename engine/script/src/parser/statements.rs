//! Statements and blocks.

use rhai::{ASTFlags, Expr as Tree, FlowControl, OpAssignment, Position, Stmt, StmtBlock, Token};
use trutina_engine::ruleset::script::{BinaryOp, Block, Closure, Expr, ExprKind, Ident, Statement, StatementKind};

use super::convert::Converter;

impl Converter<'_> {
    /// The statements between two braces.
    pub fn block(&mut self, block: &StmtBlock) -> Block {
        let span = self.span(block.position());
        let statements = block.iter().filter_map(|statement| self.statement(statement)).collect();
        Block { statements, span }
    }

    /// The closure that a block of the flattened text stands for.
    pub fn closure(&mut self, block: &StmtBlock) -> Option<Closure> {
        let head = self.index(block.position()).and_then(|index| self.flat.closures.get(&index))?.clone();
        let body = match block.statements() {
            [Stmt::Block(body)] => self.block(body),
            [] => Block { statements: Vec::new(), span: head.span },
            [statement] => {
                let statements: Vec<_> = self.statement(statement).into_iter().collect();
                let span = statements.first().map_or(head.span, |first| first.span);
                Block { statements, span }
            }
            [_, second, ..] => {
                let span = self.span(second.position());
                self.refuse(span, "something stands behind the closure's body", "put the body into braces");
                Block::default()
            }
        };
        Some(Closure { parameters: head.parameters, body, span: head.span })
    }

    fn statement(&mut self, statement: &Stmt) -> Option<Statement> {
        let span = self.span(statement_start(statement));
        let kind = match statement {
            Stmt::Noop(_) => return None,
            Stmt::Expr(expression) => StatementKind::Expression(self.expression(expression)),
            Stmt::FnCall(call, position) => StatementKind::Expression(self.call(call, *position)),
            Stmt::If(..) | Stmt::Switch(..) | Stmt::Block(..) => {
                StatementKind::Expression(self.statement_as_expression(statement))
            }
            Stmt::Var(definition, flags, position) => {
                let (ident, value, _) = &**definition;
                self.exported(*flags, *position);
                let name = Ident { name: ident.name.to_string(), span: self.span(ident.pos) };
                let value = self.initial_value(&name, value);
                StatementKind::Let { name, value, constant: self.is_const(*position) }
            }
            Stmt::Assignment(parts) => self.assignment(&parts.0, &parts.1.lhs, &parts.1.rhs),
            Stmt::For(parts, _) => self.for_loop(&parts.0, parts.1.as_ref(), &parts.2),
            Stmt::Return(value, flags, position) => {
                if flags.contains(ASTFlags::BREAK) {
                    let help = "return an outcome such as `refer`; errors of a decision come from the engine";
                    let span = self.span(*position);
                    self.refuse(span, "`throw` is not in the language", help);
                }
                StatementKind::Return(value.as_ref().map(|value| self.expression(value)))
            }
            Stmt::BreakLoop(value, flags, _) => {
                if let Some(value) = value {
                    let span = self.span(value.start_position());
                    self.refuse(
                        span,
                        "`break` with a value is not in the language",
                        "assign the value to a local before",
                    );
                }
                if flags.contains(ASTFlags::BREAK) { StatementKind::Break } else { StatementKind::Continue }
            }
            other => {
                self.refuse_statement(other);
                return None;
            }
        };
        Some(Statement { kind, span })
    }

    fn refuse_statement(&mut self, statement: &Stmt) {
        let span = self.span(statement.position());
        let (what, help) = match statement {
            Stmt::While(..) | Stmt::Do(..) => {
                ("a loop without a known end is not in the language", "write `for` over a list or a constant range")
            }
            Stmt::TryCatch(..) => (
                "`try` is not in the language: an error is an error of the decision",
                "test the value before, with `is_missing` or a comparison",
            ),
            Stmt::Import(..) | Stmt::Export(..) => {
                ("a ruleset has no modules: all it says stands in its own files", "leave this line out")
            }
            _ => ("this statement is not in the language", "write an expression, `let`, `for` or `return`"),
        };
        self.refuse(span, what, help);
    }

    /// `const` was written out as `let`; the token still knows.
    pub fn is_const(&self, position: Position) -> bool {
        self.index(position)
            .and_then(|index| self.tokens.token(index))
            .is_some_and(|token| matches!(token, Token::Const))
    }

    /// Refuses `export let`.
    pub fn exported(&mut self, flags: ASTFlags, position: Position) {
        if flags.contains(ASTFlags::EXPORTED) {
            let span = self.span(position);
            self.refuse(span, "`export` is not in the language", "leave `export` out");
        }
    }

    /// The value of a `let`, which must be written.
    pub fn initial_value(&mut self, name: &Ident, value: &Tree) -> Expr {
        if matches!(value, Tree::Unit(position) if position.is_none()) {
            let help = "give it its value where it is declared, for example with `if` as an expression";
            return self.refuse(name.span, format!("`{}` is declared without a value", name.name), help);
        }
        self.expression(value)
    }

    fn assignment(&mut self, operator: &OpAssignment, target: &Tree, value: &Tree) -> StatementKind {
        let op = operator.get_op_assignment_info().map(|info| arithmetic(info.4));
        if op == Some(None) {
            let span = self.span(operator.position());
            self.refuse(span, "operations on bits are not in the language", "use `&&`, `||` and comparisons");
        }
        let value = self.expression(value);
        let span = self.span(target.start_position());
        let name = match target {
            Tree::Variable(variable, _, _) if variable.2.is_empty() => Ident { name: variable.1.to_string(), span },
            _ => {
                let help = "facts are read only; give the new value a name with `let`";
                self.refuse(span, "only a local variable is assigned to: facts, fields and elements are not", help);
                Ident { name: String::new(), span }
            }
        };
        StatementKind::Assign { name, op: op.flatten(), value }
    }

    fn for_loop(&mut self, name: &rhai::Ident, counter: Option<&rhai::Ident>, parts: &FlowControl) -> StatementKind {
        if let Some(counter) = counter {
            let span = self.span(counter.pos);
            self.refuse(
                span,
                "a counter in `for` is not in the language",
                "count in a local: `let n = 0; ... n += 1;`",
            );
        }
        let name = Ident { name: name.name.to_string(), span: self.span(name.pos) };
        StatementKind::For { name, iterable: self.expression(&parts.expr), body: self.block(&parts.body) }
    }

    /// `if`, `switch` or a block, as the expression that it is in Rhai.
    pub fn statement_as_expression(&mut self, statement: &Stmt) -> Expr {
        let span = self.span(statement.position());
        match statement {
            Stmt::If(parts, _) => self.if_chain(parts, span),
            Stmt::Switch(parts, position) => self.switch(&parts.0, &parts.1, *position),
            Stmt::Block(block) => Expr { kind: ExprKind::Block(self.block(block)), span },
            Stmt::Expr(expression) => self.expression(expression),
            Stmt::FnCall(call, position) => self.call(call, *position),
            other => {
                let statements = self.statement(other).into_iter().collect();
                Expr { kind: ExprKind::Block(Block { statements, span }), span }
            }
        }
    }

    /// A block where an expression is expected: a closure, a block, or a single statement that Rhai wrapped.
    pub fn block_as_expression(&mut self, block: &StmtBlock) -> Expr {
        if let Some(closure) = self.closure(block) {
            let span = closure.span;
            return Expr { kind: ExprKind::Closure(Box::new(closure)), span };
        }
        let token = self.index(block.position()).and_then(|index| self.tokens.token(index));
        match block.statements() {
            [statement] if !matches!(token, Some(Token::LeftBrace)) => self.statement_as_expression(statement),
            _ => {
                let block = self.block(block);
                Expr { span: block.span, kind: ExprKind::Block(block) }
            }
        }
    }

    fn if_chain(&mut self, parts: &FlowControl, span: trutina_engine::diagnostic::Span) -> Expr {
        let mut branches = Vec::new();
        let mut parts = parts;
        let otherwise = loop {
            branches.push((self.expression(&parts.expr), self.block(&parts.body)));
            let braced = self.index(parts.branch.position()).and_then(|index| self.tokens.token(index));
            match parts.branch.statements() {
                [] if parts.branch.position().is_none() => break None,
                [Stmt::If(next, _)] if !matches!(braced, Some(Token::LeftBrace)) => parts = next,
                _ => break Some(self.block(&parts.branch)),
            }
        };
        Expr { kind: ExprKind::If { branches, otherwise }, span }
    }
}

fn statement_start(statement: &Stmt) -> Position {
    match statement {
        Stmt::Expr(expression) => expression.start_position(),
        Stmt::Assignment(parts) => parts.1.lhs.start_position(),
        other => other.position(),
    }
}

/// The arithmetic behind `+=` and its kin; `None` for operations on bits.
fn arithmetic(operator: &Token) -> Option<BinaryOp> {
    Some(match operator {
        Token::Plus => BinaryOp::Add,
        Token::Minus => BinaryOp::Subtract,
        Token::Multiply => BinaryOp::Multiply,
        Token::Divide => BinaryOp::Divide,
        Token::Modulo => BinaryOp::Remainder,
        Token::PowerOf => BinaryOp::Power,
        _ => return None,
    })
}
