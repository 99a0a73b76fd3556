//! The static files of the pre-screening page and of the element: built, served, and tested in Chromium.

use std::path::PathBuf;
use std::process::Command;

use crate::node::{judged, npm};
use crate::run::{self, output, repeat, root, succeed};
use crate::{Outcome, wasm};

/// Assembles `target/browser`: the page decides with a bundle of `rulesets/retail-prescreening` and the runtime module.
pub fn build() -> Outcome {
    wasm::modules()?;
    let said = output(node("build.mjs").arg("--ruleset").arg(bundle()?))?;
    Ok(format!("target/browser: {}", said.trim()))
}

/// Builds the files and serves them with the headers that the README asks for.
pub fn serve(port: &str) -> Outcome {
    println!("{}", build()?);
    succeed(node("serve.mjs").args(["--port", port]))?;
    Ok("served".to_owned())
}

/// Runs every test of `hosts/browser` in the Chromium of this machine.
pub fn test() -> Outcome {
    wasm::modules()?;
    let bundle = bundle()?;
    run::pack_signed("retail-prescreening", &bundle.with_file_name("signed.trutina"))?;
    install()?;
    let mut tests = npm(&folder())?;
    let (said, success) = repeat(tests.env("TRUTINA_RULESET", bundle).args(["test", "--silent"]))?;
    judged(&said, success)
}

/// What drives Chromium, from the registry of npm.
pub fn install() -> Result<(), String> {
    succeed(npm(&folder())?.args(["ci", "--ignore-scripts", "--silent"]))
}

/// The ruleset of the page, packed by the command line.
fn bundle() -> Result<PathBuf, String> {
    let bundle = run::folder(root().join("target").join("browser-ruleset"))?.join("retail-prescreening.trutina");
    run::pack("retail-prescreening", &bundle)?;
    Ok(bundle)
}

/// A program of the host; each knows `target/browser` and `target/wasm`.
fn node(program: &str) -> Command {
    let mut node = Command::new("node");
    node.current_dir(folder()).arg(program);
    node
}

fn folder() -> PathBuf {
    root().join("hosts").join("browser")
}
