//! Commands that a page names without running them: their verbs and options are there.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::USAGE;

/// Where a command ends: the end of code in a sentence, a comment, a pipe, another command.
const ENDS: [&str; 6] = ["`", " #", " |", " &&", " >", ";"];

/// What `trutina --help` and the help of each verb say, asked once.
pub struct Helps<'a> {
    program: &'a Path,
    said: BTreeMap<String, String>,
}

impl<'a> Helps<'a> {
    pub fn new(program: &'a Path) -> Self {
        Self { program, said: BTreeMap::new() }
    }

    /// The help of a verb of `trutina`; an error if there is no such verb.
    fn of(&mut self, verb: &str) -> Result<&str, String> {
        if !self.said.contains_key(verb) {
            let output = Command::new(self.program).args([verb, "--help"]).output();
            let output = output.map_err(|error| format!("{}: {error}", self.program.display()))?;
            if !output.status.success() {
                return Err(format!("`trutina` has no verb `{verb}`"));
            }
            self.said.insert(verb.to_owned(), String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Ok(self.said.get(verb).map_or("", String::as_str))
    }
}

/// Fails at the first command of a page that this tool or `trutina` does not know.
pub fn known(page: &str, text: &str, helps: &mut Helps<'_>) -> Result<(), String> {
    for words in named(text, "cargo xtask ") {
        of_xtask(&words).map_err(|why| format!("{page} names `cargo xtask {}`: {why}", words.join(" ")))?;
    }
    let alone = ["`trutina ", "\ntrutina ", "$ trutina "].iter().flat_map(|start| named(text, start));
    for words in alone.chain(named(text, "trutina-cli -- ")) {
        of_trutina(&words, helps).map_err(|why| format!("{page} names `trutina {}`: {why}", words.join(" ")))?;
    }
    Ok(())
}

/// The words behind each place where a command begins, lines that end in `\` joined.
fn named(text: &str, start: &str) -> Vec<Vec<String>> {
    let joined = text.replace("\\\n", " ");
    let lines = joined.split(start).skip(1).map(|rest| rest.lines().next().unwrap_or_default());
    lines
        .map(|line| {
            let end = ENDS.iter().filter_map(|end| line.find(end)).min().unwrap_or(line.len());
            line.get(..end).unwrap_or_default().split_whitespace().map(str::to_owned).collect()
        })
        .filter(|words: &Vec<String>| !words.is_empty())
        .collect()
}

fn options(words: &[String]) -> impl Iterator<Item = &str> {
    words.iter().map(String::as_str).filter(|word| word.starts_with("--"))
}

/// The verb begins a line of the usage, and each option stands in a line of that verb.
fn of_xtask(words: &[String]) -> Result<(), String> {
    let verb = words.first().map(String::as_str).unwrap_or_default();
    let usages: Vec<&str> = USAGE
        .lines()
        .filter_map(|line| line.strip_prefix("  "))
        .filter(|line| line.split(' ').next().is_some_and(|word| word == verb && !word.is_empty()))
        .collect();
    if usages.is_empty() {
        return Err(format!("there is no verb `{verb}`"));
    }
    match options(words).find(|option| !usages.iter().any(|usage| usage.contains(option))) {
        Some(option) => Err(format!("`{verb}` has no option `{option}`")),
        None => Ok(()),
    }
}

fn of_trutina(words: &[String], helps: &mut Helps<'_>) -> Result<(), String> {
    let verb = words.first().map(String::as_str).unwrap_or_default();
    let help = helps.of(verb)?;
    match options(words).find(|option| !help.contains(option)) {
        Some(option) => Err(format!("`{verb}` has no option `{option}`")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{named, of_xtask};

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn commands_are_found_with_their_words() {
        let text =
            "see `cargo xtask node package`, or\n$ cargo xtask fuzz all 60 \\\n  # long\ncargo xtask wasm && x\n";
        assert_eq!(named(text, "cargo xtask "), [words("node package"), words("fuzz all 60"), words("wasm")]);
        assert!(named("cargo xtask `", "cargo xtask ").is_empty());
    }

    #[test]
    fn an_unknown_verb_and_an_unknown_option_are_found() {
        for right in ["test", "browser --serve 8080", "conformance --host node --generated 5", "wasm --twice"] {
            assert!(of_xtask(&words(right)).is_ok(), "{right}");
        }
        for wrong in ["tests", "browser --sreve 8080", "usage:", "one corpus"] {
            assert!(of_xtask(&words(wrong)).is_err(), "{wrong}");
        }
    }
}
