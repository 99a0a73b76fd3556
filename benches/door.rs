//! The native side of the hosts' benchmarks: the same request bytes to the same answer bytes.
//!
//! `door prepare FOLDER` writes the requests over the sample portfolio: `singles.ndjson` and `batch.ndjson`.
//! `door time LOAD SINGLES BATCH ROUNDS` times the engine's door, and prints JSON on one line; times in nanoseconds per decision.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use sha2::{Digest as _, Sha256};
use trutina_engine::engine::Engine;
use trutina_engine::wire::call::Door;
use trutina_script::Parser;

type Failure = Box<dyn std::error::Error>;

const USAGE: &str = "usage: door prepare FOLDER | door time LOAD SINGLES BATCH ROUNDS";
const LOAD: i32 = 1;
const DECIDE: i32 = 3;
const DECIDE_BATCH: i32 = 4;
const WARM_UP: usize = 2;
/// How often the requests of the portfolio are sent in a round.
const SINGLES: usize = 20;
const BATCHES: usize = 100;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["prepare", folder] => prepare(Path::new(folder)),
        ["time", load, singles, batch, rounds] => time(load, singles, batch, rounds.parse()?),
        _ => Err(USAGE.into()),
    }
}

fn prepare(folder: &Path) -> Result<(), Failure> {
    let mut rows = Vec::new();
    let portfolio = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rulesets/retail-credit-rating/portfolio.csv");
    for row in csv::Reader::from_path(portfolio)?.deserialize::<BTreeMap<String, String>>() {
        rows.push(facts(&row?));
    }
    let head = r#"{"handle":1,"as_of":"2026-11-30","#;
    let singles: String = rows.iter().map(|facts| format!("{head}\"facts\":{facts}}}\n")).collect();
    let batch = format!("{head}\"rows\":{},\"format\":\"ndjson\"}}\n{}\n", rows.len(), rows.join("\n"));
    std::fs::write(folder.join("singles.ndjson"), singles)?;
    std::fs::write(folder.join("batch.ndjson"), batch)?;
    Ok(())
}

/// One applicant as JSON, in the order of the columns' names; whole numbers as numbers.
fn facts(row: &BTreeMap<String, String>) -> String {
    let columns = row.iter().filter(|(column, _)| !["applicant", "creditability"].contains(&column.as_str()));
    let value = |text: &String| if text.parse::<i64>().is_ok() { text.clone() } else { quoted(text) };
    let members: Vec<String> = columns.map(|(column, text)| format!("{}:{}", quoted(column), value(text))).collect();
    format!("{{{}}}", members.join(","))
}

fn quoted(text: &str) -> String {
    let mut out = Vec::new();
    trutina_engine::wire::canonical::write_string(&mut out, text);
    String::from_utf8_lossy(&out).into_owned()
}

fn time(load: &str, singles: &str, batch: &str, rounds: usize) -> Result<(), Failure> {
    let mut door = Door::new(Engine::default(), Box::new(Parser));
    let loaded = door.call(LOAD, &std::fs::read(load)?);
    if !loaded.starts_with(br#"{"ok":{"handle":1,"#) {
        return Err(String::from_utf8_lossy(&loaded).into());
    }
    let (singles, batch) = (std::fs::read_to_string(singles)?, std::fs::read(batch)?);
    let singles: Vec<&[u8]> = singles.lines().map(str::as_bytes).collect();
    let mut answers = Sha256::new();
    singles.iter().for_each(|request| answers.update(door.call(DECIDE, request)));
    answers.update(door.call(DECIDE_BATCH, &batch));
    let one = repeated(rounds, SINGLES.saturating_mul(singles.len()), || {
        (0..SINGLES).for_each(|_| singles.iter().for_each(|request| drop(door.call(DECIDE, request))));
    });
    let many = repeated(rounds, BATCHES.saturating_mul(singles.len()), || {
        (0..BATCHES).for_each(|_| drop(door.call(DECIDE_BATCH, &batch)));
    });
    let hex: String = answers.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    println!(r#"{{"single":{one:?},"batch":{many:?},"answers":"{hex}"}}"#);
    Ok(())
}

/// Nanoseconds per decision of each round.
fn repeated(rounds: usize, decisions: usize, mut run: impl FnMut()) -> Vec<u128> {
    let mut times = Vec::new();
    for round in 0..rounds.saturating_add(WARM_UP) {
        let start = Instant::now();
        run();
        if round >= WARM_UP {
            times.push(start.elapsed().as_nanos() / decisions.max(1) as u128);
        }
    }
    times
}
