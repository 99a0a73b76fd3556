//! What each column of a portfolio is for. A column that is for nothing stops the run before its first row.

use trutina_engine::diagnostic::codes::{CSV_HEADER, CSV_UNKNOWN_COLUMN};
use trutina_engine::diagnostic::{Diagnostic, FileId, Sources, Span, did_you_mean};
use trutina_engine::program::Program;
use trutina_engine::wire::input::suggest;

use super::input::Header;
use crate::args::Batch;

/// The columns that the output takes from the input.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// Index of the column that names a customer.
    pub id: Option<usize>,
    /// Indexes of the columns to copy, in the order asked for.
    pub keep: Vec<usize>,
}

/// Judges a header. Problems are diagnostics of the portfolio's first line.
pub fn judge(batch: &Batch, program: &Program, header: Header) -> Result<Columns, (Vec<Diagnostic>, Sources)> {
    let mut sources = Sources::default();
    let file = sources.add(batch.input.display().to_string(), header.line.clone());
    let mut found: Vec<Diagnostic> = Vec::new();
    let place = |index: usize| {
        let length = header.names.get(index).map_or(0, |name| name.chars().count());
        let column = header.places.get(index).copied().unwrap_or(1);
        Span::within_line(file, 1, column, u32::try_from(length).unwrap_or(1))
    };
    let named = |name: &str| header.names.iter().position(|column| column == name);
    for (index, name) in header.names.iter().enumerate() {
        let is_fact = program.facts.iter().any(|fact| fact.input_key() == name);
        let is_other = batch.id.as_ref() == Some(name) || batch.keep.contains(name) || batch.ignore.contains(name);
        if !is_fact && !is_other && !name.is_empty() {
            found.push(unknown(program, name, place(index)));
        }
    }
    let mut find = |name: &String, option: &str| {
        let index = named(name);
        if index.is_none() {
            found.push(absent(name, option, &header.names, file));
        }
        index
    };
    let id = batch.id.as_ref().and_then(|name| find(name, "--id"));
    let keep = batch.keep.iter().filter_map(|name| find(name, "--keep")).collect();
    for name in &batch.ignore {
        find(name, "--ignore");
    }
    found.extend(clashes(batch, program, file));
    found.extend(header.problems.into_iter().map(|problem| problem.diagnostic(file)));
    if found.is_empty() { Ok(Columns { id, keep }) } else { Err((found, sources)) }
}

fn unknown(program: &Program, name: &str, span: Span) -> Diagnostic {
    let advice = match suggest(&program.facts, name) {
        Some(meant) => format!("{meant}; otherwise name it under `--keep` or `--ignore`"),
        None => "name it under `--id`, `--keep` or `--ignore`, or take it away".to_owned(),
    };
    Diagnostic::new(CSV_UNKNOWN_COLUMN, span, format!("the column `{name}` is no fact of this ruleset"))
        .with_help(advice)
}

fn absent(name: &str, option: &str, names: &[String], file: FileId) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        CSV_HEADER,
        Span::at(file, 1, 1),
        format!("`{option}` names the column `{name}`, which the header lacks"),
    );
    match did_you_mean(name, names.iter().map(String::as_str)) {
        Some(meant) => diagnostic.with_help(format!("did you mean `{meant}`?")),
        None => diagnostic.with_help("see that the name is written as in the header"),
    }
}

/// Two columns of the output must not have one name.
fn clashes(batch: &Batch, program: &Program, file: FileId) -> Vec<Diagnostic> {
    let names = output_names(batch, program);
    let doubled =
        names.iter().enumerate().filter(|(index, name)| names.iter().take(*index).any(|other| other == *name));
    doubled
        .map(|(_, name)| {
            let message = format!("two columns of the output would be called `{name}`");
            Diagnostic::new(CSV_HEADER, Span::at(file, 1, 1), message)
                .with_help("rename the column of the portfolio, or do not keep it")
        })
        .collect()
}

/// The header of a CSV output.
pub fn output_names<'n>(batch: &'n Batch, program: &'n Program) -> Vec<&'n str> {
    let id = batch.id.as_deref().unwrap_or("row");
    let outputs = program.outputs.iter().map(|output| output.name.as_str());
    std::iter::once(id)
        .chain(batch.keep.iter().map(String::as_str))
        .chain(outputs)
        .chain(["reasons", "error"])
        .collect()
}
