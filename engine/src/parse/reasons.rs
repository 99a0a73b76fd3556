//! `reasons.csv`: reason codes and their texts.

use super::manifest::is_language;
use super::names::warn_of_oddity;
use super::sheet::{Cell, Sheet, row_span};
use super::sink::Sink;
use crate::diagnostic::codes::{BAD_VALUE, CSV_HEADER, CSV_UNKNOWN_COLUMN, DUPLICATE_ID};
use crate::diagnostic::{Diagnostic, FileId, Span};
use crate::ruleset::Reason;
use crate::schema::LocalText;

/// Reads the file; lines with a mistake are left out. `None` without a sound header.
pub(super) fn read(file: FileId, text: &str, sink: &mut Sink) -> Option<Vec<Reason>> {
    let sheet = Sheet::read(file, text, sink)?;
    let code = sheet.header.iter().position(|cell| cell.text == "code");
    let mut languages: Vec<(usize, &Cell)> = Vec::new();
    for (index, cell) in sheet.header.iter().enumerate().filter(|(index, _)| Some(*index) != code) {
        if is_language(&cell.text) {
            languages.push((index, cell));
        } else {
            let help = "the columns are `code` and languages: `en`, `zh-CN`";
            sink.error_with(CSV_UNKNOWN_COLUMN, cell.span(), format!("unknown column `{}`", cell.text), help);
        }
    }
    if code.is_none() || languages.is_empty() {
        let help = "the first line is `code,en` or `code,en,zh-CN`, a column per language";
        sink.error_with(CSV_HEADER, Span::at(file, 1, 1), "the columns `code` and a language are needed", help);
        return None;
    }
    let mut reasons: Vec<Reason> = Vec::new();
    for row in &sheet.rows {
        let Some(reason) = code.and_then(|code| reason(row, code, &languages, sink)) else { continue };
        if let Some(first) = reasons.iter().find(|known| known.code == reason.code) {
            let found = Diagnostic::new(DUPLICATE_ID, reason.span, format!("a second reason `{}`", reason.code));
            sink.push(found.with_help("each code has one line").with_related(first.span, "first here"));
        } else {
            reasons.push(reason);
        }
    }
    Some(reasons)
}

fn reason(row: &[Cell], code: usize, languages: &[(usize, &Cell)], sink: &mut Sink) -> Option<Reason> {
    let span = row_span(row);
    let code = row.get(code).filter(|cell| !cell.text.trim().is_empty());
    let Some(code) = code else {
        sink.error_with(BAD_VALUE, span, "a reason without a code", "write the code that rules, rows and cards use");
        return None;
    };
    warn_of_oddity(&code.text, code.span(), sink);
    let text = |(index, language): &(usize, &Cell)| {
        let cell = row.get(*index).filter(|cell| !cell.text.trim().is_empty())?;
        Some((language.text.clone(), cell.text.clone()))
    };
    let texts: Vec<(String, String)> = languages.iter().filter_map(text).collect();
    if texts.is_empty() {
        let message = format!("the reason `{}` has no text", code.text);
        sink.error_with(BAD_VALUE, span, message, "write what the customer is told, in one language at least");
        return None;
    }
    Some(Reason { code: code.text.clone(), text: LocalText(texts), span })
}
