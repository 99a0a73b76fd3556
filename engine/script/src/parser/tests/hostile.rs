//! Sources made to harm: on a stack of 512 KB, in bounded time, always an answer.

use super::{accepted, parse};

const STACK: usize = 512 * 1024;

/// Parses on a small stack; the codes of all problems.
fn on_a_small_stack(text: String) -> Vec<String> {
    let run = move || parse(&text).1.iter().map(|d| d.code.to_string()).collect();
    std::thread::Builder::new().stack_size(STACK).spawn(run).unwrap().join().unwrap()
}

fn nested(open: &str, close: &str, n: usize) -> String {
    format!("fn a(f) {{ {}1{} }}", open.repeat(n), close.repeat(n))
}

fn chain(first: &str, link: &str, n: usize) -> String {
    format!("fn a(f) {{ {first}{} }}", link.repeat(n))
}

const NESTS: &[(&str, &str)] = &[
    ("(", ")"),
    ("[", "]"),
    ("{", "}"),
    ("!", ""),
    ("- ", ""),
    ("if true {", "}"),
    ("#{a:", "}"),
    ("f(", ")"),
    ("f(|x|", ")"),
    ("f(|x|", ""),
    ("f(|x| {", "})"),
    ("switch 1 { 1 => ", "}"),
    ("for x in f {", "}"),
    ("`${", "}`"),
    ("/*", "*/"),
    ("f[", "]"),
    ("f.a(", ")"),
    ("let x = {", "};"),
    ("return ", ""),
];

const CHAINS: &[(&str, &str)] = &[
    ("f.a", " && f.a"),
    ("f.a", " || f.a && f.b"),
    ("1", "+1"),
    ("1", "**1"),
    ("f", ".a"),
    ("f", "[1]"),
    ("f", ".a(1)"),
    ("f", ".a(|x| x)"),
    ("if f.a {1}", " else if f.b {2}"),
    ("1", " in f"),
    ("1", " ?? f"),
    ("f", "(1)"),
    ("1", "..1"),
    ("1", ";1"),
    ("1", ";let x = f"),
    ("f(1", ", |x| x"),
    ("f(1", ", |x| y"),
    ("switch 1 { 0 => 0", ", 1 => 1"),
    ("switch 1 { 0", "| 1"),
    ("[1", ", f.x"),
    ("#{a: 1", ", b: 2"),
];

#[test]
fn no_nesting_and_no_chain_harms() {
    for n in [40, 126, 130, 2_000, 30_000] {
        for (open, close) in NESTS {
            on_a_small_stack(nested(open, close, n));
        }
        for (first, link) in CHAINS {
            on_a_small_stack(chain(first, link, n));
        }
    }
}

#[test]
fn what_authors_write_is_never_too_deep() {
    for text in [
        chain("if f.a {1}", " else if f.b {2}", 99),
        chain("f.a", " && f.a", 99),
        chain("f.a", " || f.a", 99),
        chain("1", " + 1", 99),
        chain("f", ".a", 60),
        format!("rule(\"a\", \"b\", |f| f.a{});", " && f.b > 1".repeat(99)),
        format!("derive(\"a\", |f| if f.a {{1}}{} else {{3}});", " else if f.b > 1 {2}".repeat(99)),
        format!("fn a(f) {{ let x = f.l.map(|x| if x.a {{1}}{} else {{3}}); x }}", " else if x.b > 1 {2}".repeat(99)),
        nested("f(|x| {", "})", 10),
    ] {
        assert_eq!(on_a_small_stack(text.clone()), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn limits_have_codes() {
    for (text, code) in [
        ("x".repeat(300_000), "T5001"),
        ("\n".repeat(61_000), "T5001"),
        (format!("/*{}*/", "x".repeat(61_000)), "T5001"),
        (nested("(", ")", 100), "T1407"),
        (nested("!", "", 1_000), "T1407"),
        (chain("1", "+1", 1_000), "T1407"),
        (chain("switch 1 { 0 => 0", ", 1 => 1", 3_000), "T5001"),
        (chain("1", ";let x = f", 3_000), "T5001"),
        (chain("[1", ", y", 20_000), "T5001"),
    ] {
        assert_eq!(on_a_small_stack(text), [code]);
    }
}

/// More tokens than Rhai counts lines.
#[test]
fn a_long_file_keeps_its_places() {
    let rule =
        |n: usize| format!("rule(\"R{n}\", \"refer\", |f| f.a >= {n} && f.b < {n}.50 || f.l.any(|l| l.c > {n}));\n");
    let text: String = (0..2_200).map(rule).collect();
    let script = accepted(&text);
    let last = format!("{:?}", script.declarations.last());
    assert!(last.contains("Integer(2199)") && last.contains("line: 2200"), "{last}");
    assert_eq!(super::problems(&format!("{text}rule(\"a\", \"b\", |f| eval(f));")), ["T1402 2201:20"]);
}

/// A thousand rules as an author writes them.
#[test]
fn a_thousand_rules_are_read() {
    let rule = |n: usize| {
        format!(
            "// rule {n}\nrule(\"R{n:04}\", \"refer\", |f| f.age >= {n} && f.income < {n}.50 || f.loans.any(|l| l.due > {n}));\n"
        )
    };
    let text: String = (0..1_000).map(rule).collect();
    assert_eq!(accepted(&text).declarations.len(), 1_000);
}
