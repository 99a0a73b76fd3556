//! A ruleset baked into a module: one file that decides.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use trutina_bake::{BakeError, bake};
use trutina_engine::engine::Engine;
use trutina_engine::wire::bundle;
use trutina_server::Guest;
use trutina_server::verb::{DECIDE, DESCRIBE, LOAD};

use crate::world::{FULL, RUNTIME, applicants, decide, guest, module, native, pack, text};

const PACK: &str = "retail-credit-rating";

/// The pack, baked from its sources into the full module.
fn baked() -> &'static Vec<u8> {
    static BAKED: OnceLock<Vec<u8>> = OnceLock::new();
    BAKED.get_or_init(|| bake(&module(FULL), pack(PACK).as_bytes()).unwrap())
}

fn baked_guest() -> &'static Guest {
    static GUEST: OnceLock<Guest> = OnceLock::new();
    GUEST.get_or_init(|| guest(baked()))
}

/// The pack as a bundle, behind the line that trusts it.
fn trusted_bundle() -> Vec<u8> {
    let payload: serde_json::Value = serde_json::from_str(&pack(PACK)).unwrap();
    let files = payload["files"].as_object().unwrap().iter();
    let files: BTreeMap<String, Vec<u8>> =
        files.map(|(path, text)| (path.clone(), text.as_str().unwrap().as_bytes().to_vec())).collect();
    let mut loaded = Engine::default().load(&files, &trutina_script::Parser);
    let program = loaded.program.take().unwrap();
    let bundle = bundle::pack(&program, &loaded.sources, &files).unwrap();
    let digest = bundle::Bundle::read(&bundle).unwrap().digest();
    [format!("{{\"trust\":{{\"digests\":[\"{digest}\"]}}}}\n").as_bytes(), &bundle].concat()
}

/// Every applicant, each in an instance of its own.
fn decides_as_the_engine_does(guest: &Guest) {
    let mut door = native();
    door.call(LOAD, pack(PACK).as_bytes());
    let rows = applicants();
    for (row, trace) in rows.iter().zip(["none", "none", "full"].iter().cycle()) {
        let request = decide(1, row, trace);
        let sandboxed = guest.decide(request.as_bytes()).unwrap();
        assert_eq!(text(&sandboxed), text(&door.call(DECIDE, request.as_bytes())));
    }
    let describe = br#"{"handle":1}"#;
    assert_eq!(guest.call(DESCRIBE, describe).unwrap(), door.call(DESCRIBE, describe));
}

#[test]
fn baked_from_sources_it_decides_as_the_engine_does() {
    decides_as_the_engine_does(baked_guest());
}

#[test]
fn baked_from_a_bundle_it_decides_as_the_engine_does() {
    let (plain, payload) = (module(RUNTIME), trusted_bundle());
    let baked = bake(&plain, &payload).unwrap();
    println!("{} KiB more than {} KiB", (baked.len() - plain.len()) >> 10, plain.len() >> 10);
    assert!(bake(&plain, &payload).unwrap() == baked, "other bytes");
    decides_as_the_engine_does(&guest(&baked));
    let bundle = &payload[payload.iter().position(|byte| *byte == b'\n').unwrap() + 1..];
    let untrusted = bake(&plain, bundle);
    assert!(
        matches!(&untrusted, Err(BakeError::Ruleset(answer)) if text(answer).contains("T6007")),
        "nobody vouches: {untrusted:?}"
    );
}

#[test]
fn further_rulesets_get_further_handles() {
    let mut session = baked_guest().session().unwrap();
    let answer = session.call(LOAD, pack("retail-prescreening").as_bytes()).unwrap();
    assert!(text(&answer).starts_with(r#"{"ok":{"handle":2,"#), "{}", text(&answer));
}

#[test]
fn the_same_bytes_each_time() {
    assert!(bake(&module(FULL), pack(PACK).as_bytes()).unwrap() == *baked());
}

#[test]
fn nothing_of_the_sources_stays_inside() {
    let plain = module(FULL);
    println!("{} KiB more than {} KiB", (baked().len() - plain.len()) >> 10, plain.len() >> 10);
    assert!(baked().len() < plain.len() + (512 << 10));
    let holds = |text: &str| baked().windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("零售客户信用评级") || holds("retail-credit-rating"), "the program is inside");
    // From a comment, from the manifest's syntax, from the request itself.
    for text in ["The thirteen characteristics of the application card", "[facts.credit_history]", "{\"files\":{"] {
        assert!(pack(PACK).contains(&text.replace('"', "\\\"")) || pack(PACK).contains(text), "{text} was there");
        assert!(!holds(text), "{text}");
    }
}

#[test]
fn what_does_not_load_is_not_baked() {
    let full = module(FULL);
    match bake(&full, br#"{"files":{}}"#) {
        Err(BakeError::Ruleset(answer)) => assert!(text(&answer).starts_with(r#"{"error":{"code":"T1001""#)),
        other => panic!("{other:?}"),
    }
    assert_eq!(bake(baked(), pack(PACK).as_bytes()), Err(BakeError::Baked));
    let others = [
        "(module)",
        r#"(module (import "env" "f" (func)) (memory (export "memory") 1))"#,
        r#"(module (memory (export "memory") 1) (func (export "trutina_alloc")))"#,
    ];
    for other in others {
        let refused = bake(&wat::parse_str(other).unwrap(), b"{}");
        assert!(matches!(refused, Err(BakeError::Module(_))), "{other}: {refused:?}");
    }
    assert!(matches!(bake(b"no module", b"{}"), Err(BakeError::Module(_))));
}
