//! `trutina inspect`: what a ruleset takes, gives, and what depends on what.

mod depend;

use std::io::Write as _;

use trutina_engine::program::Program;
use trutina_engine::ruleset::checked::CheckedRuleset;
use trutina_engine::schema::{DataType, Fact, ValueSpec};
use trutina_engine::value::Value;
use trutina_engine::value::decimal::plain_text;
use trutina_engine::wire::describe::{period_name, write_description, write_facts_schema};

use crate::args::{Format, Inspect};
use crate::failure::{Failure, Status};
use crate::files;
use crate::table::{Align, Table};

use Align::Left;

/// Shows a ruleset.
pub fn run(inspect: &Inspect, format: Format) -> Result<Status, Failure> {
    let (program, _, loaded) = files::load_program(&inspect.ruleset, format)?;
    let mut stdout = std::io::stdout().lock();
    if inspect.json_schema {
        let mut out = Vec::new();
        write_facts_schema(&program, &mut out);
        out.push(b'\n');
        stdout.write_all(&out)?;
        return Ok(Status::Done);
    }
    if format == Format::Json {
        let mut out = Vec::new();
        write_description(&program, &mut out);
        out.push(b'\n');
        stdout.write_all(&out)?;
        return Ok(Status::Done);
    }
    let mut lines = head(&program, loaded.ruleset.as_ref());
    section(&mut lines, "facts", &facts(&program));
    section(&mut lines, "outputs", &outputs(&program));
    section(&mut lines, "parameters", &parameters(&program));
    if let Some(ruleset) = &loaded.ruleset {
        section(&mut lines, "artefacts", &artefacts(ruleset));
    }
    section(&mut lines, "rules", &rules(&program));
    section(&mut lines, "what depends on what", &depend::table(&program));
    for line in lines {
        writeln!(stdout, "{line}")?;
    }
    Ok(Status::Done)
}

fn head(program: &Program, ruleset: Option<&CheckedRuleset>) -> Vec<String> {
    let identity = &program.identity;
    let mut lines = vec![format!("{} {}", identity.id, identity.version)];
    if let Some(title) = ruleset.and_then(|ruleset| ruleset.ruleset.manifest.title.get("en")) {
        lines.push(title.to_owned());
    }
    lines.push(identity.digest.clone());
    let from = program.effective_from.map(|date| format!("from {date}"));
    let until = program.effective_until.map(|date| format!("until before {date}"));
    let period: Vec<String> = from.into_iter().chain(until).collect();
    if !period.is_empty() {
        lines.push(format!("in force {}", period.join(" ")));
    }
    lines
}

fn section(lines: &mut Vec<String>, title: &str, table: &Table) {
    if !table.is_empty() {
        lines.push(String::new());
        lines.push(title.to_owned());
        lines.extend(table.lines(2));
    }
}

fn facts(program: &Program) -> Table {
    let mut table = Table::with_header(&[Left; 6], &["fact", "type", "domain", "unit", "read from", "label"]);
    for fact in &program.facts {
        let label = fact.label.get("en").unwrap_or("").to_owned();
        let source = fact.source.clone().unwrap_or_default();
        table.row([
            fact.name.clone(),
            type_name(&fact.spec),
            domain(fact),
            fact.unit.clone().unwrap_or_default(),
            source,
            label,
        ]);
    }
    table
}

fn type_name(spec: &ValueSpec) -> String {
    let name = match &spec.data_type {
        DataType::Decimal { scale } => format!("decimal({scale})"),
        DataType::List(element) => format!("list of {}", type_name(element)),
        DataType::Series { value, period } => format!("series of {} by {}", type_name(value), period_name(*period)),
        DataType::Record(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|one| format!("{}: {}", one.name, type_name(&one.spec))).collect();
            format!("record({})", fields.join(", "))
        }
        other => other.name().to_owned(),
    };
    if spec.optional { format!("{name}?") } else { name }
}

fn domain(fact: &Fact) -> String {
    let spec = &fact.spec;
    let mut parts = Vec::new();
    match (&spec.min, &spec.max) {
        (Some(min), Some(max)) => parts.push(format!("{} to {}", plain(min), plain(max))),
        (Some(min), None) => parts.push(format!("from {}", plain(min))),
        (None, Some(max)) => parts.push(format!("up to {}", plain(max))),
        (None, None) => {}
    }
    if let DataType::Enum(domain) = &spec.data_type {
        parts.push(brief(&domain.values));
    }
    let special = spec.special.iter().map(|code| format!("{} = {}", code.name, plain(&code.value)));
    parts.extend(special);
    if fact.sensitive {
        parts.push("sensitive".to_owned());
    }
    parts.join("; ")
}

/// Values of an enum, as many as a line takes.
fn brief(values: &[String]) -> String {
    const WIDTH: usize = 48;
    let mut text = String::new();
    for (index, value) in values.iter().enumerate() {
        let separator = if index > 0 { " | " } else { "" };
        if index > 0 && text.chars().count().saturating_add(value.chars().count()) > WIDTH {
            return format!("{text} | and {} more", values.len().saturating_sub(index));
        }
        text.push_str(separator);
        text.push_str(value);
    }
    text
}

fn plain(value: &Value) -> String {
    match value {
        Value::Integer(number) => number.to_string(),
        Value::Decimal(number) => plain_text(*number),
        Value::Date(date) => date.to_string(),
        Value::Boolean(value) => value.to_string(),
        Value::Text(text) => format!("\"{text}\""),
        Value::List(elements) => format!("[{}]", elements.iter().map(plain).collect::<Vec<_>>().join(", ")),
        Value::Missing | Value::Special(_) | Value::Record(_) => String::new(),
    }
}

fn outputs(program: &Program) -> Table {
    let mut table = Table::with_header(&[Left; 3], &["output", "type", "values"]);
    for output in &program.outputs {
        let mut spec = ValueSpec::of(output.data_type.clone());
        spec.optional = output.optional;
        let values = match &output.data_type {
            DataType::Enum(domain) => brief(&domain.values),
            _ => String::new(),
        };
        table.row([output.name.clone(), type_name(&spec), values]);
    }
    table
}

fn parameters(program: &Program) -> Table {
    let mut table = Table::with_header(&[Left; 3], &["parameter", "type", "value"]);
    for parameter in &program.parameters {
        let spec = ValueSpec::of(parameter.data_type.clone());
        table.row([parameter.name.clone(), type_name(&spec), plain(&parameter.value)]);
    }
    table
}

fn artefacts(ruleset: &CheckedRuleset) -> Table {
    let ruleset = &ruleset.ruleset;
    let mut table = Table::with_header(&[Left; 3], &["artefact", "kind", "size"]);
    for card in &ruleset.scorecards {
        let bins: usize = card.characteristics.iter().map(|one| one.attributes.len()).sum();
        table.row([
            card.name.clone(),
            "scorecard".to_owned(),
            format!("{} characteristics, {bins} bins", card.characteristics.len()),
        ]);
    }
    for scale in &ruleset.scales {
        table.row([scale.name.clone(), "scale".to_owned(), format!("{} bands", scale.bands.len())]);
    }
    for one in &ruleset.tables {
        let kind = if one.matrix { "matrix" } else { "decision table" };
        table.row([one.name.clone(), kind.to_owned(), format!("{} rows, {} inputs", one.rows.len(), one.inputs.len())]);
    }
    table
}

fn rules(program: &Program) -> Table {
    let mut table = Table::with_header(&[Left; 4], &["rule", "effect", "reads", "reason"]);
    for (index, rule) in program.rules.iter().enumerate() {
        let effect = program.effects.get(usize::from(rule.effect)).cloned().unwrap_or_default();
        let reason = program.reasons.iter().find(|reason| reason.code == rule.id);
        let text = reason.and_then(|reason| reason.text.get("en")).unwrap_or("").to_owned();
        table.row([rule.id.clone(), effect, depend::of_rule(program, index), text]);
    }
    table
}
