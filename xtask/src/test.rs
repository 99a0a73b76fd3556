//! The whole test command: every step runs, whatever failed before it, and the counts come last.

use std::process::{Command, ExitCode};
use std::time::Instant;

use crate::run::{cargo, output, repeat, root, succeed};
use crate::{Outcome, browser, conformance, java, node, packs, readme, wasm};

/// Passed and failed checks; a step that is no test run counts as one check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    passed: usize,
    failed: usize,
}

impl Counts {
    fn of(outcome: &Outcome) -> Self {
        if outcome.is_ok() { Self { passed: 1, failed: 0 } } else { Self { passed: 0, failed: 1 } }
    }

    fn plus(self, other: Self) -> Self {
        Self { passed: self.passed.saturating_add(other.passed), failed: self.failed.saturating_add(other.failed) }
    }
}

/// One line of the summary.
struct Report {
    name: &'static str,
    counts: Counts,
    said: String,
    seconds: u64,
}

/// The same generated cases in every run: what a new seed finds belongs to the long command, not to a change under test.
const SEED: &str = "20261122";

/// A step that is one check.
type Step = fn() -> Outcome;

/// What the steps call, and `.ci/install` installs; and the word that each answers with its version.
const TOOLS: [(&str, &str); 6] = [
    ("node", "--version"),
    ("npm", "--version"),
    ("chromium", "--version"),
    ("javac", "--version"),
    ("mvn", "--version"),
    ("openssl", "version"),
];

/// Runs everything.
pub fn all() -> ExitCode {
    // The modules first: the tests of the hosts run them.
    let mut reports = vec![report("tools", tools), report("wasm", wasm::reproduce), tests()];
    let single: [(&'static str, Step); 8] = [
        ("format", format),
        ("lints", lints),
        ("packs", packs::verify),
        ("readme", readme::check),
        ("node", node::test),
        ("browser", browser::test),
        ("java", java::test),
        ("conformance", conformance::all),
    ];
    reports.extend(single.map(|(name, step)| report(name, step)));
    summary(&reports)
}

/// Runs a step that is one check.
fn report(name: &'static str, step: Step) -> Report {
    let start = heading(name);
    let outcome = step();
    let counts = Counts::of(&outcome);
    let said = outcome.unwrap_or_else(|why| why);
    println!("{said}");
    Report { name, counts, said, seconds: start.elapsed().as_secs() }
}

fn heading(name: &str) -> Instant {
    println!("\n== {name}");
    Instant::now()
}

/// Installs what is missing, where there is a package manager that is known here.
fn tools() -> Outcome {
    let missing = || -> Vec<&str> {
        let absent = TOOLS.into_iter().filter(|(tool, word)| output(Command::new(tool).arg(word)).is_err());
        absent.map(|(tool, _)| tool).collect()
    };
    let before = missing();
    if before.is_empty() {
        return Ok("all there".to_owned());
    }
    let installed = succeed(Command::new("bash").arg(".ci/install").current_dir(root()));
    let after = missing();
    if after.is_empty() {
        return installed.map(|()| format!("installed: {}", before.join(", ")));
    }
    Err(format!("please install {}", after.join(", ")))
}

fn format() -> Outcome {
    succeed(cargo().args(["fmt", "--all", "--check"])).map(|()| "formatted".to_owned())
}

fn lints() -> Outcome {
    let arguments = ["clippy", "--workspace", "--all-targets", "--locked", "--quiet", "--", "--deny", "warnings"];
    succeed(cargo().args(arguments)).map(|()| "no warning".to_owned())
}

/// Unit, integration and documentation tests of the workspace.
fn tests() -> Report {
    let start = heading("tests");
    let run =
        repeat(cargo().env("PROPTEST_RNG_SEED", SEED).args(["test", "--workspace", "--locked", "--no-fail-fast"]));
    let (counts, said) = match run {
        Ok((text, success)) => judged(counted(&text), success),
        Err(why) => (Counts { passed: 0, failed: 1 }, why),
    };
    Report { name: "tests", counts, said, seconds: start.elapsed().as_secs() }
}

/// A run that failed without a failed test did not compile, or ran nothing.
fn judged(counts: Counts, success: bool) -> (Counts, String) {
    if counts.failed == 0 && (!success || counts.passed == 0) {
        return (Counts { failed: 1, ..counts }, "the tests did not run to their end".to_owned());
    }
    (counts, format!("{} passed, {} failed", counts.passed, counts.failed))
}

/// Adds up the lines `test result: ok. 12 passed; 0 failed; ...`.
fn counted(text: &str) -> Counts {
    let results = text.lines().filter(|line| line.starts_with("test result: "));
    results.fold(Counts::default(), |sum, line| {
        sum.plus(Counts { passed: before(line, " passed"), failed: before(line, " failed") })
    })
}

/// The number that stands before a word.
fn before(line: &str, word: &str) -> usize {
    let head = line.split(word).next().filter(|head| head.len() < line.len());
    head.and_then(|head| head.split_whitespace().next_back()).and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn summary(reports: &[Report]) -> ExitCode {
    println!("\n== summary");
    for report in reports {
        let first = report.said.lines().next().unwrap_or_default();
        let mark = if report.counts.failed == 0 { "ok  " } else { "FAIL" };
        println!("{mark} {:<11}{:>5} s  {first}", report.name, report.seconds);
    }
    let total = reports.iter().fold(Counts::default(), |sum, report| sum.plus(report.counts));
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[cfg(test)]
mod tests {
    use super::{Counts, counted, judged};

    #[test]
    fn results_are_added_up() {
        let text = "running 3 tests\ntest result: ok. 12 passed; 0 failed; 1 ignored; 0 measured\n\ntest result: FAILED. 3 passed; 2 failed; 0 ignored\n";
        assert_eq!(counted(text), Counts { passed: 15, failed: 2 });
        assert_eq!(counted("no result"), Counts::default());
    }

    #[test]
    fn a_run_that_did_not_run_fails() {
        assert_eq!(judged(Counts { passed: 4, failed: 0 }, false).0.failed, 1);
        assert_eq!(judged(Counts::default(), true).0.failed, 1);
        assert_eq!(judged(Counts { passed: 4, failed: 0 }, true).0.failed, 0);
        assert_eq!(judged(Counts { passed: 4, failed: 2 }, false).0.failed, 2);
    }
}
