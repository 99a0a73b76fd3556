//! What the door answers to one request, and to a batch.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use trutina_engine::engine::Engine;
use trutina_engine::wire::call::Door;
use trutina_script::Parser;
use trutina_tests::harness::bundles::packs;

const AS_OF: &str = "2026-11-30";

/// A door with the rating pack under the handle 1, and a sound record of its facts.
fn door() -> (Door, String) {
    let world = packs().swap_remove(0);
    let mut door = Door::new(Engine::default(), Box::new(Parser));
    let answer = door.call(1, &world.pack().unwrap());
    assert!(answer.starts_with(b"{\"ok\":{\"handle\":1,"), "{}", String::from_utf8_lossy(&answer));
    (door, world.records[0].0.clone())
}

fn one(door: &mut Door, facts: &str, as_of: &str, trace: &str) -> String {
    let request = format!("{{\"handle\":1,\"as_of\":\"{as_of}\",\"facts\":{facts},\"trace\":\"{trace}\"}}");
    String::from_utf8(door.call(3, request.as_bytes())).unwrap()
}

fn row(door: &mut Door, facts: &str, as_of: &str, trace: &str) -> String {
    let header =
        format!("{{\"handle\":1,\"as_of\":\"{as_of}\",\"rows\":1,\"format\":\"ndjson\",\"trace\":\"{trace}\"}}");
    let answer = String::from_utf8(door.call(4, format!("{header}\n{facts}\n").as_bytes())).unwrap();
    answer.strip_suffix('\n').unwrap().to_owned()
}

#[test]
fn one_decision_is_that_of_a_batch() {
    let (mut door, sound) = door();
    let doubled = sound.replacen('{', "{\"age_in_years\":1,", 1);
    let deep = format!("{{\"age_in_years\":{}1{}}}", "[".repeat(40), "]".repeat(40));
    let long = format!("{{\"age_in_years\":\"{}\"}}", "x".repeat(5 << 20));
    let wrong = ["{}", "{\"age_in_years\":]}", "[]", "7", "null", "{\"no_fact\":1}", "\"{\"", &doubled, &deep, &long];
    for facts in std::iter::once(sound.as_str()).chain(wrong) {
        // Long before any ruleset is in force, and on a day on which this one is.
        for as_of in [AS_OF, "1900-01-01"] {
            for trace in ["none", "full"] {
                let (alone, among) = (one(&mut door, facts, as_of, trace), row(&mut door, facts, as_of, trace));
                assert_eq!(alone, among, "{}", facts.chars().take(100).collect::<String>());
                assert!(alone.starts_with("{\"ruleset\":"), "no decision: {alone}");
            }
        }
    }
}

#[test]
fn a_ruleset_forgets_one_decision_before_the_next() {
    let (mut door, sound) = door();
    let first = one(&mut door, &sound, AS_OF, "full");
    for between in ["{}", "{\"age_in_years\":]}", &sound.replacen("{", "{\"no_fact\":1,", 1)] {
        one(&mut door, between, AS_OF, "full");
        assert_eq!(one(&mut door, &sound, AS_OF, "full"), first);
    }
}
