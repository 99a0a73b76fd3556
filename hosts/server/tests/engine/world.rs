//! What the tests share: the modules, compiled once, and the sample portfolio.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::{Map, Value};
use trutina_engine::engine::Engine;
use trutina_engine::wire::call::Door;
use trutina_server::{Guest, Limits, Sandbox};

/// The module with the parser.
pub const FULL: &str = "trutina.wasm";

/// The module without it.
pub const RUNTIME: &str = "trutina-runtime.wasm";

/// The top of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The bytes of a module.
pub fn module(name: &str) -> Vec<u8> {
    let path = root().join("target/wasm").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{name}: {error}; run `cargo xtask wasm` first"))
}

/// The limits of a server, but for the number of instances, and for a machine that is busy with other tests.
pub fn sandbox() -> &'static Sandbox {
    static SANDBOX: OnceLock<Sandbox> = OnceLock::new();
    SANDBOX.get_or_init(|| {
        Sandbox::new(Limits { instances: 32, deadline: Duration::from_secs(60), ..Limits::default() }).unwrap()
    })
}

/// A module that is ready.
pub fn guest(module: &[u8]) -> Guest {
    let start = Instant::now();
    let compiled = sandbox().compile(module).unwrap();
    println!("{} KiB of WebAssembly, compiled in {:?}: {compiled:?}", module.len() >> 10, start.elapsed());
    sandbox().load(&compiled).unwrap()
}

/// The full module.
pub fn full() -> &'static Guest {
    static GUEST: OnceLock<Guest> = OnceLock::new();
    GUEST.get_or_init(|| guest(&module(FULL)))
}

/// The engine without WebAssembly.
pub fn native() -> Door {
    Door::new(Engine::default(), Box::new(trutina_script::Parser))
}

/// The payload of `load` for a pack: the files that decide.
pub fn pack(name: &str) -> String {
    let folder = root().join("rulesets").join(name);
    let named = |name: &str| {
        name == "ruleset.toml" || name == "rules.rhai" || name == "reasons.csv" || name.matches('.').count() == 2
    };
    let names = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| named(name)).collect();
    names.sort();
    let files: Map<String, Value> = names
        .into_iter()
        .map(|name| (name.clone(), std::fs::read_to_string(folder.join(&name)).unwrap().into()))
        .collect();
    serde_json::json!({ "files": files }).to_string()
}

/// The applicants of the sample portfolio as JSON facts; what reads like a whole number is one.
pub fn applicants() -> Vec<String> {
    let mut reader = csv::Reader::from_path(root().join("rulesets/retail-credit-rating/portfolio.csv")).unwrap();
    let rows = reader.deserialize().map(|row| row.unwrap());
    rows.map(|row: std::collections::BTreeMap<String, String>| {
        let columns = row.iter().filter(|(column, _)| !["applicant", "creditability"].contains(&column.as_str()));
        let value = |text: &String| text.parse::<i64>().map_or_else(|_| Value::from(text.clone()), Value::from);
        Value::from(columns.map(|(column, text)| (column.clone(), value(text))).collect::<Map<_, _>>()).to_string()
    })
    .collect()
}

/// A request for one decision.
pub fn decide(handle: i64, facts: &str, trace: &str) -> String {
    format!(r#"{{"handle":{handle},"as_of":"2026-11-30","facts":{facts},"trace":"{trace}"}}"#)
}

/// A request for many.
pub fn batch(handle: i64, rows: &[String], trace: &str) -> String {
    let head = format!(
        r#"{{"handle":{handle},"as_of":"2026-11-30","rows":{},"format":"ndjson","trace":"{trace}"}}"#,
        rows.len()
    );
    format!("{head}\n{}\n", rows.join("\n"))
}

/// An answer as text.
pub fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}
