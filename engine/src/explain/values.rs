//! Slots as values: what a decision or a trace shows.

use crate::decision::TraceValue;
use crate::program::pool::Memory;
use crate::program::{NodeId, Program};
use crate::ruleset::checked::{Type, TypeKind};
use crate::schema::{DataType, ValueSpec};
use crate::value::Value;
use crate::value::slot::Slot;

/// A program and the memory of one decision.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// Names and types.
    pub program: &'a Program,
    /// Texts, lists and records.
    pub memory: Memory<'a>,
}

impl Words<'_> {
    /// A value of a declared type; special codes are not known here.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[must_use]
    pub fn declared(&self, slot: Slot, data_type: &DataType) -> Value {
        match (slot, data_type) {
            (Slot::Enum(symbol), DataType::Enum(domain)) => {
                Value::Text(domain.text(symbol).unwrap_or_default().to_owned())
            }
            (Slot::List(_), DataType::List(of)) => {
                let elements = self.memory.elements(slot).unwrap_or(&[]);
                Value::List(elements.iter().map(|element| self.specified(*element, of)).collect())
            }
            (Slot::Record(_), DataType::Record(fields)) => {
                let slots = self.memory.elements(slot).unwrap_or(&[]);
                let fields = fields.iter().zip(slots);
                Value::Record(
                    fields.map(|(field, slot)| (field.name.clone(), self.specified(*slot, &field.spec))).collect(),
                )
            }
            (Slot::Series(at), DataType::Series { value, .. }) => {
                let dates = self.memory.stretch(at).unwrap_or(&[]);
                let values = self.memory.elements(slot).unwrap_or(&[]);
                let observations = dates.iter().zip(values).map(|(date, slot)| {
                    let (date, slot) = (self.plain(*date), self.specified(*slot, value));
                    Value::Record(vec![("date".to_owned(), date), ("value".to_owned(), slot)])
                });
                Value::List(observations.collect())
            }
            _ => self.plain(slot),
        }
    }

    /// A value with its special codes.
    #[must_use]
    pub fn specified(&self, slot: Slot, spec: &ValueSpec) -> Value {
        match slot {
            Slot::Special(code) => {
                Value::Special(spec.special.get(usize::from(code)).map(|code| code.name.clone()).unwrap_or_default())
            }
            _ => self.declared(slot, &spec.data_type),
        }
    }

    /// The values of a record's facts, in declared order.
    #[must_use]
    pub fn facts(&self) -> Vec<(String, Value)> {
        let facts = self.program.facts.iter().zip(&self.memory.record.slots);
        facts.map(|(fact, slot)| (fact.name.clone(), self.specified(*slot, &fact.spec))).collect()
    }

    /// A value of a checked type.
    #[must_use]
    pub fn typed(&self, slot: Slot, ty: &Type) -> Value {
        match (slot, &ty.kind) {
            (Slot::Special(code), _) => {
                let codes = ty.special.as_ref();
                let name = codes.and_then(|codes| codes.get(usize::from(code))).map(|code| code.name.clone());
                Value::Special(name.unwrap_or_default())
            }
            (Slot::Enum(symbol), TypeKind::Enum(domain)) => {
                Value::Text(domain.text(symbol).unwrap_or_default().to_owned())
            }
            (Slot::List(_) | Slot::Series(_), TypeKind::List(of) | TypeKind::Series(of)) => {
                let elements = self.memory.elements(slot).unwrap_or(&[]);
                Value::List(elements.iter().map(|element| self.typed(*element, of)).collect())
            }
            (Slot::Record(_), TypeKind::Record(fields)) => {
                let slots = self.memory.elements(slot).unwrap_or(&[]);
                let fields = fields.iter().zip(slots);
                Value::Record(fields.map(|((name, ty), slot)| (name.clone(), self.typed(*slot, ty))).collect())
            }
            _ => self.plain(slot),
        }
    }

    /// What a node saw or made, masked if it depends on a sensitive fact.
    #[must_use]
    pub fn seen(&self, slot: Slot, node: NodeId) -> TraceValue {
        let code = &self.program.code;
        match code.type_of(node) {
            _ if code.is_sensitive(node) => TraceValue::Masked,
            Some(ty) => TraceValue::Shown(self.typed(slot, ty)),
            None => TraceValue::Shown(self.plain(slot)),
        }
    }

    /// A value that needs no type.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[must_use]
    pub fn plain(&self, slot: Slot) -> Value {
        match slot {
            Slot::Missing => Value::Missing,
            Slot::Special(code) => Value::Special(code.to_string()),
            Slot::Boolean(truth) => Value::Boolean(truth),
            Slot::Integer(number) => Value::Integer(number),
            Slot::Decimal(number) => Value::Decimal(number),
            Slot::Enum(symbol) => Value::Integer(symbol.into()),
            Slot::Date(date) => Value::Date(date),
            Slot::Text(_) => Value::Text(self.memory.text(slot).unwrap_or_default().to_owned()),
            Slot::List(_) | Slot::Series(_) | Slot::Record(_) => {
                let elements = self.memory.elements(slot).unwrap_or(&[]);
                Value::List(elements.iter().map(|element| self.plain(*element)).collect())
            }
        }
    }
}

/// Masks a value if it is sensitive.
pub(super) fn masked(sensitive: bool, value: Value) -> TraceValue {
    if sensitive { TraceValue::Masked } else { TraceValue::Shown(value) }
}
