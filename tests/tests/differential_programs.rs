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

/// "Every mixed result is a decimal": where an integer and a decimal meet in `if`, `??`, a list or a `return`, the
/// engine goes on with a decimal, and the interpreter, which goes on with whichever it was, ends beyond i64 in an
/// overflow. The answer is exact, so nobody is misled; the class is named and counted here so that it does not grow.
#[test]
fn mixed_results_beyond_i64_are_exact_where_rhai_overflows() {
    let mut counted = 0;
    for (_, document) in corpus::files_in("differential") {
        for program in texts(&document, "mixed") {
            let Verdict::Different(difference) = run(&case_of(&document, &program), &Reached::default()) else {
                panic!("no difference any more: move this to `programs`\n{program}");
            };
            assert_eq!(difference.fast.error, None, "{program}");
            assert_eq!(difference.other.error.map(|failure| failure.code.number()), Some(4001), "{program}");
            counted += 1;
        }
    }
    assert_eq!(counted, 4);
}
