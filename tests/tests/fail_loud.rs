//! The fail-loud table as data, and records that alternate across a boundary on one compiled handle.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first thing it does not understand"
)]

use trutina_engine::decision::TraceLevel;
use trutina_engine::engine::Decider;
use trutina_tests::harness::{Files, as_written, corpus, date, decide, load};
use trutina_tests::reference;
use trutina_tests::reference::json::Json;

fn table() -> Json {
    let all = corpus::files_in("evaluate");
    all.into_iter().find(|(path, _)| path.ends_with("fail_loud.json")).expect("the table").1
}

fn cases(table: &Json) -> Vec<Json> {
    match table.get("cases") {
        Some(Json::Array(cases)) => cases.clone(),
        other => panic!("`cases` is an array, not {other:?}"),
    }
}

fn changed(table: &Json, case: &Json) -> Files {
    let mut files = corpus::ruleset_files(table.get("files").unwrap());
    if let Some(change) = case.get("change") {
        files.extend(corpus::ruleset_files(change));
    }
    files
}

#[test]
fn every_line_of_the_table_fails_as_it_says() {
    let table = table();
    let as_of = date(&corpus::text(&table, "as_of"));
    let (mut errors, mut loads) = (0, 0);
    for case in cases(&table) {
        let name = corpus::text(&case, "name");
        let files = changed(&table, &case);
        if case.get("load").is_some() {
            let errors = load(&files).expect_err(&name);
            let code = corpus::text(&case, "load");
            assert!(errors.contains(&format!(" {code} ")), "{name}: {code} is expected, not\n{errors}");
            loads += 1;
            continue;
        }
        let program = load(&files).unwrap_or_else(|errors| panic!("{name} does not load:\n{errors}"));
        let facts = corpus::write(case.get("facts").unwrap());
        let answer = decide(&mut Decider::new(&program), &facts, as_of, TraceLevel::None);
        let oracle = reference::decide(&as_written(&files).unwrap(), &facts, as_of);
        assert_eq!(answer, oracle, "{name}: engine and reference");
        match case.get("outputs") {
            Some(outputs) => assert_eq!(answer.outputs, corpus::write(outputs), "{name}"),
            None => {
                let code = answer.error.as_ref().map(|failure| failure.code.to_string());
                assert_eq!(code, Some(corpus::text(&case, "error")), "{name}");
                assert_eq!(answer.outputs, "null", "{name}");
                errors += 1;
            }
        }
    }
    assert!(errors >= 11 && loads >= 3, "{errors} errors of decisions, {loads} of loading");
}

#[test]
fn nothing_survives_from_one_record_to_the_next() {
    let table = table();
    let as_of = date(&corpus::text(&table, "as_of"));
    let program = load(&corpus::ruleset_files(table.get("files").unwrap())).unwrap();
    let usable = cases(&table).into_iter().filter(|case| case.get("change").is_none());
    let records: Vec<String> = usable.map(|case| corpus::write(case.get("facts").unwrap())).collect();
    let below = r#"{"age":30,"income":999.99,"need":1,"segment":"retail","factor":1}"#;
    let above = r#"{"age":30,"income":1000,"need":1,"segment":"retail","factor":1}"#;
    let alone = |facts: &str| decide(&mut Decider::new(&program), facts, as_of, TraceLevel::None);
    assert_ne!(alone(below).outputs, alone(above).outputs);
    let mut handle = Decider::new(&program);
    for record in &records {
        for facts in [below, record, above, record, below, above] {
            for level in [TraceLevel::None, TraceLevel::Full, TraceLevel::Reasons] {
                assert_eq!(decide(&mut handle, facts, as_of, level), alone(facts), "{facts}");
            }
        }
    }
}
