//! Statements and expressions, walked as they were written.

use trutina_engine::diagnostic::Span;
use trutina_engine::diagnostic::codes::{Code, DIVISION_BY_ZERO, INDEX_RANGE, OVERFLOW};
use trutina_engine::ruleset::Ruleset;
use trutina_engine::ruleset::script::{
    BinaryOp, Block, Closure, Declaration, Expr, ExprKind, Ident, Statement, StatementKind, Switch, SwitchPattern,
    UnaryOp,
};

use num_traits::{ToPrimitive, Zero};

use super::calendar::Civil;
use super::cards::CardResult;
use super::number::{self, Number, whole};
use super::value::Value;
use super::{Answer, Failure, Reached, outcome};

/// Why evaluation leaves the straight path.
pub enum Flow {
    /// The decision ends in an error.
    Fail(Failure),
    /// `return`
    Return(Value),
    /// `break`
    Break,
    /// `continue`
    Continue,
}

/// A value, or a way out.
pub type Step = Result<Value, Flow>;

/// Ends the decision with a code at a place.
pub fn fail<T>(code: Code, span: Span) -> Result<T, Flow> {
    Err(Flow::Fail(Failure::at(code, span)))
}

/// One evaluation of one record.
pub struct Machine<'a> {
    /// What was written.
    pub ruleset: &'a Ruleset,
    /// In declared order.
    pub facts: Vec<Value>,
    /// The date the decision speaks for.
    pub as_of: Civil,
    derived: Vec<(String, Value)>,
    /// Cards in the order of their first call.
    pub cards: Vec<(usize, CardResult)>,
    /// Reason codes of selected rows, in order.
    pub table_reasons: Vec<String>,
    /// Those of the look-ups that are being evaluated, the innermost last.
    pub row_reasons: Vec<Vec<String>>,
    /// Rule id and effect.
    pub hits: Vec<(String, String)>,
    /// Locals of the functions being evaluated, the innermost last.
    frames: Vec<Vec<(String, Value)>>,
    /// Where the values of the last `#{ ... }` stand, by name.
    pub map_spans: Vec<(String, Span)>,
    reached: &'a Reached,
    /// Arguments evaluated before what they are arguments of, by the place of their expression in memory; `None` where
    /// everything goes from left to right.
    pub(super) ahead: Option<Vec<(*const Expr, Value)>>,
}

impl<'a> Machine<'a> {
    /// Nothing evaluated yet.
    pub fn new(ruleset: &'a Ruleset, facts: Vec<Value>, as_of: Civil, reached: &'a Reached) -> Self {
        Self {
            ruleset,
            facts,
            as_of,
            derived: Vec::new(),
            cards: Vec::new(),
            table_reasons: Vec::new(),
            row_reasons: Vec::new(),
            hits: Vec::new(),
            frames: Vec::new(),
            map_spans: Vec::new(),
            reached,
            ahead: None,
        }
    }

    /// Counts what was evaluated.
    pub fn reach(&self, what: impl Into<String>) {
        self.reached.count(what);
    }

    /// All rules in the order of the file, then `decide`.
    pub fn decide(mut self) -> Result<Answer, Failure> {
        let ruleset = self.ruleset;
        for declaration in &ruleset.script.declarations {
            if let Declaration::Rule { id, effect, body } = declaration
                && settle(self.apply_declared(body))?.boolean()
            {
                self.hits.push((id.name.clone(), effect.name.clone()));
            }
        }
        let decide = ruleset.script.functions.iter().find(|function| function.name.name == "decide").expect("a decide");
        let given = settle(self.invoke(decide, vec![Value::Facts, Value::Hits]))?;
        outcome::decided(&self, &given)
    }

    fn apply_declared(&mut self, body: &Closure) -> Step {
        self.frames.push(vec![(body.parameters[0].name.clone(), Value::Facts)]);
        let value = self.body(&body.body);
        self.frames.pop();
        value
    }

    /// Calls a function of the script.
    pub fn invoke(&mut self, function: &trutina_engine::ruleset::script::Function, arguments: Vec<Value>) -> Step {
        let names = function.parameters.iter().map(|parameter| parameter.name.clone());
        self.frames.push(names.zip(arguments).collect());
        let value = self.body(&function.body);
        self.frames.pop();
        value
    }

    /// Calls a closure where it stands: it sees the locals around it.
    pub fn apply(&mut self, closure: &Closure, argument: Value) -> Step {
        let frame = self.frames.last_mut().expect("a frame");
        let height = frame.len();
        frame.push((closure.parameters[0].name.clone(), argument));
        let value = self.body(&closure.body);
        self.frames.last_mut().expect("a frame").truncate(height);
        value
    }

    /// A body whose `return` ends it.
    fn body(&mut self, block: &Block) -> Step {
        match self.block(block) {
            Err(Flow::Return(value)) => Ok(value),
            other => other,
        }
    }

    /// Evaluates an expression of a table's cell.
    pub fn cell(&mut self, expr: &Expr) -> Step {
        self.frames.push(vec![("f".to_owned(), Value::Facts)]);
        let value = self.expr(expr);
        self.frames.pop();
        value
    }

    fn block(&mut self, block: &Block) -> Step {
        let height = self.frames.last().map_or(0, Vec::len);
        let mut value = Ok(Value::Missing);
        for statement in &block.statements {
            value = self.statement(statement);
            if value.is_err() {
                break;
            }
        }
        self.frames.last_mut().expect("a frame").truncate(height);
        value
    }

    fn statement(&mut self, statement: &Statement) -> Step {
        if let Some(what) = name_of_statement(&statement.kind) {
            self.reach(what);
        }
        match &statement.kind {
            StatementKind::Let { name, value, .. } => {
                let value = self.expr(value)?;
                self.frames.last_mut().expect("a frame").push((name.name.clone(), value));
                Ok(Value::Missing)
            }
            StatementKind::Assign { name, op, value } => {
                let mut new = self.expr(value)?;
                if let Some(op) = op {
                    new = arithmetic(*op, &self.variable(&name.name)?, &new, statement.span)?;
                }
                let frame = self.frames.last_mut().expect("a frame");
                let place = frame.iter_mut().rev().find(|(other, _)| *other == name.name).expect("a local");
                place.1 = new;
                Ok(Value::Missing)
            }
            StatementKind::Expression(expr) => self.expr(expr),
            StatementKind::For { name, iterable, body } => self.repeat(&name.name, iterable, body),
            StatementKind::Return(None) => Err(Flow::Return(Value::Missing)),
            StatementKind::Return(Some(value)) => Err(Flow::Return(self.expr(value)?)),
            StatementKind::Break => Err(Flow::Break),
            StatementKind::Continue => Err(Flow::Continue),
        }
    }

    fn repeat(&mut self, name: &str, iterable: &Expr, body: &Block) -> Step {
        let items = match &iterable.kind {
            ExprKind::Range { start, end, inclusive } => {
                let (start, end) = (self.bound(start)?, self.bound(end)?);
                (start..end + i64::from(*inclusive)).map(Value::integer).collect()
            }
            _ => self.expr(iterable)?.list().to_vec(),
        };
        for item in items {
            let frame = self.frames.last_mut().expect("a frame");
            let height = frame.len();
            frame.push((name.to_owned(), item));
            let end = self.block(body);
            self.frames.last_mut().expect("a frame").truncate(height);
            match end {
                Err(Flow::Break) => break,
                Ok(_) | Err(Flow::Continue) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(Value::Missing)
    }

    fn bound(&mut self, expr: &Expr) -> Result<i64, Flow> {
        Ok(self.expr(expr)?.number().to_integer().to_i64().expect("an i64"))
    }

    /// Evaluates one expression.
    pub fn expr(&mut self, expr: &Expr) -> Step {
        if self.ahead.is_some() {
            if let Some(value) = self.taken(expr) {
                return Ok(value);
            }
            self.look_ahead(expr)?;
        }
        if let Some(what) = name_of(&expr.kind) {
            self.reach(what);
        }
        match &expr.kind {
            ExprKind::Unit => Ok(Value::Missing),
            ExprKind::Boolean(value) => Ok(Value::Boolean(*value)),
            ExprKind::Integer(n) => Ok(Value::integer(*n)),
            ExprKind::Decimal(decimal) => Ok(Value::Decimal(number::from_decimal(*decimal))),
            ExprKind::Text(text) => Ok(Value::Text(text.clone())),
            ExprKind::Variable(name) => self.variable(name),
            ExprKind::Property { target, name } => {
                let target = self.expr(target)?;
                self.property(&target, &name.name)
            }
            ExprKind::Index { target, index } => self.index(target, index, expr.span),
            ExprKind::Unary { op, operand } => self.unary(*op, operand, expr.span),
            ExprKind::Binary { op, left, right } => self.binary(*op, left, right, expr.span),
            ExprKind::And(operands) => self.chain(operands, false),
            ExprKind::Or(operands) => self.chain(operands, true),
            ExprKind::Array(items) => {
                items.iter().map(|item| self.expr(item)).collect::<Result<_, _>>().map(Value::List)
            }
            ExprKind::Map(fields) => self.map(fields),
            ExprKind::Call { name, arguments, .. } => self.call(&name.name, arguments, expr.span),
            ExprKind::If { branches, otherwise } => {
                for (condition, block) in branches {
                    if self.expr(condition)?.boolean() {
                        return self.block(block);
                    }
                }
                otherwise.as_ref().map_or(Ok(Value::Missing), |block| self.block(block))
            }
            ExprKind::Switch(switch) => self.switch(switch),
            ExprKind::Block(block) => self.block(block),
            ExprKind::Range { .. } | ExprKind::Closure(_) => panic!("a range or closure that is no argument"),
        }
    }

    fn map(&mut self, fields: &[(Ident, Expr)]) -> Step {
        let values = fields.iter().map(|(name, value)| Ok((name.name.clone(), self.expr(value)?)));
        let record = Value::Record(values.collect::<Result<_, _>>()?);
        self.map_spans = fields.iter().map(|(name, value)| (name.name.clone(), value.span)).collect();
        Ok(record)
    }

    /// The first operand that decides: `false` for `&&`, `true` for `||`.
    fn chain(&mut self, operands: &[Expr], decisive: bool) -> Step {
        for operand in operands {
            if self.expr(operand)?.boolean() == decisive {
                return Ok(Value::Boolean(decisive));
            }
        }
        Ok(Value::Boolean(!decisive))
    }

    fn variable(&mut self, name: &str) -> Step {
        let frame = self.frames.last().expect("a frame");
        if let Some((_, value)) = frame.iter().rev().find(|(other, _)| other == name) {
            return Ok(value.clone());
        }
        let ruleset = self.ruleset;
        let constant = ruleset.script.constants.iter().find(|constant| constant.name.name == name);
        let constant = constant.unwrap_or_else(|| panic!("no variable `{name}`"));
        self.expr(&constant.value)
    }

    /// `target.name`
    pub fn property(&mut self, target: &Value, name: &str) -> Step {
        match target {
            Value::Facts => self.fact(name),
            Value::Record(fields) => {
                let field = fields.iter().find(|(other, _)| other == name);
                Ok(field.unwrap_or_else(|| panic!("no field `{name}`")).1.clone())
            }
            Value::Card(card) if name == "score" => Ok(self.card(*card).score.clone()),
            Value::Card(card) if name == "points" => Ok(Value::CardPoints(*card)),
            Value::CardPoints(card) => {
                let points = &self.card(*card).points;
                Ok(points.iter().find(|(other, _)| other == name).expect("a characteristic").1.clone())
            }
            other => panic!("no property `{name}` of {other:?}"),
        }
    }

    fn card(&self, card: usize) -> &CardResult {
        &self.cards.iter().find(|(index, _)| *index == card).expect("an evaluated card").1
    }

    /// A fact, or a derived fact: evaluated when first read.
    pub fn fact(&mut self, name: &str) -> Step {
        let ruleset = self.ruleset;
        if let Some(index) = ruleset.facts.iter().position(|fact| fact.name == name) {
            return Ok(self.facts[index].clone());
        }
        if let Some((_, value)) = self.derived.iter().find(|(other, _)| other == name) {
            return Ok(value.clone());
        }
        let body = ruleset.script.declarations.iter().find_map(|declaration| match declaration {
            Declaration::Derive { name: other, body } if other.name == name => Some(body),
            _ => None,
        });
        let value = self.apply_declared(body.unwrap_or_else(|| panic!("no fact `{name}`")))?;
        self.derived.push((name.to_owned(), value.clone()));
        Ok(value)
    }

    fn index(&mut self, target: &Expr, index: &Expr, span: Span) -> Step {
        let (target, index) = (self.expr(target)?, self.expr(index)?);
        let items = target.list();
        let length = whole(i64::try_from(items.len()).expect("a length"));
        let index = index.number().clone();
        let from_start = if index < Number::zero() { length + index } else { index };
        match from_start.to_integer().to_usize().and_then(|at| items.get(at)) {
            Some(item) => Ok(item.clone()),
            None => fail(INDEX_RANGE, span),
        }
    }

    fn unary(&mut self, op: UnaryOp, operand: &Expr, span: Span) -> Step {
        let operand = self.expr(operand)?;
        match (op, &operand) {
            (UnaryOp::Not, _) => Ok(Value::Boolean(!operand.boolean())),
            (UnaryOp::Plus, _) => Ok(operand),
            (UnaryOp::Negate, Value::Integer(n)) => exact(Value::Integer(-n), span),
            (UnaryOp::Negate, _) => Ok(Value::Decimal(-operand.number())),
        }
    }

    fn binary(&mut self, op: BinaryOp, left: &Expr, right: &Expr, span: Span) -> Step {
        let left_value = self.expr(left)?;
        match op {
            BinaryOp::Coalesce if left_value != Value::Missing => return Ok(left_value),
            BinaryOp::Coalesce => return self.expr(right),
            BinaryOp::In => return self.within(&left_value, right).map(Value::Boolean),
            BinaryOp::NotIn => return self.within(&left_value, right).map(|found| Value::Boolean(!found)),
            _ => {}
        }
        let right_value = self.expr(right)?;
        let order = || left_value.order(&right_value);
        Ok(Value::Boolean(match op {
            BinaryOp::Equal => left_value.equals(&right_value),
            BinaryOp::NotEqual => !left_value.equals(&right_value),
            BinaryOp::Less => order().is_lt(),
            BinaryOp::LessEqual => order().is_le(),
            BinaryOp::Greater => order().is_gt(),
            BinaryOp::GreaterEqual => order().is_ge(),
            _ => return arithmetic(op, &left_value, &right_value, span),
        }))
    }

    fn within(&mut self, value: &Value, set: &Expr) -> Result<bool, Flow> {
        if let ExprKind::Range { start, end, inclusive } = &set.kind {
            let (start, end) = (self.expr(start)?, self.expr(end)?);
            let below_end = value.order(&end).is_lt() || (*inclusive && value.equals(&end));
            return Ok(value.order(&start).is_ge() && below_end);
        }
        Ok(match self.expr(set)? {
            Value::Text(text) => text.contains(value.text()),
            set => set.list().iter().any(|item| item.equals(value)),
        })
    }

    fn switch(&mut self, switch: &Switch) -> Step {
        let subject = self.expr(&switch.subject)?;
        for arm in &switch.arms {
            let mut matched = false;
            for pattern in &arm.patterns {
                matched |= match pattern {
                    SwitchPattern::Literal(literal) => self.expr(literal)?.equals(&subject),
                    SwitchPattern::Range { start, end, inclusive } => {
                        let end = Value::integer(*end);
                        let below_end = subject.order(&end).is_lt() || (*inclusive && subject.equals(&end));
                        subject.order(&Value::integer(*start)).is_ge() && below_end
                    }
                };
            }
            let guarded = match &arm.guard {
                Some(guard) if matched => self.expr(guard)?.boolean(),
                _ => matched,
            };
            if guarded {
                return self.expr(&arm.result);
            }
        }
        switch.default.as_ref().map_or(Ok(Value::Missing), |default| self.expr(default))
    }
}

/// How the report calls an expression.
fn name_of(kind: &ExprKind) -> Option<String> {
    Some(match kind {
        ExprKind::Index { .. } => "[]".to_owned(),
        ExprKind::Unary { op, .. } => format!("unary {op:?}"),
        ExprKind::Binary { op, .. } => format!("{op:?}"),
        ExprKind::And(_) => "And".to_owned(),
        ExprKind::Or(_) => "Or".to_owned(),
        ExprKind::If { .. } => "if".to_owned(),
        ExprKind::Switch(_) => "switch".to_owned(),
        ExprKind::Call { name, .. } if name.name.starts_with("helper") => "helper".to_owned(),
        ExprKind::Call { name, .. } => format!("{}()", name.name),
        _ => return None,
    })
}

/// How the report calls a statement.
fn name_of_statement(kind: &StatementKind) -> Option<String> {
    Some(match kind {
        StatementKind::Let { constant: true, .. } => "const".to_owned(),
        StatementKind::Let { .. } => "let".to_owned(),
        StatementKind::Assign { op: None, .. } => "=".to_owned(),
        StatementKind::Assign { op: Some(op), .. } => format!("assign {op:?}"),
        StatementKind::For { .. } => "for".to_owned(),
        StatementKind::Return(_) => "return".to_owned(),
        StatementKind::Break => "break".to_owned(),
        StatementKind::Continue => "continue".to_owned(),
        StatementKind::Expression(_) => return None,
    })
}

fn settle(step: Step) -> Result<Value, Failure> {
    match step {
        Ok(value) => Ok(value),
        Err(Flow::Fail(failure)) => Err(failure),
        Err(_) => panic!("`break` or `continue` outside a loop"),
    }
}

/// Checks that a number is one of its type: an i64, or a decimal that can be represented.
pub fn exact(value: Value, span: Span) -> Step {
    let checked = match value {
        Value::Integer(n) => number::integer(n).map(Value::Integer),
        Value::Decimal(n) => number::representable(n).map(Value::Decimal),
        other => Ok(other),
    };
    checked.or_else(|code| fail(code, span))
}

/// `+ - * % **` on two numbers: an integer if both are, else a decimal.
pub fn arithmetic(op: BinaryOp, left: &Value, right: &Value, span: Span) -> Step {
    let (a, b) = (left.number(), right.number());
    let result = match op {
        BinaryOp::Add => a + b,
        BinaryOp::Subtract => a - b,
        BinaryOp::Multiply => a * b,
        BinaryOp::Remainder if b.is_zero() => return fail(DIVISION_BY_ZERO, span),
        // As in Rhai: the one remainder whose quotient is beyond i64 is an overflow.
        BinaryOp::Remainder if *a == whole(i64::MIN) && *b == whole(-1) => return fail(OVERFLOW, span),
        BinaryOp::Remainder => a - b * (a / b).trunc(),
        BinaryOp::Power => return power(a, b, span),
        other => panic!("{other:?} is no arithmetic"),
    };
    let integers = matches!((left, right), (Value::Integer(_), Value::Integer(_)));
    exact(if integers { Value::Integer(result) } else { Value::Decimal(result) }, span)
}

/// Multiplies as often as the exponent says, and stops when the product is beyond i64.
fn power(base: &Number, exponent: &Number, span: Span) -> Step {
    let mut result = whole(1);
    let mut left = exponent.to_integer().to_u64().expect("an exponent that is not negative");
    // 0, 1 and -1 stay within i64 for ever; only whether the exponent is even matters then.
    if base.numer().magnitude().bits() <= 1 && left > 2 {
        left = 2 - left % 2;
    }
    while left > 0 {
        result *= base;
        if number::integer(result.clone()).is_err() {
            return fail(OVERFLOW, span);
        }
        left -= 1;
    }
    Ok(Value::Integer(result))
}
