//! Every diagnostic code has a page, and the examples of the page do what it says.
//!
//! `TRUTINA_BLESS=1 cargo test -p trutina-tests --test error_pages` writes the messages that the engine gives into the
//! pages, for a reader to judge.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests stop at once")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use trutina_engine::decision::TraceLevel;
use trutina_engine::diagnostic::codes::{REGISTRY, Severity};
use trutina_engine::diagnostic::{Diagnostic, Sources};
use trutina_engine::engine::Engine;
use trutina_engine::parse::parse_cases;
use trutina_engine::value::date::Date;
use trutina_engine::wire::call::Door;
use trutina_tests::harness::Files;
use trutina_tests::harness::pages::{overlay, root, section};

/// Codes whose example no page can run, each with the test that reaches it.
const ELSEWHERE: &[(&str, &str)] = &[
    ("T2411", "tests/tests/artefacts.rs::a_table_too_large_to_be_searched_is_said_to_be"),
    ("T5005", "tests/tests/limits.rs::a_thousand_problems_are_enough"),
    ("T5007", "tests/tests/limits.rs::a_decision_keeps_so_many_elements_and_no_more"),
    ("T6003", "tests/tests/limits.rs::a_damaged_program_decides_nothing"),
    ("T6004", "bindings/abi/src/lib.rs::the_runtime_reads_no_sources"),
    ("T6005", "tests/tests/bundles.rs::a_damaged_bundle_is_refused"),
    ("T6006", "tests/tests/bundles.rs::a_bundle_of_another_version_is_to_be_packed_again"),
    ("T6007", "tests/tests/bundles.rs::a_bundle_that_nobody_vouches_for_is_refused"),
    ("T6008", "tests/tests/bundles.rs::a_program_that_its_sources_do_not_give_is_refused"),
    ("T6009", "tests/tests/verifier/main.rs::a_program_that_does_not_hold_together_is_refused"),
    ("T6010", "hosts/server/tests/hostile.rs::an_endless_loop_meets_the_deadline"),
    ("T6011", "hosts/server/tests/hostile.rs::a_memory_bomb_meets_the_limit"),
    ("T6012", "hosts/server/tests/hostile.rs::one_instance_too_many_is_refused"),
    ("T6021", "hosts/node/test/facts.test.mjs::what could lose something is refused"),
    ("T6022", "hosts/node/test/stopped.test.mjs::a stopped engine is replaced"),
    ("T6023", "hosts/node/test/module.test.mjs::what is no module of ours is refused"),
];

/// One thing that an example gave: a code, its severity, what it says.
#[derive(Debug)]
struct Found {
    code: String,
    severity: Severity,
    message: String,
}

/// The message that a page says the wrong example gives.
fn quoted(page: &str) -> Option<&str> {
    section(page, "Wrong")?.lines().find_map(|line| line.strip_prefix("> "))
}

fn of(diagnostics: &[Diagnostic]) -> impl Iterator<Item = Found> {
    diagnostics.iter().map(|problem| Found {
        code: problem.code.to_string(),
        severity: problem.severity,
        message: problem.message.clone(),
    })
}

/// Everything that loading, reading the cases, deciding and calling gives.
fn findings(mut files: Files) -> Vec<Found> {
    let facts = files.remove("facts.json").unwrap();
    let as_of =
        files.remove("as_of.txt").map_or_else(|| "2026-11-30".to_owned(), |day| String::from_utf8(day).unwrap());
    let calls = files.remove("calls.txt");
    let engine = Engine::default();
    let loaded = engine.load(&files, &trutina_script::Parser);
    let mut found: Vec<Found> = of(&loaded.diagnostics).collect();
    found.extend(of(&parse_cases(&files, &mut Sources::default()).1));
    if let Some(program) = loaded.program {
        let as_of = Date::parse_iso(as_of.trim()).unwrap();
        let decision = engine.decide(&program, &facts, as_of, TraceLevel::None);
        found.extend(decision.error.map(|error| Found {
            code: error.code.to_string(),
            severity: Severity::Error,
            message: error.message,
        }));
    }
    if let Some(calls) = calls {
        found.extend(call(engine, files, std::str::from_utf8(&calls).unwrap()));
    }
    found
}

/// What a door answers to lines of `verb request`; it has loaded the files under the handle 1.
fn call(engine: Engine, files: Files, calls: &str) -> Vec<Found> {
    let texts: BTreeMap<String, String> =
        files.into_iter().map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect();
    let mut door = Door::new(engine, Box::new(trutina_script::Parser));
    door.call(1, serde_json::json!({ "files": texts }).to_string().as_bytes());
    let answers = calls.lines().filter_map(|line| {
        let (verb, request) = line.split_once(' ').unwrap();
        let answer = door.call(verb.parse().unwrap(), request.as_bytes());
        let answer: serde_json::Value = serde_json::from_slice(&answer).unwrap();
        let error = answer.get("error").filter(|error| !error.is_null())?;
        let text = |key: &str| error[key].as_str().unwrap().to_owned();
        Some(Found { code: text("code"), severity: Severity::Error, message: text("message") })
    });
    answers.collect()
}

/// What is wrong with the page of a code.
fn faults(code: &str, name: &str, severity: Severity, page: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if page.lines().next() != Some(&format!("# {code} {name}")) {
        faults.push(format!("the title must be `# {code} {name}`"));
    }
    let wrong = findings(overlay(page, "Wrong"));
    match wrong.iter().find(|found| found.code == code) {
        None => faults.push(format!("Wrong gives {wrong:?}")),
        Some(found) => {
            if quoted(page) != Some(&found.message) {
                faults.push(format!("Wrong says `{}`", found.message));
            }
            if found.severity != severity {
                faults.push(format!("Wrong is {}, the registry says {}", found.severity.name(), severity.name()));
            }
        }
    }
    if let Some(other) = wrong.iter().find(|found| found.severity == Severity::Error && found.code != code) {
        faults.push(format!("Wrong gives another error, too: {other:?}"));
    }
    let right = findings(overlay(page, "Right"));
    if !right.is_empty() {
        faults.push(format!("Right gives {right:?}"));
    }
    faults
}

/// Puts the message that the wrong example gives into its page.
fn bless(path: &Path, code: &str, page: &str) {
    let wrong = findings(overlay(page, "Wrong"));
    let (Some(found), Some(old)) = (wrong.iter().find(|found| found.code == code), quoted(page)) else { return };
    let blessed = page.replacen(&format!("\n> {old}\n"), &format!("\n> {}\n", found.message), 1);
    fs::write(path, blessed).unwrap();
}

#[test]
fn every_code_has_a_page_whose_examples_hold() {
    let mut problems = Vec::new();
    for info in REGISTRY {
        let code = info.code.to_string();
        let path = root().join(format!("engine/errors/{code}.md"));
        let Ok(mut page) = fs::read_to_string(&path) else {
            problems.push(format!("{code} {} has no page", info.name));
            continue;
        };
        if ELSEWHERE.iter().any(|(elsewhere, _)| *elsewhere == code) {
            continue;
        }
        if std::env::var_os("TRUTINA_BLESS").is_some() {
            bless(&path, &code, &page);
            page = fs::read_to_string(&path).unwrap();
        }
        problems
            .extend(faults(&code, info.name, info.severity, &page).into_iter().map(|fault| format!("{code}: {fault}")));
    }
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn what_no_page_can_run_is_reached_by_a_test() {
    for (code, test) in ELSEWHERE {
        let (file, name) = test.split_once("::").unwrap();
        let source = fs::read_to_string(root().join(file)).unwrap();
        let written = if file.ends_with(".mjs") { format!("test('{name}'") } else { format!("fn {name}()") };
        assert!(source.contains(&written), "{code}: there is no {test}");
    }
}

#[test]
fn every_page_belongs_to_a_registered_code() {
    for entry in fs::read_dir(root().join("engine/errors")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(code) = name.strip_suffix(".md").filter(|code| code.starts_with('T')) else { continue };
        assert!(REGISTRY.iter().any(|info| info.code.to_string() == code), "{name} is a page of no code");
    }
}

#[test]
fn the_index_lists_every_code_as_it_is_registered() {
    let index = fs::read_to_string(root().join("engine/errors/INDEX.md")).unwrap();
    let rows: Vec<&str> = index.lines().filter(|line| line.starts_with("| [T")).collect();
    assert_eq!(rows.len(), REGISTRY.len());
    for (info, row) in REGISTRY.iter().zip(rows) {
        let (code, name, severity) = (info.code, info.name, info.severity.name());
        let head = format!("| [{code}]({code}.md) | `{name}` | {severity} | ");
        assert!(row.starts_with(&head) && row.ends_with(" |") && row.len() > head.len() + 10, "{code}: {row}");
    }
}

#[test]
fn a_page_that_promises_too_much_is_found() {
    let page = "# T4002 division-by-zero\n\n## Wrong\n\n> division by zero\n\n## Right\n";
    let faults = faults("T4002", "division-by-zero", Severity::Error, page);
    assert!(matches!(faults.as_slice(), [only] if only.starts_with("Wrong gives []")), "{faults:?}");
}
