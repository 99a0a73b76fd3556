//! The deepest sources that load, and deeper ones: within the stack of the sandbox they load or are refused, as natively.

use trutina_server::verb::{DECIDE, LOAD};

use crate::world::{full, native, text};

/// Deeper than anything loads.
const TOO_DEEP: usize = 700;

/// A ruleset whose outcome is an expression, after statements.
fn ruleset(statements: &str, expression: &str) -> String {
    declared("fn id(x) { x }", statements, expression)
}

/// The same after declarations.
fn declared(declarations: &str, statements: &str, expression: &str) -> String {
    let manifest = "language = 1\nid = \"deep\"\nversion = \"1.0.0\"\n[facts.n]\ntype = \"integer\"\nmin = 0\nmax = 9\n\
        [outputs]\nresult = { type = \"integer\" }\n";
    let rules = format!("{declarations}\nfn decide(f, hits) {{\n{statements}\n    #{{ result: {expression} }}\n}}\n");
    serde_json::json!({"files": {"ruleset.toml": manifest, "rules.rhai": rules}}).to_string()
}

/// Sources of a given depth.
type Sources = fn(usize) -> String;

/// The kinds of nesting and of long chains, each with its sources of a given depth.
const KINDS: [(&str, Sources); 18] = [
    ("parentheses", |depth| ruleset("", &nested(depth, "(", "f.n", ")"))),
    ("blocks", |depth| ruleset("", &nested(depth, "{ ", "f.n", " }"))),
    ("else if", |depth| ruleset("", &format!("{}{{ 7 }}", "if f.n == 1 { 1 } else ".repeat(depth)))),
    ("and", |depth| ruleset("", &format!("if {}f.n > 0 {{ 1 }} else {{ 2 }}", "f.n > 0 && ".repeat(depth)))),
    ("or", |depth| ruleset("", &format!("if {}f.n > 0 {{ 1 }} else {{ 2 }}", "f.n > 0 || ".repeat(depth)))),
    ("sums", |depth| ruleset("", &format!("{}f.n", "f.n + ".repeat(depth)))),
    ("sums to the right", |depth| ruleset("", &nested(depth, "(f.n + ", "f.n", ")"))),
    ("negations", |depth| ruleset("", &format!("if {} {{ 1 }} else {{ 2 }}", nested(depth, "!(", "f.n > 0", ")")))),
    ("nested if", |depth| ruleset("", &nested(depth, "if f.n > 0 { ", "1", " } else { 2 }"))),
    ("calls", |depth| ruleset("", &nested(depth, "id(", "f.n", ")"))),
    ("lists", |depth| ruleset(&format!("    let list = {};", nested(depth, "[", "f.n", "]")), "f.n")),
    ("maps", |depth| ruleset(&format!("    let map = {};", nested(depth, "#{ a: ", "f.n", " }")), "f.n")),
    ("loops", |depth| ruleset(&format!("    let x = 0;\n{}", nested(depth, "for i in 0..2 { ", "x += 1;", " }")), "x")),
    ("cases", |depth| ruleset("", &nested(depth, "switch f.n { 5 => ", "1", ", _ => 2 }"))),
    ("derived facts", |depth| chain(depth, "derive(\"d#\", |f| f.d@);", "derive(\"d#\", |f| f.n);", "f.d0")),
    ("derived branches", |depth| {
        chain(depth, "derive(\"d#\", |f| if f.n > 7 { 0 } else { f.d@ });", "derive(\"d#\", |f| f.n);", "f.d0")
    }),
    ("functions", |depth| chain(depth, "fn g#(x) { g@(x) }", "fn g#(x) { x }", "g0(f.n)")),
    ("branches of functions", |depth| {
        chain(depth, "fn g#(x) { if x > 7 { 0 } else { g@(x) } }", "fn g#(x) { x }", "g0(f.n)")
    }),
];

/// Declarations of which each uses the next one: `#` is its number, `@` the next.
fn chain(depth: usize, each: &str, last: &str, expression: &str) -> String {
    let one = |number: usize| each.replace('#', &number.to_string()).replace('@', &(number + 1).to_string());
    let mut declarations: Vec<String> = (0..depth).map(one).collect();
    declarations.push(last.replace('#', &depth.to_string()));
    declared(&declarations.join("\n"), "", expression)
}

fn nested(depth: usize, open: &str, inner: &str, close: &str) -> String {
    format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
}

fn loads(source: &str) -> bool {
    text(&native().call(LOAD, source.as_bytes())).starts_with(r#"{"ok":"#)
}

/// The deepest source of a kind that loads.
fn deepest(source: Sources) -> usize {
    let (mut loading, mut refused) = (1, TOO_DEEP);
    assert!(loads(&source(loading)), "{}", source(loading));
    assert!(!loads(&source(refused)));
    while refused - loading > 1 {
        let middle = loading.midpoint(refused);
        if loads(&source(middle)) { loading = middle } else { refused = middle }
    }
    loading
}

#[test]
fn the_deepest_sources_load_and_deeper_ones_are_refused() {
    for (kind, source) in KINDS {
        let limit = deepest(source);
        println!("{kind}: {limit} deep");
        for depth in [limit, limit + 1, TOO_DEEP] {
            // A new instance each: a trap would end it.
            let (mut session, mut door, source) = (full().session().unwrap(), native(), source(depth));
            let answer =
                session.call(LOAD, source.as_bytes()).unwrap_or_else(|error| panic!("{depth} {kind}: {error}"));
            assert_eq!(text(&answer), text(&door.call(LOAD, source.as_bytes())), "{depth} {kind}");
            let request = br#"{"handle":1,"as_of":"2026-11-30","facts":{"n":5},"trace":"full"}"#;
            assert_eq!(session.call(DECIDE, request).unwrap(), door.call(DECIDE, request), "{depth} {kind}");
        }
    }
}

#[test]
fn deep_requests_are_answered() {
    let mut session = full().session().unwrap();
    let mut door = native();
    for depth in [1, 16, 30, 64, 128, 1_000, 100_000] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let deep = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            for (verb, request) in
                [(DECIDE, format!(r#"{{"handle":1,"as_of":"2026-11-30","facts":{deep}}}"#)), (LOAD, deep)]
            {
                let answer = session.call(verb, request.as_bytes()).unwrap();
                assert_eq!(text(&answer), text(&door.call(verb, request.as_bytes())), "{depth}");
            }
        }
    }
}
