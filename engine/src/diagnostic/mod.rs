//! What is wrong, where, and how to mend it: the one shape of every problem Trutina reports.
//!
//! No logic lives here. Codes are registered in [`codes`] and nowhere else.

pub mod codes;

pub use codes::{Code, CodeInfo, Severity};
use std::borrow::Cow;

/// Index of a file in [`Sources`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u16);

/// A stretch of a source file. Lines and columns count from 1, columns in Unicode scalars; the end is exclusive.
///
/// A span whose end equals its start marks a single position (Rhai's tree knows only starts).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First line.
    pub line: u32,
    /// First column.
    pub column: u32,
    /// Line of the end.
    pub end_line: u32,
    /// Column just behind the last character.
    pub end_column: u32,
}

impl Span {
    /// A single position.
    #[must_use]
    pub const fn at(file: FileId, line: u32, column: u32) -> Self {
        Self { file, line, column, end_line: line, end_column: column }
    }

    /// A stretch within one line, `length` characters long.
    #[must_use]
    pub const fn within_line(file: FileId, line: u32, column: u32, length: u32) -> Self {
        Self { file, line, column, end_line: line, end_column: column.saturating_add(length) }
    }
}

/// A second place that helps to understand a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub span: Span,
    /// What is there.
    pub message: String,
}

/// One problem found while a ruleset is read or judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Registered code; it carries the name and the default severity.
    pub code: Code,
    /// Error, warning or hint.
    pub severity: Severity,
    /// What is wrong and why: lower case, no full stop, the author's text between backticks.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
    /// Where, if a place is known.
    pub span: Option<Span>,
    /// Further places.
    pub related: Vec<Related>,
}

/// In order of file, line, column and code; what stands at one place under one code keeps its order.
pub fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by_key(|found| (found.span, found.code));
}

impl Diagnostic {
    /// A diagnostic with the code's registered severity.
    #[must_use]
    pub fn new<'m>(code: Code, span: Span, message: impl Into<Cow<'m, str>>) -> Self {
        Self::at(code, span, message.into())
    }

    // Once, not at each of some 300 places: they are an eighth of the WebAssembly module.
    #[inline(never)]
    fn at(code: Code, span: Span, message: Cow<'_, str>) -> Self {
        let message = message.into_owned();
        Self { code, severity: code.severity(), message, help: None, span: Some(span), related: Vec::new() }
    }

    #[inline(never)]
    fn helped(mut self, help: Cow<'_, str>) -> Self {
        self.help = Some(help.into_owned());
        self
    }

    /// Adds how to mend it.
    #[must_use]
    pub fn with_help<'h>(self, help: impl Into<Cow<'h, str>>) -> Self {
        self.helped(help.into())
    }

    /// Adds a second place.
    #[must_use]
    pub fn with_related(mut self, span: Span, message: impl Into<String>) -> Self {
        self.related.push(Related { span, message: message.into() });
        self
    }

    /// Whether it keeps the ruleset from loading.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// The files a ruleset was read from, so that spans can be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    files: Vec<SourceFile>,
}

/// One file of [`Sources`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Path relative to the ruleset, with `/`.
    pub path: String,
    /// Text after removal of a BOM and CRLF.
    pub text: String,
}

impl Sources {
    /// Adds a file and returns its id.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = FileId(u16::try_from(self.files.len()).unwrap_or(u16::MAX));
        self.files.push(SourceFile { path: path.into(), text: text.into() });
        id
    }

    /// The file behind an id.
    #[must_use]
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(usize::from(id.0))
    }

    /// The path behind an id; empty if there is none.
    #[must_use]
    pub fn path(&self, id: FileId) -> &str {
        self.get(id).map_or("", |file| file.path.as_str())
    }

    /// All files in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter()
    }
}

/// The closest of `candidates` to `word`, if one is near enough to be what was meant.
///
/// ```
/// use trutina_engine::diagnostic::did_you_mean;
/// assert_eq!(did_you_mean("montly_income", ["monthly_income", "age"]), Some("monthly_income"));
/// assert_eq!(did_you_mean("zebra", ["monthly_income", "age"]), None);
/// ```
#[must_use]
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = word.chars().count().max(3) / 3;
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
