//! Decisions as data: every case of `corpus/evaluate` through the wire, byte for byte. `UPDATE_GOLDEN=1` rewrites them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first thing it does not understand"
)]

use std::sync::Arc;

use trutina_engine::decision::TraceLevel;
use trutina_engine::engine::Decider;
use trutina_engine::program::Program;
use trutina_engine::value::date::Date;
use trutina_engine::wire::canonical::write_decision;
use trutina_tests::harness::{answer_of, as_written, corpus, date, load, members};
use trutina_tests::reference;
use trutina_tests::reference::host::{agrees, interpret};
use trutina_tests::reference::json::Json;

/// The canonical record without `engine` and, unless asked for, with the trace as it is: `null`.
fn record(program: &Program, facts: &str, as_of: Date) -> String {
    let decision = Decider::new(program).decide_json(facts.as_bytes(), as_of, TraceLevel::None);
    let mut bytes = Vec::new();
    write_decision(&decision, &mut bytes);
    let kept = members(std::str::from_utf8(&bytes).unwrap()).into_iter().filter(|(key, _)| key != "engine");
    let kept: Vec<String> = kept.map(|(key, value)| format!("\"{key}\":{value}")).collect();
    format!("{{{}}}", kept.join(","))
}

#[test]
fn every_decision_is_the_recorded_one() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut decided = 0;
    for (path, document) in corpus::files_in("evaluate") {
        if path.ends_with("fail_loud.json") {
            continue;
        }
        let files = corpus::ruleset_files(document.get("files").unwrap());
        let program = load(&files).unwrap_or_else(|errors| panic!("{}:\n{errors}", path.display()));
        let ruleset = Arc::new(as_written(&files).unwrap());
        let as_of = date(&corpus::text(&document, "as_of"));
        let Some(Json::Array(cases)) = document.get("cases") else { panic!("`cases` is an array") };
        let mut updated = Vec::new();
        for case in cases {
            let (name, facts) = (corpus::text(case, "name"), corpus::write(case.get("facts").unwrap()));
            let decision = record(&program, &facts, as_of);
            let fast = answer_of(&Decider::new(&program).decide_json(facts.as_bytes(), as_of, TraceLevel::None));
            assert_eq!(
                fast,
                reference::decide(&ruleset, &facts, as_of),
                "{}: {name}: engine and reference",
                path.display()
            );
            let rules = String::from_utf8(files["rules.rhai"].clone()).unwrap();
            let interpreted = interpret(&ruleset, &rules, &facts, as_of);
            let agreed = interpreted.as_ref().is_none_or(|interpreted| {
                agrees(&fast, interpreted, || reference::error_arguments_first(&ruleset, &facts, as_of))
            });
            assert!(agreed, "{}: {name}: engine and interpreter, {interpreted:?}", path.display());
            if !update {
                let expected = case.get("expect").map(corpus::write);
                assert_eq!(Some(&decision), expected.as_ref(), "{}: {name}", path.display());
            }
            let expect = Json::parse(&decision).unwrap();
            let facts = case.get("facts").unwrap().clone();
            updated.push(Json::Object(vec![
                ("name".into(), Json::Text(name)),
                ("facts".into(), facts),
                ("expect".into(), expect),
            ]));
            decided += 1;
        }
        if update {
            let member = |key: &str| (key.to_owned(), document.get(key).unwrap().clone());
            let members =
                vec![member("name"), member("as_of"), member("files"), ("cases".into(), Json::Array(updated))];
            std::fs::write(&path, corpus::pretty(&Json::Object(members))).unwrap();
        }
    }
    assert!(decided >= 18, "{decided} cases only");
}
