//! decide and explain.

use crate::support::{account, directory, file, first, json, trutina, trutina_with};

const GOOD: &str =
    "{\"age\":41,\"monthly_income\":\"12000.00\",\"monthly_debt\":2400,\"housing\":\"own\",\"bureau_score\":720}";

fn decide(ruleset: &str, facts: &str, more: &[&str]) -> crate::support::Run {
    let mut arguments = vec!["decide", ruleset, "--facts", "-", "--as-of", "2026-11-30"];
    arguments.extend(more);
    trutina_with(&arguments, facts)
}

#[test]
fn a_decision_is_one_canonical_line() {
    let path = first();
    let run = decide(&path, GOOD, &[]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let (head, tail) = run.stdout.split_once("\"digest\":\"sha256:").unwrap();
    assert_eq!(head, "{\"ruleset\":{\"id\":\"first\",\"version\":\"0.1.0\",");
    assert_eq!(
        &tail[64..],
        "\"},\"engine\":\"0.1.0\",\"as_of\":\"2026-11-30\",\"outputs\":{\"outcome\":\"approve\",\"score\":550,\"grade\":\"A\",\"limit\":\"50000.00\"},\"reasons\":[],\"hits\":[],\"signals\":[],\"actions\":[],\"error\":null,\"trace\":null}\n"
    );
}

#[test]
fn a_decline_is_no_failure_but_an_error_is() {
    let path = first();
    let declined = decide(&path, &GOOD.replace("41", "17"), &[]);
    assert_eq!((declined.status, json(&declined.stdout)["outputs"]["outcome"].as_str()), (0, Some("decline")));
    let lines = format!("{GOOD}\n{{\"age\":true}}\nnot json\n{GOOD}\n");
    let run = decide(&path, &lines, &[]);
    assert_eq!(run.status, 1);
    let records: Vec<_> = run.stdout.lines().map(json).collect();
    let codes: Vec<_> = records.iter().map(|record| record["error"]["code"].as_str()).collect();
    assert_eq!(codes, [None, Some("T3006"), Some("T3001"), None]);
    assert_eq!(records[1]["error"]["at"]["pointer"], "/age");
    assert!(records[1]["outputs"].is_null());
}

#[test]
fn one_object_may_stand_on_many_lines() {
    let path = first();
    let facts = file(&directory(), "facts.json", format!("\u{feff}{}", GOOD.replace(',', ",\n")));
    let run = trutina(&["decide", &path, "--facts", &facts, "--as-of", "2026-11-30"]);
    assert_eq!((run.status, run.stdout.lines().count()), (0, 1), "{}", run.stdout);
}

#[test]
fn a_trace_changes_no_other_byte() {
    let path = first();
    let plain = decide(&path, GOOD, &[]).stdout;
    let head = plain.strip_suffix("null}\n").unwrap();
    for level in ["reasons", "full"] {
        let traced = decide(&path, GOOD, &["--trace", level]).stdout;
        let trace = traced.strip_prefix(head).unwrap();
        assert!(trace.starts_with("{\"facts_digest\":\"sha256:"), "{trace}");
    }
    let rewritten = GOOD.replace("2400", "\"2.4e3\"").replace("41", "41.0");
    let digest =
        |facts: &str| json(&decide(&path, facts, &["--trace", "reasons"]).stdout)["trace"]["facts_digest"].clone();
    assert_eq!(digest(GOOD), digest(&rewritten));
    assert_ne!(digest(GOOD), digest(&GOOD.replace("41", "42")));
}

#[test]
fn on_error_refer_keeps_the_error() {
    let run = decide(account(), "{\"客户\":\"Li\",\"balance\":1,\"opened\":\"2026-01-01\",\"divisor\":0}", &[]);
    assert_eq!(run.status, 1);
    let record = json(&run.stdout);
    assert_eq!(record["outputs"]["outcome"], "refer");
    assert!(record["outputs"]["days"].is_null());
    assert_eq!(record["error"]["code"], "T4002");
    assert_eq!(record["error"]["at"]["file"], "rules.rhai");
}

#[test]
fn outside_its_period_a_ruleset_decides_nothing() {
    for (day, status) in [("2025-12-31", 1), ("2026-01-01", 0), ("2026-12-31", 0), ("2027-01-01", 1)] {
        let facts = "{\"客户\":\"Li\",\"balance\":1,\"opened\":\"2020-01-01\"}";
        let run = trutina_with(&["decide", account(), "--facts", "-", "--as-of", day], facts);
        assert_eq!(run.status, status, "{day}");
        let code = json(&run.stdout)["error"]["code"].as_str().map(str::to_owned);
        assert_eq!(code.as_deref(), (status == 1).then_some("T3014"), "{day}");
    }
}

#[test]
fn dates_of_the_command_line_are_civil() {
    for bad in ["2026-02-30", "2026-1-1", "2026-01-01T00:00:00Z", "today"] {
        let run = trutina(&["decide", account(), "--facts", "-", "--as-of", bad]);
        assert_eq!(run.status, 2, "{bad}");
        assert!(run.stderr.contains("--as-of"), "{}", run.stderr);
    }
}

#[test]
fn a_decision_in_words() {
    let path = first();
    let facts = "{\"age\":30,\"monthly_income\":8000,\"monthly_debt\":0,\"housing\":\"own\"}";
    let say =
        |lang: &str| trutina_with(&["explain", &path, "--facts", "-", "--as-of", "2026-11-30", "--lang", lang], facts);
    let english = say("en");
    assert_eq!(english.status, 0);
    for line in [
        "Referred: a person has to look at this case.",
        "  score: 470",
        "  2. Credit bureau score (R03, 60 points off the baseline)",
        "  P02 (refer) No credit bureau record",
        "  Age: 30 falls under [25, 35), 20 points",
        "  Housing: own, 30 points",
        "  scale master: 470 lies in [450, 500) and gives grade B",
        "  table limit: grade B, monthly_income 8000.00 selects row L3",
    ] {
        assert!(english.stdout.lines().any(|found| found == line), "{line}: {}", english.stdout);
    }
    let chinese = say("zh-CN");
    assert_eq!(chinese.status, 0);
    for line in ["转人工审核。", "  2. 征信评分(R03,与基准相差 60 分)", "  年龄:30,属于 [25, 35),20 分"]
    {
        assert!(chinese.stdout.lines().any(|found| found == line), "{line}: {}", chinese.stdout);
    }
}

#[test]
fn an_error_in_words_keeps_secrets() {
    let facts = "{\"客户\":\"Geheimrat\",\"balance\":\"x\",\"opened\":\"2020-01-01\"}";
    let run = trutina_with(&["explain", account(), "--facts", "-", "--as-of", "2026-11-30"], facts);
    assert_eq!(run.status, 1);
    assert!(run.stdout.contains("No decision could be made"), "{}", run.stdout);
    assert!(run.stdout.contains("T3006 input-type, in the facts at `/balance`"), "{}", run.stdout);
    let shown = trutina_with(
        &["explain", account(), "--facts", "-", "--as-of", "2026-11-30"],
        "{\"客户\":\"Geheimrat\",\"balance\":1,\"opened\":\"2020-01-01\"}",
    );
    assert!(!shown.stdout.contains("Geheimrat"), "{}", shown.stdout);
}
