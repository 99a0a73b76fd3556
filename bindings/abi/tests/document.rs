//! `ABI.md` says what happens: its examples are run, and its host is the one that a test runs.
//!
//! `TRUTINA_BLESS=1` writes the answers and the host into the page, for a reader to judge.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests stop at once"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page() -> String {
    std::fs::read_to_string(here().join("ABI.md")).unwrap()
}

/// The page as it should be: every answer is that of the engine, the host is the file.
fn rewritten(page: &str) -> (String, usize) {
    let (mut out, mut asked, mut answers) = (String::new(), None, 0_usize);
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        writeln!(out, "{line}").unwrap();
        let Some(info) = line.strip_prefix("```").filter(|info| !info.is_empty()) else { continue };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let mut text = block.join("\n");
        if let Some(verb) = info.strip_prefix("json request ") {
            asked = Some(trutina_abi::call(verb.parse().unwrap(), text.as_bytes()));
        } else if info == "json answer" {
            text = without_engine(&asked.take().expect("an answer has a request"));
            answers += 1;
        } else if info == "js" {
            text = std::fs::read_to_string(here().join("minimal-host.mjs")).unwrap();
        }
        writeln!(out, "{}\n```", text.trim_end()).unwrap();
    }
    (out, answers)
}

fn without_engine(answer: &[u8]) -> String {
    let member = format!("\"engine\":\"{}\",", env!("CARGO_PKG_VERSION"));
    std::str::from_utf8(answer).unwrap().replace(&member, "")
}

#[cfg(feature = "full")]
#[test]
fn the_examples_are_true() {
    let page = page();
    let (right, answers) = rewritten(&page);
    if std::env::var_os("TRUTINA_BLESS").is_some() {
        std::fs::write(here().join("ABI.md"), &right).unwrap();
    }
    assert!(answers >= 8, "{answers} answers");
    assert!(page == right, "ABI.md does not say what happens; TRUTINA_BLESS=1 shows the difference");
}

#[cfg(feature = "full")]
#[test]
fn a_false_example_is_found() {
    let page = page().replace("\"outcome\":\"decline\"", "\"outcome\":\"approve\"");
    assert_ne!(rewritten(&page).0, page);
}

/// The modules that `cargo xtask wasm` built.
fn module(name: &str) -> PathBuf {
    let path = here().join("../../target/wasm").join(name);
    assert!(path.is_file(), "{name} is not built: run `cargo xtask wasm` first");
    path
}

#[test]
fn the_minimal_host_decides_as_the_engine_does() {
    let root = here().join("../..");
    let ruleset = root.join("rulesets/retail-credit-rating");
    let mut files = serde_json::Map::new();
    for entry in std::fs::read_dir(&ruleset).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
        let name = entry.file_name().unwrap().to_str().unwrap().to_owned();
        files.insert(name, std::fs::read_to_string(&entry).unwrap().into());
    }
    let load = serde_json::json!({ "files": files }).to_string();
    let folder = std::env::temp_dir().join(format!("trutina-abi-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let payload = folder.join("load.json");
    std::fs::write(&payload, &load).unwrap();
    let facts = root.join("hosts/cli/samples/applicant.json");
    let run = Command::new("node")
        .arg(here().join("minimal-host.mjs"))
        .args([&module("trutina.wasm"), &payload])
        .arg("2026-11-30")
        .arg(&facts)
        .output()
        .expect("node is needed");
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));

    let loaded: serde_json::Value = serde_json::from_slice(&trutina_abi::call(1, load.as_bytes())).unwrap();
    let facts = std::fs::read_to_string(facts).unwrap();
    let request = format!(r#"{{"handle":{},"as_of":"2026-11-30","facts":{facts}}}"#, loaded["ok"]["handle"]);
    let native = trutina_abi::call(3, request.as_bytes());
    assert_eq!(String::from_utf8(run.stdout).unwrap().trim_end(), String::from_utf8(native).unwrap());
}
