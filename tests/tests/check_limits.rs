//! The check on large, deep and hostile rulesets: it ends, and it fits on a small stack.
#![allow(clippy::expect_used, reason = "tests")]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use trutina_engine::check::check;
use trutina_engine::diagnostic::Diagnostic;
use trutina_engine::parse::parse;
use trutina_engine::ruleset::Ruleset;
use trutina_script::Parser;

const MANIFEST: &str = r#"language = 1
id = "limits"
version = "1.0.0"
title = { en = "Limits" }
[facts.age]
type = "integer"
[facts.segment]
type = "enum"
values = ["retail", "corporate"]
[facts.score]
type = "integer"
optional = true
[outputs]
outcome = { type = "enum", values = ["approve", "refer", "decline"] }
"#;

const DECIDE: &str = "fn decide(f, hits) { #{ outcome: \"approve\" } }\n";

fn ruleset(rules: &str) -> Ruleset {
    let files = BTreeMap::from([
        ("ruleset.toml".to_owned(), MANIFEST.as_bytes().to_vec()),
        ("rules.rhai".to_owned(), format!("{rules}{DECIDE}").into_bytes()),
    ]);
    let parsed = parse(&files, &Parser);
    let errors: Vec<&Diagnostic> = parsed.diagnostics.iter().filter(|each| each.is_error()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    parsed.ruleset.expect("no errors, hence a ruleset")
}

/// The codes of all errors.
fn judge(rules: &str) -> Vec<String> {
    let (_, diagnostics) = check(ruleset(rules));
    diagnostics.iter().filter(|each| each.is_error()).map(|each| each.code.to_string()).collect()
}

/// On a stack of 512 KiB, optimised as hosts are; four times that where nothing is optimised.
fn on_small_stack(work: impl FnOnce() + Send + 'static) {
    on_stack(2048, work);
}

/// On 512 KiB; unoptimized code has frames many times as large, and gets so many KiB.
fn on_stack(unoptimized: usize, work: impl FnOnce() + Send + 'static) {
    let size = if cfg!(debug_assertions) { unoptimized } else { 512 } << 10;
    let thread = std::thread::Builder::new().stack_size(size).spawn(work);
    assert!(thread.is_ok_and(|thread| thread.join().is_ok()));
}

/// The parser on a stack of its own: only the check is on trial.
fn judge_on_small_stack(rules: String, expected: &'static [&'static str]) {
    let ruleset = ruleset(&rules);
    on_small_stack(move || {
        let (_, diagnostics) = check(ruleset);
        let found: Vec<String> =
            diagnostics.iter().filter(|each| each.is_error()).map(|each| each.code.to_string()).collect();
        assert_eq!(found, expected);
    });
}

#[test]
fn a_thousand_rules_are_checked() {
    let mut rules = String::new();
    for index in 0..500 {
        let _ = writeln!(rules, "derive(\"d{index}\", |f| f.age * {index} + 1);");
    }
    for index in 0..1000 {
        let _ = writeln!(
            rules,
            "rule(\"K{index}\", \"decline\", |f| f.age < {index} && f.segment in [\"retail\"] && !is_missing(f.score) && f.score > {index} || f.d{} > 7);",
            index % 500
        );
    }
    let errors = judge(&rules);
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn a_long_chain_of_derived_facts_needs_no_deep_stack() {
    let mut rules = String::new();
    for index in 0..2000 {
        let _ = writeln!(rules, "derive(\"d{index}\", |f| f.d{} + 1);", index + 1);
    }
    rules.push_str("derive(\"d2000\", |f| f.age);\n");
    judge_on_small_stack(rules, &[]);
}

#[test]
fn a_circle_of_derived_facts_ends_at_one_place() {
    let mut rules = String::new();
    for index in 0..150 {
        let _ = writeln!(rules, "derive(\"d{index}\", |f| f.d{} + 1);", (index + 1) % 150);
    }
    // both sides of one sum
    judge_on_small_stack(rules, &["T5004", "T5004"]);
}

#[test]
fn deep_expressions_fit() {
    let deep = |open: &str, close: &str, depth: usize| {
        format!("derive(\"deep\", |f| {}1{});\n", open.repeat(depth), close.repeat(depth))
    };
    judge_on_small_stack(deep("abs(", ")", 40), &[]);
    judge_on_small_stack(deep("(1 + ", ")", 40), &[]);
    judge_on_small_stack(deep("if f.age > 3 { 2 } else { ", " }", 20), &[]);
    judge_on_small_stack(deep("switch f.age { 1 => 2, _ => ", " }", 20), &[]);
}

#[test]
fn functions_that_build_on_each_other_too_deeply_are_refused() {
    let mut rules = String::from("derive(\"x\", |f| g0(f.age));\n");
    for index in 0..60 {
        let _ = writeln!(rules, "fn g{index}(x) {{ g{}(x) + 1 }}", index + 1);
    }
    rules.push_str("fn g60(x) { x }\n");
    judge_on_small_stack(rules, &["T5004"]);
}

#[test]
fn blocks_count_through_functions_too() {
    for (open, close) in [("if x > 3 { 0 } else { ", " }"), ("{ ", " }"), ("switch x { 3 => 0, _ => ", " }")] {
        let mut rules = String::from("derive(\"x\", |f| g0(f.age));\n");
        for index in 0..100 {
            let _ = writeln!(rules, "fn g{index}(x) {{ {}g{}(x){} }}", open.repeat(30), index + 1, close.repeat(30));
        }
        rules.push_str("fn g100(x) { x }\n");
        let ruleset = ruleset(&rules);
        on_stack(4096, move || {
            let (_, diagnostics) = check(ruleset);
            assert!(diagnostics.iter().any(|each| each.code.to_string() == "T5004"), "{open}");
        });
    }
}

#[test]
fn loops_count_through_functions_too() {
    let mut rules = String::from("derive(\"x\", |f| g0(f.age));\n");
    for index in 0..100 {
        let loops = "for i in 0..1 { if x > 3 { ".repeat(15);
        let _ = writeln!(rules, "fn g{index}(x) {{ {loops}return g{}(x);{} 0 }}", index + 1, " }".repeat(30));
    }
    rules.push_str("fn g100(x) { x }\n");
    let ruleset = ruleset(&rules);
    on_stack(4096, move || {
        let (_, diagnostics) = check(ruleset);
        assert!(diagnostics.iter().any(|each| each.code.to_string() == "T5004"));
    });
}

#[test]
fn long_chains_load() {
    let branches: String = (0..100).map(|index| format!("if f.age == {index} {{ {index} }} else ")).collect();
    let errors = judge(&format!("derive(\"x\", |f| {branches} {{ 0 }});\n"));
    assert!(errors.is_empty(), "{errors:?}");
    let parts: Vec<String> = (0..100).map(|index| format!("f.age != {index}")).collect();
    let errors = judge(&format!("rule(\"A\", \"refer\", |f| {});\n", parts.join(" && ")));
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn hostile_rulesets_are_given_up_on() {
    let records = {
        let mut rules = String::from("derive(\"x\", |f| g0(f.age));\n");
        for index in 0..40 {
            let _ = writeln!(rules, "fn g{index}(x) {{ g{}(#{{ a: x, b: x }}) }}", index + 1);
        }
        rules + "fn g40(x) { 1 }\n"
    };
    let constants = {
        let list: Vec<String> = (0..6000).map(|index| index.to_string()).collect();
        let mut rules = format!("const L = [{}];\n", list.join(","));
        for index in 0..3000 {
            let _ = writeln!(rules, "rule(\"R{index}\", \"refer\", |f| f.age in L);");
        }
        rules
    };
    let literals: String =
        (0..300).map(|index| format!("rule(\"R{index}\", \"refer\", |f| same(\"v{index}\"));\n")).collect::<String>()
            + "fn same(x) { x == \"a\" }\n";
    let loops =
        "derive(\"x\", |f| { let n = 0; for i in 0..1000 { for j in 0..1000 { for k in 0..1000 { n += 1; } } } n });\n";
    let loops = loops.to_owned();
    for (rules, expected) in [(records, "T5004"), (constants, "T5001"), (literals, "T5001"), (loops, "T5002")] {
        let errors = judge(&rules);
        assert!(errors.iter().any(|code| code == expected), "{expected}: {errors:?}");
    }
}

#[test]
fn every_error_of_many_is_reported() {
    let rules: String =
        (0..2000).map(|index| format!("rule(\"R{index}\", \"refer\", |f| f.ag{index} > 3);\n")).collect();
    let errors = judge(&rules);
    assert_eq!(errors.len(), 2000);
}
