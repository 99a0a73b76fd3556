//! Development verbs. `cargo xtask test` is the whole test command; the other verbs are its parts.

mod browser;
mod conformance;
mod fuzz;
mod java;
mod module;
mod named;
mod node;
mod order;
mod packs;
mod readme;
mod run;
mod shrink;
mod speed;
mod test;
mod wasm;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask VERB

  test                                     format, lints, all tests, packs, README, WebAssembly; ends with the counts
  packs                                    check and test every ruleset in rulesets/
  readme [--write]                         run the pages' commands and compare (or rewrite) what they print
  wasm [--via rustup|debian|prebuilt]     build the WebAssembly modules; fail on any import or excess size
  wasm --twice                             build them in two folders; fail if a byte differs
  node                                     assemble the npm package, and test it in Node, Chromium and bundles
  node package                             assemble it in target/node/package
  browser [--serve PORT]                   assemble the pre-screening page in target/browser; serve it
  browser --test                           test it in Chromium
  conformance [--host A,B] [--generated N] [--as-built] [--write]
                                           one corpus on every host, compared byte by byte; the table of the README
  speed                                    time the hosts beside the engine, and print the ratios
  speed prepare                            write the requests that are timed into target/speed
  fuzz TARGET|all SECONDS                  fuzz a parser, the verifier or the evaluators (tests/fuzz)
  java                                     build the Java host and test it; run its samples from the jar alone
  java build                               build its jars in target/java
  java conformance [VERSION] CASES ANSWERS answer conformance cases, on the newest JDK or one of this version";

/// The outcome of a step: what to say about it, or why it failed.
type Outcome = Result<String, String>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["test"] => return test::all(),
        ["packs"] => packs::verify(),
        ["readme"] => readme::check(),
        ["readme", "--write"] => readme::rewrite(),
        ["wasm"] => wasm::build(None),
        ["wasm", "--twice"] => wasm::reproduce(),
        ["node"] => node::test(),
        ["node", "package"] => node::assemble(),
        ["browser"] => browser::build(),
        ["browser", "--serve", port] => browser::serve(port),
        ["browser", "--test"] => browser::test(),
        ["fuzz", target, seconds] => fuzz::run(target, seconds),
        ["speed"] => speed::run(),
        ["speed", "prepare"] => speed::prepare(),
        ["java"] => java::test(),
        ["java", "build"] => java::build(),
        ["java", "conformance", cases, answers] => java::answer(None, cases, answers),
        ["java", "conformance", version, cases, answers] => java::answer(Some(version), cases, answers),
        ["wasm", "--via", way] => wasm::build(Some(way)),
        ["conformance", arguments @ ..] => conformance::run(arguments),
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
