//! Every shipped pack loads without a warning and reproduces its own cases.

use std::process::Command;

use crate::Outcome;
use crate::run::{root, succeed, trutina};

/// `check --deny warnings` and `test` for each folder of `rulesets/`.
pub fn verify() -> Outcome {
    let trutina = trutina()?;
    let packs = names()?;
    if packs.is_empty() {
        return Err("no pack in rulesets/".to_owned());
    }
    for pack in &packs {
        for arguments in [vec!["check", pack, "--deny", "warnings"], vec!["test", pack]] {
            succeed(Command::new(&trutina).current_dir(root()).args(arguments))?;
        }
    }
    Ok(format!("{} pack(s) checked and tested", packs.len()))
}

/// The packs, in order of name.
fn names() -> Result<Vec<String>, String> {
    let entries = std::fs::read_dir(root().join("rulesets")).map_err(|error| format!("rulesets: {error}"))?;
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_dir())
        .map(|entry| format!("rulesets/{}", entry.file_name().to_string_lossy()))
        .collect();
    names.sort();
    Ok(names)
}
