//! Bundles through the door: a door with the parser compiles and compares, one without it demands trust.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first thing it does not understand"
)]

use serde_json::{Value, json};
use trutina_engine::engine::Engine;
use trutina_engine::wire::bundle::{Bundle, pack};
use trutina_engine::wire::call::Door;
use trutina_script::Parser;
use trutina_tests::harness::bundles::{World, packs};

fn world() -> World {
    packs().swap_remove(0)
}

fn call(door: &mut Door, verb: i32, request: &[u8]) -> Value {
    serde_json::from_slice(&door.call(verb, request)).unwrap()
}

fn trusting(bundle: &[u8], trust: &Value) -> Vec<u8> {
    [json!({ "trust": trust }).to_string().as_bytes(), b"\n", bundle].concat()
}

fn code(answer: &Value) -> &str {
    answer["error"]["code"].as_str().unwrap_or("none")
}

#[test]
fn both_doors_decide_alike() {
    let world = world();
    let bundle = world.pack().unwrap();
    let trusted = trusting(&bundle, &json!({ "digests": [Bundle::read(&bundle).unwrap().digest()] }));
    let (mut full, mut runtime) = (Door::new(Engine::default(), Box::new(Parser)), Door::runtime(Engine::default()));
    let loaded = call(&mut full, 1, &bundle);
    assert_eq!(loaded["ok"]["id"], "retail-credit-rating", "{loaded}");
    assert_eq!(call(&mut runtime, 1, &trusted), loaded);
    assert_eq!(call(&mut full, 1, &trusted)["ok"]["handle"], 2);
    let (facts, as_of) = &world.records[0];
    let facts: Value = serde_json::from_str(facts).unwrap();
    for (verb, request) in [
        (3, json!({ "handle": 1, "as_of": as_of.to_string(), "facts": facts, "trace": "full" })),
        (6, json!({ "handle": 1 })),
        (7, json!({ "handle": 1, "as_of": as_of.to_string(), "facts": facts })),
    ] {
        let request = request.to_string().into_bytes();
        assert_eq!(full.call(verb, &request), runtime.call(verb, &request), "verb {verb}");
    }
    assert_eq!(call(&mut runtime, 5, &trusted)["ok"]["version"], loaded["ok"]["version"]);
}

#[test]
fn a_bundle_that_may_not_decide_gets_no_handle() {
    let world = world();
    let bundle = world.pack().unwrap();
    let (mut program, loaded) = world.load().unwrap();
    program.scorecards[0].initial += 1;
    let other = pack(&program, &loaded.sources, &world.files).unwrap();
    let (mut full, mut runtime) = (Door::new(Engine::default(), Box::new(Parser)), Door::runtime(Engine::default()));
    let mut damaged = bundle.clone();
    *damaged.last_mut().unwrap() ^= 1;
    let nobody = trusting(&bundle, &json!({ "digests": [], "keys": ["00".repeat(32)] }));
    for verb in [1, 5] {
        assert_eq!(code(&call(&mut runtime, verb, &bundle)), "T6007");
        assert_eq!(code(&call(&mut runtime, verb, &nobody)), "T6007");
        assert_eq!(code(&call(&mut full, verb, &nobody)), "T6007");
        assert_eq!(code(&call(&mut full, verb, &other)), "T6008");
        assert_eq!(code(&call(&mut full, verb, &damaged)), "T6005");
        assert_eq!(code(&call(&mut full, verb, &trusting(&bundle, &json!({ "digest": [] })))), "T6001");
    }
    let refused = call(&mut runtime, 1, &bundle);
    assert!(refused["diagnostics"][0]["help"].as_str().unwrap().contains("trutina pack"), "{refused}");
    assert_eq!(code(&call(&mut full, 3, br#"{"handle":1,"as_of":"2026-11-30","facts":{}}"#)), "T6002");
}
