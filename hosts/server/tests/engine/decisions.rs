//! Decisions of the full module.

use trutina_server::verb::{CHECK, DECIDE, DECIDE_BATCH, DESCRIBE, EXPLAIN, LOAD, UNLOAD};

use crate::world::{applicants, batch, decide, full, native, pack, text};

const PACK: &str = "retail-credit-rating";

#[test]
fn the_sample_portfolio_is_decided_as_natively() {
    let (mut here, mut there) = (native(), full().session().unwrap());
    let load = pack(PACK);
    let mut same = |verb: i32, request: &str| {
        let (native, sandboxed) = (here.call(verb, request.as_bytes()), there.call(verb, request.as_bytes()).unwrap());
        assert_eq!(text(&sandboxed), text(&native), "{verb} {request}");
        native
    };
    assert!(text(&same(LOAD, &load)).starts_with(r#"{"ok":{"handle":1,"#));
    let rows = applicants();
    assert_eq!(rows.len(), 1_000);
    for (row, trace) in rows.iter().zip(["none", "reasons", "full"].iter().cycle()) {
        assert!(text(&same(DECIDE, &decide(1, row, trace))).contains(r#""error":null"#));
    }
    for trace in ["none", "full"] {
        same(DECIDE_BATCH, &batch(1, &rows, trace));
    }
    for lang in ["en", "zh-CN"] {
        same(EXPLAIN, &format!(r#"{{"handle":1,"as_of":"2026-11-30","facts":{},"lang":"{lang}"}}"#, rows[0]));
    }
    same(DESCRIBE, r#"{"handle":1}"#);
    same(CHECK, &load);
    let bad =
        ["", "{", "{}", r#"{"handle":2,"as_of":"2026-11-30","facts":{}}"#, r#"{"handle":1,"as_of":"x","facts":{}}"#];
    for (verb, request) in (0..9).flat_map(|verb| bad.map(|request| (verb, request))) {
        same(verb, request);
    }
    same(
        LOAD,
        r#"{"files":{"ruleset.toml":"language = 1\nid = \"x\"\n","rules.rhai":"fn decide(f, hits) { f.a + }"}}"#,
    );
    same(UNLOAD, r#"{"handle":1}"#);
    same(DECIDE, &decide(1, &rows[0], "none"));
}

#[test]
fn a_kept_instance_does_not_grow() {
    let mut session = full().session().unwrap();
    session.call(LOAD, pack(PACK).as_bytes()).unwrap();
    let requests: Vec<String> = applicants().iter().map(|row| decide(1, row, "full")).collect();
    let mut run = |count: usize| {
        for request in requests.iter().cycle().take(count) {
            session.call(DECIDE, request.as_bytes()).unwrap();
        }
        session.memory_bytes()
    };
    let warm = run(2_000);
    assert_eq!(run(20_000), warm);
}

#[test]
fn a_batch_of_twenty_thousand_fits_into_the_memory() {
    let mut session = full().session().unwrap();
    session.call(LOAD, pack(PACK).as_bytes()).unwrap();
    let rows: Vec<String> = applicants().iter().cycle().take(20_000).cloned().collect();
    let answer = session.call(DECIDE_BATCH, batch(1, &rows, "none").as_bytes()).unwrap();
    assert_eq!(text(&answer).lines().count(), 20_000);
    println!("{} MiB of memory for {} MiB of records", session.memory_bytes() >> 20, answer.len() >> 20);
}
