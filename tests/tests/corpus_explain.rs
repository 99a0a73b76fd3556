//! What would change it, as data: every case of `corpus/explain` through the verb `explain`, byte for byte.
//! `UPDATE_GOLDEN=1` rewrites them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first thing it does not understand"
)]

use trutina_engine::engine::Engine;
use trutina_engine::wire::call::Door;
use trutina_script::Parser;
use trutina_tests::harness::{corpus, members};
use trutina_tests::reference::json::{Json, quote};

const LOAD: i32 = 1;
const EXPLAIN: i32 = 7;

/// The value under a key, as it was written.
fn member(text: &str, key: &str) -> String {
    let found = members(text).into_iter().find(|(name, _)| name == key);
    found.unwrap_or_else(|| panic!("`{key}` stands in {text}")).1
}

fn call(door: &mut Door, verb: i32, request: &str) -> String {
    member(&String::from_utf8(door.call(verb, request.as_bytes())).unwrap(), "ok")
}

/// A door with the ruleset of a document behind the handle 1.
fn door(document: &Json) -> Door {
    let files = corpus::ruleset_files(document.get("files").unwrap());
    let text = |bytes: &[u8]| quote(std::str::from_utf8(bytes).unwrap());
    let files: Vec<String> = files.iter().map(|(path, bytes)| format!("{}:{}", quote(path), text(bytes))).collect();
    let mut door = Door::new(Engine::default(), Box::new(Parser));
    call(&mut door, LOAD, &format!("{{\"files\":{{{}}}}}", files.join(",")));
    door
}

/// The lines of the section that says what would change it.
fn section(answer: &str) -> Vec<Json> {
    let Some(Json::Text(text)) = Json::parse(&member(answer, "text")) else { panic!("`text` is a text") };
    let lines = text.lines().skip_while(|line| !["What would change it", "如何获得更好的结果"].contains(line));
    lines.map(|line| Json::Text(line.to_owned())).collect()
}

#[test]
fn every_change_is_the_recorded_one() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut explained = 0;
    for (path, document) in corpus::files_in("explain") {
        let mut door = door(&document);
        let Some(Json::Array(cases)) = document.get("cases") else { panic!("`cases` is an array") };
        let mut updated = Vec::new();
        for case in cases {
            let facts = corpus::write(case.get("facts").unwrap());
            let lang = case.get("lang").map_or_else(String::new, |lang| format!(",\"lang\":{}", corpus::write(lang)));
            let as_of = corpus::text(&document, "as_of");
            let request = format!("{{\"handle\":1,\"as_of\":\"{as_of}\",\"facts\":{facts}{lang}}}");
            let answer = call(&mut door, EXPLAIN, &request);
            let (changes, words) = (member(&answer, "changes"), Json::Array(section(&answer)));
            if update {
                let Json::Object(mut members) = case.clone() else { panic!("a case is an object") };
                members.retain(|(key, _)| key != "expect" && key != "words");
                members.push(("expect".to_owned(), Json::parse(&changes).unwrap()));
                members.push(("words".to_owned(), words));
                updated.push(Json::Object(members));
            } else {
                let name = corpus::text(case, "name");
                assert_eq!(Some(changes), case.get("expect").map(corpus::write), "{}: {name}", path.display());
                assert_eq!(Some(&words), case.get("words"), "{}: {name}", path.display());
            }
            explained += 1;
        }
        if update {
            let Json::Object(mut members) = document else { panic!("a document is an object") };
            members.retain(|(key, _)| key != "cases");
            members.push(("cases".to_owned(), Json::Array(updated)));
            std::fs::write(&path, corpus::pretty(&Json::Object(members))).unwrap();
        }
    }
    assert!(explained >= 15, "{explained} cases only");
}

#[test]
fn whoever_does_not_ask_gets_no_changes() {
    let (_, document) = corpus::files_in("explain").remove(0);
    let mut door = door(&document);
    let facts = corpus::write(document.get("cases").and_then(|cases| first(cases)).unwrap().get("facts").unwrap());
    let request =
        |changes: &str| format!("{{\"handle\":1,\"as_of\":\"2026-11-30\",\"facts\":{facts},\"changes\":{changes}}}");
    let answer = call(&mut door, EXPLAIN, &request("false"));
    assert_eq!(members(&answer).iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), ["text"]);
    let with = call(&mut door, EXPLAIN, &request("true"));
    assert_eq!(members(&with).iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), ["text", "changes"]);
    let refused = String::from_utf8(door.call(EXPLAIN, request("\"yes\"").as_bytes())).unwrap();
    assert!(refused.contains("T6001") && refused.contains("/changes"), "{refused}");
}

fn first(list: &Json) -> Option<&Json> {
    match list {
        Json::Array(items) => items.first(),
        _ => None,
    }
}
