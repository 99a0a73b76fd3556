//! The conformance of hosts: makes the cases, answers them natively, compares the answers of other hosts.
//!
//! `cargo xtask conformance` runs it together with the hosts.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool that meets what it does not expect must stop at once and say so; nothing here reaches a host"
)]

mod bundles;
mod columns;
mod compare;
mod corpus;
mod entry;
mod native;
mod plain;
mod requests;
mod table;
mod typed;

use std::io::Write as _;
use std::process::ExitCode;

use compare::Tally;
use entry::{Answer, Entry};

const USAGE: &str = "usage: conformance VERB
  corpus CASES [RUNTIME]           write the cases of the corpus; with rulesets in this runtime module
  generated FROM UNTIL CASES       write the cases of these seeds
  native CASES ANSWERS             answer cases natively
  compare CASES NATIVE HOST=ANSWERS... TALLIES   compare; append what was counted and found
  table TALLIES                    print the table of hosts; fail at a difference";

/// Deep sources are part of the corpus; the table of hosts is about answers, not about the stack of this tool.
const STACK_BYTES: usize = 512 << 20;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let worker = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(move || run(&arguments));
    match worker.expect("a thread").join() {
        Ok(Ok(said)) => {
            print!("{said}");
            ExitCode::SUCCESS
        }
        Ok(Err(why)) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
        Err(_) => ExitCode::FAILURE,
    }
}

fn run(arguments: &[String]) -> Result<String, String> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse::<u64>().map_err(|_| USAGE.to_owned());
    match words.as_slice() {
        ["corpus", path] => write(path, &entry::write(&corpus::all(None)))?,
        ["corpus", path, module] => {
            let module = std::fs::read(module).map_err(|why| format!("{module}: {why}"))?;
            write(path, &entry::write(&corpus::all(Some(&module))))?;
        }
        ["generated", from, until, path] => {
            write(path, &entry::write(&corpus::generated(number(from)?..number(until)?)))?;
        }
        ["native", cases, path] => write(path, &entry::write(&native::answer(&read::<Entry>(cases)?)?))?,
        ["compare", cases, native, hosts @ .., tallies] => {
            let (cases, answers) = (read(cases)?, read(native)?);
            for host in hosts {
                tally(&cases, &answers, native, host, tallies)?;
            }
        }
        ["table", path] => return print(read(path)?),
        _ => return Err(USAGE.to_owned()),
    }
    Ok(String::new())
}

/// Compares the answers of one host, and appends its tally.
fn tally(cases: &[Entry], native: &[Answer], engine: &str, host: &str, tallies: &str) -> Result<(), String> {
    let (name, path) = host.split_once('=').ok_or(USAGE)?;
    let mut row = (name.to_owned(), compare::compare(cases, native, &read(path)?));
    if path == engine {
        row.1.runtime = 0; // the engine itself is no module
    }
    let file = std::fs::OpenOptions::new().create(true).append(true).open(tallies);
    let written = file.and_then(|mut file| file.write_all(entry::write(&[row]).as_bytes()));
    written.map_err(|why| format!("{tallies}: {why}"))
}

fn print(rows: Vec<(String, Tally)>) -> Result<String, String> {
    let mut hosts: Vec<(String, Tally)> = Vec::new();
    for (name, tally) in rows {
        match hosts.iter_mut().find(|(host, _)| *host == name) {
            Some((_, sum)) => *sum = std::mem::take(sum).plus(tally),
            None => hosts.push((name, tally)),
        }
    }
    eprint!("{}", table::details(&hosts));
    let table = table::markdown(&hosts);
    match hosts.iter().map(|(_, tally)| tally.differences.len()).sum::<usize>() {
        0 => Ok(table),
        count => Err(format!("{table}{count} difference(s)")),
    }
}

fn read<T: for<'de> serde::Deserialize<'de>>(path: &str) -> Result<Vec<T>, String> {
    let text = std::fs::read_to_string(path).map_err(|why| format!("{path}: {why}"))?;
    entry::read(&text).map_err(|why| format!("{path}: {why}"))
}

fn write(path: &str, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|why| format!("{path}: {why}"))
}
