//! `trutina test`: a ruleset's own cases, the differences, and what no case reached.

use std::collections::BTreeSet;
use std::io::Write;

use trutina_engine::decision::{Decision, TraceLevel};
use trutina_engine::engine::Decider;
use trutina_engine::parse;
use trutina_engine::program::Program;
use trutina_engine::ruleset::{Case, Ruleset};
use trutina_engine::value::decimal::parse_decimal;
use trutina_engine::wire::canonical::write_decision;
use trutina_engine::wire::json::{self, Json, JsonLimits};

use crate::args::{Format, Test};
use crate::failure::{Failure, Status};
use crate::table::printable;
use crate::{files, report};

/// A decision record is as large as its trace.
const RECORD_LIMITS: JsonLimits = JsonLimits { bytes_max: 256 << 20, depth_max: 64 };

/// Names shown per line of what no case reached.
const SHOWN: usize = 12;

/// Runs the cases of a ruleset.
pub fn run(test: &Test, format: Format) -> Result<Status, Failure> {
    let (program, files, loaded) = files::load_program(&test.ruleset, format)?;
    let mut sources = loaded.sources;
    let (cases, found) = parse::parse_cases(&files, &mut sources);
    if format == Format::Json || !found.is_empty() {
        report::diagnostics(&found, &sources, format)?;
    }
    if found.iter().any(trutina_engine::diagnostic::Diagnostic::is_error) {
        report::note(&format!("the cases cannot be read: {}", report::tally(&found)));
        return Ok(Status::Refused);
    }
    if cases.is_empty() {
        return Err(Failure::new(format!("`{}` has no cases", test.ruleset.display()))
            .with_help("write some into `cases/*.json`: {\"cases\":[{\"name\",\"as_of\",\"facts\",\"expect\"}]}"));
    }
    let mut reached = Reached::default();
    let mut decider = Decider::new(&program);
    let mut lines = Vec::new();
    let mut failed = 0_usize;
    for case in &cases {
        let decision = decider.decide_json(case.facts.as_bytes(), case.as_of, TraceLevel::Reasons);
        let differences = compare(case, &decision);
        reached.note(&decision);
        if !differences.is_empty() {
            failed = failed.saturating_add(1);
            lines.push(format!("FAIL  {}", case.name));
            lines.extend(differences);
        }
    }
    lines.push(format!("{} of {} cases pass", cases.len().saturating_sub(failed), cases.len()));
    if let Some(ruleset) = &loaded.ruleset {
        lines.extend(reached.missing(&program, &ruleset.ruleset));
    }
    print(&lines, format)?;
    Ok(if failed == 0 { Status::Done } else { Status::TestsFailed })
}

/// The report is the data of this verb, unless diagnostics were asked for as data.
fn print(lines: &[String], format: Format) -> Result<(), Failure> {
    let mut stdout = anstream::AutoStream::auto(std::io::stdout()).lock();
    let red = anstyle::AnsiColor::Red.on_default();
    let green = anstyle::AnsiColor::Green.on_default();
    for line in lines {
        let text = printable(line);
        if format == Format::Json {
            report::note(&text);
            continue;
        }
        match text.trim_start().chars().next() {
            Some('-') | Some('F') if line.starts_with("FAIL") || line.starts_with("    -") => {
                writeln!(stdout, "{red}{text}{red:#}")?;
            }
            Some('+') => writeln!(stdout, "{green}{text}{green:#}")?,
            _ => writeln!(stdout, "{text}")?,
        }
    }
    Ok(())
}

/// The differences between what a case expects and what was decided, as lines of a diff.
fn compare(case: &Case, decision: &Decision) -> Vec<String> {
    let mut bytes = Vec::new();
    write_decision(decision, &mut bytes);
    let record = json::read(&bytes, RECORD_LIMITS).map(|document| document.value).unwrap_or(Json::Null);
    let mut lines = Vec::new();
    for (key, text) in &case.expect {
        let expected = json::read(text.as_bytes(), RECORD_LIMITS).map(|document| document.value).unwrap_or(Json::Null);
        let actual = record.get(key).unwrap_or(&Json::Null);
        match (key.as_str(), &expected, actual) {
            ("outputs", Json::Object(entries), Json::Object(_)) => {
                for (name, expected) in entries {
                    difference(&mut lines, &format!("{key}.{name}"), Some(expected), actual.get(name));
                }
            }
            _ => difference(&mut lines, key, Some(&expected), Some(actual)),
        }
    }
    let silent = !case.expect.iter().any(|(key, _)| key == "error");
    if silent && decision.error.is_some() {
        difference(&mut lines, "error", Some(&Json::Null), record.get("error"));
    }
    lines
}

fn difference(lines: &mut Vec<String>, name: &str, expected: Option<&Json<'_>>, actual: Option<&Json<'_>>) {
    let same = match (expected, actual) {
        (Some(expected), Some(actual)) => agrees(expected, actual),
        _ => false,
    };
    if !same {
        lines.push(format!("    - {name}: {}", shown(expected)));
        lines.push(format!("    + {name}: {}", shown(actual)));
    }
}

/// Whether what is expected says no other than what is there. A text stands for the `code` or `rule` of an object, an
/// object may leave keys out; all else is exact, numbers by their value.
fn agrees(expected: &Json<'_>, actual: &Json<'_>) -> bool {
    match (expected, actual) {
        (Json::Number(one), Json::Number(other)) => {
            one == other || parse_decimal(one).is_ok_and(|one| parse_decimal(other) == Ok(one))
        }
        (Json::Text(code), Json::Object(_)) => {
            ["code", "rule"].iter().any(|key| matches!(actual.get(key), Some(Json::Text(text)) if text == code))
        }
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| agrees(one, other))
        }
        (Json::Object(entries), Json::Object(_)) => {
            entries.iter().all(|(key, value)| actual.get(key).is_some_and(|other| agrees(value, other)))
        }
        _ => expected == actual,
    }
}

fn shown(value: Option<&Json<'_>>) -> String {
    match value {
        None => "(no such output)".to_owned(),
        Some(Json::Null) => "null".to_owned(),
        Some(Json::Boolean(value)) => value.to_string(),
        Some(Json::Number(text)) => (*text).to_owned(),
        Some(Json::Text(text)) => format!("\"{text}\""),
        Some(Json::Array(items)) => {
            let items: Vec<String> = items.iter().map(|item| brief(item)).collect();
            format!("[{}]", items.join(", "))
        }
        Some(object) => brief(object),
    }
}

/// An object by its code, with its message if it has one.
fn brief(value: &Json<'_>) -> String {
    let text = |key: &str| match value.get(key) {
        Some(Json::Text(text)) => Some(text.to_string()),
        _ => None,
    };
    match (text("code").or_else(|| text("rule")), text("message")) {
        (Some(code), Some(message)) => format!("{code} ({message})"),
        (Some(code), None) => code,
        _ => match value {
            Json::Object(entries) => {
                let parts: Vec<String> =
                    entries.iter().map(|(key, value)| format!("{key}: {}", shown(Some(value)))).collect();
                format!("{{{}}}", parts.join(", "))
            }
            other => shown(Some(other)),
        },
    }
}

/// What the cases reached.
#[derive(Debug, Default)]
struct Reached {
    rules: BTreeSet<String>,
    /// Table and row.
    rows: BTreeSet<(String, String)>,
    /// Scorecard and line.
    bins: BTreeSet<(String, u32)>,
    /// Scale and band.
    bands: BTreeSet<(String, String)>,
}

impl Reached {
    fn note(&mut self, decision: &Decision) {
        let Some(trace) = &decision.trace else { return };
        self.rules.extend(trace.rules.iter().filter(|rule| rule.held).map(|rule| rule.rule.clone()));
        for table in &trace.tables {
            let selected = table.rows.iter().filter(|row| row.selected);
            self.rows.extend(selected.map(|row| (table.table.clone(), row.row.clone())));
        }
        for card in &trace.scorecards {
            self.bins.extend(card.characteristics.iter().map(|one| (card.scorecard.clone(), one.line)));
        }
        self.bands.extend(trace.scales.iter().map(|scale| (scale.scale.clone(), scale.band.clone())));
    }

    /// What no case reached, in lines.
    fn missing(&self, program: &Program, ruleset: &Ruleset) -> Vec<String> {
        let mut lines = Vec::new();
        let rules = program.rules.iter().map(|rule| rule.id.clone());
        let missing: Vec<String> = rules.clone().filter(|id| !self.rules.contains(id)).collect();
        lines.extend(gap("rules", &missing, rules.count()));
        for table in &ruleset.tables {
            let rows = table.rows.iter().chain(&table.default_row).map(|row| row.id.clone());
            let missing: Vec<String> =
                rows.clone().filter(|row| !self.rows.contains(&(table.name.clone(), row.clone()))).collect();
            lines.extend(gap(&format!("rows of table {}", table.name), &missing, rows.count()));
        }
        for (card, compiled) in ruleset.scorecards.iter().zip(&program.scorecards) {
            let bins = card.characteristics.iter().zip(&compiled.characteristics).flat_map(|(one, compiled)| {
                one.attributes
                    .iter()
                    .zip(&compiled.labels)
                    .map(|(bin, label)| (bin.span.line, format!("{} {label}", one.name)))
            });
            let missing: Vec<String> = bins
                .clone()
                .filter(|(line, _)| !self.bins.contains(&(card.name.clone(), *line)))
                .map(|(line, label)| format!("{label} (line {line})"))
                .collect();
            lines.extend(gap(&format!("bins of scorecard {}", card.name), &missing, bins.count()));
        }
        for scale in &program.scales {
            let labels = scale.bands.iter().map(|band| band.label.clone());
            let missing: Vec<String> =
                labels.filter(|band| !self.bands.contains(&(scale.name.clone(), band.clone()))).collect();
            lines.extend(gap(&format!("bands of scale {}", scale.name), &missing, scale.bands.len()));
        }
        if !lines.is_empty() {
            lines.insert(0, "reached by no case:".to_owned());
        }
        lines
    }
}

fn gap(what: &str, missing: &[String], of: usize) -> Option<String> {
    if missing.is_empty() {
        return None;
    }
    let names: Vec<&str> = missing.iter().take(SHOWN).map(String::as_str).collect();
    let more = match missing.len().checked_sub(SHOWN) {
        Some(more) if more > 0 => format!(", and {more} more"),
        _ => String::new(),
    };
    Some(format!("  {} of {of} {what}: {}{more}", missing.len(), names.join(", ")))
}
