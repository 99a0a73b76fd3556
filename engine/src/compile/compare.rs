//! Comparisons: the common ones, of a fact with a constant, are decided by whole numbers alone.

use super::builder::{Builder, index};
use crate::program::node::{Family, Items};
use crate::program::{Node, NodeId, TestKind};
use crate::ruleset::checked::{Comparison, Expr, ExprKind, Type, TypeKind};
use crate::schema::DataType;
use crate::value::Value;
use crate::value::decimal::{Decimal, ceil_mantissa, floor_mantissa};

/// Which whole numbers pass: from `low` to `high`, both inclusive, or all others.
struct Window {
    low: i128,
    high: i128,
    negate: bool,
}

impl Window {
    /// `x op c`, where no whole number lies between `floor` and `ceil` of c.
    fn new(op: Comparison, floor: i128, ceil: i128) -> Self {
        let (low, high) = match op {
            Comparison::Less => (i128::MIN, ceil.saturating_sub(1)),
            Comparison::LessEqual => (i128::MIN, floor),
            Comparison::Greater => (floor.saturating_add(1), i128::MAX),
            Comparison::GreaterEqual => (ceil, i128::MAX),
            // ceil > floor where c is no whole number: nothing equals it
            Comparison::Equal | Comparison::NotEqual => (ceil, floor),
        };
        Self { low, high, negate: op == Comparison::NotEqual }
    }

    fn narrow(&self) -> (i64, i64) {
        let (least, greatest) = (i128::from(i64::MIN), i128::from(i64::MAX));
        if self.low > greatest || self.high < least {
            return (1, 0);
        }
        let clamp = |x: i128| i64::try_from(x.clamp(least, greatest)).unwrap_or_default();
        (clamp(self.low), clamp(self.high))
    }
}

impl Window {
    /// Bounds for mantissas that are clamped to 64 bits before they are compared: each is open, or no clamped number.
    fn within_64_bits(&self) -> Option<(i64, i64)> {
        let inner = |x: i128| i64::try_from(x).ok().filter(|x| *x > i64::MIN && *x < i64::MAX);
        let low = if self.low == i128::MIN { i64::MIN } else { inner(self.low)? };
        let high = if self.high == i128::MAX { i64::MAX } else { inner(self.high)? };
        Some((low, high))
    }
}

impl Builder<'_> {
    pub fn comparison(&mut self, op: Comparison, left: &Expr, right: &Expr, expr: &Expr) -> NodeId {
        let begin = self.begin();
        let (l, r) = (self.expression(left), self.expression(right));
        let fused = match (constant(left), constant(right)) {
            (None, Some(constant)) => self.fused(op, left, l, constant),
            (Some(constant), None) => self.fused(mirrored(op), right, r, constant),
            _ => None,
        };
        let node = fused.unwrap_or(Node::Compare { family: family(&left.ty, &right.ty), op, left: l, right: r });
        let node = self.push(node, expr, begin);
        self.test(node, TestKind::Compare(op), l, Some(r))
    }

    /// A comparison with a constant by whole numbers, where that is exact.
    fn fused(&mut self, op: Comparison, operand: &Expr, node: NodeId, constant: &Value) -> Option<Node> {
        match &operand.ty.kind {
            TypeKind::Integer | TypeKind::Date | TypeKind::Boolean | TypeKind::Enum(_) => {
                let (floor, ceil) = ordinals(constant, &operand.ty)?;
                let window = Window::new(op, floor, ceil);
                let (low, high) = window.narrow();
                Some(match operand.kind {
                    ExprKind::Fact(fact) => Node::FactWithin { fact: index(fact), negate: window.negate, low, high },
                    _ => Node::Within { value: node, negate: window.negate, low, high },
                })
            }
            TypeKind::Decimal { .. } => {
                let ExprKind::Fact(fact) = operand.kind else { return None };
                let declared = &self.checked.ruleset.facts.get(fact)?.spec.data_type;
                let DataType::Decimal { scale } = *declared else { return None };
                let number = number(constant)?;
                let (floor, ceil) = (floor_mantissa(number, scale.into()), ceil_mantissa(number, scale.into()));
                let window = Window::new(op, floor, ceil);
                if let Some((low, high)) = window.within_64_bits() {
                    return Some(Node::FactDecimalNarrow { fact: index(fact), negate: window.negate, low, high });
                }
                let bounds = index(self.code.bounds.len());
                self.code.bounds.push((window.low, window.high));
                Some(Node::FactDecimalWithin { fact: index(fact), negate: window.negate, bounds })
            }
            _ => None,
        }
    }

    pub fn in_range(&mut self, value: &Expr, start: i64, last: i128, expr: &Expr) -> NodeId {
        let begin = self.begin();
        let left = self.expression(value);
        let (low, high) = Window { low: start.into(), high: last, negate: false }.narrow();
        let node = match value.kind {
            ExprKind::Fact(fact) => Node::FactWithin { fact: index(fact), negate: false, low, high },
            _ => Node::Within { value: left, negate: false, low, high },
        };
        let node = self.push(node, expr, begin);
        self.test(node, TestKind::In, left, None)
    }

    pub fn in_set(&mut self, value: &Expr, set: &[Value], expr: &Expr) -> NodeId {
        let begin = self.begin();
        let left = self.expression(value);
        // The set as a list constant: what a trace shows on the right.
        let element = Type::plain(value.ty.kind.clone());
        let shown = Value::List(set.to_vec());
        let list = Type::plain(TypeKind::List(Box::new(element.clone())));
        let list = Expr::new(ExprKind::Constant(shown), list, expr.span);
        let right = self.expression(&list);
        let node = if matches!(value.ty.kind, TypeKind::Enum(_) | TypeKind::Boolean) {
            let masks = self.symbols(set, &element);
            match (value.kind.clone(), masks.as_slice()) {
                (ExprKind::Fact(fact), [mask]) => Node::FactIn { fact: index(fact), mask: *mask },
                _ => {
                    let start = index(self.code.masks.len());
                    self.code.masks.extend_from_slice(&masks);
                    Node::SymbolIn { value: left, masks: Items { start, len: index(masks.len()) } }
                }
            }
        } else {
            let constants: Vec<_> = set
                .iter()
                .map(|value| {
                    let slot = self.slot(value, &plain_type(value, &element));
                    self.constant_slot(slot)
                })
                .collect();
            Node::InConstants { value: left, set: self.items(&constants) }
        };
        let node = self.push(node, expr, begin);
        self.test(node, TestKind::In, left, Some(right))
    }

    fn symbols(&mut self, set: &[Value], ty: &Type) -> Vec<u64> {
        let mut masks = vec![0_u64];
        for symbol in set.iter().filter_map(|value| ordinals(value, ty)).map(|(symbol, _)| symbol) {
            let word = usize::try_from(symbol >> 6).unwrap_or(usize::MAX).min(1 << 10);
            if word >= masks.len() {
                masks.resize(word.saturating_add(1), 0);
            }
            if let Some(mask) = masks.get_mut(word) {
                *mask |= 1_u64.wrapping_shl(u32::try_from(symbol & 63).unwrap_or(0));
            }
        }
        masks
    }
}

/// A constant in a set keeps its own number type: `f.n in [1, 2.5]`.
fn plain_type(value: &Value, element: &Type) -> Type {
    match value {
        Value::Integer(_) => Type::plain(TypeKind::Integer),
        _ => element.clone(),
    }
}

fn constant(expr: &Expr) -> Option<&Value> {
    match &expr.kind {
        ExprKind::Constant(Value::Missing | Value::Special(_)) => None,
        ExprKind::Constant(value) => Some(value),
        ExprKind::ToDecimal(inner) => constant(inner),
        _ => None,
    }
}

fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Integer(number) => Some(Decimal::from(*number)),
        Value::Decimal(number) => Some(*number),
        _ => None,
    }
}

/// Floor and ceiling of a constant among the ordinals of a type.
pub(super) fn ordinals(value: &Value, ty: &Type) -> Option<(i128, i128)> {
    let exact = |x: i128| Some((x, x));
    match (value, &ty.kind) {
        (Value::Integer(number), TypeKind::Integer) => exact(i128::from(*number)),
        (Value::Decimal(number), TypeKind::Integer) => Some((floor_mantissa(*number, 0), ceil_mantissa(*number, 0))),
        (Value::Date(date), TypeKind::Date) => exact(i128::from(date.days())),
        (Value::Boolean(truth), TypeKind::Boolean) => exact(i128::from(*truth)),
        (Value::Text(text), TypeKind::Enum(domain)) => domain.index_of(text).and_then(|index| exact(i128::from(index))),
        _ => None,
    }
}

fn mirrored(op: Comparison) -> Comparison {
    match op {
        Comparison::Less => Comparison::Greater,
        Comparison::LessEqual => Comparison::GreaterEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterEqual => Comparison::LessEqual,
        same => same,
    }
}

fn family(left: &Type, right: &Type) -> Family {
    match (&left.kind, &right.kind) {
        (TypeKind::Integer, TypeKind::Integer) => Family::Integer,
        (TypeKind::Integer | TypeKind::Decimal { .. }, _) => Family::Number,
        (TypeKind::Text, _) => Family::Text,
        _ => Family::Ordinal,
    }
}
