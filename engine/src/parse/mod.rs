//! From bytes to a ruleset: every artefact read, every mistake found with its place, nothing judged.
//!
//! What can be told from one file alone is told here: encoding, notation, unknown keys and columns, figures that
//! spreadsheets have changed. What needs two artefacts, or types, is `check`'s.

mod cases;
pub mod cells;
mod composition;
pub mod csv;
mod digest;
pub mod figures;
mod files;
mod json;
pub mod limits;
mod manifest;
mod names;
mod reasons;
mod respan;
mod scale;
mod scorecard;
mod sheet;
mod sink;
mod table;
pub mod text;
mod toml;

use std::collections::BTreeMap;

pub use cases::{is_case_file, parse_cases};
pub use digest::digest_of;
pub(crate) use digest::{digest_in_order, digest_text};

use crate::diagnostic::codes::{BAD_DECLARATION, FILE_MISSING, FILE_UNUSED};
use crate::diagnostic::{Diagnostic, FileId, Sources, Span};
use crate::ruleset::script::{Script, ScriptParser};
use crate::ruleset::{Reason, Ruleset};
use files::Files;
use manifest::{ArtefactFile, Declared};
use sink::{Sink, suggestion};
use text::Lines;

/// What came of reading a ruleset.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The ruleset, rows with mistakes left out, so that `check` finds more in the same run. `None` if `ruleset.toml` has
    /// errors, `rules.rhai` a syntax error, or an artefact no sound header.
    pub ruleset: Option<Ruleset>,
    /// The files that were read.
    pub sources: Sources,
    /// Everything that is wrong, in the order of the files and places.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a ruleset from its files: paths relative to the ruleset with `/`, and bytes. Nothing is executed.
///
/// A single file that ends in `.rhai` is a ruleset without tables; `//! ` lines at its head hold what `ruleset.toml`
/// would. Diagnostics: `T1xxx`, T2010 (two facts that read one key), T2206, T2207, T2406,
/// T2410, T5001, T5004 to T5006.
#[must_use]
pub fn parse(files: &BTreeMap<String, Vec<u8>>, parser: &dyn ScriptParser) -> Parsed {
    let mut sources = Sources::default();
    let mut sink = Sink::default();
    let mut found = Files::new(files, &mut sources);
    let read = match shorthand_path(files) {
        Some(path) => shorthand(path, &mut found, parser, &mut sink),
        None => directory(&mut found, parser, &mut sink),
    };
    let loaded: Vec<&str> = found.loaded().to_vec();
    warn_of_unused(files, &loaded, &mut sink);
    let digest = digest_of(loaded.iter().filter_map(|path| Some((*path, files.get(*path)?.as_slice()))));
    let ruleset = read.map(|read| Ruleset {
        sources: sources.clone(),
        manifest: read.declared.manifest,
        facts: read.declared.facts,
        parameters: read.declared.parameters,
        outputs: read.declared.outputs,
        scorecards: read.scorecards,
        scales: read.scales,
        tables: read.tables,
        reasons: read.reasons,
        script: read.script,
        digest,
    });
    Parsed { ruleset, sources, diagnostics: sink.into_sorted() }
}

/// The digest of what accompanies a ruleset without deciding: `README.md` and `cases/*.json`. See [`digest_of`].
#[must_use]
pub fn evidence_digest(files: &BTreeMap<String, Vec<u8>>) -> String {
    let evidence = files.iter().filter(|(path, _)| is_evidence(path));
    digest_of(evidence.map(|(path, bytes)| (path.as_str(), bytes.as_slice())))
}

/// Whether a file accompanies a ruleset without deciding.
#[must_use]
pub fn is_evidence(path: &str) -> bool {
    path == "README.md" || is_case_file(path)
}

/// All that was read.
struct Read {
    declared: Declared,
    scorecards: Vec<crate::ruleset::Scorecard>,
    scales: Vec<crate::ruleset::Scale>,
    tables: Vec<crate::ruleset::DecisionTable>,
    reasons: Vec<Reason>,
    script: Script,
}

/// A ruleset as a directory: `ruleset.toml`, `rules.rhai`, `reasons.csv` and what the first names.
fn directory(files: &mut Files<'_>, parser: &dyn ScriptParser, sink: &mut Sink) -> Option<Read> {
    let declared = match files.load("ruleset.toml", sink) {
        Some((file, text)) => Some((file, manifest::read(file, &text, &Lines::new(&text), sink))),
        None => {
            if !files.contains("ruleset.toml") {
                sink.push(absent("ruleset.toml", "it names the facts, the outputs and the other files"));
            }
            None
        }
    };
    let sound = declared.as_ref().is_some_and(|(file, _)| !sink.has_error_in(*file));
    let script = script(files, parser, sink);
    let reasons = match files.load("reasons.csv", sink) {
        Some((file, text)) => reasons::read(file, &text, sink),
        None => (!files.contains("reasons.csv")).then(Vec::new),
    };
    let (_, declared) = declared?;
    let artefacts = artefacts(&declared, files, parser, sink);
    let (scorecards, scales, tables) = artefacts?;
    let read = Read { declared, scorecards, scales, tables, reasons: reasons?, script: script? };
    sound.then_some(read)
}

fn script(files: &mut Files<'_>, parser: &dyn ScriptParser, sink: &mut Sink) -> Option<Script> {
    match files.load("rules.rhai", sink) {
        Some((file, text)) => parser.parse_script(file, &text, sink.list()),
        None => {
            if !files.contains("rules.rhai") {
                sink.push(absent("rules.rhai", "it holds the rules and `fn decide(f, hits)`"));
            }
            None
        }
    }
}

/// A file that every ruleset has and this one has not.
fn absent(path: &str, what: &str) -> Diagnostic {
    Diagnostic {
        code: FILE_MISSING,
        severity: FILE_MISSING.severity(),
        message: format!("the ruleset has no `{path}`"),
        help: Some(what.to_owned()),
        span: None,
        related: Vec::new(),
    }
}

type Artefacts = (Vec<crate::ruleset::Scorecard>, Vec<crate::ruleset::Scale>, Vec<crate::ruleset::DecisionTable>);

/// Reads every artefact that is named; `None` if one of them could not be read at all.
fn artefacts(
    declared: &Declared,
    files: &mut Files<'_>,
    parser: &dyn ScriptParser,
    sink: &mut Sink,
) -> Option<Artefacts> {
    let mut scorecards = Vec::new();
    for settings in &declared.scorecards {
        let found = named(settings.named.file.as_ref(), files, sink);
        scorecards.push(found.and_then(|(file, text)| scorecard::read(settings, file, &text, sink)));
    }
    let mut scales = Vec::new();
    for settings in &declared.scales {
        let found = named(settings.named.file.as_ref(), files, sink);
        scales.push(found.and_then(|(file, text)| scale::read(settings, file, &text, sink)));
    }
    let mut tables = Vec::new();
    for settings in &declared.tables {
        let found = named(settings.named.file.as_ref(), files, sink);
        tables.push(found.and_then(|(file, text)| table::read(settings, file, &text, parser, sink)));
    }
    Some((
        scorecards.into_iter().collect::<Option<_>>()?,
        scales.into_iter().collect::<Option<_>>()?,
        tables.into_iter().collect::<Option<_>>()?,
    ))
}

fn named(file: Option<&ArtefactFile>, files: &mut Files<'_>, sink: &mut Sink) -> Option<(FileId, String)> {
    let file = file?;
    if !files.contains(&file.path) {
        let others: Vec<&str> = files.paths().filter(|path| path.ends_with(".csv")).collect();
        let help = suggestion(&file.path, others.iter().copied());
        sink.error_with(FILE_MISSING, file.span, format!("there is no file `{}`", file.path), help);
        return None;
    }
    files.load(&file.path, sink)
}

/// Warns of files that look as if they decided and do not.
fn warn_of_unused(files: &BTreeMap<String, Vec<u8>>, loaded: &[&str], sink: &mut Sink) {
    const ARTEFACTS: [&str; 6] = [".scorecard.csv", ".scale.csv", ".table.csv", ".matrix.csv", ".signals.csv", ".rhai"];
    for path in files.keys().filter(|path| !loaded.contains(&path.as_str())) {
        if ARTEFACTS.iter().any(|ending| path.ends_with(ending)) {
            sink.push(Diagnostic {
                code: FILE_UNUSED,
                severity: FILE_UNUSED.severity(),
                message: format!("`{path}` is not part of the ruleset"),
                help: Some("name it in `ruleset.toml`, or remove it".to_owned()),
                span: None,
                related: Vec::new(),
            });
        }
    }
}

/// The one file of a ruleset in shorthand.
fn shorthand_path(files: &BTreeMap<String, Vec<u8>>) -> Option<&str> {
    let mut paths = files.keys();
    let path = paths.next().filter(|path| path.ends_with(".rhai"))?;
    paths.next().is_none().then_some(path)
}

/// A ruleset as one `.rhai` file; the places of its manifest are those of the file.
fn shorthand(path: &str, files: &mut Files<'_>, parser: &dyn ScriptParser, sink: &mut Sink) -> Option<Read> {
    let (file, text) = files.load(path, sink)?;
    let head = text.lines().take_while(|line| line.starts_with("//!")).count();
    let (mut toml, mut shifts) = (String::new(), Vec::new());
    for line in text.lines().take(head) {
        let content = line.strip_prefix("//! ").or_else(|| line.strip_prefix("//!")).unwrap_or(line);
        shifts.push(text::count(line.len().saturating_sub(content.len())));
        toml.push_str(content);
        toml.push('\n');
    }
    if head == 0 {
        let help = "begin the file with `//! language = 1` and the other lines of a `ruleset.toml`";
        sink.error_with(
            FILE_MISSING,
            Span::at(file, 1, 1),
            "a ruleset of one file has its manifest in `//! ` lines at its head",
            help,
        );
        return None;
    }
    let declared = manifest::read(file, &toml, &Lines::shifted(&toml, shifts), sink);
    let mut sound = !sink.has_error_in(file);
    for (index, _) in text.lines().enumerate().skip(head).filter(|(_, line)| line.starts_with("//!")) {
        let at = Span::at(file, text::count(index).saturating_add(1), 1);
        sink.error_with(
            BAD_DECLARATION,
            at,
            "a line of the manifest behind its end",
            "move it to the head of the file, or write `//`",
        );
        sound = false;
    }
    let script = parser.parse_script(file, &text, sink.list());
    let (scorecards, scales, tables) = artefacts(&declared, files, parser, sink)?;
    sound.then_some(())?;
    Some(Read { declared, scorecards, scales, tables, reasons: Vec::new(), script: script? })
}

#[cfg(test)]
mod tests;
