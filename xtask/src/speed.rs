//! How fast the hosts decide, beside the engine itself: the same request bytes to the same answer bytes, in one run.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{self, built, cargo, output, root, succeed};
use crate::{Outcome, java, wasm};

/// Everyone is timed this often, in turn: a machine is not equally fast all the time.
const TURNS: usize = 2;
/// Rounds of each turn, after its warm-up; the fastest of all counts. With more the command would take too long for its JVMs.
const ROUNDS: &str = "2";

/// What everyone answers: a ruleset as a bundle that is trusted, its applicants one by one, and all at once.
const REQUESTS: [&str; 3] = ["load.trutina", "singles.ndjson", "batch.ndjson"];

/// Who decides.
struct Candidate {
    title: String,
    command: Command,
}

/// Nanoseconds per decision, and a digest of the answers.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Timed {
    single: u64,
    batch: u64,
    answers: String,
}

/// The table of ratios; an error if anyone answers otherwise than the engine.
pub fn run() -> Outcome {
    wasm::modules()?;
    java::build()?;
    let mut candidates = candidates(&requests()?)?;
    let mut best: Vec<Option<Timed>> = candidates.iter().map(|_| None).collect();
    for _ in 0..TURNS {
        for (candidate, best) in candidates.iter_mut().zip(&mut best) {
            let timed = timed(&output(&mut candidate.command)?)
                .ok_or_else(|| format!("{} prints no times", candidate.title))?;
            *best = Some(best.take().map_or(timed.clone(), |best| best.fastest(timed)));
        }
    }
    table(&candidates, &best.into_iter().flatten().collect::<Vec<_>>())
}

impl Timed {
    fn fastest(self, other: Self) -> Self {
        Self { single: self.single.min(other.single), batch: self.batch.min(other.batch), ..other }
    }
}

/// Writes the requests, for this command and for the benches of the hosts.
pub fn prepare() -> Outcome {
    Ok(requests()?.display().to_string())
}

/// The folder of the requests.
fn requests() -> Result<PathBuf, String> {
    let folder = run::folder(root().join("target").join("speed"))?;
    succeed(cargo().args(["build", "--quiet", "--release", "--locked", "-p", "trutina-benches", "--bin", "door"]))?;
    succeed(door().arg("prepare").arg(&folder))?;
    let bundle = folder.join("rating.trutina");
    let digest = run::pack("retail-credit-rating", &bundle)?;
    let mut load = format!("{{\"trust\":{{\"digests\":[\"{digest}\"]}}}}\n").into_bytes();
    load.extend(std::fs::read(&bundle).map_err(|error| format!("{}: {error}", bundle.display()))?);
    std::fs::write(folder.join("load.trutina"), load).map_err(|error| error.to_string())?;
    Ok(folder)
}

fn door() -> Command {
    let mut command = Command::new(built("release", "door"));
    command.current_dir(root());
    command
}

/// The engine first: the others are compared with it.
fn candidates(folder: &Path) -> Result<Vec<Candidate>, String> {
    let requests = |command: &mut Command| {
        command.args(REQUESTS.map(|file| folder.join(file))).arg(ROUNDS);
    };
    let mut native = door();
    requests(native.arg("time"));
    let mut all = vec![Candidate { title: "native".to_owned(), command: native }];
    for kind in wasm::KINDS {
        let mut node = Command::new("node");
        node.current_dir(root()).arg("hosts/node/speed.mjs").arg(kind.path());
        requests(&mut node);
        all.push(Candidate { title: format!("V8 (Node), {} module", kind.name), command: node });
    }
    for kind in wasm::KINDS {
        let (version, mut command) = java::program("org.trutina.Benchmark", None)?;
        requests(command.arg(kind.name));
        all.push(Candidate { title: format!("JVM {version}, {} module", kind.name), command });
    }
    Ok(all)
}

/// `{"single":[1,2],"batch":[3],"answers":"..."}`
fn timed(said: &str) -> Option<Timed> {
    let list = |key: &str| {
        let (_, rest) = said.split_once(&format!("\"{key}\":["))?;
        let (list, _) = rest.split_once(']')?;
        list.split(',').filter_map(|number| number.trim().parse::<u64>().ok()).min()
    };
    let (_, rest) = said.split_once("\"answers\":\"")?;
    let (answers, _) = rest.split_once('"')?;
    Some(Timed { single: list("single")?, batch: list("batch")?, answers: answers.to_owned() })
}

fn table(candidates: &[Candidate], timed: &[Timed]) -> Outcome {
    let native = timed.first().ok_or("nothing was timed")?;
    let mut lines = vec![
        "| | one decision through JSON | ratio to native | a row of a batch | ratio to native |".to_owned(),
        "|---|---:|---:|---:|---:|".to_owned(),
    ];
    for (candidate, timed) in candidates.iter().zip(timed) {
        if timed.answers != native.answers {
            return Err(format!("{} answers otherwise than the engine", candidate.title));
        }
        let (single, batch) = (shown(timed.single), shown(timed.batch));
        let (one, many) = (ratio(timed.single, native.single), ratio(timed.batch, native.batch));
        lines.push(format!("| {} | {single} | {one} | {batch} | {many} |", candidate.title));
    }
    Ok(lines.join("\n"))
}

/// Nanoseconds as microseconds with two digits.
fn shown(nanoseconds: u64) -> String {
    let hundredths = nanoseconds.saturating_add(5) / 10;
    format!("{}.{:02} µs", hundredths / 100, hundredths % 100)
}

/// With two digits.
fn ratio(of: u64, to: u64) -> String {
    let hundredths = of.saturating_mul(100).saturating_add(to / 2).checked_div(to).unwrap_or_default();
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::{Timed, ratio, shown, timed};

    #[test]
    fn the_fastest_round_counts() {
        let said = "{\"single\":[ 12, 9],\"batch\":[7,8],\"answers\":\"ab\"}\n";
        let first = timed(said);
        assert_eq!(first, Some(Timed { single: 9, batch: 7, answers: "ab".to_owned() }));
        assert_eq!(timed("{\"single\":[],\"batch\":[7],\"answers\":\"ab\"}"), None);
        assert_eq!((shown(12_345), ratio(300, 200)), ("12.35 µs".to_owned(), "1.50".to_owned()));
    }
}
