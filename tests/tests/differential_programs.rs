//! Small programs, one construct each: either the ruleset is refused, or engine, reference and interpreter agree.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a test may stop at the first thing it does not understand; its report is for people"
)]

use trutina_tests::generate::Case;
use trutina_tests::harness::run::{Verdict, run};
use trutina_tests::harness::{Files, corpus};
use trutina_tests::reference::Reached;
use trutina_tests::reference::json::Json;

fn case_of(document: &Json, program: &str) -> Case {
    let manifest = texts(document, "manifest").join("\n");
    let files: Files =
        [("ruleset.toml", manifest.as_str()), ("rules.rhai", program), ("reasons.csv", "code,en\nR1,one\nR2,two\n")]
            .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
            .into();
    let as_of = corpus::text(document, "as_of");
    Case { choices: Vec::new(), files, as_of, records: texts(document, "records") }
}

fn texts(document: &Json, key: &str) -> Vec<String> {
    let Some(Json::Array(items)) = document.get(key) else { panic!("`{key}` is an array") };
    let text = |item: &Json| match item {
        Json::Text(text) => text.clone(),
        other => panic!("a text is expected, not {other:?}"),
    };
    items.iter().map(text).collect()
}

#[test]
fn every_accepted_program_means_what_rhai_makes_of_it() {
    let (mut accepted, mut refused, mut wrong) = (0, 0, Vec::new());
    for (_, document) in corpus::files_in("differential") {
        for program in texts(&document, "programs") {
            match run(&case_of(&document, &program), &Reached::default()) {
                Verdict::Same => accepted += 1,
                Verdict::Refused(errors) => {
                    println!("refused: {program}\n    {}", errors.replace('\n', "\n    "));
                    refused += 1;
                }
                Verdict::Different(difference) => wrong.push(format!("{program}\n{difference}")),
            }
        }
    }
    println!("{accepted} accepted, {refused} refused");
    assert!(wrong.is_empty(), "{} programs:\n{}", wrong.len(), wrong.join("\n\n"));
    assert!(accepted >= 100 && refused >= 50, "{accepted} accepted, {refused} refused");
}

/// "Every mixed result is a decimal": where an integer and a decimal meet in `if`, `switch`, `??`, `value_or`, a list, a
/// variable, a derived fact, a field or the `return`s of a function, the engine goes on with a decimal, as its types say
/// before any value is known. The interpreter, and the reference, which has no types either, go on with whichever of the
/// two it was, and end beyond i64 in an overflow. So the contract's own words decide for the engine: its answer is exact,
/// and nobody is misled. The class is named and counted here so that it does not grow.
#[test]
fn mixed_results_beyond_i64_are_exact_where_rhai_overflows() {
    let mut exact = Vec::new();
    for (_, document) in corpus::files_in("differential") {
        for program in texts(&document, "mixed") {
            let Verdict::Different(difference) = run(&case_of(&document, &program), &Reached::default()) else {
                panic!("no difference any more: move this to `programs`\n{program}");
            };
            assert_eq!(difference.fast.error, None, "{program}");
            // The average is exact in the reference, too; there the interpreter alone overflows.
            let overflows = match difference.between {
                "engine and interpreter" => difference.other.hits == "Failed(\"T4001\")",
                _ => difference.other.error.is_some_and(|failure| failure.code.number() == 4001),
            };
            assert!(overflows, "{program}");
            let Some(Json::Text(x)) = Json::parse(&difference.fast.outputs).unwrap().get("x").cloned() else {
                panic!("no output `x`: {program}");
            };
            exact.push(x);
        }
    }
    assert_eq!(
        exact,
        [
            "9223372036854775812.000000",  // i64's greatest + 5
            "9223372036854775812.000000",  // the same
            "36893488147419103228.000000", // 4 times i64's greatest
            "18446744073709551614.000000", // twice
            "9223372036854775812.000000",
            "36893488147419103228.000000",
            "9223372036854775812.000000",
            "18446744073709551614.500000", // twice and a half
            "3074457345618258602.830000",  // (1 + 2^63 - 1 + 0.5) / 3
            "9223372036854775812.000000",
            "9223372036854775812.000000",
        ]
    );
}
