//! Expressions.

use rhai::{ASTFlags, Dynamic, Expr as Tree, FnCallExpr, Position, Token};
use rust_decimal::Decimal;
use trutina_engine::diagnostic::Span;
use trutina_engine::ruleset::script::{BinaryOp, Expr, ExprKind, Ident, UnaryOp};

use super::convert::Converter;
use super::refuse;

impl Converter<'_> {
    /// Any expression.
    pub fn expression(&mut self, tree: &Tree) -> Expr {
        let span = self.span(tree.position());
        let kind = match tree {
            Tree::Unit(_) => ExprKind::Unit,
            Tree::BoolConstant(value, _) => ExprKind::Boolean(*value),
            Tree::IntegerConstant(value, _) => ExprKind::Integer(*value),
            Tree::StringConstant(text, _) => ExprKind::Text(text.to_string()),
            Tree::DynamicConstant(value, _) => return self.constant(value, span),
            Tree::Array(items, _) => ExprKind::Array(items.iter().map(|item| self.expression(item)).collect()),
            Tree::Map(map, _) => ExprKind::Map(
                map.0
                    .iter()
                    .map(|(name, value)| {
                        let name = Ident { name: name.name.to_string(), span: self.span(name.pos) };
                        (name, self.expression(value))
                    })
                    .collect(),
            ),
            Tree::Variable(variable, ..) if variable.2.is_empty() => ExprKind::Variable(variable.1.to_string()),
            Tree::Variable(variable, ..) => {
                let span = self.span(variable.2.position());
                return self.refuse(span, "names with `::` are not in the language", "write the constant's name alone");
            }
            Tree::Stmt(block) => return self.block_as_expression(block),
            Tree::FnCall(call, position) => return self.call(call, *position),
            Tree::Dot(..) | Tree::Index(..) => return self.chain(tree),
            Tree::And(operands, _) => ExprKind::And(operands.iter().map(|operand| self.expression(operand)).collect()),
            Tree::Or(operands, _) => ExprKind::Or(operands.iter().map(|operand| self.expression(operand)).collect()),
            Tree::Coalesce(operands, _) => return self.coalesce(operands, span),
            _ => return self.refuse(span, "this is not in the language", "write it with operators and functions"),
        };
        Expr { kind, span }
    }

    fn constant(&mut self, value: &Dynamic, span: Span) -> Expr {
        if let Ok(value) = value.as_decimal() {
            return Expr { kind: ExprKind::Decimal(value), span };
        }
        self.refuse(span, "a closure is no value: it stands only as an argument", "write it where it is used")
    }

    /// `a ?? b ?? c`: from the left, so that the first present value wins.
    fn coalesce(&mut self, operands: &[Tree], span: Span) -> Expr {
        let mut operands = operands.iter();
        let Some(first) = operands.next() else { return Expr { kind: ExprKind::Unit, span } };
        let first = self.expression(first);
        operands.fold(first, |left, right| {
            let right = self.expression(right);
            binary(BinaryOp::Coalesce, left, right, span)
        })
    }

    /// An operator or a function call.
    pub fn call(&mut self, call: &FnCallExpr, position: Position) -> Expr {
        let span = self.span(position);
        if let Some(operator) = &call.op_token {
            return self.operator(operator, call, position);
        }
        if call.name == "contains" && self.index(position).is_some_and(|index| self.is_in(index)) {
            return self.membership(call, BinaryOp::In, span);
        }
        if call.is_qualified() {
            let span = self.span(call.namespace.position());
            return self.refuse(span, "names with `::` are not in the language", "write the function's name alone");
        }
        if call.capture_parent_scope {
            let help = "leave the `!` out, and pass what the function needs as arguments";
            return self.refuse(span, "a call with `!` is not in the language", help);
        }
        let refused = refuse::function(&call.name, span, self.diagnostics);
        let arguments: Vec<Expr> = call.args.iter().map(|argument| self.expression(argument)).collect();
        if refused {
            return Expr { kind: ExprKind::Unit, span };
        }
        let name = Ident { name: call.name.to_string(), span };
        Expr { kind: ExprKind::Call { name, arguments, method: false }, span }
    }

    fn is_in(&self, index: usize) -> bool {
        matches!(self.tokens.token(index), Some(Token::In | Token::NotIn))
    }

    /// `a in b` is the call `contains(b, a)` in Rhai's tree.
    fn membership(&mut self, call: &FnCallExpr, op: BinaryOp, span: Span) -> Expr {
        let [container, element] = call.args.as_slice() else {
            return self.refuse(span, "this is not in the language", "write `a in b`");
        };
        let element = self.expression(element);
        let container = self.expression(container);
        binary(op, element, container, span)
    }

    fn operator(&mut self, operator: &Token, call: &FnCallExpr, position: Position) -> Expr {
        let span = self.span(position);
        match (operator, call.args.as_slice()) {
            (Token::Bang, [Tree::FnCall(inner, _)])
                if matches!(inner.op_token, None | Some(Token::NotIn))
                    && self.index(position).and_then(|index| self.tokens.token(index)) == Some(&Token::NotIn) =>
            {
                self.membership(inner, BinaryOp::NotIn, span)
            }
            (Token::Bang, [operand]) => self.unary(UnaryOp::Not, operand, span),
            (Token::Minus, [operand]) => self.unary(UnaryOp::Negate, operand, span),
            (Token::Plus, [operand]) => self.unary(UnaryOp::Plus, operand, span),
            (Token::ExclusiveRange | Token::InclusiveRange, [start, end]) => {
                self.range(start, end, matches!(operator, Token::InclusiveRange), position)
            }
            (_, [left, right]) => {
                let op = binary_operator(operator);
                let (left, right) = (self.expression(left), self.expression(right));
                match op {
                    Some(op) => binary(op, left, right, span),
                    None => self.refuse(
                        span,
                        format!("`{}` is not in the language: operations on bits", operator.literal_syntax()),
                        "write `&&` or `||` between conditions",
                    ),
                }
            }
            _ => self.refuse(span, "this operator is not in the language", "write it with a function"),
        }
    }

    fn unary(&mut self, op: UnaryOp, operand: &Tree, span: Span) -> Expr {
        let operand = self.expression(operand);
        // The sign of a decimal literal belongs to the literal, as with integers.
        let kind = match (op, operand.kind) {
            (UnaryOp::Negate, ExprKind::Decimal(value)) => ExprKind::Decimal(negated(value)),
            (UnaryOp::Plus, ExprKind::Decimal(value)) => ExprKind::Decimal(value),
            (op, kind) => ExprKind::Unary { op, operand: Box::new(Expr { kind, span: operand.span }) },
        };
        Expr { kind, span }
    }

    fn range(&mut self, start: &Tree, end: &Tree, inclusive: bool, position: Position) -> Expr {
        let span = self.span(position);
        let operator = self.index(position);
        let no_start = self.index(start.position()) == operator;
        let no_end =
            matches!(end, Tree::Unit(at) if self.index(*at).and_then(|i| self.tokens.token(i)) != Some(&Token::Unit));
        if no_start || no_end {
            return self.refuse(span, "a range names both ends", "write `0..5` or `0..=5`");
        }
        let (start, end) = (self.expression(start), self.expression(end));
        let kind = ExprKind::Range { start: Box::new(start), end: Box::new(end), inclusive };
        Expr { kind, span }
    }

    /// `a.b.c(x)[i]`: in Rhai's tree a chain leans to the right; here each link holds what stands before it.
    fn chain(&mut self, tree: &Tree) -> Expr {
        let (mut target, mut link) = match tree {
            Tree::Dot(parts, flags, position) | Tree::Index(parts, flags, position) => {
                let dot = matches!(tree, Tree::Dot(..));
                (self.expression(&parts.lhs), Link { rest: &parts.rhs, dot, flags: *flags, position: *position })
            }
            other => return self.expression(other),
        };
        loop {
            if link.flags.contains(ASTFlags::NEGATED) {
                let span = self.span(link.position);
                let help = "write `if is_missing(x) { ... }` or `x ?? default`";
                self.refuse(span, "`?.` and `?[` are not in the language", help);
            }
            let next = link.next();
            let this = next.as_ref().map_or(link.rest, |(this, _)| this);
            target = if link.dot { self.member(target, this) } else { self.indexed(target, this, link.position) };
            match next {
                Some((_, next)) => link = next,
                None => return target,
            }
        }
    }

    fn indexed(&mut self, target: Expr, index: &Tree, position: Position) -> Expr {
        let span = self.span(position);
        let index = self.expression(index);
        Expr { kind: ExprKind::Index { target: Box::new(target), index: Box::new(index) }, span }
    }

    fn member(&mut self, target: Expr, member: &Tree) -> Expr {
        match member {
            Tree::Property(property, position) => {
                let span = self.span(*position);
                let name = Ident { name: property.2.to_string(), span };
                Expr { kind: ExprKind::Property { target: Box::new(target), name }, span }
            }
            Tree::MethodCall(call, position) => {
                let span = self.span(*position);
                if refuse::function(&call.name, span, self.diagnostics) {
                    return Expr { kind: ExprKind::Unit, span };
                }
                let mut arguments = vec![target];
                arguments.extend(call.args.iter().map(|argument| self.expression(argument)));
                let name = Ident { name: call.name.to_string(), span };
                Expr { kind: ExprKind::Call { name, arguments, method: true }, span }
            }
            other => {
                let span = self.span(other.position());
                self.refuse(span, "only a field or a method stands behind a dot", "write `a.b` or `a.b(x)`")
            }
        }
    }
}

/// The rest of a chain.
struct Link<'a> {
    rest: &'a Tree,
    dot: bool,
    flags: ASTFlags,
    position: Position,
}

impl<'a> Link<'a> {
    /// The next member or index alone, and what stands behind it; `None` if this is the last.
    fn next(&self) -> Option<(&'a Tree, Link<'a>)> {
        let ends_here = !self.dot && self.flags.contains(ASTFlags::BREAK);
        let (Tree::Dot(parts, flags, position) | Tree::Index(parts, flags, position)) = self.rest else { return None };
        if ends_here {
            return None;
        }
        let dot = matches!(self.rest, Tree::Dot(..));
        Some((&parts.lhs, Link { rest: &parts.rhs, dot, flags: *flags, position: *position }))
    }
}

fn binary(op: BinaryOp, left: Expr, right: Expr, span: Span) -> Expr {
    Expr { kind: ExprKind::Binary { op, left: Box::new(left), right: Box::new(right) }, span }
}

fn negated(mut value: Decimal) -> Decimal {
    value.set_sign_negative(!value.is_zero() && value.is_sign_positive());
    value
}

fn binary_operator(operator: &Token) -> Option<BinaryOp> {
    Some(match operator {
        Token::Plus => BinaryOp::Add,
        Token::Minus => BinaryOp::Subtract,
        Token::Multiply => BinaryOp::Multiply,
        Token::Divide => BinaryOp::Divide,
        Token::Modulo => BinaryOp::Remainder,
        Token::PowerOf => BinaryOp::Power,
        Token::EqualsTo => BinaryOp::Equal,
        Token::NotEqualsTo => BinaryOp::NotEqual,
        Token::LessThan => BinaryOp::Less,
        Token::LessThanEqualsTo => BinaryOp::LessEqual,
        Token::GreaterThan => BinaryOp::Greater,
        Token::GreaterThanEqualsTo => BinaryOp::GreaterEqual,
        _ => return None,
    })
}
