//! Every host answers the same cases with the same bytes. tests/conformance/README.md says what a runner of a host is.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::Outcome;
use crate::run::{built, cargo, output, root, succeed};
use crate::{browser, java, node, wasm};

/// Generated rulesets, unless told otherwise; their seeds are the same in every run.
const GENERATED: u64 = 300;

/// Generated rulesets in one file of cases.
const ROUND: u64 = 1_000;

const README: &str = "README.md";
const BEGIN: &str = "<!-- conformance -->";
const END: &str = "<!-- /conformance -->";

/// A host and its runner.
struct Host {
    /// Its name in `--host`.
    name: &'static str,
    /// Its name in the table.
    title: &'static str,
    /// Without this file there is no runner.
    runner: &'static str,
    /// Whether this machine has what the host is.
    at_hand: fn() -> bool,
    /// What must be there before it runs.
    needs: &'static [Need],
    /// The runner, without the two files.
    command: fn() -> Result<Command, String>,
}

/// In the order of the table. The first row is the engine's own, through the typed interface of Rust.
const HOSTS: [Host; 6] = [
    Host {
        name: NATIVE,
        title: "Native (Rust)",
        runner: "tests/conformance/native.rs",
        at_hand: || true,
        needs: &[],
        command: || Ok(tool()),
    },
    Host {
        name: "wasmtime",
        title: "wasmtime",
        runner: "hosts/server/examples/conformance/main.rs",
        at_hand: || true,
        needs: &[Need::Sandbox],
        command: || {
            let mut command = cargo();
            command.arg("run").args(WASMTIME).arg("--");
            Ok(command)
        },
    },
    Host {
        name: "node",
        title: "Node",
        runner: "hosts/node/conformance.mjs",
        at_hand: || true,
        needs: &[Need::Package],
        command: || Ok(script("hosts/node/conformance.mjs")),
    },
    Host {
        name: "chromium",
        title: "Chromium",
        runner: "hosts/browser/conformance.mjs",
        at_hand: || true,
        needs: &[Need::Package, Need::Chromium],
        command: || Ok(script("hosts/browser/conformance.mjs")),
    },
    Host {
        name: "jvm25",
        title: "JVM 25",
        runner: JVM,
        at_hand: || java::has(25),
        needs: &[Need::Jars],
        command: || java::conformance(Some(25)),
    },
    Host {
        name: "jvm17",
        title: "JVM 17",
        runner: JVM,
        at_hand: || java::has(17),
        needs: &[Need::Jars],
        command: || java::conformance(Some(17)),
    },
];

/// The engine itself, with which all others are compared.
const NATIVE: &str = "native";

/// The runner of the JVM.
const JVM: &str = "hosts/java/src/test/java/org/trutina/Conformance.java";

/// The runner of the sandbox, as cargo knows it.
// Not a release build: the tests of the sandbox have compiled wasmtime already, which takes minutes.
const WASMTIME: [&str; 6] = ["--quiet", "--locked", "--package", "trutina-server", "--example", "conformance"];

/// What is built before the hosts run; the modules are there. Two hosts may need the same.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    /// The runner of the sandbox.
    Sandbox,
    /// The npm package, which browsers load as well.
    Package,
    /// What drives Chromium.
    Chromium,
    /// The jars, for every JDK.
    Jars,
}

impl Need {
    fn build(self) -> Result<(), String> {
        match self {
            Self::Sandbox => succeed(cargo().arg("build").args(WASMTIME)),
            Self::Package => node::assemble().map(drop),
            Self::Chromium => browser::install(),
            Self::Jars => java::build().map(drop),
        }
    }
}

/// Builds what the hosts need, each thing once.
fn prepare(hosts: &[&Host]) -> Result<(), String> {
    let mut built = Vec::new();
    for need in hosts.iter().flat_map(|host| host.needs) {
        if !built.contains(need) {
            need.build()?;
            built.push(*need);
        }
    }
    Ok(())
}

fn script(path: &str) -> Command {
    let mut command = Command::new("node");
    command.current_dir(root()).arg(path);
    command
}

impl Host {
    fn is_there(&self) -> bool {
        root().join(self.runner).exists() && (self.at_hand)()
    }

    /// One JVM of the two is enough for those who ask for every host; the other is said to be absent, and nothing of it.
    fn is_optional(&self) -> bool {
        self.runner == JVM && !(self.at_hand)()
    }
}

/// What was asked for.
struct Asked {
    /// Hosts were named, so each must run.
    named: bool,
    hosts: Vec<&'static Host>,
    generated: u64,
    write: bool,
    /// Take the modules as they are.
    as_built: bool,
}

/// What ran, and what did not.
struct Ran {
    /// A row per host that answered.
    table: String,
    /// A line per host that is not here.
    absent: String,
}

/// Every host that is here, and the table of the README.
pub fn all() -> Outcome {
    let Ran { table, absent } = compared(&[])?;
    Ok(format!("{} hosts, no difference\n{table}{absent}", table.lines().count().saturating_sub(2)))
}

/// `--host A,B`, `--generated N`, `--write`, `--as-built`.
pub fn run(arguments: &[&str]) -> Outcome {
    compared(arguments).map(|Ran { table, absent }| table + &absent)
}

fn compared(arguments: &[&str]) -> Result<Ran, String> {
    let asked = asked(arguments)?;
    let all = asked.hosts.len() == HOSTS.len() && asked.generated == GENERATED && !asked.as_built;
    let folder = root().join("target/conformance");
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(failed)?;
    }
    std::fs::create_dir_all(&folder).map_err(failed)?;
    succeed(cargo().args(["build", "--quiet", "--locked", "--package", "trutina-tests", "--bin", "conformance"]))?;
    let (present, absent): (Vec<&Host>, Vec<&Host>) = asked.hosts.iter().copied().partition(|host| host.is_there());
    let required = absent.iter().any(|host| asked.named || !host.is_optional());
    let modules = present.iter().any(|host| host.name != NATIVE);
    if modules && !asked.as_built {
        println!("{}", wasm::build(None)?);
    }
    prepare(&present)?;
    let cases = folder.join("cases.ndjson");
    let runtime = wasm::KINDS.iter().find(|kind| kind.name == "runtime").map(|kind| kind.path());
    succeed(tool().arg("corpus").arg(&cases).args(runtime.filter(|_| modules)))?;
    round(&present, &folder)?;
    proof(&folder)?;
    for from in (0..asked.generated).step_by(usize::try_from(ROUND).unwrap_or(1)) {
        let until = from.saturating_add(ROUND).min(asked.generated);
        println!("generated rulesets {from} to {until}");
        succeed(tool().args(["generated", &from.to_string(), &until.to_string()]).arg(&cases))?;
        round(&present, &folder)?;
    }
    let table = output(tool().arg("table").arg(folder.join("tallies.ndjson")))?;
    let titles: Vec<&str> = absent.iter().map(|host| host.title).collect();
    if required || present.iter().all(|host| host.runner != JVM) && !asked.named {
        return Err(format!("{table}\n{} host(s) were asked for and not run: {}", titles.len(), titles.join(", ")));
    }
    let shown = if all { in_readme(&table, &titles, asked.write)? } else { Vec::new() };
    let absent = titles.iter().map(|title| not_run(title, shown.iter().any(|row| row == title))).collect();
    Ok(Ran { table, absent })
}

/// What is said of a host that is not here.
fn not_run(title: &str, shown: bool) -> String {
    let row = if shown {
        format!("; its row in {README} is of another machine, nothing here confirms it")
    } else {
        String::new()
    };
    format!("{title}: not run, it is not on this machine{row}\n")
}

fn asked(arguments: &[&str]) -> Result<Asked, String> {
    let mut asked =
        Asked { named: false, hosts: HOSTS.iter().collect(), generated: GENERATED, write: false, as_built: false };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match (*argument, rest.as_slice().first()) {
            ("--write", _) => asked.write = true,
            ("--as-built", _) => asked.as_built = true,
            ("--host", Some(names)) => {
                rest.next();
                asked.named = true;
                asked.hosts = names.split(',').map(host).collect::<Result<_, _>>()?;
            }
            ("--generated", Some(number)) => {
                rest.next();
                asked.generated = number.parse().map_err(|_| format!("`{number}` is no number"))?;
            }
            (other, _) => return Err(format!("`{other}` is not understood")),
        }
    }
    Ok(asked)
}

fn host(name: &str) -> Result<&'static Host, String> {
    let names: Vec<&str> = HOSTS.iter().map(|host| host.name).collect();
    let found = HOSTS.iter().find(|host| host.name == name);
    found.ok_or_else(|| format!("no host `{name}`; hosts are {}", names.join(", ")))
}

/// All hosts answer one file of cases, and are compared.
fn round(hosts: &[&Host], folder: &Path) -> Result<(), String> {
    let (cases, native) = (folder.join("cases.ndjson"), folder.join("native.ndjson"));
    succeed(tool().arg("native").arg(&cases).arg(&native))?;
    let mut comparison = tool();
    comparison.arg("compare").arg(&cases).arg(&native);
    for host in hosts {
        let start = Instant::now();
        let answers = folder.join(format!("{}.ndjson", host.name));
        if host.name != NATIVE {
            let _ = std::fs::remove_file(&answers); // of the round before
            succeed((host.command)()?.arg(&cases).arg(&answers))?;
        }
        comparison.arg(format!("{}={}", host.title, answers.display()));
        println!("{} answered in {} s", host.title, start.elapsed().as_secs());
    }
    succeed(comparison.arg(folder.join("tallies.ndjson")))
}

/// Shows that the comparison of this run can fail: one answer is damaged, and must be named.
fn proof(folder: &Path) -> Result<(), String> {
    let [cases, native, damaged, tallies] =
        ["cases", "native", "damaged", "damaged-tallies"].map(|name| folder.join(format!("{name}.ndjson")));
    let answers = std::fs::read_to_string(&native).map_err(|error| format!("{}: {error}", native.display()))?;
    let (answers, id) = with_a_wrong_answer(&answers).ok_or("there is no answer that could be damaged")?;
    std::fs::write(&damaged, answers).map_err(|error| format!("{}: {error}", damaged.display()))?;
    let host = format!("damaged={}", damaged.display());
    succeed(tool().arg("compare").arg(&cases).arg(&native).arg(host).arg(&tallies))?;
    match output(tool().arg("table").arg(&tallies)) {
        Err(said) if said.contains(&format!("damaged: {id}: bytes differ")) && said.contains("1 difference(s)") => {
            Ok(())
        }
        Err(said) => Err(format!("the answer to {id} was damaged, and something else was found\n{said}")),
        Ok(table) => Err(format!("the answer to {id} was damaged, and nobody found it\n{table}")),
    }
}

/// The answers with a wrong one in their middle, and its id.
fn with_a_wrong_answer(answers: &str) -> Option<(String, String)> {
    const BYTES: &str = "\",\"bytes\":\"";
    let mut lines: Vec<&str> = answers.lines().collect();
    let half = lines.len() / 2;
    let at = (half..lines.len())
        .find(|at| lines.get(*at).is_some_and(|line| !line.split(BYTES).next().unwrap_or("\\").contains('\\')))?;
    let line = lines.get_mut(at)?;
    let (head, tail) = line.split_once(BYTES)?;
    let id = head.strip_prefix("{\"id\":\"")?.to_owned();
    let wrong = format!("{head}{BYTES} {tail}");
    *line = &wrong;
    Some((lines.join("\n") + "\n", id))
}

/// The tool that makes and compares the cases.
fn tool() -> Command {
    let mut command = Command::new(built("debug", "conformance"));
    command.current_dir(root());
    command
}

/// The table stands in the README as it was printed; with `write` it is put there, without a row of those who did not run.
/// Which of them have a row there is answered.
fn in_readme(table: &str, absent: &[&str], write: bool) -> Result<Vec<String>, String> {
    let path = root().join(README);
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{README}: {error}"))?;
    if !write {
        return confirmed(&text, table, absent)
            .map_err(|why| format!("{table}\n{why}; `cargo xtask conformance --write` mends it"));
    }
    let written = replaced(&text, table)?;
    if written != text {
        std::fs::write(&path, written).map_err(|error| format!("{README}: {error}"))?;
    }
    Ok(Vec::new())
}

/// Every line of the README's table is one of this run, but for the rows of hosts that did not run. Those must tell of the
/// same cases without a difference, and are answered: nobody has confirmed them.
fn confirmed(text: &str, table: &str, absent: &[&str]) -> Result<Vec<String>, String> {
    let (_, shown, _) = parts(text)?;
    let title = |row: &str| cells(row).first().cloned().unwrap_or_default();
    let lines = shown.lines().filter(|line| !line.trim().is_empty());
    let (foreign, own): (Vec<&str>, Vec<&str>) = lines.partition(|row| absent.contains(&title(row).as_str()));
    if !own.iter().copied().eq(table.lines()) {
        return Err(format!("the table in {README} is another"));
    }
    let first = cells(table.lines().nth(2).unwrap_or_default());
    for row in &foreign {
        let row = cells(row);
        let same = |at: usize| row.get(at) == first.get(at);
        if row.len() != first.len() || !same(1) || !same(2) || row.last().is_none_or(|differences| differences != "0") {
            let title = row.first().cloned().unwrap_or_default();
            return Err(format!("{title} did not run, and its row in {README} is of other cases"));
        }
    }
    Ok(foreign.iter().map(|row| title(row)).collect())
}

/// The cells of a row.
fn cells(row: &str) -> Vec<String> {
    row.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
}

fn replaced(text: &str, table: &str) -> Result<String, String> {
    let (head, _, tail) = parts(text)?;
    Ok(format!("{head}{BEGIN}\n{table}{END}{tail}"))
}

/// What stands before the table, the table, and what stands behind it.
fn parts(text: &str) -> Result<(&str, &str, &str), String> {
    let missing = || format!("{README} has no lines {BEGIN} and {END}");
    let (head, rest) = text.split_once(BEGIN).ok_or_else(missing)?;
    let (shown, tail) = rest.split_once(END).ok_or_else(missing)?;
    Ok((head, shown, tail))
}

#[cfg(test)]
mod tests {
    use super::{asked, confirmed, not_run, replaced, with_a_wrong_answer};

    #[test]
    fn a_host_that_nobody_knows_is_an_error() {
        assert!(asked(&["--host", "native", "--generated", "7"]).is_ok_and(|asked| asked.generated == 7));
        assert!(asked(&["--host", "native,nod"]).is_err());
        assert!(asked(&["--generated", "many"]).is_err());
        assert!(asked(&["--hosts"]).is_err());
        assert!(asked(&["--host"]).is_err());
    }

    #[test]
    fn the_table_takes_the_place_of_the_one_before() {
        let text = "a\n<!-- conformance -->\n| old |\n<!-- /conformance -->\nb\n";
        let expected = "a\n<!-- conformance -->\n| new |\n<!-- /conformance -->\nb\n";
        assert_eq!(replaced(text, "| new |\n").as_deref(), Ok(expected));
        assert_eq!(replaced(expected, "| new |\n").as_deref(), Ok(expected));
        assert!(replaced("a\n", "| new |\n").is_err());
    }

    #[test]
    fn one_answer_is_damaged() {
        let answers =
            "{\"id\":\"a\",\"bytes\":\"1\"}\n{\"id\":\"\\\"b\",\"bytes\":\"2\"}\n{\"id\":\"c\",\"bytes\":\"3\"}\n";
        let expected = answers.replace("\"3\"", "\" 3\"");
        assert_eq!(with_a_wrong_answer(answers), Some((expected, "c".to_owned())));
        assert_eq!(with_a_wrong_answer(""), None);
    }

    const TABLE: &str = "| Host | Answers | Decisions | Typed | Differences |\n|---|---:|---:|---:|---:|\n\
                         | Native | 9 | 7 | 6 | 0 |\n| JVM 25 | 9 | 7 | 5 | 0 |\n";
    const OTHER: &str = "| JVM 17 | 9 | 7 | 5 | 0 |\n";

    fn page(rows: &str) -> String {
        format!("a\n<!-- conformance -->\n{rows}<!-- /conformance -->\nb\n")
    }

    /// What is written is what is asked for afterwards.
    #[test]
    fn the_written_table_is_confirmed() {
        let written = replaced(&page("| old |\n"), TABLE).unwrap_or_default();
        assert_eq!(confirmed(&written, TABLE, &[]), Ok(Vec::new()));
        assert_eq!(confirmed(&written, TABLE, &["JVM 17"]), Ok(Vec::new()), "it has no row, nothing is said");
    }

    #[test]
    fn a_row_of_a_host_that_did_not_run_is_said_or_refused() {
        let shown = page(&format!("{TABLE}{OTHER}"));
        assert!(confirmed(&shown, TABLE, &[]).is_err(), "a row of nobody");
        assert_eq!(confirmed(&shown, TABLE, &["JVM 17"]), Ok(vec!["JVM 17".to_owned()]));
        assert!(not_run("JVM 17", true).contains("nothing here confirms it"));
        assert!(!not_run("JVM 17", false).contains("README"));
        for (other, why) in [
            ("| JVM 17 | 8 | 7 | 5 | 0 |\n", "of other cases"),
            ("| JVM 17 | 9 | 6 | 5 | 0 |\n", "of other decisions"),
            ("| JVM 17 | 9 | 7 | 5 | 1 |\n", "with a difference"),
            ("| JVM 17 | 9 | 7 | 0 |\n", "of another table"),
        ] {
            assert!(confirmed(&page(&format!("{TABLE}{other}")), TABLE, &["JVM 17"]).is_err(), "{why}");
        }
        assert_eq!(replaced(&shown, TABLE), Ok(page(TABLE)), "--write takes it out");
    }

    #[test]
    fn a_row_of_a_host_that_ran_is_never_left_out_of_the_comparison() {
        let stale = TABLE.replace("| JVM 25 | 9 |", "| JVM 25 | 8 |");
        assert!(confirmed(&page(&format!("{stale}{OTHER}")), TABLE, &["JVM 17"]).is_err());
        let twice = format!("{TABLE}| JVM 25 | 8 | 7 | 5 | 0 |\n");
        assert!(confirmed(&page(&twice), TABLE, &["JVM 17"]).is_err());
        assert!(confirmed(&page(OTHER), TABLE, &["JVM 17"]).is_err(), "rows are missing");
    }
}
