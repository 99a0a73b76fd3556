//! The npm package: put together from the WebAssembly modules and the JavaScript of two rooms, packed, and tested as its users
//! have it.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{self, output, repeat, root, succeed};
use crate::{Outcome, wasm};

/// The least Node that the package promises to run on.
const NODE_LEAST: u32 = 20;

/// What the tests load as bundles: a ruleset, and its file in `target/node`.
const BUNDLES: [(&str, &str); 2] =
    [("retail-prescreening", "prescreening.trutina"), ("retail-credit-rating", "rating.trutina")];

/// Builds the modules if they are not there, assembles the package, and runs every test of `hosts/node`.
pub fn test() -> Outcome {
    assemble()?;
    for (ruleset, bundle) in BUNDLES {
        run::pack(ruleset, &root().join("target/node").join(bundle))?;
    }
    run::pack_signed("retail-prescreening", &root().join("target/node/signed.trutina"))?;
    let (said, success) = repeat(npm(&folder())?.args(["test", "--silent"]))?;
    judged(&said, success)
}

/// What Node's test runner counted; a run without a count is a failed one.
pub fn judged(said: &str, success: bool) -> Outcome {
    let count = |word: &str| said.lines().find_map(|line| line.strip_prefix(word)).map(str::trim).unwrap_or("no");
    let (passed, failed) = (count("# pass "), count("# fail "));
    if success && passed != "no" && failed == "0" {
        Ok(format!("{passed} tests passed"))
    } else {
        Err(format!("{passed} tests passed, {failed} failed"))
    }
}

/// Puts the package together in `target/node/package`.
pub fn assemble() -> Outcome {
    wasm::modules()?;
    succeed(npm(&folder())?.args(["ci", "--ignore-scripts"]))?;
    succeed(npm(&folder())?.args(["run", "--silent", "assemble"]))?;
    Ok("target/node/package".to_owned())
}

/// The npm of this machine, in the folder of a host.
pub fn npm(folder: &Path) -> Result<Command, String> {
    let said = output(Command::new("node").arg("--version")).map_err(|why| format!("Node is missing: {why}"))?;
    let major: Option<u32> = said.trim().trim_start_matches('v').split('.').next().and_then(|text| text.parse().ok());
    if major.is_none_or(|major| major < NODE_LEAST) {
        return Err(format!("Node {NODE_LEAST} or later is needed, this is {}", said.trim()));
    }
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(folder);
    Ok(npm)
}

fn folder() -> PathBuf {
    root().join("hosts").join("node")
}
