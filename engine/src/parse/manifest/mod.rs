//! `ruleset.toml`: identity, facts, outputs, parameters, and which files hold what.

mod artefacts;
mod types;

use toml::de::DeTable;

use super::names::{check_name, warn_of_oddity};
use super::sink::Sink;
use super::text::Lines;
use super::toml::{Located, Reader, Section};
use crate::diagnostic::codes::{BAD_VALUE, LANGUAGE_UNSUPPORTED, TOML_UNKNOWN_KEY};
use crate::diagnostic::{FileId, Span};
use crate::ruleset::{Manifest, OnError};
use crate::schema::{Actionable, DataType, EnumDomain, Fact, LocalText, Output, Parameter};
use crate::value::Value;
use crate::value::decimal::is_integer;
use types::Role;

pub(super) use artefacts::{ArtefactFile, CardSettings, Points, ScaleSettings, TableSettings};

/// The language this engine reads.
const LANGUAGE: i64 = 1;

/// What `ruleset.toml` says.
#[derive(Debug)]
pub(super) struct Declared {
    pub(super) manifest: Manifest,
    pub(super) facts: Vec<Fact>,
    pub(super) parameters: Vec<Parameter>,
    pub(super) outputs: Vec<Output>,
    pub(super) scorecards: Vec<CardSettings>,
    pub(super) scales: Vec<ScaleSettings>,
    pub(super) tables: Vec<TableSettings>,
}

/// Reads the whole file. What could be read is returned even where there are errors; the sink knows of them.
pub(super) fn read(file: FileId, text: &str, lines: &Lines<'_>, sink: &mut Sink) -> Declared {
    let (document, damaged) = super::toml::parse(text, file, lines, sink);
    let mut reader = Reader::new(file, lines, sink, damaged);
    let table: &DeTable<'_> = document.get_ref();
    let mut root = reader.section(table, "ruleset.toml", Span::at(file, 1, 1));
    let mut manifest = identity(&mut reader, &mut root);
    let facts = facts(&mut reader, &mut root);
    let parameters = parameters(&mut reader, &mut root);
    let outputs = reader.inner(&mut root, "outputs").map(|section| outputs(&mut reader, &section)).unwrap_or_default();
    if reader.node(&mut root, "outputs").is_none() {
        reader.missing(
            &root,
            "outputs",
            "say what `decide` returns: `[outputs]` and `outcome = { type = \"enum\", values = [...] }`",
        );
    }
    let (scorecards, scales, tables) = artefacts::read(&mut reader, &mut root);
    reader.refuse(&mut root, "unrestricted", "is not supported by this engine", "write strict rules in `rules.rhai`");
    reader.refuse(&mut root, "signals", "is not supported by this engine", "write the signals as rules with an effect");
    effects_and_errors(&mut reader, &mut root, &mut manifest, &outputs);
    reader.close(root);
    Declared { manifest, facts, parameters, outputs, scorecards, scales, tables }
}

fn identity(reader: &mut Reader<'_>, root: &mut Section<'_>) -> Manifest {
    let language = language(reader, root);
    let mut text =
        |key, help| reader.required_text(root, key, help).map(|text| text.value.to_owned()).unwrap_or_default();
    let id = text("id", "give the ruleset a name: `id = \"retail-credit-rating\"`");
    let version = text("version", "give the ruleset a version: `version = \"1.0.0\"`");
    let title = local_text(reader, root, "title");
    let mut date = |key: &'static str| {
        let node = reader.node(root, key)?;
        reader.as_date(node, &format!("`{key}`"))
    };
    let (effective_from, effective_until) = (date("effective_from"), date("effective_until"));
    if let (Some(from), Some(until)) = (effective_from, effective_until)
        && from >= until
    {
        let span = reader.key_span(root, "effective_until");
        reader.error(
            BAD_VALUE,
            span,
            "the ruleset ends before it begins",
            "`effective_until` is the first day no longer in force",
        );
    }
    Manifest {
        language,
        id,
        version,
        title,
        effects: Vec::new(),
        effective_from,
        effective_until,
        on_error: OnError::Error,
    }
}

fn language(reader: &mut Reader<'_>, root: &mut Section<'_>) -> i64 {
    if reader.node(root, "language").is_none() {
        reader.missing(root, "language", "write `language = 1`");
        return LANGUAGE;
    }
    let Some(language) = reader.integer(root, "language") else { return LANGUAGE };
    if language.value != LANGUAGE {
        let message = format!("this engine does not read language {}", language.value);
        reader.error(LANGUAGE_UNSUPPORTED, language.span, message, "it reads `language = 1`");
    }
    language.value
}

fn local_text(reader: &mut Reader<'_>, section: &mut Section<'_>, key: &'static str) -> LocalText {
    let Some(texts) = reader.inner(section, key) else { return LocalText::default() };
    let mut found = Vec::new();
    for (language, node) in reader.entries(&texts) {
        if !is_language(language.value) {
            let help = "write `en`, `zh-CN` or another tag of BCP 47";
            reader.error(TOML_UNKNOWN_KEY, language.span, format!("`{}` is no language", language.value), help);
        }
        match reader.as_text(node) {
            Some(text) => found.push((language.value.to_owned(), text.value.to_owned())),
            None => reader.wrong_type(node, &format!("`{}`", language.value), "text in quotes"),
        }
    }
    LocalText(found)
}

/// Whether a text has the form of a language tag: `en`, `zh-CN`, `zh-Hant-HK`.
pub(super) fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    parts.next().is_some_and(|first| (2..=3).contains(&first.len()) && letters(first))
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

fn facts(reader: &mut Reader<'_>, root: &mut Section<'_>) -> Vec<Fact> {
    let Some(section) = reader.inner(root, "facts") else { return Vec::new() };
    let mut keys = Vec::new();
    let mut facts = Vec::new();
    for (name, node) in reader.entries(&section) {
        let Some(fact) = fact(reader, &name, node) else { continue };
        types::input_key(reader, &mut keys, fact.input_key(), name.span);
        facts.push(fact);
    }
    facts
}

fn fact(reader: &mut Reader<'_>, name: &Located<&str>, node: &super::toml::Node<'_>) -> Option<Fact> {
    let sound = check_name(name.value, "a fact", name.span, reader.sink);
    let mut section = reader.as_section(node, &format!("facts.{}", name.value), name.span)?;
    let spec = types::spec(reader, &mut section, Role::Fact);
    let source = types::source(reader, &mut section);
    let unit = reader.text(&mut section, "unit").map(|unit| unit.value.to_owned());
    let label = local_text(reader, &mut section, "label");
    let directions = [("increase", Actionable::Increase), ("decrease", Actionable::Decrease), ("any", Actionable::Any)];
    let actionable = reader.choice(&mut section, "actionable", &directions);
    let sensitive = reader.boolean(&mut section, "sensitive").unwrap_or_default();
    reader.close(section);
    let spec = spec.filter(|_| sound)?;
    Some(Fact { name: name.value.to_owned(), source, spec, unit, label, actionable, sensitive, span: name.span })
}

/// The outputs of a section: `limit = { type = "decimal", scale = 2, optional = true }`.
fn outputs(reader: &mut Reader<'_>, section: &Section<'_>) -> Vec<Output> {
    let entries = reader.entries(section);
    entries.iter().filter_map(|(name, node)| output(reader, name, node)).collect()
}

fn output(reader: &mut Reader<'_>, name: &Located<&str>, node: &super::toml::Node<'_>) -> Option<Output> {
    let sound = check_name(name.value, "an output", name.span, reader.sink);
    let mut section = reader.as_section(node, name.value, name.span)?;
    let data_type = types::plain_type(reader, &mut section, Role::Output);
    let optional = reader.boolean(&mut section, "optional").unwrap_or_default();
    reader.close(section);
    let data_type = data_type.filter(|_| sound)?;
    Some(Output { name: name.value.to_owned(), data_type, optional, span: name.span })
}

fn parameters(reader: &mut Reader<'_>, root: &mut Section<'_>) -> Vec<Parameter> {
    let Some(section) = reader.inner(root, "parameters") else { return Vec::new() };
    let entries = reader.entries(&section);
    entries.iter().filter_map(|(name, node)| parameter(reader, name, node)).collect()
}

fn parameter(reader: &mut Reader<'_>, name: &Located<&str>, node: &super::toml::Node<'_>) -> Option<Parameter> {
    let sound = check_name(name.value, "a parameter", name.span, reader.sink);
    let mut section = reader.as_section(node, &format!("parameters.{}", name.value), name.span)?;
    let data_type = types::plain_type(reader, &mut section, Role::Parameter);
    let node = reader.node(&mut section, "value");
    if node.is_none() {
        reader.missing(&section, "value", "a parameter has a value: `{ type = \"decimal\", value = \"0.45\" }`");
    }
    reader.close(section);
    let (data_type, node) = (data_type?, node?);
    let (data_type, value) = match data_type {
        DataType::Decimal { .. } => {
            let number = types::decimal(reader, node, "`value`")?;
            let scale = u8::try_from(number.scale()).ok()?;
            (DataType::Decimal { scale }, Value::Decimal(number))
        }
        other => {
            let value = types::value(reader, node, &other, "`value`")?;
            (other, value)
        }
    };
    sound.then(|| Parameter { name: name.value.to_owned(), data_type, value, span: name.span })
}

fn effects_and_errors(reader: &mut Reader<'_>, root: &mut Section<'_>, manifest: &mut Manifest, outputs: &[Output]) {
    let outcome = outputs.iter().find(|output| output.name == "outcome");
    let outcomes = outcome.and_then(|output| match &output.data_type {
        DataType::Enum(domain) => Some(domain.as_ref()),
        _ => None,
    });
    for effect in reader.texts(root, "effects").unwrap_or_default() {
        warn_of_oddity(effect.value, effect.span, reader.sink);
        let known = manifest.effects.iter().any(|other| other == effect.value);
        let outcome = outcomes.is_some_and(|domain| domain.index_of(effect.value).is_some());
        if known || outcome || effect.value.is_empty() {
            let message = match (known, outcome) {
                (true, _) => format!("the effect `{}` stands twice", effect.value),
                (_, true) => format!("`{}` is a value of `outcome` already", effect.value),
                _ => "an effect without a name".to_owned(),
            };
            reader.error(
                BAD_VALUE,
                effect.span,
                message,
                "`effects` lists what rules may say beside the values of `outcome`",
            );
        } else {
            manifest.effects.push(effect.value.to_owned());
        }
    }
    let choices = [("error", OnError::Error), ("refer", OnError::Refer)];
    manifest.on_error = reader.choice(root, "on_error", &choices).unwrap_or_default();
    let refers = outcomes.is_some_and(|domain: &EnumDomain| domain.index_of("refer").is_some());
    if manifest.on_error == OnError::Refer && !refers {
        let span = reader.key_span(root, "on_error");
        let help = "declare `outcome = { type = \"enum\", values = [\"approve\", \"refer\", ...] }` under `[outputs]`, or write `on_error = \"error\"`";
        reader.error(BAD_VALUE, span, "`on_error = \"refer\"` needs an output `outcome` that knows `refer`", help);
    }
}

/// The digits that a figure needs after the point, as it is written.
pub(super) fn written_scale(number: rust_decimal::Decimal) -> u8 {
    u8::try_from(number.scale()).unwrap_or(u8::MAX)
}

/// Whether figures can be counted as integers.
pub(super) fn is_whole(number: rust_decimal::Decimal) -> bool {
    is_integer(number)
}
