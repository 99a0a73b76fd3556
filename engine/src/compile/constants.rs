//! Constants: values of the checked tree as slots.

use super::builder::{Builder, index};
use crate::program::pool::PROGRAM_BASE;
use crate::ruleset::checked::{Type, TypeKind};
use crate::schema::{DataType, Output};
use crate::value::Value;
use crate::value::decimal::Decimal;
use crate::value::slot::{Slot, Stretch};

impl Builder<'_> {
    /// A value of type `ty` as a slot.
    pub fn slot(&mut self, value: &Value, ty: &Type) -> Slot {
        match (value, &ty.kind) {
            (Value::Missing, _) => Slot::Missing,
            (Value::Special(name), _) => special(name, ty),
            (Value::Boolean(truth), _) => Slot::Boolean(*truth),
            (Value::Integer(number), TypeKind::Decimal { .. }) => Slot::Decimal(Decimal::from(*number)),
            (Value::Integer(number), _) => Slot::Integer(*number),
            (Value::Decimal(number), _) => Slot::Decimal(*number),
            (Value::Text(text), TypeKind::Enum(domain)) => domain.index_of(text).map_or(Slot::Missing, Slot::Enum),
            (Value::Text(text), _) => Slot::Text(self.text(text)),
            (Value::Date(date), _) => Slot::Date(*date),
            (Value::List(values), TypeKind::List(of)) => {
                let slots: Vec<_> = values.iter().map(|value| self.slot(value, of)).collect();
                Slot::List(self.stretch(&slots))
            }
            (Value::Record(values), TypeKind::Record(fields)) => {
                let slots: Vec<_> =
                    values.iter().zip(fields.iter()).map(|((_, value), (_, ty))| self.slot(value, ty)).collect();
                Slot::Record(self.stretch(&slots))
            }
            (Value::List(_) | Value::Record(_), _) => Slot::Missing,
        }
    }

    /// Keeps elements in the program's arena.
    pub fn stretch(&mut self, slots: &[Slot]) -> Stretch {
        let start = index(self.code.pool.arena.len()).saturating_add(PROGRAM_BASE);
        self.code.pool.arena.extend_from_slice(slots);
        Stretch { start, len: index(slots.len()) }
    }
}

fn special(name: &str, ty: &Type) -> Slot {
    let codes = ty.special.as_ref();
    let place = codes.and_then(|codes| codes.iter().position(|code| code.name == name));
    place.and_then(|place| u8::try_from(place).ok()).map_or(Slot::Missing, Slot::Special)
}

/// The type of an output's value.
pub(super) fn output_type(output: &Output) -> Type {
    Type { missing: output.optional, ..type_of(&output.data_type) }
}

/// The type of a declared datum.
pub(crate) fn type_of(data: &DataType) -> Type {
    Type::plain(match data {
        DataType::Boolean => TypeKind::Boolean,
        DataType::Integer => TypeKind::Integer,
        DataType::Decimal { scale } => TypeKind::Decimal { scale: *scale },
        DataType::Text => TypeKind::Text,
        DataType::Enum(domain) => TypeKind::Enum(std::sync::Arc::clone(domain)),
        DataType::Date => TypeKind::Date,
        DataType::List(of) => TypeKind::List(Box::new(type_of(&of.data_type))),
        DataType::Record(fields) => TypeKind::Record(std::sync::Arc::new(
            fields.iter().map(|field| (field.name.clone(), type_of(&field.spec.data_type))).collect(),
        )),
        DataType::Series { value, .. } => TypeKind::Series(Box::new(type_of(&value.data_type))),
    })
}
