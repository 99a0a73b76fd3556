//! Diagnostics for people (annotated source on stderr) and for programs (one JSON array on stdout).

use std::io::Write as _;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use trutina_engine::diagnostic::{Diagnostic, Severity, Sources, Span};
use trutina_engine::wire::diagnostics::write_diagnostics;

use crate::args::Format;
use crate::failure::Failure;
use crate::table::printable;

/// Most lines of source under one mark.
const LINES_MAX: usize = 6;

/// Shows diagnostics as asked; nothing is shown for people if there are none.
pub fn diagnostics(found: &[Diagnostic], sources: &Sources, format: Format) -> Result<(), Failure> {
    match format {
        Format::Json => {
            let mut out = Vec::new();
            write_diagnostics(&mut out, found, sources);
            out.push(b'\n');
            std::io::stdout().lock().write_all(&out)?;
        }
        Format::Human => {
            let mut stderr = anstream::AutoStream::auto(std::io::stderr()).lock();
            for diagnostic in found {
                let text = human(diagnostic, sources);
                let _ = write!(stderr, "{text}\n\n"); // nobody is left to tell if stderr is gone
            }
        }
    }
    Ok(())
}

/// `2 errors, 1 warning`
pub fn tally(found: &[Diagnostic]) -> String {
    let count = |severity: Severity| found.iter().filter(|one| one.severity == severity).count();
    let rows =
        [(count(Severity::Error), "error"), (count(Severity::Warning), "warning"), (count(Severity::Hint), "hint")];
    let parts: Vec<String> = rows
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| format!("{count} {name}{}", if *count == 1 { "" } else { "s" }))
        .collect();
    if parts.is_empty() { "no findings".to_owned() } else { parts.join(", ") }
}

/// An operational failure, on stderr.
pub fn failure(message: &str, help: Option<&str>) {
    let message = printable(message);
    let mut group = Group::with_title(Level::ERROR.primary_title(message));
    if let Some(help) = help {
        group = group.element(Level::HELP.message(printable(help)));
    }
    note(&Renderer::styled().render(&[group]));
}

/// A line for people, on stderr.
pub fn note(text: &str) {
    let mut stderr = anstream::AutoStream::auto(std::io::stderr()).lock();
    let _ = writeln!(stderr, "{text}"); // nobody is left to tell if stderr is gone
}

fn human(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::HELP.with_name("hint"),
    };
    let title = level.primary_title(printable(&diagnostic.message)).id(format!(
        "{} {}",
        diagnostic.code,
        diagnostic.code.name()
    ));
    let mut group = Group::with_title(title);
    if let Some(span) = diagnostic.span {
        group = add_place(group, sources, span, None);
    }
    for related in &diagnostic.related {
        group = add_place(group, sources, related.span, Some(&related.message));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(printable(help)));
    }
    Renderer::styled().render(&[group])
}

fn add_place<'s>(group: Group<'s>, sources: &'s Sources, span: Span, label: Option<&str>) -> Group<'s> {
    let Some(file) = sources.get(span.file) else { return group };
    let Some((lines, range)) = window(&file.text, span) else {
        return group.element(annotate_snippets::Origin::path(file.path.as_str()));
    };
    let kind = if label.is_some() { AnnotationKind::Context } else { AnnotationKind::Primary };
    let mut mark = kind.span(range);
    if let Some(label) = label {
        mark = mark.label(printable(label));
    }
    let start = usize::try_from(span.line).unwrap_or(1);
    group.element(Snippet::source(lines).line_start(start).path(file.path.as_str()).annotation(mark))
}

/// The lines that a span touches, and the span as bytes within them. `None` if the text has no such line.
fn window(text: &str, span: Span) -> Option<(&str, Range<usize>)> {
    let first = usize::try_from(span.line).ok()?.checked_sub(1)?;
    let asked = usize::try_from(span.end_line.saturating_sub(span.line)).ok()?.saturating_add(1);
    let start = line_start(text, first)?;
    let tail = text.get(start..)?;
    let end = line_start(tail, asked.min(LINES_MAX)).unwrap_or(tail.len());
    let lines = tail.get(..end)?;
    let lines = lines.strip_suffix('\n').unwrap_or(lines);
    let from = byte_of(lines, 0, span.column);
    let to = if asked > LINES_MAX { lines.len() } else { byte_of(lines, asked.saturating_sub(1), span.end_column) };
    let to = match to > from {
        true => to,
        false => from.saturating_add(lines.get(from..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)),
    };
    Some((lines, from..to))
}

/// The byte at which a line begins, counted from 0.
fn line_start(text: &str, line: usize) -> Option<usize> {
    match line.checked_sub(1) {
        None => Some(0),
        Some(before) => text.match_indices('\n').nth(before).map(|(at, _)| at.saturating_add(1)),
    }
}

/// The byte of a column (from 1, in scalars) of a line (from 0); the line's end if it is shorter.
fn byte_of(text: &str, line: usize, column: u32) -> usize {
    let start = line_start(text, line).unwrap_or(text.len());
    let rest = text.get(start..).unwrap_or("");
    let length = rest.find('\n').unwrap_or(rest.len());
    let skip = usize::try_from(column).unwrap_or(1).saturating_sub(1);
    let within = rest.char_indices().nth(skip).map_or(length, |(at, _)| at.min(length));
    start.saturating_add(within)
}

#[cfg(test)]
mod tests {
    use trutina_engine::diagnostic::{FileId, Span, codes};

    use super::*;

    #[test]
    fn a_diagnostic_shows_its_source() {
        let mut sources = Sources::default();
        let file = sources.add("rules.rhai", "// 年龄\nrule(\"K01\", \"decline\", |f| f.agee < 18);\n");
        let diagnostic = Diagnostic::new(codes::UNKNOWN_FACT, Span::within_line(file, 2, 30, 4), "unknown fact `agee`")
            .with_help("did you mean `age`?")
            .with_related(Span::at(file, 1, 4), "here");
        let text = anstream::adapter::strip_str(&human(&diagnostic, &sources)).to_string();
        assert!(text.starts_with("error[T2001 unknown-fact]: unknown fact `agee`"), "{text}");
        assert!(text.contains("rules.rhai:2:30"), "{text}");
        assert!(text.contains("^^^^"), "{text}");
        assert!(text.contains("help: did you mean `age`?"), "{text}");
    }

    #[test]
    fn any_span_is_shown_without_panic() {
        let mut sources = Sources::default();
        let file = sources.add("a", "é\n\nxyz");
        for line in 0..5 {
            for column in 0..6 {
                for end_line in 0..9 {
                    let span = Span { file, line, column, end_line, end_column: 2 };
                    let diagnostic = Diagnostic::new(codes::UNKNOWN_FACT, span, "x");
                    assert!(human(&diagnostic, &sources).contains('x'));
                }
            }
        }
        let nowhere = Diagnostic::new(codes::UNKNOWN_FACT, Span::at(FileId(9), 1, 1), "x");
        assert!(human(&nowhere, &sources).contains('x'));
    }
}
