//! The README is run, and so is the page about bundles. Commands in their `console` blocks must print what the page shows, and
//! blocks that quote a file (its path stands behind the language, as in "```toml rulesets/x/ruleset.toml") must quote it word by word.
//! Links lead to files that are there; a link on `a_name` to a Rust file leads to a function of that name. Code on a page is
//! quoted from a file that is run, or a test runs the page; commands that are only named have verbs and options that exist.

use std::path::Path;
use std::process::Command;

use crate::Outcome;
use crate::named::{Helps, known};
use crate::run::{root, trutina};

/// Pages whose commands are run.
const RUN: [&str; 2] = ["README.md", "engine/BUNDLE.md"];
/// Pages whose quotations, links and named commands are checked as well; their commands are run by the tests of their hosts.
const PAGES: [&str; 9] = [
    "hosts/node/README.md",
    "hosts/java/README.md",
    "hosts/browser/README.md",
    "bindings/js/README.md",
    "bindings/abi/ABI.md",
    "rulesets/README.md",
    "tests/README.md",
    "tests/conformance/README.md",
    "tests/corpus/FORMAT.md",
];
/// Pages whose own code a test runs: `hosts/node/test/readme.test.mjs` and `bindings/abi/tests/document.rs`.
const RUN_BY_TESTS: [&str; 2] = ["hosts/node/README.md", "bindings/abi/ABI.md"];
/// Languages of programs: a block in one of them says what a program does.
const PROGRAMS: [&str; 6] = ["rust", "js", "ts", "java", "html", "rhai"];
/// Samples, and the page that shows each: what a reader copies is what is run on every host.
const SHOWN: [(&str, &str); 11] = [
    ("README.md", "hosts/cli/examples/one.rs"),
    ("hosts/node/README.md", "hosts/node/samples/one.mjs"),
    ("hosts/node/README.md", "hosts/node/samples/batch.mjs"),
    ("hosts/node/README.md", "hosts/node/samples/limits.mjs"),
    ("hosts/node/README.md", "hosts/node/samples/explain.mjs"),
    ("hosts/node/README.md", "hosts/node/samples/one.mts"),
    ("hosts/browser/README.md", "hosts/browser/samples/page.mjs"),
    ("hosts/browser/README.md", "hosts/browser/samples/one.mjs"),
    ("hosts/browser/README.md", "hosts/browser/samples/explain.mjs"),
    ("hosts/java/README.md", "hosts/java/samples/One.java"),
    ("hosts/java/README.md", "hosts/java/samples/Explain.java"),
];
/// Running these inside themselves would never end; the test command is run by whoever asked for this check.
const NOT_RUN: [&str; 1] = ["cargo xtask"];
/// What cargo says about its own work.
const CARGO_WORDS: [&str; 11] = [
    "Adding",
    "Blocking",
    "Building",
    "Compiling",
    "Downloaded",
    "Downloading",
    "Finished",
    "Fresh",
    "Locking",
    "Running",
    "Updating",
];
/// Numbers before these words vary from run to run.
const VARYING: [&str; 6] = ["s", "ms", "µs", "seconds", "rows/s", "decisions/s"];

/// A piece of the README.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// A line outside of any checked block, fences included.
    Line(String),
    /// A command (all its lines, without `$ `) and the lines it shall print.
    Command { lines: Vec<String>, expected: Vec<String> },
    /// A line that must stand in a file, behind the line before it.
    Quote { path: String, line: String },
}

/// Fails at the first command that prints something else, and at the first quotation that is none.
pub fn check() -> Outcome {
    let program = trutina()?;
    let mut helps = Helps::new(&program);
    for page in RUN.into_iter().chain(PAGES) {
        let text = text(page)?;
        let parts = parsed(&text);
        links(page, &text)?;
        quotations(page, &parts)?;
        programs(page, &text)?;
        known(page, &text, &mut helps)?;
    }
    let mut run = 0_usize;
    for page in RUN {
        let parts = parsed(&text(page)?);
        let before = run;
        for (command, expected) in commands(&parts) {
            compare(page, &command, expected, &printed(&command)?)?;
            run = run.saturating_add(1);
        }
        if run == before {
            return Err(format!("{page} shows no command that can be run"));
        }
    }
    Ok(format!("{run} command(s) print what the pages show"))
}

/// The commands of a page that are run, with the lines they shall print.
fn commands(parts: &[Part]) -> impl Iterator<Item = (String, &[String])> {
    parts
        .iter()
        .filter_map(|part| match part {
            Part::Command { lines, expected } => Some((lines.join("\n"), expected.as_slice())),
            Part::Line(_) | Part::Quote { .. } => None,
        })
        .filter(|(command, _)| is_run(command))
}

/// Runs every command and writes what it printed into the pages.
pub fn rewrite() -> Outcome {
    trutina()?;
    for page in RUN {
        let mut lines = Vec::new();
        for part in parsed(&text(page)?) {
            match part {
                Part::Line(line) | Part::Quote { line, .. } => lines.push(line),
                Part::Command { lines: command, expected } => {
                    let joined = command.join("\n");
                    lines.push(format!("$ {joined}"));
                    lines.extend(if is_run(&joined) { printed(&joined)? } else { expected });
                }
            }
        }
        std::fs::write(root().join(page), lines.join("\n") + "\n").map_err(|error| format!("{page}: {error}"))?;
    }
    Ok(format!("{} rewritten", RUN.join(", ")))
}

/// Every block of a program quotes a file, unless a test runs the page; and the page shows the samples that it shall show.
fn programs(page: &str, text: &str) -> Result<(), String> {
    let infos: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("```")).collect();
    let bare = infos.iter().find(|info| PROGRAMS.contains(*info) && !RUN_BY_TESTS.contains(&page));
    if let Some(language) = bare {
        return Err(format!("{page} has a block of `{language}` that quotes no file, so nobody runs it"));
    }
    for (_, sample) in SHOWN.iter().filter(|(shows, _)| *shows == page) {
        if !infos.iter().any(|info| info.split_once(' ').is_some_and(|(_, path)| path == *sample)) {
            return Err(format!("{page} does not quote {sample}"));
        }
    }
    Ok(())
}

fn text(page: &str) -> Result<String, String> {
    std::fs::read_to_string(root().join(page)).map_err(|error| format!("{page}: {error}"))
}

fn is_run(command: &str) -> bool {
    !NOT_RUN.iter().any(|prefix| command.starts_with(prefix))
}

fn parsed(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut language = None;
    for line in text.lines() {
        match (&language, line.strip_prefix("```")) {
            (None, Some(info)) => {
                language = Some(info.to_owned());
                parts.push(Part::Line(line.to_owned()));
            }
            (Some(_), Some(_)) => {
                language = None;
                parts.push(Part::Line(line.to_owned()));
            }
            (Some(info), None) => {
                let part = inside(info, line, parts.last_mut());
                parts.extend(part);
            }
            (None, None) => parts.push(Part::Line(line.to_owned())),
        }
    }
    parts
}

/// A line of a fenced block: a new part, or none if it belongs to the part before it.
fn inside(info: &str, line: &str, last: Option<&mut Part>) -> Option<Part> {
    if info != "console" {
        // Behind a language may also stand what the block is, as in "```json request 1".
        let quoted = info.split_once(' ').filter(|(_, path)| path.contains(['/', '.']) && line != "...");
        return Some(quoted.map_or_else(
            || Part::Line(line.to_owned()),
            |(_, path)| Part::Quote { path: path.to_owned(), line: line.to_owned() },
        ));
    }
    if let Some(command) = line.strip_prefix("$ ") {
        return Some(Part::Command { lines: vec![command.to_owned()], expected: Vec::new() });
    }
    let Some(Part::Command { lines, expected }) = last else {
        return Some(Part::Line(line.to_owned()));
    };
    let continued = expected.is_empty() && lines.last().is_some_and(|line| line.ends_with('\\'));
    if continued {
        lines.push(line.to_owned())
    } else {
        expected.push(line.to_owned())
    }
    None
}

/// Every quoted line stands in its file, in the order of the quotation.
fn quotations(page: &str, parts: &[Part]) -> Result<(), String> {
    let mut place: Option<(&str, usize)> = None;
    for part in parts {
        let Part::Quote { path, line } = part else {
            place = None;
            continue;
        };
        let file =
            std::fs::read_to_string(root().join(path)).map_err(|error| format!("{page} quotes {path}: {error}"))?;
        let after = place.filter(|(before, _)| before == path).map_or(0, |(_, after)| after);
        let found = file.lines().skip(after).position(|candidate| candidate == line);
        let found = found.ok_or_else(|| format!("{page} quotes a line that {path} does not have here\n  {line}"))?;
        place = Some((path, after.saturating_add(found).saturating_add(1)));
    }
    Ok(())
}

/// Every link into the repository leads somewhere.
fn links(page: &str, text: &str) -> Result<(), String> {
    let from = Path::new(page).parent().unwrap_or(Path::new(""));
    for piece in text.split("](").zip(text.split("](").skip(1)) {
        let label = piece.0.rsplit('[').next().unwrap_or_default();
        let target = piece.1.split(')').next().unwrap_or_default();
        if target.contains("://") || target.starts_with('#') {
            continue;
        }
        let path = root().join(from).join(target);
        if !path.exists() {
            return Err(format!("{page} links to `{target}`, which is not there"));
        }
        let name = label.strip_prefix('`').and_then(|label| label.strip_suffix('`'));
        let Some(name) = name.filter(|name| target.ends_with(".rs") && !name.contains(['/', '.'])) else { continue };
        let source = std::fs::read_to_string(&path).map_err(|error| format!("{target}: {error}"))?;
        if !source.contains(&format!("fn {name}(")) {
            return Err(format!("{page} names the test `{name}`, which {target} does not have"));
        }
    }
    Ok(())
}

/// What a command prints on both streams, without cargo's own words.
fn printed(command: &str) -> Result<Vec<String>, String> {
    let output = Command::new("sh").arg("-c").arg(format!("( {command}\n) 2>&1")).current_dir(root()).output();
    let output = output.map_err(|error| format!("{command}: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(text.lines().filter(|line| !is_cargo(line)).map(|line| line.trim_end().to_owned()).collect())
}

fn is_cargo(line: &str) -> bool {
    line.starts_with(' ') && line.split_whitespace().next().is_some_and(|word| CARGO_WORDS.contains(&word))
}

fn compare(page: &str, command: &str, expected: &[String], printed: &[String]) -> Result<(), String> {
    let masked = |lines: &[String]| lines.iter().map(|line| mask(line)).collect::<Vec<_>>();
    if masked(expected) == masked(printed) {
        return Ok(());
    }
    Err(format!(
        "a command of {page} prints something else (`cargo xtask readme --write` mends it)\n$ {command}\n-- {page}\n{}\n-- printed\n{}",
        expected.join("\n"),
        printed.join("\n")
    ))
}

/// The line with `#` for each number that stands before a unit of time or a rate.
fn mask(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    let masked = words.iter().enumerate().map(|(index, word)| {
        let unit = words.get(index.saturating_add(1)).map_or("", |next| bare(next));
        if is_number(word) && VARYING.contains(&unit)
            || VARYING.iter().any(|unit| bare(word).strip_suffix(unit).is_some_and(is_number))
        {
            "#"
        } else {
            word
        }
    });
    masked.collect::<Vec<_>>().join(" ")
}

/// A word without the punctuation behind it.
fn bare(word: &str) -> &str {
    word.trim_end_matches([',', '.', ')'])
}

fn is_number(word: &str) -> bool {
    let digits = word.trim_start_matches('(');
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == ',' || c == '.')
}

#[cfg(test)]
mod tests {
    use super::{Part, compare, is_cargo, links, mask, parsed, programs, quotations};

    #[test]
    fn commands_and_quotations_are_found() {
        let text = "# x\n```console\n$ a \\\n  b\none\n$ c\n```\n```toml some/file\nkey = 1\n...\n```\nend";
        let line = |text: &str| Part::Line(text.to_owned());
        let command = |lines: &[&str], expected: &[&str]| Part::Command {
            lines: lines.iter().map(ToString::to_string).collect(),
            expected: expected.iter().map(ToString::to_string).collect(),
        };
        let quote = Part::Quote { path: "some/file".to_owned(), line: "key = 1".to_owned() };
        let expected = [
            line("# x"),
            line("```console"),
            command(&["a \\", "  b"], &["one"]),
            command(&["c"], &[]),
            line("```"),
            line("```toml some/file"),
            quote,
            line("..."),
            line("```"),
            line("end"),
        ];
        assert_eq!(parsed(text), expected);
    }

    #[test]
    fn times_and_rates_are_masked_and_nothing_else() {
        assert_eq!(mask("1,000 rows in 0.12 s (8,333 rows/s)"), "1,000 rows in # s # rows/s)");
        assert_eq!(mask("done in 12.5ms, score 600"), "done in # score 600");
        assert_eq!(mask("done in 12.5ms and 3 s"), "done in # and # s");
        assert_eq!(mask("600 points"), "600 points");
    }

    #[test]
    fn another_output_is_found() {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        assert!(compare("page", "x", &lines("a 1 s\nb"), &lines("a 2 s\nb")).is_ok());
        assert!(compare("page", "x", &lines("a\nb"), &lines("a")).is_err());
        assert!(compare("page", "x", &lines("score 600"), &lines("score 601")).is_err());
    }

    #[test]
    fn cargos_words_are_known_by_their_indent() {
        assert!(is_cargo("   Compiling x v1"));
        assert!(!is_cargo("Compiling x"));
        assert!(!is_cargo("  approve 514"));
    }

    #[test]
    fn a_dead_link_is_found() {
        assert!(
            links("README.md", "see [x](xtask/Cargo.toml), [y](https://example.org/z) and [`root`](xtask/src/run.rs)")
                .is_ok()
        );
        assert!(links("README.md", "see [x](xtask/Cargo.toml) and [y](xtask/Cargo.tom)").is_err());
        assert!(links("README.md", "[`no_such_function`](xtask/src/run.rs)").is_err());
    }

    #[test]
    fn a_wrong_quotation_is_found() {
        let quote = |line: &str| Part::Quote { path: "xtask/Cargo.toml".to_owned(), line: line.to_owned() };
        assert!(quotations("README.md", &[quote("[package]"), quote("name = \"xtask\"")]).is_ok());
        assert!(quotations("README.md", &[quote("name = \"xtask\""), quote("[package]")]).is_err());
        assert!(quotations("README.md", &[quote("name = \"other\"")]).is_err());
    }

    #[test]
    fn code_that_nobody_runs_is_found() {
        assert!(programs("rulesets/README.md", "```js xtask/a.js\nx\n```\n```text\nx\n```").is_ok());
        assert!(programs("rulesets/README.md", "```js\nx\n```").is_err());
        assert!(programs("bindings/abi/ABI.md", "```js\nx\n```").is_ok(), "a test runs it");
        assert!(programs("hosts/java/README.md", "no sample").is_err());
        assert!(programs("README.md", "```rust hosts/cli/examples/one.rs\n```").is_ok());
    }
}
