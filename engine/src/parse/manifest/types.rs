//! Types, domains and special codes as `ruleset.toml` declares them.

use std::sync::Arc;

use rust_decimal::Decimal;
use toml::de::DeValue;

use super::super::figures;
use super::super::names::{check_form, check_name, warn_of_oddity};
use super::super::sink::suggestion;
use super::super::toml::{Located, Node, Reader, Section, as_integer};
use crate::diagnostic::codes::{BAD_VALUE, DUPLICATE_DECLARATION, TOML_WRONG_TYPE};
use crate::diagnostic::{Diagnostic, Span};
use crate::schema::{DataType, EnumDomain, Field, Period, SpecialCode, ValueSpec};
use crate::value::Value;
use crate::value::decimal::{MAX_SCALE, rescale_exact};
use crate::value::ordered::Map;

/// Where a type stands: it decides which types and settings there are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Fact,
    Field,
    Output,
    Parameter,
}

const SCALARS: [&str; 6] = ["integer", "decimal", "boolean", "text", "enum", "date"];
const ENUM_VALUES_MAX: usize = 65_535;
const SPECIAL_CODES_MAX: usize = 255;

/// The type, domain and special codes of a fact or of a field of a record.
pub(super) fn spec(reader: &mut Reader<'_>, section: &mut Section<'_>, role: Role) -> Option<ValueSpec> {
    let optional = reader.boolean(section, "optional").unwrap_or_default();
    let word = type_word(reader, section, role);
    let found = match word.as_ref().map(|word| word.value.as_str()) {
        Some("list") => list(reader, section, role),
        Some("series") => series(reader, section),
        Some(scalar) => element(reader, section, scalar, role),
        None => None,
    };
    let Some(mut spec) = found else {
        // The settings cannot be judged without the type; they are not unknown, though.
        for key in ["scale", "min", "max", "values", "of", "fields", "period", "special"] {
            let _ = reader.node(section, key);
        }
        return None;
    };
    spec.optional = optional;
    let nested = matches!(spec.data_type, DataType::List(_) | DataType::Series { .. } | DataType::Record(_));
    if nested {
        reader.refuse(
            section,
            "special",
            "is for facts of a single value",
            "leave it out, or make the codes values of the element",
        );
    } else {
        special(reader, section, &mut spec);
    }
    Some(spec)
}

/// The type of an output, of a column or of a parameter.
pub(super) fn plain_type(reader: &mut Reader<'_>, section: &mut Section<'_>, role: Role) -> Option<DataType> {
    let word = type_word(reader, section, role);
    let found = match word.as_ref().map(|word| word.value.as_str()) {
        Some("list") => list(reader, section, role).map(|spec| spec.data_type),
        Some(scalar) => scalar_type(reader, section, scalar, role),
        None => None,
    };
    if word.is_none() {
        for key in ["scale", "values", "of"] {
            let _ = reader.node(section, key);
        }
    }
    found
}

fn type_word(reader: &mut Reader<'_>, section: &mut Section<'_>, role: Role) -> Option<Located<String>> {
    let help = "the types are integer, decimal, boolean, text, enum, date, list and series";
    let text = reader.required_text(section, "type", help)?;
    let compound: &[&str] = match role {
        Role::Fact => &["list", "series"],
        Role::Output => &["list"],
        Role::Field | Role::Parameter => &[],
    };
    let known: Vec<&str> = SCALARS.iter().chain(compound).copied().collect();
    if known.contains(&text.value) {
        return Some(Located { value: text.value.to_owned(), span: text.span });
    }
    let help = match text.value {
        "record" => "records stand in lists: `type = \"list\"`, `of = \"record\"`, `fields = { ... }`".to_owned(),
        "list" | "series" => "only a single value can stand here".to_owned(),
        "int" | "number" | "long" => "did you mean `integer` or `decimal`?".to_owned(),
        "float" | "double" | "money" | "percent" => "did you mean `decimal`? It is exact".to_owned(),
        "bool" => "did you mean `boolean`?".to_owned(),
        "string" | "str" => "did you mean `text`?".to_owned(),
        "datetime" | "timestamp" => "dates are civil dates: `date`".to_owned(),
        other => suggestion(other, known.iter().copied()),
    };
    reader.error(BAD_VALUE, text.span, format!("`{}` is no type that can stand here", text.value), help);
    None
}

/// A single value with its bounds.
fn element(reader: &mut Reader<'_>, section: &mut Section<'_>, word: &str, role: Role) -> Option<ValueSpec> {
    let data_type = scalar_type(reader, section, word, role);
    let Some(data_type) = data_type else {
        let _ = (reader.node(section, "min"), reader.node(section, "max"));
        return None;
    };
    let mut spec = ValueSpec::of(data_type);
    bounds(reader, section, &mut spec);
    Some(spec)
}

fn scalar_type(reader: &mut Reader<'_>, section: &mut Section<'_>, word: &str, role: Role) -> Option<DataType> {
    let scale = match (word, role) {
        ("decimal", Role::Parameter) => {
            reader.refuse(section, "scale", "is not for parameters", "a parameter has the digits of its value");
            Some(0)
        }
        ("decimal", _) => scale(reader, section),
        _ => {
            let message = format!("has no meaning for the type {word}");
            reader.refuse(section, "scale", &message, "only decimals have a scale");
            None
        }
    };
    if word != "enum" {
        let message = format!("has no meaning for the type {word}");
        reader.refuse(section, "values", &message, "only an enum lists its values");
    }
    Some(match word {
        "integer" => DataType::Integer,
        "decimal" => DataType::Decimal { scale: scale? },
        "boolean" => DataType::Boolean,
        "text" => DataType::Text,
        "date" => DataType::Date,
        _ => DataType::Enum(Arc::new(domain(reader, section)?)),
    })
}

/// The digits after the point, 0 to 28.
pub(super) fn scale(reader: &mut Reader<'_>, section: &mut Section<'_>) -> Option<u8> {
    let help = "say how many digits stand after the point: `scale = 2`";
    let known = reader.node(section, "scale").is_some();
    if !known {
        reader.missing(section, "scale", help);
        return None;
    }
    let scale = reader.integer(section, "scale")?;
    let fits = u8::try_from(scale.value).ok().filter(|digits| u32::from(*digits) <= MAX_SCALE);
    if fits.is_none() {
        reader.error(
            BAD_VALUE,
            scale.span,
            format!("a scale of {}", scale.value),
            "a decimal has 0 to 28 digits after the point",
        );
    }
    fits
}

fn domain(reader: &mut Reader<'_>, section: &mut Section<'_>) -> Option<EnumDomain> {
    if reader.node(section, "values").is_none() {
        reader.missing(section, "values", "list the values: `values = [\"a\", \"b\"]`; their order is their rank");
        return None;
    }
    let texts = reader.texts(section, "values")?;
    let mut seen = Map::new();
    let mut values = Vec::new();
    for text in texts {
        warn_of_oddity(text.value, text.span, reader.sink);
        if text.value.is_empty() {
            reader.error(BAD_VALUE, text.span, "an empty value", "an absent value is `optional`, not an empty text");
        } else if let Some(first) = seen.insert(text.value, text.span) {
            let found = Diagnostic::new(BAD_VALUE, text.span, format!("the value `{}` stands twice", text.value));
            reader.sink.push(found.with_help("remove one of the two").with_related(first, "first here"));
        } else {
            values.push(text.value.to_owned());
        }
    }
    let span = reader.key_span(section, "values");
    if values.is_empty() {
        reader.error(BAD_VALUE, span, "an enum without values", "list at least one");
        return None;
    }
    if values.len() > ENUM_VALUES_MAX {
        let message = format!("an enum with {} values", values.len());
        reader.error(BAD_VALUE, span, message, format!("an enum has at most {ENUM_VALUES_MAX} values; use `text`"));
        return None;
    }
    Some(EnumDomain::new(values))
}

fn bounds(reader: &mut Reader<'_>, section: &mut Section<'_>, spec: &mut ValueSpec) {
    if !matches!(spec.data_type, DataType::Integer | DataType::Decimal { .. } | DataType::Date) {
        let message = format!("has no meaning for the type {}", spec.data_type.name());
        for key in ["min", "max"] {
            reader.refuse(
                section,
                key,
                &message,
                "only integers, decimals and dates have a least and a greatest value",
            );
        }
        return;
    }
    for key in ["min", "max"] {
        let Some(node) = reader.node(section, key) else { continue };
        let value = value(reader, node, &spec.data_type, &format!("`{key}`"));
        if key == "min" { spec.min = value } else { spec.max = value }
    }
    if let (Some(min), Some(max)) = (&spec.min, &spec.max)
        && order(min, max) == Some(std::cmp::Ordering::Greater)
    {
        let span = reader.key_span(section, "max");
        reader.error(BAD_VALUE, span, "`max` is below `min`: no value is allowed", "swap the two");
    }
}

/// The order of two values of one type.
fn order(a: &Value, b: &Value) -> Option<std::cmp::Ordering> {
    match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => Some(a.cmp(b)),
        (Value::Decimal(a), Value::Decimal(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

/// A value of a declared type; decimals within their scale, enums within their domain.
pub(super) fn value(reader: &mut Reader<'_>, node: &Node<'_>, data_type: &DataType, what: &str) -> Option<Value> {
    match data_type {
        DataType::Integer => {
            let value = as_integer(node);
            if value.is_none() {
                reader.wrong_type(node, what, "an integer of 64 bits");
            }
            value.map(Value::Integer)
        }
        DataType::Decimal { scale } => {
            let number = decimal(reader, node, what)?;
            let fitted = rescale_exact(number, u32::from(*scale));
            if fitted.is_none() {
                let span = reader.span(node.span());
                let message = format!("{what} has more than {scale} digits after the point, or too many before it");
                reader.error(BAD_VALUE, span, message, "write it with the digits of its scale");
            }
            fitted.map(Value::Decimal)
        }
        DataType::Boolean => {
            let value = node.get_ref().as_bool();
            if value.is_none() {
                reader.wrong_type(node, what, "`true` or `false`");
            }
            value.map(Value::Boolean)
        }
        DataType::Date => reader.as_date(node, what).map(Value::Date),
        DataType::Text | DataType::Enum(_) => {
            let Some(text) = reader.as_text(node) else {
                reader.wrong_type(node, what, "text in quotes");
                return None;
            };
            if let DataType::Enum(domain) = data_type
                && domain.index_of(text.value).is_none()
            {
                let help = suggestion(text.value, domain.values.iter().map(String::as_str));
                reader.error(BAD_VALUE, text.span, format!("{what}: `{}` is none of the values", text.value), help);
                return None;
            }
            warn_of_oddity(text.value, text.span, reader.sink);
            Some(Value::Text(text.value.to_owned()))
        }
        DataType::List(_) | DataType::Record(_) | DataType::Series { .. } => None,
    }
}

/// A decimal: text, or an integer.
pub(super) fn decimal(reader: &mut Reader<'_>, node: &Node<'_>, what: &str) -> Option<Decimal> {
    match node.get_ref() {
        DeValue::Integer(_) => {
            let value = as_integer(node).map(Decimal::from);
            if value.is_none() {
                reader.wrong_type(node, what, "a decimal as text");
            }
            value
        }
        DeValue::String(text) => match figures::number(text) {
            Ok(number) => Some(number),
            Err(complaint) => {
                let span = reader.span(node.span());
                reader.error(complaint.code, span, complaint.message, complaint.help);
                None
            }
        },
        _ => {
            reader.wrong_type(node, what, "a decimal as text, such as `\"0.45\"`");
            None
        }
    }
}

fn list(reader: &mut Reader<'_>, section: &mut Section<'_>, role: Role) -> Option<ValueSpec> {
    let help = "say what it is a list of: `of = \"integer\"`, another type, or `\"record\"` with `fields`";
    let of = reader.required_text(section, "of", help);
    let word = of.as_ref().map(|of| of.value);
    if word != Some("record") {
        reader.refuse(section, "fields", "is for records", "write `of = \"record\"`");
    }
    let inner = match (word, role) {
        (Some("record"), Role::Fact) => record(reader, section),
        (Some(scalar), Role::Fact) if SCALARS.contains(&scalar) => element(reader, section, scalar, role),
        (Some(scalar), _) if SCALARS.contains(&scalar) => scalar_type(reader, section, scalar, role).map(ValueSpec::of),
        (Some(other), _) => {
            let span = of.map_or(section.span, |of| of.span);
            reader.error(BAD_VALUE, span, format!("a list of `{other}`"), suggestion(other, SCALARS));
            None
        }
        (None, _) => None,
    };
    if inner.is_none() {
        for key in ["scale", "min", "max", "values"] {
            let _ = reader.node(section, key);
        }
    }
    Some(ValueSpec::of(DataType::List(Box::new(inner?))))
}

fn series(reader: &mut Reader<'_>, section: &mut Section<'_>) -> Option<ValueSpec> {
    let of = reader.required_text(section, "of", "say what the values are: `of = \"decimal\"`");
    let periods = [
        ("day", Period::Day),
        ("week", Period::Week),
        ("month", Period::Month),
        ("quarter", Period::Quarter),
        ("year", Period::Year),
    ];
    if reader.node(section, "period").is_none() {
        reader.missing(section, "period", "say what one value stands for: day, week, month, quarter or year");
    }
    let period = reader.choice(section, "period", &periods);
    let value = match of {
        Some(of) if SCALARS.contains(&of.value) => element(reader, section, of.value, Role::Fact),
        Some(of) => {
            reader.error(BAD_VALUE, of.span, format!("a series of `{}`", of.value), suggestion(of.value, SCALARS));
            None
        }
        None => None,
    };
    if value.is_none() {
        for key in ["scale", "min", "max", "values"] {
            let _ = reader.node(section, key);
        }
    }
    Some(ValueSpec::of(DataType::Series { value: Box::new(value?), period: period? }))
}

fn record(reader: &mut Reader<'_>, section: &mut Section<'_>) -> Option<ValueSpec> {
    for key in ["scale", "min", "max", "values"] {
        reader.refuse(section, key, "has no meaning for a record", "set it on the field it is meant for");
    }
    if reader.node(section, "fields").is_none() {
        reader.missing(section, "fields", "name them: `fields = { balance = { type = \"decimal\", scale = 2 } }`");
        return None;
    }
    let fields_section = reader.inner(section, "fields")?;
    let mut fields = Vec::new();
    let mut keys: Vec<(String, Span)> = Vec::new();
    let entries = reader.entries(&fields_section);
    let mut sound = true;
    for (name, node) in entries {
        let field = field(reader, &name, node);
        sound &= field.is_some();
        let Some(field) = field else { continue };
        input_key(reader, &mut keys, field.source.as_deref().unwrap_or(&field.name), name.span);
        fields.push(field);
    }
    if fields.is_empty() && sound {
        reader.error(BAD_VALUE, fields_section.span, "a record without fields", "name at least one");
        return None;
    }
    sound.then(|| ValueSpec::of(DataType::Record(Arc::new(fields))))
}

fn field(reader: &mut Reader<'_>, name: &Located<&str>, node: &Node<'_>) -> Option<Field> {
    let sound = check_name(name.value, "a field", name.span, reader.sink);
    let mut section = reader.as_section(node, name.value, name.span)?;
    let source = source(reader, &mut section);
    let spec = spec(reader, &mut section, Role::Field);
    reader.close(section);
    spec.filter(|_| sound).map(|spec| Field { name: name.value.to_owned(), source, spec })
}

/// `source`: the name in the input.
pub(super) fn source(reader: &mut Reader<'_>, section: &mut Section<'_>) -> Option<String> {
    let text = reader.text(section, "source")?;
    if text.value.is_empty() {
        reader.error(
            BAD_VALUE,
            text.span,
            "an empty `source`",
            "write the name of the column or field in the input, or leave it out",
        );
        return None;
    }
    warn_of_oddity(text.value, text.span, reader.sink);
    Some(text.value.to_owned())
}

/// Refuses two facts or fields that read the same key of the input.
pub(super) fn input_key(reader: &mut Reader<'_>, keys: &mut Vec<(String, Span)>, key: &str, span: Span) {
    if let Some((_, first)) = keys.iter().find(|(other, _)| other == key) {
        let message = format!("a second fact or field that reads `{key}` from the input");
        let found = Diagnostic::new(DUPLICATE_DECLARATION, span, message);
        let first = *first;
        reader.sink.push(found.with_help("give one of them another `source`").with_related(first, "first here"));
    }
    keys.push((key.to_owned(), span));
}

fn special(reader: &mut Reader<'_>, section: &mut Section<'_>, spec: &mut ValueSpec) {
    let Some(codes) = reader.inner(section, "special") else { return };
    for (name, node) in reader.entries(&codes) {
        let sound = check_form(name.value, "a special code", name.span, reader.sink);
        let Some(value) = special_value(reader, node, &spec.data_type, name.value) else { continue };
        let span = reader.span(node.span());
        if within_domain(&value, spec) {
            let message = format!("the special code `{}` is a valid value of the fact", name.value);
            let help =
                "special codes lie outside `min`, `max` and `values`: set the missing bound, or choose another code";
            reader.error(BAD_VALUE, span, message, help);
        } else if spec.special.iter().any(|code| code.value == value) {
            let message = format!("a second special code with the value of `{}`", name.value);
            reader.error(BAD_VALUE, span, message, "a value stands for one code");
        } else if sound {
            spec.special.push(SpecialCode { name: name.value.to_owned(), value });
        }
    }
    if spec.special.len() > SPECIAL_CODES_MAX {
        let message = format!("{} special codes", spec.special.len());
        reader.error(BAD_VALUE, codes.span, message, format!("a fact has at most {SPECIAL_CODES_MAX}"));
    }
}

/// A code may be of the fact's type or a text or integer that stands in its place.
fn special_value(reader: &mut Reader<'_>, node: &Node<'_>, data_type: &DataType, name: &str) -> Option<Value> {
    let what = format!("the special code `{name}`");
    let decimal = matches!(data_type, DataType::Decimal { .. });
    match node.get_ref() {
        DeValue::Integer(_) => {
            let Some(value) = as_integer(node) else {
                reader.wrong_type(node, &what, "an integer of 64 bits");
                return None;
            };
            Some(if decimal { Value::Decimal(Decimal::from(value)) } else { Value::Integer(value) })
        }
        DeValue::String(text) => Some(match data_type {
            DataType::Decimal { .. } => match figures::number(text) {
                Ok(number) => Value::Decimal(number),
                Err(_) => Value::Text(text.to_string()),
            },
            DataType::Date => figures::date(text).map_or_else(|_| Value::Text(text.to_string()), Value::Date),
            _ => Value::Text(text.to_string()),
        }),
        DeValue::Datetime(_) if *data_type == DataType::Date => reader.as_date(node, &what).map(Value::Date),
        DeValue::Float(_) => {
            reader.wrong_type(node, &what, "an integer or text");
            None
        }
        _ => {
            let span = reader.span(node.span());
            reader.error(
                TOML_WRONG_TYPE,
                span,
                format!("{what} is neither an integer nor text nor a date"),
                "write `no_record = -1`",
            );
            None
        }
    }
}

/// Whether a code could also be a value: it satisfies all bounds there are, or is one of the enum's values.
fn within_domain(value: &Value, spec: &ValueSpec) -> bool {
    if let (DataType::Enum(domain), Value::Text(text)) = (&spec.data_type, value) {
        return domain.index_of(text).is_some();
    }
    if spec.min.is_none() && spec.max.is_none() {
        return false;
    }
    let least = spec.min.as_ref().map(|min| order(value, min));
    let most = spec.max.as_ref().map(|max| order(max, value));
    [least, most].into_iter().flatten().all(|order| order.is_some_and(std::cmp::Ordering::is_ge))
}
