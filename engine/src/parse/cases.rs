//! `cases/*.json`: facts and what a ruleset must answer.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::figures;
use super::files::Files;
use super::json::{self, Entry, Kind, Node};
use super::sink::{Sink, suggestion};
use super::text::Lines;
use crate::diagnostic::codes::{DUPLICATE_ID, JSON_SHAPE};
use crate::diagnostic::{Diagnostic, FileId, Sources};
use crate::ruleset::Case;

/// Reads every `cases/*.json`, in the order of the paths; the files are added to `sources`. Errors: T1002, T1206, T1208,
/// T1209, T1501, T1502, T5001, T5004. Facts and expectations stay JSON text: whoever runs the cases knows the ruleset.
#[must_use]
pub fn parse_cases(files: &BTreeMap<String, Vec<u8>>, sources: &mut Sources) -> (Vec<Case>, Vec<Diagnostic>) {
    let mut sink = Sink::default();
    let mut cases: Vec<Case> = Vec::new();
    for path in files.keys().filter(|path| is_case_file(path)) {
        let mut found = Files::new(files, sources);
        let Some((file, text)) = found.load(path, &mut sink) else { continue };
        let mut reader = Reader { file, text: &text, lines: Lines::new(&text), sink: &mut sink };
        reader.document(&mut cases);
    }
    (cases, sink.into_sorted())
}

/// Whether a path is one of `cases/*.json`.
#[must_use]
pub fn is_case_file(path: &str) -> bool {
    path.strip_prefix("cases/").is_some_and(|name| name.ends_with(".json") && !name.contains('/'))
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    lines: Lines<'a>,
    sink: &'a mut Sink,
}

impl Reader<'_> {
    fn error<'t>(
        &mut self,
        code: crate::diagnostic::Code,
        range: std::ops::Range<usize>,
        message: String,
        help: impl Into<Cow<'t, str>>,
    ) {
        let span = self.lines.span(self.file, range);
        self.sink.error_with(code, span, message, help);
    }

    fn document(&mut self, cases: &mut Vec<Case>) {
        let root = match json::read(self.text) {
            Ok(root) => root,
            Err(fault) => {
                self.error(
                    fault.code,
                    fault.range,
                    fault.message,
                    "the file is one JSON document: `{\"cases\": [...]}`",
                );
                return;
            }
        };
        let Some(entries) = self.object(&root, "the file", &["cases"]) else { return };
        let Some(list) = self.required(entries, "cases", &root) else { return };
        let Kind::Array(elements) = &list.kind else {
            self.shape(list, "`cases`", "a list");
            return;
        };
        for element in elements {
            let Some((case, name)) = self.case(element) else { continue };
            if cases.iter().any(|known| known.name == case.name) {
                let message = format!("a second case `{}`", case.name);
                self.error(DUPLICATE_ID, name, message, "failures are reported by name: give each case its own");
            } else {
                cases.push(case);
            }
        }
    }

    fn case(&mut self, node: &Node) -> Option<(Case, std::ops::Range<usize>)> {
        let entries = self.object(node, "a case", &["name", "as_of", "facts", "expect"])?;
        let name = self.required(entries, "name", node).and_then(|name| self.text(name, "`name`"));
        let as_of = self.required(entries, "as_of", node).and_then(|node| {
            let (text, range) = self.text(node, "`as_of`")?;
            match figures::date(&text) {
                Ok(date) => Some(date),
                Err(complaint) => {
                    self.error(complaint.code, range, complaint.message, complaint.help);
                    None
                }
            }
        });
        let facts = self.required(entries, "facts", node).and_then(|facts| {
            let object = matches!(facts.kind, Kind::Object(_));
            if !object {
                self.shape(facts, "`facts`", "an object");
            }
            object.then(|| self.source(facts))
        });
        let expect = self.required(entries, "expect", node).and_then(|expect| self.expect(expect));
        let (name, range) = name?;
        Some((Case { name, as_of: as_of?, facts: facts?, expect: expect? }, range))
    }

    fn expect(&mut self, node: &Node) -> Option<Vec<(String, String)>> {
        let entries = self.object(node, "`expect`", &["outputs", "hits", "reasons", "error"])?;
        if entries.is_empty() {
            let help = "say what must come out: `{\"outputs\": {...}}`; what is not listed is not compared";
            self.error(JSON_SHAPE, node.range.clone(), "a case that expects nothing".to_owned(), help);
        }
        Some(entries.iter().map(|entry| (entry.key.clone(), self.source(&entry.value))).collect())
    }

    fn source(&self, node: &Node) -> String {
        self.text.get(node.range.clone()).unwrap_or_default().to_owned()
    }

    fn shape(&mut self, node: &Node, what: &str, expected: &str) {
        let message = format!("{what} is {}, not {expected}", node.kind.name());
        self.error(JSON_SHAPE, node.range.clone(), message, format!("write {expected}"));
    }

    fn text(&mut self, node: &Node, what: &str) -> Option<(String, std::ops::Range<usize>)> {
        let Kind::Text(text) = &node.kind else {
            self.shape(node, what, "a text");
            return None;
        };
        Some((text.clone(), node.range.clone()))
    }

    /// The entries of an object; unknown keys are reported.
    fn object<'n>(&mut self, node: &'n Node, what: &str, known: &[&str]) -> Option<&'n [Entry]> {
        let Kind::Object(entries) = &node.kind else {
            self.shape(node, what, "an object");
            return None;
        };
        for entry in entries.iter().filter(|entry| !known.contains(&entry.key.as_str())) {
            let help = suggestion(&entry.key, known.iter().copied());
            self.error(JSON_SHAPE, entry.range.clone(), format!("unknown key `{}` in {what}", entry.key), help);
        }
        Some(entries)
    }

    fn required<'n>(&mut self, entries: &'n [Entry], key: &str, within: &Node) -> Option<&'n Node> {
        let found = entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value);
        if found.is_none() {
            let range = within.range.start..within.range.start.saturating_add(1);
            self.error(JSON_SHAPE, range, format!("`{key}` is missing"), format!("add `\"{key}\"`"));
        }
        found
    }
}
