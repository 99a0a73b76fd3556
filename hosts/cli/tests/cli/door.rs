//! The wire's verbs, called as a binding calls them.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use trutina_engine::engine::Engine;
use trutina_engine::wire::call::Door;

use crate::support::{account, first, read, trutina_with};

fn door() -> Door {
    Door::new(Engine::default(), Box::new(trutina_script::Parser))
}

fn call(door: &mut Door, verb: i32, request: &str) -> Value {
    crate::support::json(std::str::from_utf8(&door.call(verb, request.as_bytes())).unwrap())
}

/// The sources of a ruleset: what has two points in its name is an artefact, other tables are evidence.
fn files(ruleset: &str) -> String {
    let named = |name: &String| {
        ["ruleset.toml", "rules.rhai", "reasons.csv"].contains(&name.as_str()) || name.matches('.').count() == 2
    };
    let names = std::fs::read_dir(ruleset).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let files: BTreeMap<String, String> =
        names.filter(named).map(|name| (name.clone(), read(format!("{ruleset}/{name}")))).collect();
    json!({ "files": files }).to_string()
}

#[test]
fn load_decide_unload() {
    let path = first();
    let mut door = door();
    let loaded = call(&mut door, 1, &files(&path));
    assert_eq!((&loaded["ok"]["handle"], &loaded["ok"]["id"]), (&json!(1), &json!("first")));
    let facts = "{\"age\":41,\"monthly_income\":0.10,\"monthly_debt\":0,\"housing\":\"own\"}";
    let request = format!("{{\"handle\":1,\"as_of\":\"2026-11-30\",\"facts\":{facts},\"trace\":\"full\"}}");
    let answer = door.call(3, request.as_bytes());
    let shell = trutina_with(&["decide", &path, "--facts", "-", "--as-of", "2026-11-30", "--trace", "full"], facts);
    assert_eq!(std::str::from_utf8(&answer).unwrap(), shell.stdout.trim_end(), "one record, whoever asks");
    assert_eq!(call(&mut door, 2, "{\"handle\":1}"), json!({"ok": {"handle": 1}}));
    assert_eq!(call(&mut door, 3, &request)["error"]["code"], "T6002");
    assert_eq!(call(&mut door, 1, &files(&path))["ok"]["handle"], 2, "handles are never used again");
}

#[test]
fn a_batch_is_one_record_per_line() {
    let mut door = door();
    assert_eq!(call(&mut door, 1, &files(account()))["ok"]["handle"], 1);
    let rows = "{\"客户\":\"a\",\"balance\":1,\"opened\":\"2026-11-29\"}\nnonsense\n{\"客户\":\"a\",\"客户\":\"b\"}\n";
    let request = format!("{{\"handle\":1,\"as_of\":\"2026-11-30\",\"rows\":3,\"format\":\"ndjson\"}}\n{rows}");
    let answer = String::from_utf8(door.call(4, request.as_bytes())).unwrap();
    let codes: Vec<Value> = answer.lines().map(|line| crate::support::json(line)["error"]["code"].clone()).collect();
    assert_eq!(codes, [Value::Null, json!("T3001"), json!("T3003")]);
    assert_eq!(call(&mut door, 4, &request.replace("\"rows\":3", "\"rows\":2"))["error"]["at"]["pointer"], "/rows");
    assert_eq!(call(&mut door, 4, &request.replace("ndjson", "columns/1"))["error"]["code"], "T6001");
}

#[test]
fn check_and_load_answer_diagnostics() {
    let path = first();
    let mut door = door();
    let sound = call(&mut door, 5, &files(&path));
    assert_eq!(sound["ok"]["diagnostics"], json!([]));
    let broken = files(&path).replace("f.age <", "f.agee <");
    for verb in [1, 5] {
        let answer = call(&mut door, verb, &broken);
        assert_eq!(answer["error"]["code"], "T2001");
        assert_eq!(answer["error"]["at"]["file"], "rules.rhai");
        assert_eq!(answer["diagnostics"][0]["help"], "did you mean `age`?");
    }
    assert_eq!(call(&mut door, 1, "TRUTINA\0")["error"]["code"], "T6005");
}

#[test]
fn describe_and_explain() {
    let path = first();
    let mut door = door();
    call(&mut door, 1, &files(&path));
    let described = call(&mut door, 6, "{\"handle\":1}");
    assert_eq!(described["ok"]["facts"][1]["scale"], 2);
    assert_eq!(described["ok"]["schema"]["required"], json!(["age", "monthly_income", "monthly_debt", "housing"]));
    let facts = "{\"age\":17,\"monthly_income\":1,\"monthly_debt\":0,\"housing\":\"own\"}";
    let explain =
        |lang: &str| format!("{{\"handle\":1,\"as_of\":\"2026-11-30\",\"facts\":{facts},\"lang\":\"{lang}\"}}");
    assert!(call(&mut door, 7, &explain("en"))["ok"]["text"].as_str().unwrap().contains("Declined."));
    assert!(call(&mut door, 7, &explain("zh-CN"))["ok"]["text"].as_str().unwrap().contains("审批拒绝。"));
    assert_eq!(call(&mut door, 7, &explain("fr"))["error"]["at"]["pointer"], "/lang");
}

#[test]
fn bad_requests_are_errors_with_a_place() {
    let mut door = door();
    call(&mut door, 1, &files(account()));
    for (verb, request, code, pointer) in [
        (0, "{}", "T6001", ""),
        (3, "", "T3001", ""),
        (3, "[]", "T6001", ""),
        (3, "{\"handle\":1}", "T6001", "/as_of"),
        (3, "{\"handle\":1,\"as_of\":\"2026-11-31\",\"facts\":{}}", "T6001", "/as_of"),
        (3, "{\"handle\":\"1\",\"as_of\":\"2026-11-30\",\"facts\":{}}", "T6001", "/handle"),
        (3, "{\"handle\":9,\"as_of\":\"2026-11-30\",\"facts\":{}}", "T6002", "/handle"),
        (3, "{\"handle\":1,\"as_of\":\"2026-11-30\",\"fact\":{}}", "T6001", "/fact"),
        (3, "{\"handle\":1,\"handle\":1}", "T6001", "/handle"),
        (3, "{\"handle\":1,\"as_of\":\"2026-11-30\",\"facts\":{},\"trace\":1}", "T6001", "/trace"),
        (2, "{\"handle\":1.5}", "T6001", "/handle"),
        (6, "{}", "T6001", "/handle"),
    ] {
        let answer = call(&mut door, verb, request);
        assert_eq!(
            (&answer["error"]["code"], &answer["error"]["at"]["pointer"]),
            (&json!(code), &json!(pointer)),
            "{request}"
        );
        assert_eq!(answer["diagnostics"], json!([]));
    }
}
