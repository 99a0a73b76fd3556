//! The Java host: Maven builds it around the WebAssembly modules, JUnit tests it, and the samples run from the built jar alone.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{self, output, repeat, root, succeed};
use crate::{Outcome, wasm};

/// The first JDK that may decide without further ado.
const SUPPORTED: u32 = 21;

/// The system property that accepts an older one.
const ACCEPT: &str = "-Dtrutina.acceptJdk8376400=true";

/// Programs of `hosts/java/samples` and, of those that every host has, what they print.
const SAMPLES: [(&str, &str); 4] = [("One", "one"), ("Batch", "batch"), ("Explain", "explain"), ("Limits", "limits")];

/// How often Maven runs tests: those of the library, and those of the jars once they are there.
const RUNS: usize = 2;

/// What the service prints.
const SERVICE: &str = "A1: APPROVE\nA2: DECLINE\nA3: CHECK_THE_DATA\n";

/// A JVM of this machine.
#[derive(Debug, PartialEq, Eq)]
struct Jdk {
    version: u32,
    java: PathBuf,
}

/// Builds the jars, runs all tests on the newest JDK, and the samples from the jar.
pub fn test() -> Outcome {
    wasm::modules()?;
    let jdk = newest()?;
    let bundle = bundle()?;
    let mut maven = maven("package");
    maven.arg(format!("-Dtrutina.test.jvm={}", jdk.java.display()));
    maven.arg(format!("-Dtrutina.bundle={}", bundle.display()));
    maven.arg(format!("-Dtrutina.acceptJdk8376400={}", jdk.version < SUPPORTED));
    if let Some(old) = jdks().into_iter().find(|jdk| (11..SUPPORTED).contains(&jdk.version)) {
        maven.arg(format!("-Dtrutina.old.java={}", old.java.display()));
    }
    let (said, success) = repeat(&mut maven)?;
    let counted = judged(&said, success)?;
    let samples = samples(&jdk)?;
    Ok(format!("{counted} and {samples} samples ran on JDK {}", jdk.version))
}

/// The jars, without the tests.
pub fn build() -> Outcome {
    wasm::modules()?;
    succeed(maven("package").args(["-q", "-DskipTests", "-Dmaven.javadoc.skip=true"]))?;
    Ok(jar()?.display().to_string())
}

/// The conformance runner on the newest JDK, or on one of a version, once the jars are built.
pub fn conformance(version: Option<u32>) -> Result<Command, String> {
    program("org.trutina.Conformance", version).map(|(_, command)| command)
}

/// A program of the tests on the newest JDK, or on one of a version, and that JDK's version.
pub fn program(class: &str, version: Option<u32>) -> Result<(u32, Command), String> {
    let jdk = match version {
        None => newest()?,
        Some(wanted) => jdks()
            .into_iter()
            .find(|jdk| jdk.version == wanted)
            .ok_or(format!("there is no JDK {wanted} on this machine"))?,
    };
    let mut command = java(&jdk);
    let classes = target().join("test-classes");
    let separator = if cfg!(windows) { ";" } else { ":" };
    command.arg("-cp").arg(format!("{}{separator}{}", classes.display(), jar()?.display()));
    command.arg(class);
    Ok((jdk.version, command))
}

/// Whether this machine has a JDK of a version.
pub fn has(version: u32) -> bool {
    jdks().iter().any(|jdk| jdk.version == version)
}

/// Answers a file of conformance cases.
pub fn answer(version: Option<&str>, cases: &str, answers: &str) -> Outcome {
    let version =
        version.map(|text| text.parse().map_err(|_| format!("`{text}` is no version of Java"))).transpose()?;
    succeed(conformance(version)?.args([cases, answers]))?;
    Ok(answers.to_owned())
}

/// Runs each sample from its source, with nothing but the jar.
fn samples(jdk: &Jdk) -> Result<usize, String> {
    let mut ran = 0_usize;
    let files = SAMPLES.iter().map(|(class, name)| {
        let golden = root().join("tests/samples").join(format!("{name}.txt"));
        (*class, std::fs::read_to_string(&golden).map_err(|error| format!("{}: {error}", golden.display())))
    });
    for (class, expected) in files.chain([("RatingService", Ok(SERVICE.to_owned()))]) {
        let source = format!("hosts/java/samples/{class}.java");
        let printed = output(java(jdk).arg("-cp").arg(jar()?).arg(&source))?;
        if printed != expected? {
            return Err(format!("{source} prints something else:\n{printed}"));
        }
        ran = ran.saturating_add(1);
    }
    Ok(ran)
}

/// What Maven's test runner counted, before and behind the jars; a run without a count is a failed one.
fn judged(said: &str, success: bool) -> Outcome {
    let sums: Vec<[usize; 4]> = said.lines().filter_map(sum).collect();
    let total = |at: usize| sums.iter().filter_map(|sum| sum.get(at)).sum::<usize>();
    let [tests, failures, errors, skipped] = [0, 1, 2, 3].map(total);
    let counted = format!("tests run: {tests}, Failures: {failures}, Errors: {errors}, Skipped: {skipped}");
    match success {
        _ if tests == 0 => Err("Maven failed, or ran no test".to_owned()),
        true if sums.len() < RUNS => Err(format!("Maven ran its tests {} times of {RUNS}; {counted}", sums.len())),
        true => Ok(counted),
        false => Err(format!("Maven failed; {counted}")),
    }
}

/// The four counts of a run's last line: `Tests run: 40, Failures: 0, Errors: 0, Skipped: 0`; that of a class says the time, too.
fn sum(line: &str) -> Option<[usize; 4]> {
    let (_, counts) = line.split_once("Tests run: ")?;
    let mut numbers = counts.split(", ").map(|count| count.rsplit(' ').next()?.parse().ok());
    let sum = [numbers.next()??, numbers.next()??, numbers.next()??, numbers.next()??];
    numbers.next().is_none().then_some(sum)
}

/// A bundle for the tests, by the command line, and its digest beside it.
fn bundle() -> Result<PathBuf, String> {
    let folder = run::folder(target())?;
    let bundle = folder.join("rating.trutina");
    let digest = run::pack("retail-credit-rating", &bundle)?;
    let path = folder.join("rating.trutina.digest");
    std::fs::write(&path, digest).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(bundle)
}

fn maven(goal: &str) -> Command {
    let mut maven = Command::new(if cfg!(windows) { "mvn.cmd" } else { "mvn" });
    maven.current_dir(root().join("hosts/java")).args(["--batch-mode", "--no-transfer-progress", goal]);
    maven
}

fn java(jdk: &Jdk) -> Command {
    let mut command = Command::new(&jdk.java);
    command.current_dir(root());
    if jdk.version < SUPPORTED {
        command.arg(ACCEPT);
    }
    command
}

/// The jar with everything in it.
fn jar() -> Result<PathBuf, String> {
    let entries = std::fs::read_dir(target()).map_err(|error| format!("{}: {error}", target().display()))?;
    let mut jars = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    jars.find(|path| path.to_string_lossy().ends_with("-all.jar"))
        .ok_or_else(|| "there is no jar; run Maven".to_owned())
}

fn target() -> PathBuf {
    root().join("target").join("java")
}

fn newest() -> Result<Jdk, String> {
    jdks()
        .into_iter()
        .max_by_key(|jdk| jdk.version)
        .ok_or_else(|| "no JDK was found: set JAVA_HOME, or install one".to_owned())
}

/// The JDKs of this machine, as `JAVA_HOME` and the distribution's folder have them.
fn jdks() -> Vec<Jdk> {
    let home = std::env::var_os("JAVA_HOME").map(PathBuf::from);
    let entries = std::fs::read_dir("/usr/lib/jvm").into_iter().flatten();
    let installed = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    home.into_iter().chain(installed).filter_map(|folder| jdk(&folder)).collect()
}

/// A JDK says in the file `release` which one it is.
fn jdk(folder: &Path) -> Option<Jdk> {
    let java = folder.join("bin").join(format!("java{}", std::env::consts::EXE_SUFFIX));
    let compiler = folder.join("bin").join(format!("javac{}", std::env::consts::EXE_SUFFIX));
    let release = std::fs::read_to_string(folder.join("release")).ok()?;
    let version = feature(&release)?;
    (java.is_file() && compiler.is_file()).then_some(Jdk { version, java })
}

fn feature(release: &str) -> Option<u32> {
    let line = release.lines().find_map(|line| line.strip_prefix("JAVA_VERSION=\""))?;
    line.split(['.', '"', '-', '+']).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jdk_is_known_by_its_release_file() {
        for (text, version) in [
            ("IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"17.0.15\"\n", Some(17)),
            ("JAVA_VERSION=\"25\"", Some(25)),
            ("JAVA_VERSION=\"26-ea\"", Some(26)),
            ("JAVA_VERSION=\"1.8.0_400\"", Some(1)),
            ("", None),
        ] {
            assert_eq!(feature(text), version, "{text}");
        }
    }

    #[test]
    fn the_last_counts_of_both_runs_are_added_up() {
        let run = |tests: usize| {
            format!(
                "[INFO] Tests run: {tests}, Failures: 0, Errors: 0, Skipped: 1, Time elapsed: 1 s -- in A\n[INFO] Results:\n[INFO] Tests run: {tests}, Failures: 0, Errors: 0, Skipped: 1\n"
            )
        };
        let said = run(40) + &run(4);
        assert_eq!(judged(&said, true).unwrap_or_default(), "tests run: 44, Failures: 0, Errors: 0, Skipped: 2");
        assert!(judged(&said, false).is_err());
        assert!(judged(&run(40), true).is_err(), "nobody looked into the jars");
        assert!(judged("BUILD SUCCESS", true).is_err(), "no test ran");
    }
}
