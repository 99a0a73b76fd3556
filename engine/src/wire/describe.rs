//! What a ruleset takes and gives, as JSON, and the JSON Schema of its facts.

use crate::program::Program;
use crate::ruleset::dependency::Source;
use crate::schema::{
    Actionable, DataType, ELEMENTS_MAX, Fact, Field, Output, Parameter, Period, SpecialCode, ValueSpec,
};
use crate::value::Value;
use crate::value::decimal::plain_text;

use super::canonical::{array, boolean, field, null, object, write_integer, write_string, write_text, write_value};

/// Appends a description of a program: identity, facts, outputs, parameters, effects, rules, artefacts, reasons, what
/// depends on what.
pub fn write_description(program: &Program, out: &mut Vec<u8>) {
    object(out, |out| {
        field(out, "id", |out| write_string(out, &program.identity.id));
        field(out, "version", |out| write_string(out, &program.identity.version));
        field(out, "digest", |out| write_string(out, &program.identity.digest));
        field(out, "facts", |out| array(out, &program.facts, write_fact));
        field(out, "derived", |out| array(out, &program.derived, |out, derived| write_string(out, &derived.name)));
        field(out, "outputs", |out| array(out, &program.outputs, write_output));
        field(out, "parameters", |out| array(out, &program.parameters, write_parameter));
        field(out, "effects", |out| array(out, &program.effects, |out, effect| write_string(out, effect)));
        field(out, "rules", |out| {
            array(out, &program.rules, |out, rule| {
                object(out, |out| {
                    field(out, "rule", |out| write_string(out, &rule.id));
                    let effect = program.effects.get(usize::from(rule.effect)).map_or("", String::as_str);
                    field(out, "effect", |out| write_string(out, effect));
                });
            });
        });
        field(out, "scorecards", |out| array(out, &program.scorecards, |out, card| write_string(out, &card.name)));
        field(out, "scales", |out| array(out, &program.scales, |out, scale| write_string(out, &scale.name)));
        field(out, "tables", |out| array(out, &program.tables, |out, table| write_string(out, &table.name)));
        field(out, "reasons", |out| {
            array(out, &program.reasons, |out, reason| {
                object(out, |out| {
                    field(out, "code", |out| write_string(out, &reason.code));
                    field(out, "text", |out| write_text(out, &reason.text));
                });
            });
        });
        field(out, "depends_on", |out| write_dependencies(program, out));
        field(out, "schema", |out| write_facts_schema(program, out));
    });
}

/// Per kind of part an object from its name to what it reads.
fn write_dependencies(program: &Program, out: &mut Vec<u8>) {
    let found = &program.dependencies;
    object(out, |out| {
        let mut kind = |kind: &str, names: &mut dyn Iterator<Item = &String>, lists: &[Vec<Source>]| {
            field(out, kind, |out| {
                object(out, |out| {
                    for (name, sources) in names.zip(lists) {
                        field(out, name, |out| write_sources(program, sources, out));
                    }
                });
            });
        };
        kind("derived", &mut program.derived.iter().map(|derived| &derived.name), &found.derived);
        kind("rules", &mut program.rules.iter().map(|rule| &rule.id), &found.rules);
        kind("scorecards", &mut program.scorecards.iter().map(|card| &card.name), &found.scorecards);
        kind("scales", &mut program.scales.iter().map(|scale| &scale.name), &found.scales);
        kind("tables", &mut program.tables.iter().map(|table| &table.name), &found.tables);
        kind("outputs", &mut program.outputs.iter().map(|output| &output.name), &found.outputs);
    });
}

/// What one part reads, by kind; `rules` are those whose effect it asks for.
fn write_sources(program: &Program, sources: &[Source], out: &mut Vec<u8>) {
    let named = |kind: fn(&Source) -> bool| {
        sources.iter().filter(move |source| kind(source)).map(|source| program.name_of(*source)).collect()
    };
    let asked = |effect: u16| sources.contains(&Source::Effect(effect));
    let kinds: [(&str, Vec<&str>); 7] = [
        ("facts", named(|source| matches!(source, Source::Fact(_)))),
        ("derived", named(|source| matches!(source, Source::Derived(_)))),
        ("parameters", named(|source| matches!(source, Source::Parameter(_)))),
        ("scorecards", named(|source| matches!(source, Source::Scorecard(_)))),
        ("scales", named(|source| matches!(source, Source::Scale(_)))),
        ("tables", named(|source| matches!(source, Source::Table(_)))),
        ("rules", program.rules.iter().filter(|rule| asked(rule.effect)).map(|rule| rule.id.as_str()).collect()),
    ];
    object(out, |out| {
        for (kind, names) in &kinds {
            field(out, kind, |out| array(out, names, |out, name| write_string(out, name)));
        }
    });
}

fn write_fact(out: &mut Vec<u8>, fact: &Fact) {
    object(out, |out| {
        field(out, "name", |out| write_string(out, &fact.name));
        field(out, "source", |out| write_string(out, fact.input_key()));
        field(out, "optional", |out| boolean(out, fact.spec.optional));
        field(out, "sensitive", |out| boolean(out, fact.sensitive));
        field(out, "actionable", |out| match fact.actionable {
            Some(Actionable::Increase) => write_string(out, "increase"),
            Some(Actionable::Decrease) => write_string(out, "decrease"),
            Some(Actionable::Any) => write_string(out, "any"),
            None => null(out),
        });
        field(out, "unit", |out| match &fact.unit {
            Some(unit) => write_string(out, unit),
            None => null(out),
        });
        field(out, "label", |out| write_text(out, &fact.label));
        write_type(out, &fact.spec.data_type);
        write_domain(out, &fact.spec);
    });
}

/// Bounds and special codes, where there are any.
fn write_domain(out: &mut Vec<u8>, spec: &ValueSpec) {
    for (name, bound) in [("min", &spec.min), ("max", &spec.max)] {
        if let Some(bound) = bound {
            field(out, name, |out| write_value(out, bound, None));
        }
    }
    if !spec.special.is_empty() {
        field(out, "special", |out| {
            object(out, |out| {
                for code in &spec.special {
                    field(out, &code.name, |out| write_value(out, &code.value, None));
                }
            });
        });
    }
}

/// The element of a list or the value of a series.
fn write_element(out: &mut Vec<u8>, spec: &ValueSpec) {
    object(out, |out| {
        field(out, "optional", |out| boolean(out, spec.optional));
        write_type(out, &spec.data_type);
        write_domain(out, spec);
    });
}

/// `"type"` and what belongs to it.
fn write_type(out: &mut Vec<u8>, data_type: &DataType) {
    field(out, "type", |out| write_string(out, data_type.name()));
    match data_type {
        DataType::Decimal { scale } => field(out, "scale", |out| write_integer(out, i64::from(*scale))),
        DataType::Enum(domain) => {
            field(out, "values", |out| array(out, &domain.values, |out, value| write_string(out, value)));
        }
        DataType::List(element) => field(out, "of", |out| write_element(out, element)),
        DataType::Record(fields) => field(out, "fields", |out| {
            array(out, fields, |out, one| {
                object(out, |out| {
                    field(out, "name", |out| write_string(out, &one.name));
                    field(out, "source", |out| write_string(out, input_key(one)));
                    field(out, "optional", |out| boolean(out, one.spec.optional));
                    write_type(out, &one.spec.data_type);
                    write_domain(out, &one.spec);
                });
            });
        }),
        DataType::Series { value, period } => {
            field(out, "of", |out| write_element(out, value));
            field(out, "period", |out| write_string(out, period_name(*period)));
        }
        _ => {}
    }
}

/// The word of `ruleset.toml`.
#[must_use]
pub const fn period_name(period: Period) -> &'static str {
    match period {
        Period::Day => "day",
        Period::Week => "week",
        Period::Month => "month",
        Period::Quarter => "quarter",
        Period::Year => "year",
    }
}

fn input_key(one: &Field) -> &str {
    one.source.as_deref().unwrap_or(&one.name)
}

fn write_output(out: &mut Vec<u8>, output: &Output) {
    object(out, |out| {
        field(out, "name", |out| write_string(out, &output.name));
        field(out, "optional", |out| boolean(out, output.optional));
        write_type(out, &output.data_type);
    });
}

fn write_parameter(out: &mut Vec<u8>, parameter: &Parameter) {
    object(out, |out| {
        field(out, "name", |out| write_string(out, &parameter.name));
        write_type(out, &parameter.data_type);
        field(out, "value", |out| write_value(out, &parameter.value, None));
    });
}

/// Appends the JSON Schema (2020-12) of a program's facts. It accepts what the engine accepts, but for what a schema
/// cannot say: the digits of a decimal, one value per period of a series.
pub fn write_facts_schema(program: &Program, out: &mut Vec<u8>) {
    let title = format!("facts of {} {}", program.identity.id, program.identity.version);
    let keys = |fact: &Fact| (fact.input_key().to_owned(), fact.spec.optional);
    let required: Vec<String> =
        program.facts.iter().map(keys).filter(|(_, optional)| !optional).map(|(key, _)| key).collect();
    object(out, |out| {
        field(out, "$schema", |out| write_string(out, "https://json-schema.org/draft/2020-12/schema"));
        field(out, "title", |out| write_string(out, &title));
        field(out, "type", |out| write_string(out, "object"));
        field(out, "properties", |out| {
            object(out, |out| {
                for fact in &program.facts {
                    field(out, fact.input_key(), |out| {
                        object(out, |out| {
                            if let Some(text) = note(fact) {
                                field(out, "description", |out| write_string(out, &text));
                            }
                            spec_schema(out, &fact.spec);
                        });
                    });
                }
            });
        });
        field(out, "required", |out| array(out, &required, |out, key| write_string(out, key)));
        field(out, "additionalProperties", |out| boolean(out, false));
    });
}

fn note(fact: &Fact) -> Option<String> {
    let parts: Vec<String> = fact.label.get("en").map(str::to_owned).into_iter().chain(fact.unit.clone()).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The keywords of a datum.
fn spec_schema(out: &mut Vec<u8>, spec: &ValueSpec) {
    if !spec.optional && spec.special.is_empty() && !matches!(spec.data_type, DataType::Decimal { .. }) {
        return type_schema(out, spec);
    }
    field(out, "anyOf", |out| {
        out.push(b'[');
        object(out, |out| type_schema(out, spec));
        if matches!(spec.data_type, DataType::Decimal { .. }) {
            out.push(b',');
            object(out, |out| {
                field(out, "type", |out| write_string(out, "string"));
                field(out, "pattern", |out| write_string(out, r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$"));
            });
        }
        for code in &spec.special {
            out.push(b',');
            special_schema(out, code);
        }
        if spec.optional {
            out.extend_from_slice(b",{\"type\":\"null\"}");
        }
        out.push(b']');
    });
}

fn special_schema(out: &mut Vec<u8>, code: &SpecialCode) {
    object(out, |out| {
        field(out, "description", |out| write_string(out, &format!("special code: {}", code.name)));
        field(out, "const", |out| number_or_value(out, &code.value));
    });
}

/// A number as JSON writes it, digits and all.
fn number_or_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Decimal(number) => out.extend_from_slice(plain_text(*number).as_bytes()),
        other => write_value(out, other, None),
    }
}

fn type_schema(out: &mut Vec<u8>, spec: &ValueSpec) {
    let name = match &spec.data_type {
        DataType::Boolean => "boolean",
        DataType::Integer => "integer",
        DataType::Decimal { .. } => "number",
        DataType::Text | DataType::Date | DataType::Enum(_) => "string",
        DataType::List(_) | DataType::Series { .. } => "array",
        DataType::Record(_) => "object",
    };
    field(out, "type", |out| write_string(out, name));
    if matches!(spec.data_type, DataType::Integer | DataType::Decimal { .. }) {
        for (name, bound) in [("minimum", &spec.min), ("maximum", &spec.max)] {
            if let Some(bound) = bound {
                field(out, name, |out| number_or_value(out, bound));
            }
        }
    }
    match &spec.data_type {
        DataType::Enum(domain) => {
            field(out, "enum", |out| array(out, &domain.values, |out, value| write_string(out, value)));
        }
        DataType::Date => field(out, "format", |out| write_string(out, "date")),
        DataType::List(element) => {
            field(out, "items", |out| object(out, |out| spec_schema(out, element)));
            field(out, "maxItems", |out| write_integer(out, i64::try_from(ELEMENTS_MAX).unwrap_or(i64::MAX)));
        }
        DataType::Series { value, .. } => {
            let date = ValueSpec::of(DataType::Date);
            field(out, "items", |out| object(out, |out| members_schema(out, &[("date", &date), ("value", value)])));
            field(out, "maxItems", |out| write_integer(out, i64::try_from(ELEMENTS_MAX).unwrap_or(i64::MAX)));
        }
        DataType::Record(fields) => {
            let members: Vec<(&str, &ValueSpec)> = fields.iter().map(|one| (input_key(one), &one.spec)).collect();
            object_members(out, &members);
        }
        _ => {}
    }
}

fn members_schema(out: &mut Vec<u8>, members: &[(&str, &ValueSpec)]) {
    field(out, "type", |out| write_string(out, "object"));
    object_members(out, members);
}

fn object_members(out: &mut Vec<u8>, members: &[(&str, &ValueSpec)]) {
    field(out, "properties", |out| {
        object(out, |out| {
            for (name, spec) in members {
                field(out, name, |out| object(out, |out| spec_schema(out, spec)));
            }
        });
    });
    let required: Vec<&str> = members.iter().filter(|(_, spec)| !spec.optional).map(|(name, _)| *name).collect();
    field(out, "required", |out| array(out, &required, |out, name| write_string(out, name)));
    field(out, "additionalProperties", |out| boolean(out, false));
}
