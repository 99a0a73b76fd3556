//! Checked rulesets, expressions and records by hand.

use std::sync::Arc;

use trutina_engine::compile::compile;
use trutina_engine::decision::{Decision, TraceLevel};
use trutina_engine::diagnostic::{Code, FileId, Span};
use trutina_engine::evaluate::{Scratch, evaluate};
use trutina_engine::explain;
use trutina_engine::program::Program;
use trutina_engine::record::Record;
use trutina_engine::ruleset::checked::{
    CheckedDerived, CheckedRule, CheckedRuleset, Expr, ExprKind, LocalId, Type, TypeKind,
};
use trutina_engine::ruleset::script::Script;
use trutina_engine::ruleset::{Manifest, OnError, Reason, Ruleset};
use trutina_engine::schema::{DataType, EnumDomain, Fact, LocalText, Output, SpecialCode, ValueSpec};
use trutina_engine::value::Value;
use trutina_engine::value::date::Date;
use trutina_engine::value::decimal::{Decimal, parse_decimal, rescale_exact};
use trutina_engine::value::slot::{Slot, Stretch};

pub const INTEGER: TypeKind = TypeKind::Integer;
pub const BOOLEAN: TypeKind = TypeKind::Boolean;

pub fn decimal(scale: u8) -> TypeKind {
    TypeKind::Decimal { scale }
}

pub fn d(text: &str) -> Decimal {
    parse_decimal(text).unwrap()
}

pub fn date(text: &str) -> Date {
    Date::parse_iso(text).unwrap()
}

pub fn domain(values: &[&str]) -> Arc<EnumDomain> {
    Arc::new(EnumDomain::new(values.iter().map(ToString::to_string).collect()))
}

pub fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

/// A fresh line for every expression, so that places can be told apart.
pub fn line(line: u32) -> Span {
    Span::at(FileId(0), line, 1)
}

pub fn e(kind: ExprKind, ty: TypeKind) -> Expr {
    Expr::new(kind, Type::plain(ty), line(1))
}

pub fn optional(mut expr: Expr) -> Expr {
    expr.ty.missing = true;
    expr
}

pub fn constant(value: Value, ty: TypeKind) -> Expr {
    e(ExprKind::Constant(value), ty)
}

pub fn int(number: i64) -> Expr {
    constant(Value::Integer(number), INTEGER)
}

pub fn dec(number: &str) -> Expr {
    let number = d(number);
    constant(Value::Decimal(number), decimal(u8::try_from(number.scale()).unwrap()))
}

pub fn truth(truth: bool) -> Expr {
    constant(Value::Boolean(truth), BOOLEAN)
}

pub fn missing() -> Expr {
    optional(constant(Value::Missing, TypeKind::Unit))
}

pub fn local(id: u32, ty: TypeKind) -> Expr {
    e(ExprKind::Local(LocalId(id)), ty)
}

pub fn block(statements: Vec<trutina_engine::ruleset::checked::Statement>, result: Expr) -> Expr {
    let ty = result.ty.kind.clone();
    e(ExprKind::Block { statements, result: Some(result) }, ty)
}

/// A fact as a test gives it.
#[derive(Clone, Debug)]
pub enum In {
    Missing,
    Special(u8),
    Bool(bool),
    Int(i64),
    Dec(&'static str),
    Symbol(u16),
    Text(&'static str),
    Date(&'static str),
    List(Vec<In>),
    Record(Vec<In>),
    Series(Vec<(&'static str, In)>),
}

pub struct Kit {
    pub checked: CheckedRuleset,
}

impl Kit {
    /// An empty ruleset whose `decide` gives no output yet.
    pub fn new() -> Self {
        let mut ruleset = Ruleset {
            sources: Default::default(),
            manifest: Manifest {
                language: 1,
                id: "test".into(),
                version: "1".into(),
                title: LocalText::default(),
                effects: Vec::new(),
                effective_from: None,
                effective_until: None,
                on_error: OnError::Error,
            },
            facts: Vec::new(),
            parameters: Vec::new(),
            outputs: Vec::new(),
            scorecards: Vec::new(),
            scales: Vec::new(),
            tables: Vec::new(),
            reasons: Vec::new(),
            script: Script::default(),
            digest: "sha256:0".into(),
        };
        ruleset.sources.add("rules.rhai", "");
        let checked = CheckedRuleset {
            ruleset,
            effects: vec!["approve".into(), "watch".into(), "refer".into(), "decline".into()],
            derived: Vec::new(),
            derive_order: Vec::new(),
            rules: Vec::new(),
            decide: e(ExprKind::Outputs(Vec::new()), TypeKind::Outputs),
            functions: Vec::new(),
            locals: vec![Type::plain(INTEGER); 8],
            scorecards: Vec::new(),
            tables: Vec::new(),
            dependencies: Default::default(),
            warnings: Vec::new(),
        };
        Self { checked }
    }

    /// Declares a fact and gives the expression that reads it.
    pub fn fact(&mut self, name: &str, data_type: DataType) -> Expr {
        self.fact_spec(name, ValueSpec::of(data_type))
    }

    pub fn fact_spec(&mut self, name: &str, spec: ValueSpec) -> Expr {
        let index = self.checked.ruleset.facts.len();
        let ty = type_of(&spec);
        self.checked.ruleset.facts.push(Fact {
            name: name.into(),
            source: None,
            spec,
            unit: None,
            label: LocalText::default(),
            actionable: None,
            sensitive: false,
            span: Span::default(),
        });
        Expr::new(ExprKind::Fact(index), ty, line(1))
    }

    pub fn derive(&mut self, name: &str, body: Expr) -> Expr {
        let index = self.checked.derived.len();
        let ty = body.ty.clone();
        self.checked.derived.push(CheckedDerived { name: name.into(), body, span: line(1) });
        Expr::new(ExprKind::Derived(index), ty, line(1))
    }

    pub fn rule(&mut self, id: &str, effect: u16, body: Expr) {
        self.checked.rules.push(CheckedRule { id: id.into(), effect, body, span: line(1) });
    }

    pub fn reason(&mut self, code: &str) {
        let text = LocalText(vec![("en".into(), format!("text of {code}"))]);
        self.checked.ruleset.reasons.push(Reason { code: code.into(), text, span: Span::default() });
    }

    /// `decide` gives one output.
    pub fn output(&mut self, name: &str, data_type: DataType, optional: bool, value: Expr) {
        let output = Output { name: name.into(), data_type, optional, span: Span::default() };
        self.checked.ruleset.outputs.push(output);
        match &mut self.checked.decide.kind {
            ExprKind::Outputs(values) => values.push(Some(value)),
            _ => panic!("`decide` was replaced"),
        }
    }

    pub fn program(&self) -> Program {
        compile(&self.checked).unwrap()
    }
}

fn type_of(spec: &ValueSpec) -> Type {
    let kind = match &spec.data_type {
        DataType::Boolean => TypeKind::Boolean,
        DataType::Integer => TypeKind::Integer,
        DataType::Decimal { scale } => TypeKind::Decimal { scale: *scale },
        DataType::Text => TypeKind::Text,
        DataType::Enum(domain) => TypeKind::Enum(Arc::clone(domain)),
        DataType::Date => TypeKind::Date,
        DataType::List(of) => TypeKind::List(Box::new(type_of(of))),
        DataType::Record(fields) => {
            TypeKind::Record(Arc::new(fields.iter().map(|field| (field.name.clone(), type_of(&field.spec))).collect()))
        }
        DataType::Series { value, .. } => TypeKind::Series(Box::new(type_of(value))),
    };
    let special = (!spec.special.is_empty()).then(|| Arc::new(spec.special.clone()));
    Type { kind, missing: spec.optional, special }
}

pub fn specials(names: &[&str]) -> Vec<SpecialCode> {
    let code = |(name, value): (&&str, i64)| SpecialCode { name: (*name).into(), value: Value::Integer(value) };
    names.iter().zip(-9..).map(code).collect()
}

/// A record of facts; decimals are brought to their declared scale, as `wire` does.
pub fn record(program: &Program, facts: &[In]) -> Record {
    let mut record = Record::default();
    for (fact, value) in program.facts.iter().zip(facts) {
        let slot = slot(&mut record, value, &fact.spec.data_type);
        record.slots.push(slot);
    }
    assert_eq!(record.slots.len(), program.facts.len());
    record
}

fn slot(record: &mut Record, value: &In, data_type: &DataType) -> Slot {
    match (value, data_type) {
        (In::Missing, _) => Slot::Missing,
        (In::Special(code), _) => Slot::Special(*code),
        (In::Bool(truth), _) => Slot::Boolean(*truth),
        (In::Int(number), _) => Slot::Integer(*number),
        (In::Dec(number), DataType::Decimal { scale }) => {
            Slot::Decimal(rescale_exact(d(number), (*scale).into()).unwrap())
        }
        (In::Symbol(symbol), _) => Slot::Enum(*symbol),
        (In::Text(text), _) => record.push_text(text),
        (In::Date(text), _) => Slot::Date(date(text)),
        (In::List(values), DataType::List(of)) => {
            let slots: Vec<_> = values.iter().map(|value| slot(record, value, &of.data_type)).collect();
            Slot::List(stretch(record, &slots))
        }
        (In::Record(values), DataType::Record(fields)) => {
            let slots: Vec<_> = values
                .iter()
                .zip(fields.iter())
                .map(|(value, field)| slot(record, value, &field.spec.data_type))
                .collect();
            Slot::Record(stretch(record, &slots))
        }
        (In::Series(values), DataType::Series { value: of, .. }) => {
            let mut slots: Vec<_> = values.iter().map(|(day, _)| Slot::Date(date(day))).collect();
            slots.extend(values.iter().map(|(_, value)| slot(record, value, &of.data_type)).collect::<Vec<_>>());
            let at = stretch(record, &slots);
            Slot::Series(Stretch { start: at.start, len: at.len / 2 })
        }
        other => panic!("{other:?}"),
    }
}

fn stretch(record: &mut Record, slots: &[Slot]) -> Stretch {
    let start = u32::try_from(record.arena.len()).unwrap();
    record.arena.extend_from_slice(slots);
    Stretch { start, len: u32::try_from(slots.len()).unwrap() }
}

pub fn as_of() -> Date {
    date("2026-11-30")
}

/// A decision with a full trace; that the other levels agree is checked on the way.
pub fn decide(program: &Program, facts: &[In]) -> Decision {
    let mut scratch = Scratch::new(program);
    let record = record(program, facts);
    let mut decisions = [TraceLevel::None, TraceLevel::Reasons, TraceLevel::Full].map(|level| {
        evaluate(program, &record, as_of(), level, &mut scratch);
        explain::decide(program, &record, as_of(), level, &scratch.outcome)
    });
    let [none, reasons, full] = &mut decisions;
    let trace = full.trace.take();
    reasons.trace = None;
    assert_eq!(none, full);
    assert_eq!(none, reasons);
    Decision { trace, ..full.clone() }
}

/// The first output, or the code of the error.
pub fn first(program: &Program, facts: &[In]) -> Result<Value, Code> {
    let decision = decide(program, facts);
    match (decision.error, decision.outputs) {
        (Some(error), None) => Err(error.code),
        (None, Some(outputs)) => Ok(outputs[0].value.clone()),
        other => panic!("{other:?}"),
    }
}

/// The value of an expression over no facts.
pub fn value_of(expr: Expr, data_type: DataType) -> Result<Value, Code> {
    let mut kit = Kit::new();
    kit.output("x", data_type, true, expr);
    first(&kit.program(), &[])
}
