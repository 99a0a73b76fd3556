//! What the sandbox costs: the same request bytes to the same answer bytes, natively and in wasmtime, in one run.
//!
//! `cargo xtask wasm && cargo xtask speed prepare && cargo bench -p trutina-server`. Each module has the ruleset baked into it, as a
//! server would take it. Native and sandboxed turns alternate, each short, for the machine may be shared and its speed changes: the ratio is
//! the middle one of all turns.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::float_arithmetic,
    reason = "a program for people who watch it: a failed set-up may stop it"
)]

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use trutina_bake::bake;
use trutina_engine::engine::Engine;
use trutina_engine::wire::call::Door;
use trutina_server::verb::{DECIDE, DECIDE_BATCH, LOAD};
use trutina_server::{Guest, Limits, Sandbox, SandboxError};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The module of a server first; the other one has the parser, and is built for size.
const MODULES: [&str; 2] = ["trutina-runtime.wasm", "trutina.wasm"];
/// Decisions in a turn.
const DECISIONS: usize = 1_000;
const INSTANCES: usize = 20_000;
/// Batches in a turn, and rows of each.
const BATCHES: usize = 1;
const ROWS: usize = 1_000;
const TURNS: usize = 301;
const ROUNDS: usize = 7;
const THREADS: usize = 4;

fn main() -> Outcome<()> {
    let load = made("speed/load.trutina")?;
    let singles: Vec<Vec<u8>> =
        made("speed/singles.ndjson")?.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let batch = [made("speed/batch.ndjson")?];
    let sandbox = Sandbox::new(Limits { deadline: Duration::from_secs(60), ..Limits::default() })?;
    for name in MODULES {
        let module = bake(&made(&format!("wasm/{name}"))?, &load)?;
        let guest = ready(&sandbox, name, &module)?;
        let mut native = Door::new(Engine::default(), Box::new(trutina_script::Parser));
        native.call(LOAD, &load);
        compare("one decision", DECISIONS, 1, &guest, &mut native, DECIDE, &singles)?;
        compare("a row of a batch of 1,000", BATCHES, ROWS, &guest, &mut native, DECIDE_BATCH, &batch)?;
        let alone = fastest(|| (0..INSTANCES).try_for_each(|_| guest.session().map(drop)))?;
        println!("  a fresh instance, dropped: {:.1} µs", each(alone, INSTANCES));
        let deciding = fastest(|| singles.iter().try_for_each(|request| guest.decide(request).map(drop)))?;
        println!("  a fresh instance, one decision, dropped: {:.1} µs", each(deciding, singles.len()));
        let threads = in_threads(&guest, &singles)?;
        println!("  the same in {THREADS} threads: {:.1} µs", each(threads, THREADS * singles.len()));
    }
    Ok(())
}

/// A file that other commands have made below `target`.
fn made(path: &str) -> Outcome<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target").join(path);
    let missing =
        |error| format!("{}: {error}; run `cargo xtask wasm` and `cargo xtask speed prepare`", path.display());
    fs::read(&path).map_err(|error| missing(error).into())
}

fn ready(sandbox: &Sandbox, name: &str, module: &[u8]) -> Outcome<Guest> {
    let start = Instant::now();
    let compiled = sandbox.compile(module)?;
    let took = start.elapsed();
    let start = Instant::now();
    let guest = sandbox.load(&compiled)?;
    println!(
        "{name}, with the ruleset {} KiB, compiled in {took:.1?} to {compiled:?}, loaded in {:.1?}",
        module.len() >> 10,
        start.elapsed()
    );
    Ok(guest)
}

/// The fastest of some rounds.
fn fastest(mut round: impl FnMut() -> Result<(), SandboxError>) -> Outcome<Duration> {
    let mut fastest = Duration::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        round()?;
        fastest = fastest.min(start.elapsed());
    }
    Ok(fastest)
}

/// Microseconds.
fn each(time: Duration, count: usize) -> f64 {
    time.as_secs_f64() * 1e6 / count as f64
}

/// Decisions in an instance that is kept, beside native ones.
fn compare(
    name: &str,
    count: usize,
    rows: usize,
    guest: &Guest,
    native: &mut Door,
    verb: i32,
    requests: &[Vec<u8>],
) -> Outcome<()> {
    let mut session = guest.session()?;
    for request in requests {
        if native.call(verb, request) != session.call(verb, request)? {
            return Err("the answers differ".into());
        }
    }
    let (mut here, mut there, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let (mut natives, mut guests) = (requests.iter().cycle(), requests.iter().cycle());
    for _ in 0..TURNS {
        let start = Instant::now();
        natives.by_ref().take(count).for_each(|request| drop(native.call(verb, request)));
        let natively = each(start.elapsed(), count * rows);
        let start = Instant::now();
        guests.by_ref().take(count).try_for_each(|request| session.call(verb, request).map(drop))?;
        let inside = each(start.elapsed(), count * rows);
        here.push(natively);
        there.push(inside);
        ratios.push(inside / natively);
    }
    let [[_, here, _], [_, there, _], [low, ratio, high]] = [here, there, ratios].map(quartiles);
    println!("  {name}: native {here:.2} µs, wasmtime {there:.2} µs, ratio {ratio:.2} ({low:.2} to {high:.2})");
    Ok(())
}

/// A quarter, half and three quarters of the figures are below these.
fn quartiles(mut figures: Vec<f64>) -> [f64; 3] {
    figures.sort_by(f64::total_cmp);
    [1, 2, 3].map(|part| figures.get(figures.len() * part / 4).copied().unwrap_or(f64::NAN))
}

/// Every thread decides all, each in an instance of its own.
fn in_threads(guest: &Guest, requests: &[Vec<u8>]) -> Outcome<Duration> {
    let start = Instant::now();
    std::thread::scope(|scope| {
        let all = || requests.iter().try_for_each(|request| guest.decide(request).map(drop));
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(all)).collect();
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().map_err(|_| "a thread panicked")?.map_err(Box::<dyn Error>::from))
    })?;
    Ok(start.elapsed())
}
