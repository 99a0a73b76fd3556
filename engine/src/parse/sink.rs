//! Where problems are gathered: all of them, but not a hostile million.

use std::borrow::Cow;

use super::limits::PROBLEMS_PER_FILE_MAX;
use crate::diagnostic::codes::PROBLEMS_OMITTED;
use crate::diagnostic::{Code, Diagnostic, FileId, Span};
use crate::value::ordered::Map;

/// The problems found so far.
#[derive(Debug, Default)]
pub(super) struct Sink {
    list: Vec<Diagnostic>,
    per_file: Map<FileId, u32>,
}

impl Sink {
    /// Takes a problem, unless its file has had its fill.
    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        let Some(span) = diagnostic.span else {
            self.list.push(diagnostic);
            return;
        };
        let count = self.per_file.or_default(span.file);
        *count = count.saturating_add(1);
        if *count <= PROBLEMS_PER_FILE_MAX {
            self.list.push(diagnostic);
        } else if *count == PROBLEMS_PER_FILE_MAX.saturating_add(1) {
            let message =
                format!("this file has more than {PROBLEMS_PER_FILE_MAX} problems; the others are not listed");
            self.list.push(Diagnostic::new(PROBLEMS_OMITTED, span, message));
        }
    }

    /// Takes an error and how to mend it.
    pub(super) fn error_with<'t>(
        &mut self,
        code: Code,
        span: Span,
        message: impl Into<Cow<'t, str>>,
        help: impl Into<Cow<'t, str>>,
    ) {
        self.push_error(code, span, message.into(), help.into());
    }

    #[inline(never)]
    fn push_error(&mut self, code: Code, span: Span, message: Cow<'_, str>, help: Cow<'_, str>) {
        self.push(Diagnostic::new(code, span, message).with_help(help));
    }

    /// Whether a file is so full of problems that reading on is of no use.
    pub(super) fn is_full(&self, file: FileId) -> bool {
        self.per_file.get(&file).is_some_and(|count| *count > PROBLEMS_PER_FILE_MAX)
    }

    /// Whether any error concerns `file`.
    pub(super) fn has_error_in(&self, file: FileId) -> bool {
        self.list.iter().any(|found| found.is_error() && found.span.is_some_and(|span| span.file == file))
    }

    /// The bare list, for parsers of other crates.
    pub(super) fn list(&mut self) -> &mut Vec<Diagnostic> {
        &mut self.list
    }

    /// All problems in the order of their places.
    pub(super) fn into_sorted(mut self) -> Vec<Diagnostic> {
        crate::diagnostic::sort(&mut self.list);
        self.list
    }
}

/// ` did you mean ...` as help, if something is near enough.
pub(super) fn suggestion<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match crate::diagnostic::did_you_mean(word, candidates.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            let all: Vec<String> = candidates.into_iter().take(20).map(|name| format!("`{name}`")).collect();
            match all.as_slice() {
                [] => "there are none".to_owned(),
                [one] => format!("only {one} is known here"),
                several => format!("known here: {}", several.join(", ")),
            }
        }
    }
}
