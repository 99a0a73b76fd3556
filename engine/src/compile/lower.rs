//! Expressions and statements, one by one.

use super::builder::{Builder, index};
use crate::program::node::Items;
use crate::program::{Arm, Node, NodeId, Pattern, Switch, TestKind};
use crate::ruleset::checked::{
    self, AggregateFunction, ArithmeticOp, Expr, ExprKind, Function, Iterable, LocalId, Statement, SwitchArm, Type,
    TypeKind,
};
use crate::value::Value;
use crate::value::slot::Slot;

impl Builder<'_> {
    /// The condition of a rule.
    pub fn rule(&mut self, body: &Expr) -> NodeId {
        self.condition(body)
    }

    /// An expression whose truth is asked for: a bare truth value is a test of its own.
    fn condition(&mut self, expr: &Expr) -> NodeId {
        let node = self.expression(expr);
        match expr.kind {
            ExprKind::Fact(_) | ExprKind::Derived(_) | ExprKind::Local(_) | ExprKind::Field { .. } => {
                self.test(node, TestKind::Holds, node, None)
            }
            _ => node,
        }
    }

    /// Lowers an expression, operands first.
    pub fn expression(&mut self, expr: &Expr) -> NodeId {
        self.deeper(expr.span, |builder| builder.lower(expr))
    }

    fn lower(&mut self, expr: &Expr) -> NodeId {
        match &expr.kind {
            ExprKind::Constant(value) => self.constant(value, expr),
            ExprKind::Fact(_) | ExprKind::Derived(_) | ExprKind::Local(_) | ExprKind::AsOf | ExprKind::Has(_) => {
                self.lower_name(expr)
            }
            ExprKind::ToDecimal(_)
            | ExprKind::ToInteger(_)
            | ExprKind::ToEnum { .. }
            | ExprKind::ToText(_)
            | ExprKind::Negate(_)
            | ExprKind::Field { .. } => self.lower_conversion(expr),
            ExprKind::Not(_)
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Compare { .. }
            | ExprKind::IsMissing(_)
            | ExprKind::IsSpecial { .. }
            | ExprKind::InSet { .. }
            | ExprKind::InRange { .. }
            | ExprKind::InList { .. } => self.lower_truth(expr),
            ExprKind::Arithmetic { op, left, right } => self.arithmetic(*op, left, right, expr),
            ExprKind::Call { function, arguments } => self.call(*function, arguments, expr),
            ExprKind::Scorecard(_)
            | ExprKind::CardScore(_)
            | ExprKind::CardPoints { .. }
            | ExprKind::Scale { .. }
            | ExprKind::Table { .. } => self.lower_artefact(expr),
            _ => self.lower_control(expr),
        }
    }

    fn constant(&mut self, value: &Value, expr: &Expr) -> NodeId {
        let begin = self.begin();
        let slot = self.slot(value, &expr.ty);
        let node = Node::Constant(self.constant_slot(slot));
        self.push(node, expr, begin)
    }

    fn lower_name(&mut self, expr: &Expr) -> NodeId {
        let begin = self.begin();
        let node = match expr.kind {
            ExprKind::Fact(fact) => Node::Fact(index(fact)),
            ExprKind::Derived(derived) => {
                self.derived(derived);
                Node::Derived(index(derived))
            }
            ExprKind::Local(LocalId(local)) => Node::Local(local),
            ExprKind::AsOf => Node::AsOf,
            ExprKind::Has(effect) => Node::Has(effect),
            _ => Node::Broken,
        };
        self.push(node, expr, begin)
    }

    fn lower_conversion(&mut self, expr: &Expr) -> NodeId {
        let begin = self.begin();
        let node = match &expr.kind {
            ExprKind::ToDecimal(value) => Node::ToDecimal(self.expression(value)),
            ExprKind::ToInteger(value) => Node::ToInteger(self.expression(value)),
            ExprKind::ToEnum { value, map } => {
                let value = self.expression(value);
                let map: Vec<_> = map.iter().map(|new| u32::from(*new)).collect();
                Node::ToEnum { value, map: self.items(&map) }
            }
            ExprKind::ToText(value) => self.lower_text(value),
            ExprKind::Negate(value) => {
                let operand = self.expression(value);
                match expr.ty.kind {
                    TypeKind::Decimal { .. } => Node::NegateDecimal(operand),
                    _ => Node::NegateInteger(operand),
                }
            }
            ExprKind::Field { record, index: field } => {
                Node::Field { record: self.expression(record), index: index(*field) }
            }
            _ => Node::Broken,
        };
        self.push(node, expr, begin)
    }

    fn lower_text(&mut self, value: &Expr) -> Node {
        let node = self.expression(value);
        let TypeKind::Enum(domain) = &value.ty.kind else {
            return Node::ToText { value: node, texts: Items::default() };
        };
        let texts: Vec<_> = domain
            .values
            .iter()
            .map(|text| {
                let slot = Slot::Text(self.text(text));
                self.constant_slot(slot)
            })
            .collect();
        Node::ToText { value: node, texts: self.items(&texts) }
    }

    fn lower_truth(&mut self, expr: &Expr) -> NodeId {
        let begin = self.begin();
        match &expr.kind {
            ExprKind::Not(value) => {
                let node = Node::Not(self.condition(value));
                self.push(node, expr, begin)
            }
            ExprKind::And(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| self.condition(part)).collect();
                let node = Node::And(self.items(&parts));
                self.push(node, expr, begin)
            }
            ExprKind::Or(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| self.condition(part)).collect();
                let node = Node::Or(self.items(&parts));
                self.push(node, expr, begin)
            }
            ExprKind::Compare { op, left, right } => self.comparison(*op, left, right, expr),
            ExprKind::IsMissing(value) => {
                let value = self.expression(value);
                let node = self.push(Node::IsMissing(value), expr, begin);
                self.test(node, TestKind::IsMissing, value, None)
            }
            ExprKind::IsSpecial { value, code } => {
                let value = self.expression(value);
                let node = self.push(Node::IsSpecial { value, code: *code }, expr, begin);
                self.test(node, TestKind::IsSpecial, value, None)
            }
            ExprKind::InSet { value, set } => self.in_set(value, set, expr),
            ExprKind::InRange { value, start, end, inclusive } => {
                let last = i128::from(*end).saturating_sub(i128::from(!inclusive));
                self.in_range(value, *start, last, expr)
            }
            ExprKind::InList { value, list } => {
                let (value, list) = (self.expression(value), self.expression(list));
                let node = self.push(Node::InList { value, list }, expr, begin);
                self.test(node, TestKind::In, value, Some(list))
            }
            _ => self.broken(expr.span),
        }
    }

    fn arithmetic(&mut self, op: ArithmeticOp, left: &Expr, right: &Expr, expr: &Expr) -> NodeId {
        let begin = self.begin();
        let (left, right) = (self.expression(left), self.expression(right));
        let node = match expr.ty.kind {
            TypeKind::Integer => Node::Integer { op, left, right },
            _ => Node::Decimal { op, left, right },
        };
        self.push(node, expr, begin)
    }

    fn call(&mut self, function: Function, arguments: &[Expr], expr: &Expr) -> NodeId {
        let begin = self.begin();
        let operands: Vec<_> = arguments.iter().map(|argument| self.expression(argument)).collect();
        let decimal = matches!(expr.ty.kind, TypeKind::Decimal { .. });
        let node = Node::Call { function, decimal, arguments: self.items(&operands) };
        let node = self.push(node, expr, begin);
        let kind = match function {
            Function::StartsWith => TestKind::StartsWith,
            Function::EndsWith => TestKind::EndsWith,
            Function::Contains => TestKind::Contains,
            _ => return node,
        };
        match operands.as_slice() {
            [left, right] => self.test(node, kind, *left, Some(*right)),
            _ => node,
        }
    }

    fn lower_artefact(&mut self, expr: &Expr) -> NodeId {
        let begin = self.begin();
        let node = match &expr.kind {
            ExprKind::Scorecard(card) => {
                self.card_inputs(*card);
                Node::Scorecard(index(*card))
            }
            ExprKind::CardScore(card) => {
                let (card, scorecard) = self.card(card);
                Node::CardScore { card, scorecard }
            }
            ExprKind::CardPoints { card, characteristic } => {
                let (card, scorecard) = self.card(card);
                Node::CardPoints { card, scorecard, characteristic: index(*characteristic) }
            }
            ExprKind::Scale { scale, value } => Node::Scale { scale: index(*scale), value: self.expression(value) },
            ExprKind::Table { table, arguments } => {
                let operands: Vec<_> = arguments.iter().map(|argument| self.expression(argument)).collect();
                Node::Table { table: index(*table), arguments: self.items(&operands) }
            }
            _ => Node::Broken,
        };
        self.push(node, expr, begin)
    }

    /// Derived facts that a card reads come before the card, so that nesting is counted.
    fn card_inputs(&mut self, card: usize) {
        let checked = self.checked;
        for (input, _) in checked.scorecards.get(card).into_iter().flat_map(|card| &card.inputs) {
            if let checked::Input::Derived(derived) = input {
                self.derived(*derived);
            }
        }
    }

    fn card(&mut self, card: &Expr) -> (NodeId, u32) {
        let TypeKind::Card(scorecard) = card.ty.kind else { return (self.broken(card.span), u32::MAX) };
        self.card_inputs(scorecard);
        (self.expression(card), index(scorecard))
    }

    fn lower_control(&mut self, expr: &Expr) -> NodeId {
        let begin = self.begin();
        let node = match &expr.kind {
            ExprKind::Coalesce { value, default } => {
                Node::Coalesce { value: self.expression(value), default: self.expression(default) }
            }
            ExprKind::ValueOr { value, default } => {
                Node::ValueOr { value: self.expression(value), default: self.expression(default) }
            }
            ExprKind::Index { list, index } => {
                Node::Index { list: self.expression(list), index: self.expression(index) }
            }
            ExprKind::If { branches, otherwise } => {
                let mut items = Vec::new();
                for (condition, value) in branches {
                    items.push(self.condition(condition));
                    items.push(self.expression(value));
                }
                items.extend(otherwise.as_ref().map(|otherwise| self.expression(otherwise)));
                Node::If(self.items(&items))
            }
            ExprKind::Switch { subject, arms, default } => self.switch(subject, arms, default.as_ref()),
            ExprKind::Block { statements, result } => {
                let statements: Vec<_> = statements.iter().map(|statement| self.statement(statement, expr)).collect();
                let result = result.as_ref().map(|result| self.expression(result));
                Node::Block { statements: self.items(&statements), result }
            }
            ExprKind::Invoke { function, arguments } => self.invoke(*function, arguments),
            ExprKind::Aggregate { function, list, closure } => {
                return self.aggregate(*function, list, closure.as_ref(), expr);
            }
            ExprKind::List(elements) => {
                let elements: Vec<_> = elements.iter().map(|element| self.expression(element)).collect();
                Node::List(self.items(&elements))
            }
            ExprKind::Record(fields) => {
                let fields: Vec<_> = fields.iter().map(|field| self.expression(field)).collect();
                Node::Record(self.items(&fields))
            }
            ExprKind::Outputs(values) => {
                let values: Vec<_> = values.iter().map(|value| self.output(value.as_ref(), expr)).collect();
                Node::Outputs(self.items(&values))
            }
            _ => Node::Broken,
        };
        self.push(node, expr, begin)
    }

    fn output(&mut self, value: Option<&Expr>, expr: &Expr) -> NodeId {
        match value {
            Some(value) => self.expression(value),
            None => {
                let ty = Type { missing: true, ..Type::plain(TypeKind::Unit) };
                self.expression(&Expr::new(ExprKind::Constant(Value::Missing), ty, expr.span))
            }
        }
    }

    fn switch(&mut self, subject: &Expr, arms: &[SwitchArm], default: Option<&Expr>) -> Node {
        let subject_node = self.expression(subject);
        let plain = Type::plain(subject.ty.kind.clone());
        let arms = arms
            .iter()
            .map(|arm| Arm {
                patterns: arm.patterns.iter().map(|pattern| self.pattern(pattern, &plain)).collect(),
                guard: arm.guard.as_ref().map(|guard| self.condition(guard)),
                result: self.expression(&arm.result),
            })
            .collect();
        let default = default.map(|default| self.expression(default));
        self.code.switches.push(Switch { arms, default });
        Node::Switch { subject: subject_node, arms: index(self.code.switches.len().saturating_sub(1)) }
    }

    fn pattern(&mut self, pattern: &checked::Pattern, ty: &Type) -> Pattern {
        match pattern {
            checked::Pattern::Value(value) => Pattern::Equal(self.slot(value, ty)),
            checked::Pattern::Range { start, end } => {
                let last = end.saturating_sub(1);
                match (i64::try_from(*start), i64::try_from(last)) {
                    (Ok(first), Ok(last)) => Pattern::Within(first, last),
                    _ => Pattern::Within(1, 0),
                }
            }
        }
    }

    fn invoke(&mut self, function: usize, arguments: &[Expr]) -> Node {
        let checked = self.checked;
        let body = self.function(function);
        let parameters = checked.functions.get(function).map_or(&[][..], |function| &function.parameters);
        let mut items = Vec::new();
        for (LocalId(local), argument) in parameters.iter().zip(arguments) {
            items.push(*local);
            items.push(self.expression(argument));
        }
        Node::Invoke { body, arguments: self.items(&items) }
    }

    fn aggregate(
        &mut self,
        function: AggregateFunction,
        list: &Expr,
        closure: Option<&(LocalId, Expr)>,
        expr: &Expr,
    ) -> NodeId {
        let begin = self.begin();
        let source = self.expression(list);
        let closure = closure.map(|(LocalId(local), body)| (*local, self.expression(body)));
        let decimal = matches!(expr.ty.kind, TypeKind::Decimal { .. });
        let node = self.push(Node::Aggregate { function, decimal, list: source, closure }, expr, begin);
        match function {
            AggregateFunction::All => self.test(node, TestKind::All, source, None),
            AggregateFunction::Any => self.test(node, TestKind::Any, source, None),
            _ => node,
        }
    }

    /// A statement; `within` gives its place where it has none of its own.
    fn statement(&mut self, statement: &Statement, within: &Expr) -> NodeId {
        let begin = self.begin();
        let (node, span) = match statement {
            Statement::Store(LocalId(local), value) => {
                (Node::Store { local: *local, value: self.expression(value) }, value.span)
            }
            Statement::Evaluate(value) => return self.expression(value),
            Statement::For { local, over, body } => (self.loops(*local, over, body, within), within.span),
            Statement::Return(value) => {
                let span = value.as_ref().map_or(within.span, |value| value.span);
                (Node::Return(value.as_ref().map(|value| self.expression(value))), span)
            }
            Statement::Break => (Node::Break, within.span),
            Statement::Continue => (Node::Continue, within.span),
        };
        self.push_unit(node, span, begin)
    }

    fn loops(&mut self, LocalId(local): LocalId, over: &Iterable, body: &[Statement], within: &Expr) -> Node {
        let source = match over {
            Iterable::List(list) => Some(self.expression(list)),
            Iterable::Range { .. } => None,
        };
        let begin = self.begin();
        let statements: Vec<_> = body.iter().map(|statement| self.statement(statement, within)).collect();
        let block = Node::Block { statements: self.items(&statements), result: None };
        let body = self.push_unit(block, within.span, begin);
        match (over, source) {
            (Iterable::Range { start, end }, _) => Node::ForRange {
                local,
                body,
                start: self.constant_slot(Slot::Integer(*start)),
                end: self.constant_slot(Slot::Integer(*end)),
            },
            (Iterable::List(_), Some(list)) => Node::ForList { local, list, body },
            (Iterable::List(_), None) => Node::Broken,
        }
    }
}
