//! The decision record as canonical bytes: fixed order of keys, integers as numbers, decimals as text in their digits,
//! strings escaped as in RFC 8785. The same decision is the same bytes on every host.

use crate::decision::{Decision, DecisionError, Hit, OutputValue, Place, Points, Reason};
use crate::schema::LocalText;
use crate::value::Value;
use crate::value::decimal::{write_canonical, write_plain};

use super::scan::first_special;
use super::trace::write_trace;

/// The engine's version, as it stands in every record.
pub const ENGINE_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Appends the record of a decision, without a line end.
pub fn write_decision(decision: &Decision, out: &mut Vec<u8>) {
    write_record(decision, None, out);
}

/// Appends the record of a decision with `"id"` as its first key.
pub fn write_decision_with_id(decision: &Decision, id: &str, out: &mut Vec<u8>) {
    write_record(decision, Some(id), out);
}

#[cfg_attr(trutina_wasm, optimize(speed))]
fn write_record(decision: &Decision, id: Option<&str>, out: &mut Vec<u8>) {
    out.push(b'{');
    if let Some(id) = id {
        field(out, "id", |out| write_string(out, id));
    }
    field(out, "ruleset", |out| {
        object(out, |out| {
            field(out, "id", |out| write_string(out, &decision.ruleset.id));
            field(out, "version", |out| write_string(out, &decision.ruleset.version));
            field(out, "digest", |out| write_string(out, &decision.ruleset.digest));
        });
    });
    field(out, "engine", |out| write_string(out, ENGINE_VERSION));
    field(out, "as_of", |out| quoted(out, |out| decision.as_of.write_iso(out)));
    field(out, "outputs", |out| match &decision.outputs {
        Some(outputs) => object(out, |out| outputs.iter().for_each(|output| write_output(out, output))),
        None => null(out),
    });
    field(out, "reasons", |out| array(out, &decision.reasons, write_reason));
    field(out, "hits", |out| array(out, &decision.hits, write_hit));
    field(out, "signals", |out| array(out, &decision.signals, write_hit));
    field(out, "actions", |out| out.extend_from_slice(b"[]"));
    field(out, "error", |out| match &decision.error {
        Some(error) => write_error(out, error),
        None => null(out),
    });
    field(out, "trace", |out| match &decision.trace {
        Some(trace) => write_trace(out, trace),
        None => null(out),
    });
    out.push(b'}');
}

#[cfg_attr(trutina_wasm, optimize(speed))]
fn write_output(out: &mut Vec<u8>, output: &OutputValue) {
    field(out, &output.name, |out| write_value(out, &output.value, output.scale));
}

/// A value in canonical form; decimals are fixed to `scale` digits if one is given.
#[cfg_attr(trutina_wasm, optimize(speed))]
pub fn write_value(out: &mut Vec<u8>, value: &Value, scale: Option<u8>) {
    match value {
        Value::Missing => null(out),
        Value::Special(name) => object(out, |out| field(out, "special", |out| write_string(out, name))),
        Value::Boolean(value) => boolean(out, *value),
        Value::Integer(value) => write_integer(out, *value),
        Value::Decimal(value) => quoted(out, |out| match scale {
            Some(scale) => write_canonical(out, *value, u32::from(scale)),
            None => write_plain(out, *value),
        }),
        Value::Text(text) => write_string(out, text),
        Value::Date(date) => quoted(out, |out| date.write_iso(out)),
        Value::List(elements) => array(out, elements, |out, element| write_value(out, element, scale)),
        Value::Record(fields) => object(out, |out| {
            for (name, value) in fields {
                field(out, name, |out| write_value(out, value, scale));
            }
        }),
    }
}

#[cfg_attr(trutina_wasm, optimize(speed))]
fn write_reason(out: &mut Vec<u8>, reason: &Reason) {
    object(out, |out| {
        field(out, "code", |out| write_string(out, &reason.code));
        if let Some(points) = &reason.points {
            field(out, "points", |out| match points {
                Points::Integer(points) => write_integer(out, *points),
                Points::Decimal(points) => write_string(out, points),
            });
        }
        field(out, "text", |out| write_text(out, &reason.text));
    });
}

/// A text in all its languages.
#[cfg_attr(trutina_wasm, optimize(speed))]
pub(super) fn write_text(out: &mut Vec<u8>, text: &LocalText) {
    object(out, |out| text.0.iter().for_each(|(language, text)| field(out, language, |out| write_string(out, text))));
}

#[cfg_attr(trutina_wasm, optimize(speed))]
fn write_hit(out: &mut Vec<u8>, hit: &Hit) {
    object(out, |out| {
        field(out, "rule", |out| write_string(out, &hit.rule));
        field(out, "effect", |out| write_string(out, &hit.effect));
    });
}

/// `{code, name, message, at}`
#[cold]
pub fn write_error(out: &mut Vec<u8>, error: &DecisionError) {
    object(out, |out| {
        field(out, "code", |out| write_string(out, &error.code.to_string()));
        field(out, "name", |out| write_string(out, error.code.name()));
        field(out, "message", |out| write_string(out, &error.message));
        field(out, "at", |out| match &error.at {
            Place::Pointer(pointer) => object(out, |out| field(out, "pointer", |out| write_string(out, pointer))),
            Place::Source { file, line, column } => object(out, |out| {
                field(out, "file", |out| write_string(out, file));
                field(out, "line", |out| write_integer(out, i64::from(*line)));
                field(out, "column", |out| write_integer(out, i64::from(*column)));
            }),
            Place::Unknown => null(out),
        });
    });
}

/// A key and its value, with a comma before it unless it is the first of its object.
#[inline]
pub fn field(out: &mut Vec<u8>, key: &str, write: impl FnOnce(&mut Vec<u8>)) {
    begin_field(out, key);
    write(out);
}

/// What every field begins with stands in a module once.
#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline(never)]
fn begin_field(out: &mut Vec<u8>, key: &str) {
    if out.last() != Some(&b'{') {
        out.push(b',');
    }
    write_string(out, key);
    out.push(b':');
}

/// `{...}`; the fields are written with [`field`].
pub fn object(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    out.push(b'{');
    write(out);
    out.push(b'}');
}

/// `[...]`
pub fn array<T>(out: &mut Vec<u8>, items: &[T], mut write: impl FnMut(&mut Vec<u8>, &T)) {
    out.push(b'[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(b']');
}

/// `null`
pub fn null(out: &mut Vec<u8>) {
    out.extend_from_slice(b"null");
}

/// `true` or `false`
pub fn boolean(out: &mut Vec<u8>, value: bool) {
    out.extend_from_slice(if value { b"true" } else { b"false" });
}

/// An integer in decimal digits.
#[cfg_attr(trutina_wasm, optimize(speed))]
pub fn write_integer(out: &mut Vec<u8>, value: i64) {
    let mut digits = [0_u8; 20];
    let mut rest = value.unsigned_abs();
    let mut used = 0_usize;
    for place in digits.iter_mut().rev() {
        *place = b'0' | u8::try_from(rest % 10).unwrap_or_default();
        rest /= 10;
        used = used.saturating_add(1);
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(digits.get(digits.len().saturating_sub(used)..).unwrap_or_default());
}

/// What is between quotes and needs no escape.
pub fn quoted(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    out.push(b'"');
    write(out);
    out.push(b'"');
}

/// A string escaped as in RFC 8785: only `"`, `\` and the control characters below U+0020.
#[cfg_attr(trutina_wasm, optimize(speed))]
pub fn write_string(out: &mut Vec<u8>, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push(b'"');
    let mut rest = text.as_bytes();
    while let Some(at) = first_special(rest) {
        let Some((head, [special, tail @ ..])) = rest.split_at_checked(at) else { break };
        out.extend_from_slice(head);
        match special {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            0x08 => out.extend_from_slice(b"\\b"),
            0x09 => out.extend_from_slice(b"\\t"),
            0x0a => out.extend_from_slice(b"\\n"),
            0x0c => out.extend_from_slice(b"\\f"),
            0x0d => out.extend_from_slice(b"\\r"),
            other => {
                out.extend_from_slice(b"\\u00");
                out.extend([other >> 4, other & 0x0f].iter().filter_map(|half| HEX.get(usize::from(*half))));
            }
        }
        rest = tail;
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

#[cfg(test)]
mod tests;
