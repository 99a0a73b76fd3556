//! What the sandbox costs: the same request bytes to the same answer bytes, natively and in wasmtime, in one run.
//!
//! `cargo xtask wasm && cargo bench -p trutina-server`. Native and sandboxed rounds alternate; the fastest round of each counts, for
//! the machine may be shared.
#![allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::float_arithmetic,
    reason = "a program for people who watch it: a failed set-up may stop it"
)]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Map, Value};
use trutina_bake::bake;
use trutina_engine::engine::Engine;
use trutina_engine::wire::call::Door;
use trutina_server::verb::{DECIDE, DECIDE_BATCH, LOAD};
use trutina_server::{Guest, Limits, Sandbox, Session};

type Outcome<T> = Result<T, Box<dyn Error>>;

const PACK: &str = "retail-credit-rating";
/// Rows of the long batch, and rows per request.
const ROWS: usize = 100_000;
const REQUEST_ROWS: usize = 1_000;
const DECISIONS: usize = 20_000;
const ROUNDS: usize = 7;

fn main() -> Outcome<()> {
    let sandbox = Sandbox::new(Limits { deadline: Duration::from_secs(60), ..Limits::default() })?;
    let rows = applicants()?;
    let load = payload()?;
    let single: Vec<String> = rows.iter().map(|row| request(row)).collect();
    let batches = batches(&rows);
    let plain = fs::read(module("trutina.wasm"))?;
    let baked = bake(&plain, load.as_bytes())?;

    let guest = ready(&sandbox, "full module", &plain)?;
    let (mut native, mut session) = (door(&load), guest.session()?);
    session.call(LOAD, load.as_bytes())?;
    compare("one decision, JSON to JSON", DECISIONS, &mut native, &mut session, DECIDE, &single)?;
    compare("batch of 100,000 rows, NDJSON", ROWS / REQUEST_ROWS, &mut native, &mut session, DECIDE_BATCH, &batches)?;
    drop(session);

    let guest = ready(&sandbox, "full module, ruleset baked in", &baked)?;
    fresh("made, decides once, dropped", &guest, &single)?;
    fresh_only(&guest)?;
    let mut session = guest.session()?;
    compare("one decision, kept instance", DECISIONS, &mut native, &mut session, DECIDE, &single)?;
    drop(session);
    four_threads(&guest, &single)
}

fn module(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/wasm").join(name)
}

fn payload() -> Outcome<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulesets").join(PACK);
    let names = [
        "ruleset.toml",
        "rules.rhai",
        "reasons.csv",
        "application.scorecard.csv",
        "master.scale.csv",
        "limit.table.csv",
    ];
    let mut files = Map::new();
    for name in names {
        files.insert(name.to_owned(), fs::read_to_string(folder.join(name))?.into());
    }
    Ok(serde_json::json!({ "files": files }).to_string())
}

/// The sample portfolio as JSON facts.
fn applicants() -> Outcome<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulesets").join(PACK).join("portfolio.csv");
    let mut facts = Vec::new();
    for row in csv::Reader::from_path(path)?.deserialize::<BTreeMap<String, String>>() {
        let row = row?;
        let columns = row.into_iter().filter(|(column, _)| !["applicant", "creditability"].contains(&column.as_str()));
        let value = |text: String| text.parse::<i64>().map_or(Value::from(text), Value::from);
        facts.push(Value::from(columns.map(|(column, text)| (column, value(text))).collect::<Map<_, _>>()).to_string());
    }
    Ok(facts)
}

fn request(facts: &str) -> String {
    format!(r#"{{"handle":1,"as_of":"2026-11-30","facts":{facts}}}"#)
}

fn batches(rows: &[String]) -> Vec<String> {
    let all: Vec<&str> = rows.iter().map(String::as_str).cycle().take(ROWS).collect();
    let batch = |rows: &[&str]| {
        format!(
            "{{\"handle\":1,\"as_of\":\"2026-11-30\",\"rows\":{},\"format\":\"ndjson\"}}\n{}\n",
            rows.len(),
            rows.join("\n")
        )
    };
    all.chunks(REQUEST_ROWS).map(batch).collect()
}

fn door(load: &str) -> Door {
    let mut door = Door::new(Engine::default(), Box::new(trutina_script::Parser));
    door.call(LOAD, load.as_bytes());
    door
}

fn ready(sandbox: &Sandbox, name: &str, module: &[u8]) -> Outcome<Guest> {
    let start = Instant::now();
    let compiled = sandbox.compile(module)?;
    let took = start.elapsed();
    let start = Instant::now();
    let guest = sandbox.load(&compiled)?;
    println!(
        "{name}: {} KiB, compiled in {took:.1?} to {compiled:?}, loaded in {:.1?}",
        module.len() >> 10,
        start.elapsed()
    );
    Ok(guest)
}

/// The fastest of some rounds.
fn fastest(mut round: impl FnMut() -> Outcome<()>) -> Outcome<Duration> {
    let mut fastest = Duration::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        round()?;
        fastest = fastest.min(start.elapsed());
    }
    Ok(fastest)
}

fn compare(
    name: &str,
    count: usize,
    native: &mut Door,
    session: &mut Session,
    verb: i32,
    requests: &[String],
) -> Outcome<()> {
    for request in requests {
        if native.call(verb, request.as_bytes()) != session.call(verb, request.as_bytes())? {
            return Err("the answers differ".into());
        }
    }
    let (mut here, mut there) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        requests.iter().cycle().take(count).for_each(|request| drop(native.call(verb, request.as_bytes())));
        here = here.min(start.elapsed());
        let start = Instant::now();
        for request in requests.iter().cycle().take(count) {
            session.call(verb, request.as_bytes())?;
        }
        there = there.min(start.elapsed());
    }
    let each = |time: Duration| time.as_secs_f64() * 1e6 / count as f64;
    let ratio = there.as_secs_f64() / here.as_secs_f64();
    println!("{name}: native {:.2} µs, wasmtime {:.2} µs, ratio {ratio:.2}", each(here), each(there));
    Ok(())
}

fn fresh(name: &str, guest: &Guest, requests: &[String]) -> Outcome<()> {
    let took = fastest(|| {
        for request in requests {
            guest.decide(request.as_bytes())?;
        }
        Ok(())
    })?;
    println!("instance {name}: {:.1} µs", took.as_secs_f64() * 1e6 / requests.len() as f64);
    Ok(())
}

fn fresh_only(guest: &Guest) -> Outcome<()> {
    let took = fastest(|| (0..DECISIONS).try_for_each(|_| guest.session().map(drop)).map_err(Into::into))?;
    println!("instance made, dropped: {:.1} µs", took.as_secs_f64() * 1e6 / DECISIONS as f64);
    Ok(())
}

fn four_threads(guest: &Guest, requests: &[String]) -> Outcome<()> {
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| requests.iter().try_for_each(|request| guest.decide(request.as_bytes()).map(drop)));
        }
    });
    let each = start.elapsed().as_secs_f64() * 1e6 / (4 * requests.len()) as f64;
    println!("instance per decision, four threads: {each:.1} µs per decision");
    Ok(())
}
