//! Every shipped pack loads without an unknown warning and reproduces its own cases.

use std::path::Path;
use std::process::Command;

use crate::Outcome;
use crate::run::{output, root, succeed, trutina};

/// Warnings that a pack's model card explains: pack and code.
const EXPLAINED: [(&str, &str); 1] = [("rulesets/retail-credit-rating", "T2205")];

/// `check` and `test` for each folder of `rulesets/`.
pub fn verify() -> Outcome {
    let trutina = trutina()?;
    let packs = names()?;
    if packs.is_empty() {
        return Err("no pack in rulesets/".to_owned());
    }
    for pack in &packs {
        warnings(&trutina, pack)?;
        succeed(Command::new(&trutina).current_dir(root()).args(["test", pack]))?;
    }
    Ok(format!("{} pack(s) checked and tested", packs.len()))
}

/// Fails at an error, and at a warning that nobody has explained.
fn warnings(trutina: &Path, pack: &str) -> Result<(), String> {
    let arguments = ["check", pack, "--format", "json"];
    let diagnostics = output(Command::new(trutina).current_dir(root()).args(arguments))?;
    let unexplained: Vec<&str> = codes(&diagnostics).filter(|code| !EXPLAINED.contains(&(pack, code))).collect();
    if unexplained.is_empty() { Ok(()) } else { Err(format!("{pack}: {}\n{diagnostics}", unexplained.join(", "))) }
}

/// The codes in a list of diagnostics; a quotation mark inside a message is escaped and cannot look like a key.
fn codes(diagnostics: &str) -> impl Iterator<Item = &str> {
    diagnostics.split("\"code\":").skip(1).filter_map(|rest| rest.split('"').nth(1))
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

#[cfg(test)]
mod tests {
    #[test]
    fn codes_are_read_from_diagnostics() {
        let text = r#"[{"code":"T2205","message":"say \"code\": no"},{"code": "T2401","name":"x"}]"#;
        assert_eq!(super::codes(text).collect::<Vec<_>>(), ["T2205", "T2401"]);
        assert_eq!(super::codes("[]").count(), 0);
    }
}
