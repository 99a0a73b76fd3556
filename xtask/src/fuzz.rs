//! Fuzzing without anything to install: libFuzzer is linked in, and the compiler in use instruments for it.

use std::path::PathBuf;

use crate::Outcome;
use crate::run::{self, cargo, host, root, succeed};

/// What cargo-fuzz would ask of a nightly compiler, in words that every compiler understands.
const INSTRUMENTED: [&str; 7] = [
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
];

/// Memory that one input may take, in MiB, and the longest input, in bytes.
const LIMITS: [&str; 3] = ["-rss_limit_mb=4096", "-max_len=65536", "-timeout=20"];

/// Every target, by name.
const TARGETS: [&str; 8] = ["toml", "csv", "cells", "script", "facts", "differential", "bundle", "program"];

/// Fuzzes one target, or `all`, for some seconds each. What was found to be new is kept in `target/fuzz/corpus`, what failed
/// lies in `target/fuzz/found`.
pub fn run(target: &str, seconds: &str) -> Outcome {
    seconds.parse::<u32>().map_err(|_| format!("`{seconds}` is no number of seconds"))?;
    let chosen: Vec<&str> = TARGETS.iter().copied().filter(|name| target == "all" || target == *name).collect();
    if chosen.is_empty() {
        return Err(format!("no target `{target}`; targets are all, {}", TARGETS.join(", ")));
    }
    chosen.iter().try_for_each(|name| one(name, seconds))?;
    Ok(format!("{}: nothing found", chosen.join(", ")))
}

fn one(name: &str, seconds: &str) -> Result<(), String> {
    let folder = root().join("target").join("fuzz");
    let corpus = run::folder(folder.join("corpus").join(name))?;
    let found = run::folder(folder.join("found").join(name))?;
    let mut fuzz = cargo();
    fuzz.current_dir(root().join("tests").join("fuzz")).env("CARGO_ENCODED_RUSTFLAGS", INSTRUMENTED.join("\u{1f}"));
    fuzz.args(["run", "--release", "--quiet", "--target", &host()?, "--target-dir"]).arg(&folder).args(["--bin", name]);
    fuzz.arg("--").arg(&corpus).args(seeds(name).filter(|path| path.is_dir()));
    fuzz.arg(format!("-artifact_prefix={}/", found.display())).arg(format!("-max_total_time={seconds}"));
    succeed(fuzz.args(LIMITS))
}

/// Folders of inputs to begin with: the first that is named takes what is new, these are only read.
fn seeds(name: &str) -> impl Iterator<Item = PathBuf> {
    let folders: &[&str] = match name {
        "toml" | "csv" | "script" => &["rulesets/retail-credit-rating", "rulesets/retail-prescreening"],
        _ => &[],
    };
    folders.iter().map(|folder| root().join(folder))
}
