//! The registry of diagnostic codes: ascending, unique, in the blocks it names, one page per code.

use std::collections::BTreeSet;

use crate::tree::{self, Finding, Source};

const REGISTRY: &str = "engine/src/diagnostic/codes.rs";
const PAGES: &str = "engine/errors";

/// One line of the registry: `2003 OVERLAPPING_ROWS "overlapping-rows" Warning;`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub line: usize,
    pub number: u32,
    pub name: String,
}

/// The source of the registry.
pub fn registry_text() -> String {
    std::fs::read_to_string(tree::root().join(REGISTRY)).expect("the registry of codes")
}

/// The entries, in the order of the file.
pub fn registered(text: &str) -> Vec<Entry> {
    text.lines().enumerate().filter_map(|(index, line)| entry(index + 1, line)).collect()
}

fn entry(line: usize, text: &str) -> Option<Entry> {
    let mut words = text.split_whitespace();
    let number = words.next().filter(|word| word.len() == 4)?.parse().ok()?;
    let _constant = words.next()?;
    let name = words.next()?.strip_prefix('"')?.strip_suffix('"')?.to_owned();
    words.next()?.strip_suffix(';')?;
    Some(Entry { line, number, name })
}

/// Codes out of order or given twice, names given twice or not in kebab case, and lines that are no entries.
pub fn registry_faults(text: &str) -> Vec<Finding> {
    let file = Source::new(REGISTRY, text);
    let entries = registered(text);
    let mut found = Vec::new();
    if entries.is_empty() {
        found.push(file.finding(1, "no entry"));
    }
    for pair in entries.windows(2) {
        if pair[1].number <= pair[0].number {
            found.push(file.finding(pair[1].line, format!("T{} does not ascend", pair[1].number)));
        }
    }
    let mut names = BTreeSet::new();
    for entry in &entries {
        let kebab = entry.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if !kebab || !names.insert(&entry.name) {
            found.push(
                file.finding(entry.line, format!("the name `{}` is used twice or not in kebab case", entry.name)),
            );
        }
        if !(1000..7000).contains(&entry.number) {
            found.push(file.finding(entry.line, format!("T{} stands in no block", entry.number)));
        }
    }
    found
}

/// The names of the pages in `engine/errors`.
pub fn pages() -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(tree::root().join(PAGES)) else {
        return Vec::new();
    };
    let mut names: Vec<String> =
        folder.map(|entry| entry.expect("a readable entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Codes without a page, and pages without a code.
pub fn page_faults(entries: &[Entry], pages: &[String]) -> Vec<Finding> {
    let wanted: BTreeSet<String> = entries.iter().map(|entry| format!("T{}.md", entry.number)).collect();
    let present: BTreeSet<String> =
        pages.iter().filter(|name| !["README.md", "INDEX.md"].contains(&name.as_str())).cloned().collect();
    let finding =
        |name: &String, what: &str| Finding { path: format!("{PAGES}/{name}"), line: 0, what: what.to_owned() };
    let missing = wanted.difference(&present).map(|name| finding(name, "a code without a page"));
    let orphaned = present.difference(&wanted).map(|name| finding(name, "a page without a code"));
    missing.chain(orphaned).collect()
}

#[test]
fn a_fault_of_the_registry_is_found() {
    let bad = [
        "",
        "    1002 A \"a\" Error;\n    1001 B \"b\" Error;",
        "    1001 A \"a\" Error;\n    1001 B \"b\" Error;",
        "    1001 A \"a\" Error;\n    1002 B \"a\" Error;",
        "    1001 A \"Not kebab\" Error;",
        "    1001 A \"Kebab\" Error;",
        "    7001 A \"a\" Error;",
    ];
    for text in bad {
        assert_eq!(registry_faults(text).len(), 1, "{text}");
    }
    assert!(registry_faults("    1001 A \"a\" Error;\n    2001 B \"b-2\" Warning;").is_empty());
}

#[test]
fn a_missing_or_orphaned_page_is_found() {
    let entries = registered("    1001 A \"a\" Error;\n    2001 B \"b\" Error;");
    let pages = ["INDEX.md", "README.md", "T1001.md", "T9999.md"].map(str::to_owned);
    assert_eq!(page_faults(&entries, &pages).len(), 2);
}
