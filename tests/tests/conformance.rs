//! The tool that compares hosts, run as `cargo xtask conformance` runs it, fails at an answer that was damaged, and names it.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn tool(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_conformance")).args(arguments).output().unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Cases of three generated rulesets, the answers to them, and room for those of a host.
struct Run {
    folder: PathBuf,
    cases: PathBuf,
    native: PathBuf,
}

impl Run {
    fn new() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("conformance");
        std::fs::create_dir_all(&folder).unwrap();
        let run = Self { cases: folder.join("cases.ndjson"), native: folder.join("native.ndjson"), folder };
        assert!(tool(&["generated", "0", "3", text(&run.cases)]).status.success());
        assert!(tool(&["native", text(&run.cases), text(&run.native)]).status.success());
        run
    }

    fn answers(&self) -> Vec<Value> {
        let answers = std::fs::read_to_string(&self.native).unwrap();
        answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// What the tool makes of the answers of a host: whether it succeeds, and what it says.
    fn judged(&self, answers: &[Value]) -> (bool, String) {
        let (host, tallies) = (self.folder.join("host.ndjson"), self.folder.join("tallies.ndjson"));
        drop(std::fs::remove_file(&tallies));
        let lines: String = answers.iter().map(|answer| format!("{answer}\n")).collect();
        std::fs::write(&host, lines).unwrap();
        let named = format!("Host={}", text(&host));
        let compared = tool(&["compare", text(&self.cases), text(&self.native), &named, text(&tallies)]);
        assert!(compared.status.success(), "{compared:?}");
        let judged = tool(&["table", text(&tallies)]);
        let said = String::from_utf8(judged.stderr).unwrap() + &String::from_utf8(judged.stdout).unwrap();
        (judged.status.success(), said)
    }
}

/// The last digit of a member, changed.
fn with_another_digit(answer: &mut Value, member: &str) {
    let mut text: Vec<char> = answer[member].as_str().unwrap().chars().collect();
    let digit = text.iter_mut().rfind(|c| c.is_ascii_digit()).unwrap();
    *digit = if *digit == '7' { '8' } else { '7' };
    answer[member] = Value::from(text.into_iter().collect::<String>());
}

#[test]
fn a_damaged_answer_makes_the_comparison_fail_and_is_named() {
    let run = Run::new();
    let answers = run.answers();
    let (success, said) = run.judged(&answers);
    assert!(success && said.contains("| Host |"), "{said}");
    let find = |what: &str| {
        let found = answers.iter().position(|answer| answer["id"].as_str().unwrap().ends_with(what));
        found.unwrap_or_else(|| panic!("no answer to a case of the kind `{what}`"))
    };
    type Damage = fn(&mut Vec<Value>, usize);
    let damages: [(&str, Damage, &str); 8] = [
        ("/0", |answers, at| with_another_digit(&mut answers[at], "bytes"), "bytes differ"),
        ("/0", |answers, at| with_another_digit(&mut answers[at], "typed"), "typed differ"),
        ("/batch", |answers, at| with_another_digit(&mut answers[at], "bytes"), "bytes differ"),
        ("/batch", |answers, at| with_another_digit(&mut answers[at], "typed"), "typed differ"),
        ("/columns", |answers, at| with_another_digit(&mut answers[at], "bytes"), "bytes differ"),
        ("/description", |answers, at| with_another_digit(&mut answers[at], "bytes"), "bytes differ"),
        ("/columns", |answers, at| drop(answers.remove(at)), "no answer"),
        ("/batch", |answers, at| answers.insert(0, answers[at].clone()), "a second answer"),
    ];
    for (what, damage, why) in damages {
        let (mut damaged, at) = (answers.clone(), find(what));
        damage(&mut damaged, at);
        let (success, said) = run.judged(&damaged);
        let id = answers[at]["id"].as_str().unwrap();
        assert!(!success, "{id}: {why} is not found");
        assert!(said.contains(&format!("Host: {id}: {why}")) && said.contains("1 difference(s)"), "{id}: {said}");
    }
    let (success, said) = run.judged(&[]);
    assert!(!success && said.contains(&format!("{} difference(s)", answers.len())), "{said}");
}
