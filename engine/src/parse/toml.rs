//! `ruleset.toml` as sections with places: every access says what was expected, what was left over is unknown.

mod syntax;

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::sink::{Sink, suggestion};
use super::text::Lines;
use crate::diagnostic::codes::{
    BAD_VALUE, TOML_FLOAT, TOML_MISSING_KEY, TOML_SYNTAX, TOML_UNKNOWN_KEY, TOML_WRONG_TYPE,
};
use crate::diagnostic::{Code, FileId, Span};
use crate::value::date::Date;

/// A value with its place.
pub(super) type Node<'t> = Spanned<DeValue<'t>>;

/// A text with its place.
#[derive(Clone, Debug)]
pub(super) struct Located<T> {
    pub(super) value: T,
    pub(super) span: Span,
}

/// One table of the document.
#[derive(Clone, Debug)]
pub(super) struct Section<'t> {
    table: &'t DeTable<'t>,
    /// What to call it: `[facts.age]`.
    name: String,
    /// Where a missing key is reported.
    pub(super) span: Span,
    known: Vec<&'static str>,
}

/// Reads one TOML document and reports into a sink.
pub(super) struct Reader<'a> {
    pub(super) file: FileId,
    lines: &'a Lines<'a>,
    pub(super) sink: &'a mut Sink,
    /// Where the document has syntax errors; what is missing may have stood there.
    damaged: Vec<Span>,
}

/// Parses the document, recovering from errors; the table may lack what was broken. Also gives where it was broken.
pub(super) fn parse<'t>(
    text: &'t str,
    file: FileId,
    lines: &Lines<'_>,
    sink: &mut Sink,
) -> (Spanned<DeTable<'t>>, Vec<Span>) {
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut damaged: Vec<Span> = Vec::new();
    for error in &errors {
        let complaint = syntax::complaint(error.message(), text, error.span().unwrap_or(0..0));
        let span = lines.span(file, complaint.range);
        if damaged.last() != Some(&span) {
            sink.error_with(TOML_SYNTAX, span, complaint.message, complaint.help);
            damaged.push(span);
        }
    }
    (document, damaged)
}

impl<'a> Reader<'a> {
    pub(super) fn new(file: FileId, lines: &'a Lines<'a>, sink: &'a mut Sink, damaged: Vec<Span>) -> Self {
        Self { file, lines, sink, damaged }
    }

    pub(super) fn span(&self, range: Range<usize>) -> Span {
        self.lines.span(self.file, range)
    }

    /// Reports a mistake, unless it follows from a syntax error.
    pub(super) fn error<'t>(
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
        let (start, end) = ((span.line, span.column), (span.end_line, span.end_column));
        let follows =
            |damaged: &Span| start <= (damaged.end_line, damaged.end_column) && (damaged.line, damaged.column) <= end;
        if self.sink.is_full(self.file) || self.damaged.iter().any(follows) {
            return;
        }
        self.sink.error_with(code, span, message, help);
    }

    pub(super) fn section<'t>(&self, table: &'t DeTable<'t>, name: impl Into<String>, span: Span) -> Section<'t> {
        Section { table, name: name.into(), span, known: Vec::new() }
    }

    /// The entries of a section whose keys are the author's: name, its place, value.
    pub(super) fn entries<'t>(&self, section: &Section<'t>) -> Vec<(Located<&'t str>, &'t Node<'t>)> {
        let entry = |(key, node): (&'t Spanned<Cow<'t, str>>, &'t Node<'t>)| {
            (Located { value: key.get_ref().as_ref(), span: self.span(key.span()) }, node)
        };
        section.table.iter().map(entry).collect()
    }

    /// The value under `key`, which is known from now on.
    pub(super) fn node<'t>(&self, section: &mut Section<'t>, key: &'static str) -> Option<&'t Node<'t>> {
        section.known.push(key);
        section.table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, node)| node)
    }

    /// Where `key` itself stands.
    pub(super) fn key_span(&self, section: &Section<'_>, key: &str) -> Span {
        let found = section.table.iter().find(|(name, _)| name.get_ref() == key);
        found.map_or(section.span, |(name, _)| self.span(name.span()))
    }

    /// Reports that `key` is not there.
    pub(super) fn missing(&mut self, section: &Section<'_>, key: &str, help: &str) {
        if self.damaged.is_empty() {
            let message = format!("`{}` has no `{key}`", section.name);
            self.error(TOML_MISSING_KEY, section.span, message, help);
        }
    }

    /// Reports a value of the wrong type; a float says what floats are.
    pub(super) fn wrong_type(&mut self, node: &Node<'_>, what: &str, expected: &str) {
        let span = self.span(node.span());
        if let DeValue::Float(float) = node.get_ref() {
            let message = format!("{what} is a binary float, which cannot hold every decimal exactly");
            self.error(
                TOML_FLOAT,
                span,
                message,
                format!("write it as text: `\"{}\"` (integers need no quotes)", float.as_str()),
            );
            return;
        }
        let found = match node.get_ref() {
            DeValue::String(_) => "text",
            DeValue::Integer(_) => "an integer",
            DeValue::Float(_) => "a float",
            DeValue::Boolean(_) => "a truth value",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a section",
        };
        self.error(TOML_WRONG_TYPE, span, format!("{what} is {found}, not {expected}"), format!("write {expected}"));
    }

    pub(super) fn text<'t>(&mut self, section: &mut Section<'t>, key: &'static str) -> Option<Located<&'t str>> {
        let node = self.node(section, key)?;
        let text = self.as_text(node);
        if text.is_none() {
            self.wrong_type(node, &format!("`{key}`"), "text in quotes");
        }
        text
    }

    pub(super) fn required_text<'t>(
        &mut self,
        section: &mut Section<'t>,
        key: &'static str,
        help: &str,
    ) -> Option<Located<&'t str>> {
        let known = self.node(section, key).is_some();
        if !known {
            self.missing(section, key, help);
            return None;
        }
        let text = self.text(section, key)?;
        if text.value.trim().is_empty() {
            self.error(BAD_VALUE, text.span, format!("`{key}` is empty"), help);
            return None;
        }
        Some(text)
    }

    pub(super) fn as_text<'t>(&self, node: &'t Node<'t>) -> Option<Located<&'t str>> {
        let value = node.get_ref().as_str()?;
        Some(Located { value, span: self.span(node.span()) })
    }

    pub(super) fn integer(&mut self, section: &mut Section<'_>, key: &'static str) -> Option<Located<i64>> {
        let node = self.node(section, key)?;
        let span = self.span(node.span());
        if !node.get_ref().is_integer() {
            self.wrong_type(node, &format!("`{key}`"), "an integer");
            return None;
        }
        let value = as_integer(node);
        if value.is_none() {
            self.error(BAD_VALUE, span, format!("`{key}` is beyond 64 bits"), "use a smaller number");
        }
        value.map(|value| Located { value, span })
    }

    pub(super) fn boolean(&mut self, section: &mut Section<'_>, key: &'static str) -> Option<bool> {
        let node = self.node(section, key)?;
        let value = node.get_ref().as_bool();
        if value.is_none() {
            self.wrong_type(node, &format!("`{key}`"), "`true` or `false`");
        }
        value
    }

    /// A civil date, written as TOML's local date or as text.
    pub(super) fn as_date(&mut self, node: &Node<'_>, what: &str) -> Option<Date> {
        let span = self.span(node.span());
        let help = "write a civil date: `2026-01-31`";
        match node.get_ref() {
            DeValue::Datetime(found) => {
                let plain = found.time.is_none() && found.offset.is_none();
                let date = found
                    .date
                    .filter(|_| plain)
                    .and_then(|date| Date::new(i32::from(date.year), u32::from(date.month), u32::from(date.day)));
                if date.is_none() {
                    self.error(BAD_VALUE, span, format!("{what} is not a civil date"), help);
                }
                date
            }
            DeValue::String(text) => match super::figures::date(text) {
                Ok(date) => Some(date),
                Err(complaint) => {
                    self.error(complaint.code, span, complaint.message, complaint.help);
                    None
                }
            },
            _ => {
                self.wrong_type(node, what, "a date");
                None
            }
        }
    }

    /// A list of texts.
    pub(super) fn texts<'t>(&mut self, section: &mut Section<'t>, key: &'static str) -> Option<Vec<Located<&'t str>>> {
        let node = self.node(section, key)?;
        let Some(array) = node.get_ref().as_array() else {
            self.wrong_type(node, &format!("`{key}`"), "a list of texts");
            return None;
        };
        let mut texts = Vec::new();
        for element in array.iter() {
            match self.as_text(element) {
                Some(text) => texts.push(text),
                None => self.wrong_type(element, &format!("an entry of `{key}`"), "text in quotes"),
            }
        }
        Some(texts)
    }

    /// A section within a section.
    pub(super) fn inner<'t>(&mut self, section: &mut Section<'t>, key: &'static str) -> Option<Section<'t>> {
        let node = self.node(section, key)?;
        let span = self.key_span(section, key);
        self.as_section(node, key, span)
    }

    pub(super) fn as_section<'t>(&mut self, node: &'t Node<'t>, name: &str, span: Span) -> Option<Section<'t>> {
        let Some(table) = node.get_ref().as_table() else {
            self.wrong_type(node, &format!("`{name}`"), "a section or `{ ... }`");
            return None;
        };
        Some(self.section(table, name, span))
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(
        &mut self,
        section: &mut Section<'_>,
        key: &'static str,
        words: &[(&str, T)],
    ) -> Option<T> {
        let text = self.text(section, key)?;
        let found = words.iter().find(|(word, _)| *word == text.value).map(|(_, choice)| *choice);
        if found.is_none() {
            let help = suggestion(text.value, words.iter().map(|(word, _)| *word));
            self.error(BAD_VALUE, text.span, format!("`{key}` cannot be `{}`", text.value), help);
        }
        found
    }

    /// Refuses keys that nothing asked for.
    pub(super) fn close(&mut self, section: Section<'_>) {
        for (key, _) in self.entries(&section) {
            if !section.known.contains(&key.value) {
                let help = suggestion(key.value, section.known.iter().copied());
                self.error(
                    TOML_UNKNOWN_KEY,
                    key.span,
                    format!("unknown key `{}` in `{}`", key.value, section.name),
                    help,
                );
            }
        }
    }

    /// Refuses a key that other types have.
    pub(super) fn refuse(&mut self, section: &mut Section<'_>, key: &'static str, message: &str, help: &str) {
        if self.node(section, key).is_some() {
            let span = self.key_span(section, key);
            self.error(TOML_UNKNOWN_KEY, span, format!("`{key}` {message}"), help);
        }
    }
}

/// An integer that fits 64 bits.
pub(super) fn as_integer(node: &Node<'_>) -> Option<i64> {
    let integer = node.get_ref().as_integer()?;
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}
