//! The files of the repository.

use std::fmt;
use std::path::{Path, PathBuf};

/// One text file; `path` is relative to the root, with `/` on every system.
pub struct Source {
    pub path: String,
    pub text: String,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// The syntax tree; a file that does not parse fails the test that asked.
    pub fn parse(&self) -> syn::File {
        syn::parse_file(&self.text).unwrap_or_else(|error| panic!("{}: {error}", self.path))
    }

    pub fn finding(&self, line: usize, what: impl Into<String>) -> Finding {
        Finding { path: self.path.clone(), line, what: what.into() }
    }
}

/// A broken rule and its place.
#[derive(Debug)]
pub struct Finding {
    pub path: String,
    pub line: usize,
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests crate stands in the repository").to_path_buf()
}

/// What version control ignores, by name.
const IGNORED: [&str; 5] = [".git", "target", "out", "node_modules", ".idea"];

/// Every text file outside ignored folders, in order of path.
pub fn files() -> Vec<Source> {
    let mut found = Vec::new();
    walk(&root(), "", &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn walk(folder: &Path, prefix: &str, found: &mut Vec<Source>) {
    for entry in std::fs::read_dir(folder).expect("a readable folder") {
        let entry = entry.expect("a readable entry");
        let name = entry.file_name().to_string_lossy().into_owned();
        if IGNORED.contains(&name.as_str()) {
            continue;
        }
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        let kind = entry.file_type().expect("a kind of file");
        if kind.is_dir() {
            walk(&entry.path(), &path, found);
        } else if kind.is_file()
            && let Ok(text) = std::fs::read_to_string(entry.path())
        {
            found.push(Source { path, text });
        }
    }
}

/// Files that hold nothing but tests.
pub fn is_test_file(path: &str) -> bool {
    path.starts_with("tests/tests/")
        || path.ends_with("/tests.rs")
        || path.contains("/src/tests/")
        || path.contains("/tests/")
}

const AT_ROOT: [&str; 17] = [
    ".cargo",
    ".ci",
    ".git",
    ".gitignore",
    ".rustfmt.toml",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "benches",
    "bindings",
    "engine",
    "hosts",
    "rulesets",
    "tests",
    "xtask",
];

/// Entries at the root that belong somewhere else.
pub fn strangers_at_root() -> Vec<Finding> {
    let entries = std::fs::read_dir(root()).expect("a readable root");
    let names = entries.map(|entry| entry.expect("a readable entry").file_name().to_string_lossy().into_owned());
    names
        .filter(|name| is_stranger(name))
        .map(|path| Finding { path, line: 0, what: "does not belong at the top".to_owned() })
        .collect()
}

fn is_stranger(name: &str) -> bool {
    !AT_ROOT.contains(&name) && !IGNORED.contains(&name)
}

#[test]
fn a_stranger_is_seen() {
    assert!(is_stranger("notes.txt"));
    assert!(!is_stranger("engine"));
}

#[test]
fn the_walk_sees_the_repository() {
    let files = files();
    for path in ["Cargo.toml", "engine/src/lib.rs", "tests/tests/tidy/tree.rs"] {
        assert!(files.iter().any(|s| s.path == path), "{path} is not seen");
    }
    assert!(!files.iter().any(|s| s.path.starts_with("target/")));
}
