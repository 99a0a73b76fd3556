//! new, check, test, inspect, version, and what is no ruleset.

use crate::support::{account, directory, file, first, json, read, trutina};

#[test]
fn a_new_ruleset_passes_check_and_test() {
    let path = first();
    let check = trutina(&["check", &path, "--deny", "warnings"]);
    assert_eq!(check.status, 0, "{}", check.stderr);
    assert!(check.stdout.is_empty());
    assert!(check.stderr.contains("first 0.1.0 loads: no findings"), "{}", check.stderr);
    let test = trutina(&["test", &path]);
    assert_eq!((test.status, test.stdout.as_str()), (0, "8 of 8 cases pass\n"), "{}", test.stderr);
    let again = trutina(&["new", &path]);
    assert_eq!(again.status, 1);
    assert!(again.stderr.contains("is not empty"), "{}", again.stderr);
}

#[test]
fn diagnostics_are_annotated_source_or_json() {
    let path = first();
    let rules = format!("{path}/rules.rhai");
    std::fs::write(&rules, read(&rules).replace("f.age <", "f.agee <")).unwrap();
    let human = trutina(&["check", &path]);
    assert_eq!(human.status, 2);
    assert!(human.stdout.is_empty());
    for part in ["error[T2001 unknown-fact]", "rules.rhai:5:", "agee", "did you mean `age`", "does not load: 1 error"] {
        assert!(human.stderr.contains(part), "{part}: {}", human.stderr);
    }
    assert!(!human.stderr.contains('\u{1b}'), "colours are for terminals");
    let machine = trutina(&["check", &path, "--format", "json"]);
    assert_eq!(machine.status, 2);
    let found = json(&machine.stdout);
    let first = &found[0];
    assert_eq!((first["code"].as_str(), first["severity"].as_str()), (Some("T2001"), Some("error")));
    assert_eq!((first["file"].as_str(), first["line"].as_u64()), (Some("rules.rhai"), Some(5)));
    let keys: Vec<&str> = first.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected =
        ["code", "name", "severity", "message", "help", "file", "line", "column", "end_line", "end_column", "related"];
    expected.sort_unstable();
    assert_eq!(keys, expected);
    let decide = trutina(&["decide", &path, "--facts", "-", "--as-of", "2026-11-30"]);
    assert_eq!((decide.status, decide.stdout.as_str()), (2, ""));
}

#[test]
fn warnings_refuse_only_if_denied() {
    let path = first();
    std::fs::write(format!("{path}/unused.table.csv"), "id,grade,->limit\n").unwrap();
    let check = trutina(&["check", &path]);
    assert_eq!(check.status, 0, "{}", check.stderr);
    assert!(check.stderr.contains("warning[T1003"), "{}", check.stderr);
    assert_eq!(trutina(&["check", &path, "--deny", "warnings"]).status, 2);
}

#[test]
fn failing_cases_are_a_diff_and_gaps_are_named() {
    let path = first();
    let cases = format!("{path}/cases/first.json");
    let text =
        read(&cases).replace("\"score\": 550", "\"score\": 551").replace("\"limit\": \"20000.00\"", "\"limit\": 20000");
    std::fs::write(&cases, text).unwrap();
    let test = trutina(&["test", &path]);
    assert_eq!(test.status, 3);
    for line in [
        "FAIL  a good applicant is approved",
        "    - outputs.score: 551",
        "    + outputs.score: 550",
        "    - outputs.limit: 20000",
        "    + outputs.limit: \"20000.00\"",
        "6 of 8 cases pass",
    ] {
        assert!(test.stdout.lines().any(|found| found == line), "{line}: {}", test.stdout);
    }
    std::fs::write(
        &cases,
        "{\"cases\":[{\"name\":\"x\",\"as_of\":\"2026-11-30\",\"facts\":{},\"expect\":{\"hits\":[]}}]}",
    )
    .unwrap();
    let test = trutina(&["test", &path]);
    assert_eq!(test.status, 3, "an error that no case expects is a failure");
    for part in [
        "+ error: T3005",
        "reached by no case:",
        "3 of 3 rules: K01, P01, P02",
        "5 of 5 rows of table limit",
        "age [25, 35) (line 3)",
        "3 of 3 bands of scale master",
    ] {
        assert!(test.stdout.contains(part), "{part}: {}", test.stdout);
    }
    std::fs::write(&cases, "{\"cases\":[{\"nam\":1}]}").unwrap();
    let broken = trutina(&["test", &path, "--format", "json"]);
    assert_eq!(broken.status, 2);
    assert_eq!(json(&broken.stdout)[0]["file"], "cases/first.json");
}

#[test]
fn inspect_shows_types_domains_and_what_depends_on_what() {
    let run = trutina(&["inspect", account()]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    for part in [
        "in force from 2026-01-01 until before 2027-01-01",
        "list of record(amount: decimal(2), due: date)?",
        "closed = -1",
        "sensitive",
        "客户",
        "owed     ←  loans",
        "outcome  ←  rules that say watch (W01)",
        "share    ←  balance, divisor",
    ] {
        assert!(run.stdout.contains(part), "{part}: {}", run.stdout);
    }
    let schema = json(&trutina(&["inspect", account(), "--json-schema"]).stdout);
    assert_eq!(schema["required"], serde_json::json!(["客户", "balance", "opened"]));
    assert_eq!(schema["properties"]["loans"]["anyOf"][0]["items"]["properties"]["due"]["format"], "date");
    assert_eq!(schema["properties"]["balance"]["anyOf"][2]["const"], -1);
}

#[test]
fn what_is_no_ruleset_is_said_with_the_path_and_what_to_do() {
    let place = directory();
    let text = file(&place, "x.txt", "");
    let nowhere = place.join("nowhere");
    let empty = place.join("empty");
    std::fs::create_dir(&empty).unwrap();
    for (path, part) in [
        (text.as_str(), "is no ruleset"),
        (nowhere.to_str().unwrap(), "there is no such file or directory"),
        (empty.to_str().unwrap(), "neither `ruleset.toml` nor `rules.rhai`"),
    ] {
        let run = trutina(&["check", path]);
        assert_eq!(run.status, 1, "{path}");
        assert!(
            run.stderr.contains(part) && run.stderr.contains(path) && run.stderr.contains("help: "),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn a_single_file_is_a_ruleset() {
    let place = directory();
    let text = "//! language = 1\n//! id = \"one\"\n//! version = \"1.0.0\"\n//! [facts.age]\n//! type = \"integer\"\n//! [outputs]\n//! outcome = { type = \"enum\", values = [\"approve\", \"decline\"] }\nrule(\"K01\", \"decline\", |f| f.age < 18);\nfn decide(f, hits) { #{ outcome: if hits.has(\"decline\") { \"decline\" } else { \"approve\" } } }\n";
    let path = file(&place, "one.rhai", text);
    let run = trutina(&["check", &path]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let facts = file(&place, "facts.json", "{\"age\": 17}");
    let run = trutina(&["decide", &path, "--facts", &facts, "--as-of", "2026-11-30"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(json(&run.stdout)["outputs"]["outcome"], "decline");
}

#[test]
fn version_names_all_three() {
    let run = trutina(&["version"]);
    assert_eq!((run.status, run.stdout.as_str()), (0, "trutina 0.1.0\nlanguage 1\nwire 1\n"));
    assert_eq!(trutina(&["versoin"]).status, 2);
}
