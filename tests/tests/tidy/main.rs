//! The style of this repository, executed: lengths, rooms, words, numbers, codes, defaults.
//!
//! Each rule is a function from a source to findings. It is applied to every file of the repository, and to small bad
//! sources that prove that it finds something.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing it does not understand"
)]

mod codes;
mod crates;
mod defaults;
mod floats;
mod lengths;
mod rooms;
mod tree;
mod words;

use tree::{Finding, Source};

/// Fails with every finding, one per line.
fn assert_clean(rule: &str, findings: &[Finding]) {
    let list: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "{rule}: {} finding(s)\n{}", list.len(), list.join("\n"));
}

/// Applies a rule to each Rust file whose path the filter accepts; at least one file must be accepted.
fn over_rust(accept: impl Fn(&str) -> bool, rule: impl Fn(&Source) -> Vec<Finding>) -> Vec<Finding> {
    let sources: Vec<Source> =
        tree::files().into_iter().filter(|s| s.path.ends_with(".rs") && accept(&s.path)).collect();
    assert!(!sources.is_empty(), "the rule looks at no file at all");
    sources.iter().flat_map(rule).collect()
}

#[test]
fn functions_are_short() {
    assert_clean("functions of at most 70 lines", &over_rust(|_| true, lengths::long_functions));
}

#[test]
fn files_are_short() {
    assert_clean(
        "files of at most 500 lines before tests",
        &over_rust(|path| !tree::is_test_file(path), lengths::long_file),
    );
}

#[test]
fn bindings_are_thin() {
    let sources = tree::files();
    let findings: Vec<Finding> = sources
        .iter()
        .filter(|s| s.path.starts_with("bindings/") && s.path.ends_with("src/lib.rs"))
        .flat_map(lengths::thick_binding)
        .collect();
    assert_clean("a binding's lib.rs of at most 200 lines", &findings);
}

#[test]
fn rooms_import_only_what_they_may() {
    let accept = |path: &str| path.starts_with("engine/src/") && !tree::is_test_file(path);
    assert_clean("imports between rooms", &over_rust(accept, rooms::forbidden_imports));
}

#[test]
fn engine_knows_no_floats() {
    let accept = |path: &str| path.starts_with("engine/src/") || path.starts_with("engine/script/src/");
    assert_clean("no binary floats in the engine", &over_rust(accept, floats::floats));
}

#[test]
fn words_are_clean() {
    let findings: Vec<Finding> =
        tree::files().iter().filter(|s| !words::is_foreign(&s.path)).flat_map(words::banned).collect();
    assert_clean("banned words", &findings);
}

#[test]
fn root_is_tidy() {
    assert_clean("only what belongs at the top", &tree::strangers_at_root());
}

#[test]
fn defaults_stand_in_the_engine() {
    let sources = tree::files();
    let outside =
        |s: &&Source| s.path.ends_with(".rs") && (s.path.starts_with("bindings/") || s.path.starts_with("hosts/"));
    let findings: Vec<Finding> = sources.iter().filter(outside).flat_map(defaults::numeric_defaults).collect();
    assert_clean("no numeric default in a binding or host", &findings);
}

#[test]
fn crates_depend_downwards() {
    let findings: Vec<Finding> =
        tree::files().iter().filter(|s| s.path.ends_with("Cargo.toml")).flat_map(crates::upward_dependencies).collect();
    assert_clean("dependencies between crates", &findings);
}

#[test]
fn locked_packages_come_from_one_source() {
    let lock = std::fs::read_to_string(tree::root().join("Cargo.lock")).unwrap();
    assert_clean("sources of locked packages", &crates::foreign_sources(&lock));
}

#[test]
fn every_code_is_registered_once() {
    assert_clean("the registry of codes", &codes::registry_faults(&codes::registry_text()));
}

#[test]
fn every_code_has_its_page() {
    let codes = codes::registered(&codes::registry_text());
    assert!(!codes.is_empty(), "no code found in the registry");
    assert_clean("one page per code", &codes::page_faults(&codes, &codes::pages()));
}

#[test]
fn readme_is_short() {
    let readme = tree::files().into_iter().find(|s| s.path == "README.md").expect("a README.md");
    assert!(readme.text.lines().count() < 200, "README.md has 200 lines or more");
}
