//! The static files of the pre-screening page and of the element: built, served, and tested in Chromium.

use std::path::PathBuf;
use std::process::Command;

use crate::node::{judged, npm};
use crate::run::{output, repeat, root, succeed, trutina};
use crate::{Outcome, wasm};

/// Assembles `target/browser`: the page decides with a bundle of `rulesets/retail-prescreening` and the runtime module.
pub fn build() -> Outcome {
    modules()?;
    let bundle = bundle()?;
    let mut build = node();
    build.arg("build.mjs").arg("--ruleset").arg(bundle).arg("--out").arg(target().join("browser"));
    let said = output(build.arg("--wasm").arg(target().join("wasm")))?;
    Ok(format!("{}: {}", target().join("browser").display(), said.trim()))
}

/// Builds the files and serves them with the headers that the README asks for.
pub fn serve(port: &str) -> Outcome {
    println!("{}", build()?);
    succeed(node().args(["serve.mjs", "--port", port, "--dir"]).arg(target().join("browser")))?;
    Ok("served".to_owned())
}

/// Runs every test of `hosts/browser` in the Chromium of this machine.
pub fn test() -> Outcome {
    modules()?;
    let bundle = bundle()?;
    succeed(npm(&folder())?.args(["ci", "--ignore-scripts", "--silent"]))?;
    let mut tests = npm(&folder())?;
    let (said, success) = repeat(tests.env("TRUTINA_RULESET", bundle).args(["test", "--silent"]))?;
    judged(&said, success)
}

/// Builds the modules if they are not there.
fn modules() -> Result<(), String> {
    if wasm::KINDS.iter().all(|kind| kind.path().is_file()) {
        return Ok(());
    }
    wasm::build(None).map(|_| ())
}

/// The ruleset of the page, packed by the command line.
fn bundle() -> Result<PathBuf, String> {
    let folder = target().join("browser-ruleset");
    let bundle = folder.join("retail-prescreening.trutina");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut pack = Command::new(trutina()?);
    pack.current_dir(root()).args(["pack", "rulesets/retail-prescreening", "--out"]).arg(&bundle);
    output(&mut pack).map(|_| bundle)
}

fn node() -> Command {
    let mut node = Command::new("node");
    node.current_dir(folder());
    node
}

fn folder() -> PathBuf {
    root().join("hosts").join("browser")
}

fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}
