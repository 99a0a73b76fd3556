#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use trutina_engine::diagnostic::{Diagnostic, FileId, Span};
use trutina_engine::ruleset::script::*;

use super::Parser;

/// The contract's example.
const DESIGN: &str = include_str!("../design.rhai");

fn parse(text: &str) -> (Option<Script>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let script = Parser.parse_script(FileId(0), text, &mut diagnostics);
    (script, diagnostics)
}

fn accepted(text: &str) -> Script {
    let (script, diagnostics) = parse(text);
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
    script.unwrap()
}

/// `code line:column` of every problem.
fn problems(text: &str) -> Vec<String> {
    let place = |span: Span| format!("{}:{}", span.line, span.column);
    parse(text).1.iter().map(|d| format!("{} {}", d.code, place(d.span.unwrap()))).collect()
}

mod hostile;
mod properties;
mod show;
use show::show;

#[test]
fn the_contracts_example_is_read() {
    let expected = r#"derive dti |f| {div(f.monthly_debt, f.monthly_income, 4, "half_up")}
rule K01 decline |f| {(Less f.age 18)}
rule K02 decline |f| {(Greater f.dti param("max_dti"))}
rule R01 refer |f| {(is_missing(f.bureau_score) && (Less f.months_on_book 6))}
fn decide(f,hits) {let card = scorecard("application", f); let grade = scale("master", card.score).grade; if .has(hits, "decline") {return #{outcome: "decline", score: card.score, grade: grade, limit: ()}}; let limit = table("limit", grade, f.monthly_income).limit; let outcome = if (.has(hits, "refer") || (In grade ["B","C","D"])) {"refer"} else {"approve"}; #{outcome: outcome, score: card.score, grade: grade, limit: limit}}"#;
    assert_eq!(show(&accepted(DESIGN)), expected);
}

/// Each source line and what it becomes.
const STRUCTURE: &[(&str, &str)] = &[
    // Captures, nested closures, several on one line, empty and identical ones.
    (
        "fn a(f) { let k = 3; f.l.filter(|x| x > k).map(|y| y.b.filter(|z| z.c.map(|w| w.all(|v| v + k)) == []).len()) }",
        "fn a(f) {let k = 3; .map(.filter(f.l, |x| {(Greater x k)}), |y| {.len(.filter(y.b, |z| {(Equal .map(z.c, |w| {.all(w, |v| {(Add v k)})}) [])}))})}",
    ),
    (
        r#"rule("a", "b", |f| f.l.all(|x| x) && f.l.all(|x| x) || f.l.any(|x| {}) || f.l.any(|| 1));"#,
        "rule a b |f| {((.all(f.l, |x| {x}) && .all(f.l, |x| {x})) || .any(f.l, |x| {}) || .any(f.l, || {1}))}",
    ),
    ("fn a(f) { g(1, g(|x| {x}, |y, z| y, ), || 2, |  | 3) }", "fn a(f) {g(1, g(|x| {x}, |y,z| {y}), || {2}, || {3})}"),
    (
        "fn a(x) { x.map(|a| if a {1} else {2}).sum() > 3 }",
        "fn a(x) {(Greater .sum(.map(x, |a| {if a {1} else {2}})) 3)}",
    ),
    ("fn a(x) { x.map(|a| { let b = a; b }) }", "fn a(x) {.map(x, |a| {let b = a; b})}"),
    ("fn a(x) { x.map((|a| a)) }", "fn a(x) {.map(x, |a| {a})}"),
    ("fn a(x) { x.map(|a| #{ b: a }) }", "fn a(x) {.map(x, |a| {#{b: a}})}"),
    // Constants, literals, signs.
    (
        r#"const A = 1.50; const B = -A; derive("x", |f| { let a = A; a * -2 - -2.5 + +1.5 });"#,
        "const A = 1.50d\nconst B = (Negate A)\nderive x |f| {let a = A; (Add (Subtract (Multiply a -2) -2.5d) 1.5d)}",
    ),
    ("fn a(x) { 1_000 + 0x1F + 0b11 + 5.abs() }", "fn a(x) {(Add (Add (Add 1000 31) 3) .abs(5))}"),
    ("fn a() { -9223372036854775808 }", "fn a() {-9223372036854775808}"),
    (r#"fn a() { "中文 \"q\" \\ \n" + "a""b" }"#, "fn a() {(Add \"中文 \\\"q\\\" \\\\ \\n\" \"a\\\"b\")}"),
    (r##"fn a() { #"raw "x" "# }"##, "fn a() {\"raw \\\"x\\\" \"}"),
    // Precedence is Rhai's.
    ("fn a(x) { 1 + 2..x * 3 }", "fn a(x) {(Add 1 2)..(Multiply x 3)}"),
    ("fn a(x) { x == 1 < 2 }", "fn a(x) {(Equal x (Less 1 2))}"),
    ("fn a(x) { 1 < 2 < 3 }", "fn a(x) {(Less (Less 1 2) 3)}"),
    ("fn a(x) { !x == 1 }", "fn a(x) {(Equal (Not x) 1)}"),
    ("fn a(x) { 2 ** 3 ** x }", "fn a(x) {(Power 2 (Power 3 x))}"),
    (
        "fn a(f) { f.a !in [1,2] && !(f.b in 1..=3) && f.a ?? 1 ?? 2 > 3 && (!f.c || f.d && (f.e && f.g)) }",
        "fn a(f) {((NotIn f.a [1,2]) && (Not (In f.b 1..=3)) && (Greater (Coalesce (Coalesce f.a 1) 2) 3) && ((Not f.c) || (f.d && f.e && f.g)))}",
    ),
    // Chains.
    (
        "fn a(f) { f[1].b[f.c[0]].d(1)[2][3].e.g(); (f.a).b; (f[1][2]).c; f.a[1][2].b.c[4]; f(1)[2].x }",
        "fn a(f) {.g(.d(f[1].b[f.c[0]], 1)[2][3].e); f.a.b; f[1][2].c; f.a[1][2].b.c[4]; f(1)[2].x}",
    ),
    // Statements.
    (
        "fn a(f) { for x in 0..5 { if x == 3 { continue; } if x > 2 { break; } } let y = 1; y += 2; y **= 2; y %= 3; return y; }",
        "fn a(f) {for x in 0..5 {if (Equal x 3) {continue}; if (Greater x 2) {break}}; let y = 1; y Add= 2; y Power= 2; y Remainder= 3; return y}",
    ),
    (
        "fn a(f) { let x = { let y = 2; y }; const Q = 4; {1}; return; }",
        "fn a(f) {let x = {let y = 2; y}; const Q = 4; {1}; return }",
    ),
    (
        "fn a(f) { if f.a {1} else if f.b {2} else if f.c {3} else { if f.d {4} } }",
        "fn a(f) {if f.a {1} else if f.b {2} else if f.c {3} else {if f.d {4}}}",
    ),
    // `switch`: alternatives, ranges, conditions with blocks, results of every kind, a comma left out.
    (
        r#"fn a(f) { switch { f.x } { 1 | 2 => 3, -5 => 4, 3..5 | 7..=9 if f.y == #{q: {3}} => { 1 } "A" => return 2, true => if f {1} else {2} "B" => #{a: 1}, "C" => switch 1 { 1 => 2 } _ => () } }"#,
        r#"fn a(f) {switch {f.x} {1|2 => 3, -5 => 4, 3..5|7..=9 if (Equal f.y #{q: {3}}) => {1}, "A" => {return 2}, true => if f {1} else {2}, "B" => #{a: 1}, "C" => switch 1 {1 => 2}, _ => ()}}"#,
    ),
    (
        r#"fn a(f) { switch f.x { "A" => 1, "A" => 2, 1.50 | 1.5 => 3, 5..5 => 4 } }"#,
        r#"fn a(f) {switch f.x {"A" => 1, "A" => 2, 1.50d|1.5d => 3, 5..5 => 4}}"#,
    ),
    // Comments, manifest lines, CRLF.
    ("//! id = \"x\"\r\n/* a /* b */ */ fn a(x) {\r\n x // y\r\n}\r\n", "fn a(x) {x}"),
    ("/// says what\nfn a(x) { x }", "fn a(x) {x}"),
    ("", ""),
];

#[test]
fn structure_is_rhais() {
    for (source, expected) in STRUCTURE {
        assert_eq!(show(&accepted(source)), *expected, "{source}");
    }
}

/// Each text and every problem in it, as `code line:column`.
const PROBLEMS: &[(&str, &[&str])] = &[
    // T1401: Rhai's own verdict.
    ("fn a(x) {\n  x +\n}", &["T1401 3:1"]),
    ("fn a(x) { let y = 1 let z = 2; }", &["T1401 1:21"]),
    ("fn a(x) { 1e3 }", &["T1401 1:12"]),
    ("fn a(x) { x === 1 }", &["T1401 1:13"]),
    ("fn a(x) { if x = 1 { 2 } }", &["T1401 1:16"]),
    ("fn a(x) { \"open }", &["T1401 1:11"]),
    ("fn a(x) { 1 }\rfn b(x) { 2 }", &["T1401 1:1"]),
    ("fn a(x) { break; }", &["T1401 1:11"]),
    ("fn a(x) { switch x { 1..3 => 1, 5 => 2 } }", &["T1401 1:33"]),
    // T1402: not in the language.
    ("fn a(f) { eval(\"1\") }", &["T1402 1:11"]),
    ("fn a(f) { let g = Fn(\"a\"); g.call(1); g.curry(2); }", &["T1402 1:19", "T1402 1:30", "T1402 1:41"]),
    ("fn a(f) { this.x }", &["T1402 1:11"]),
    ("import \"x\" as y; fn a(f) { import \"z\" as z; }", &["T1402 1:1", "T1402 1:28"]),
    ("export const A = 1;", &["T1402 1:8"]),
    ("fn a(f) { while true {} loop {} do {} until true; }", &["T1402 1:11", "T1402 1:25", "T1402 1:33"]),
    ("fn a(f) { try { 1 } catch { 2 } throw 3; }", &["T1402 1:11", "T1402 1:33"]),
    (
        "fn a(f) { f.x = 1; f[0] = 2; f.x += 3; f.x.y[2].z *= 1; }",
        &["T1402 1:11", "T1402 1:20", "T1402 1:30", "T1402 1:40"],
    ),
    ("fn a(f) { print(f); debug(f); type_of(f); }", &["T1402 1:11", "T1402 1:21", "T1402 1:31"]),
    ("fn a(f) { `x ${f.a} y` + `z` + 'c' }", &["T1402 1:11", "T1402 1:26", "T1402 1:32"]),
    ("fn a(f) { `a ${ `b ${f} c` } d`; f?.x; }", &["T1402 1:11", "T1402 1:35"]),
    ("fn a(f) { global::A + a::b(1) }", &["T1402 1:11", "T1402 1:23"]),
    ("fn a(f) { f?.x + f?[1] }", &["T1402 1:12", "T1402 1:19"]),
    ("fn a(f) { 1 & 2 | 3 ^ 4 << 5 >> 6 }", &["T1402 1:13", "T1402 1:17", "T1402 1:21", "T1402 1:25", "T1402 1:30"]),
    ("fn a(f) { let x = 1; x <<= 2; }", &["T1402 1:24"]),
    ("fn a(f) { let x; }", &["T1402 1:15"]),
    ("fn a(f) { let g = |x| x; [|y| y]; }", &["T1402 1:19", "T1402 1:27"]),
    ("fn a(f) { f.l.map(|x| {x} + 1) }", &["T1402 1:29"]),
    ("private fn a(f) { 1 }", &["T1402 1:1"]),
    ("fn a(f) { fn b(x) { 1 } }", &["T1402 1:11"]),
    ("fn int.a() { 1 } fn \"x\".a() { 1 }", &["T1402 1:1", "T1402 1:18"]),
    ("fn a(f) { b!(1) }", &["T1402 1:11"]),
    ("fn a(f) { 1.. ; ..2; f in 1..=; }", &["T1402 1:12", "T1402 1:17", "T1402 1:28"]),
    ("fn a(f) { for (x, i) in f.l { } }", &["T1402 1:19"]),
    ("fn a(f) { for x in f.l { break 1; } }", &["T1402 1:32"]),
    ("fn a(f) { timestamp() }", &["T1402 1:11"]),
    ("fn a(f) { switch f { () => 1, [1] => 2, 'c' => 3 } }", &["T1402 1:22", "T1402 1:31", "T1402 1:41"]),
    // T1403, T1404, T1405: what the tree has lost.
    ("fn a(f) { 99999999999999999999 }", &["T1403 1:11"]),
    ("fn a(f) { 9223372036854775808 - 1 }", &["T1403 1:11"]),
    ("fn a(f) { 0.12345678901234567890123456789 }", &["T1403 1:11"]),
    ("fn a(f) { 79228162514264337593543950336.0 }", &["T1403 1:11"]),
    ("fn a(f) { 0xFFFFFFFFFFFFFFFF + 0x8000_0000_0000_0000 }", &["T1404 1:11", "T1404 1:32"]),
    ("fn a(f) { 0b1111111111111111111111111111111111111111111111111111111111111111 }", &["T1404 1:11"]),
    ("fn a(f) { 0o1777777777777777777777 }", &["T1404 1:11"]),
    ("fn a(f) { let x = 1; x =+ 5; x =-5; x =!f; x = -5; x = !f; }", &["T1405 1:24", "T1405 1:32", "T1405 1:39"]),
    (
        "fn a(f) { -2 ** 2 + - 2 ** 2 - -f.x ** 2 + f.x -2 ** 2 + (-2) ** 2 + -(2 ** 2) }",
        &["T1405 1:14", "T1405 1:25", "T1405 1:37"],
    ),
    ("fn a(f) { -g(f.x[1]).y ** 2 + -(3) ** 2 + (-2.5) ** 2 + f.l[-1] ** 2 }", &["T1405 1:24", "T1405 1:36"]),
    // T1406: the top of the file.
    ("let x = 1;", &["T1406 1:1"]),
    ("1 + 1;", &["T1406 1:3"]),
    ("if true { 1 }", &["T1406 1:1"]),
    ("{ 1 }", &["T1406 1:1"]),
    ("signal(\"a\", |f| 1);", &["T1406 1:1"]),
    ("rule(\"a\", |f| 1);", &["T1406 1:1"]),
    ("rule(\"a\", 1, |f| 1);", &["T1406 1:11"]),
    ("rule(\"a\", \"b\", 1);", &["T1406 1:16"]),
    ("rule(\"a\", \"b\", |f, g| 1);", &["T1406 1:16"]),
    ("derive(\"a\" + \"b\", |f| 1);", &["T1406 1:12"]),
    ("\"a\".derive(|f| 1);", &["T1406 1:4"]),
    // Several in one run, in order of place.
    (
        "rule(\"a\", \"b\", |f| print(f));\nfn b(x) {\n  let y = 0xFFFFFFFFFFFFFFFF;\n  while true {}\n}",
        &["T1402 1:20", "T1404 3:11", "T1402 4:3"],
    ),
    // Columns count Unicode scalars.
    ("fn a(f) { f.b == \"中文字\" && eval(1) }", &["T1402 1:27"]),
    ("fn a(f) {\r\n  \"é\"; eval(1)\r\n}", &["T1402 2:8"]),
];

#[test]
fn every_problem_of_a_file_has_its_place() {
    let mut wrong = Vec::new();
    for (source, expected) in PROBLEMS {
        let found = problems(source);
        if found != *expected {
            wrong.push(format!("{source}\n  expected {expected:?}\n  found    {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_damaged_rule_is_left_out_and_anything_else_stops() {
    let (script, _) = parse("rule(\"a\", \"b\", |f| print(f));\nrule(\"c\", \"d\", |f| f.x);\n");
    assert_eq!(show(&script.unwrap()), "rule c d |f| {f.x}");
    let (script, _) = parse("rule(\"a\", \"b\", |f| 0xFFFFFFFFFFFFFFFF == f.x);\nrule(\"c\", \"d\", |f| f.x);\n");
    assert_eq!(show(&script.unwrap()), "rule c d |f| {f.x}");
    assert!(parse("fn a(f) { print(f) }\nrule(\"c\", \"d\", |f| f.x);\n").0.is_none());
    assert!(parse("derive(\"a\", |f| print(f));").0.is_none());
}

#[test]
fn a_cells_expression_has_places_in_its_file() {
    let origin = Span::at(FileId(3), 7, 20);
    let mut diagnostics = Vec::new();
    let expression = Parser.parse_expression(origin, "f.need * 0.5", &mut diagnostics).unwrap();
    assert_eq!(show::expr(&expression), "(Multiply f.need 0.5d)");
    assert_eq!(expression.span, Span::within_line(FileId(3), 7, 27, 1));
    for (text, code, line, column) in [
        ("f.need *", "T1401", 7, 28),
        ("let x = 1", "T1401", 7, 20),
        ("eval(f)", "T1402", 7, 20),
        ("f.a ??\n 0xFFFFFFFFFFFFFFFF", "T1404", 8, 2),
        ("f.l.map(|x| `a`)", "T1402", 7, 32),
        ("1; 2", "T1401", 7, 21),
        ("", "T1401", 7, 20),
        ("fn a() { 1 }", "T1401", 7, 20),
    ] {
        let mut diagnostics = Vec::new();
        assert!(Parser.parse_expression(origin, text, &mut diagnostics).is_none(), "{text}");
        let found: Vec<_> = diagnostics.iter().map(|d| (d.code.to_string(), d.span.unwrap())).collect();
        assert_eq!(found.len(), 1, "{text}: {diagnostics:?}");
        assert_eq!(
            (found[0].0.as_str(), found[0].1.line, found[0].1.column),
            (code, line, column),
            "{text}: {diagnostics:?}"
        );
    }
    let closure = Parser.parse_expression(origin, "f.l.filter(|l| l.balance > f.limit).len()", &mut diagnostics);
    assert_eq!(show::expr(&closure.unwrap()), ".len(.filter(f.l, |l| {(Greater l.balance f.limit)}))");
}

#[test]
fn places_hold_across_chunks() {
    // Functions of one name are for `check` to refuse.
    let rules = "rule(\"a\", \"b\", |f| f.a > 1); fn g(x) { x; x }\n".repeat(200);
    for (last, problem) in [
        ("rule(\"a\", \"b\", |f| eval(f));", "T1402 201:20"),
        ("rule(\"a\", \"b\", |f| f +);", "T1401 201:23"),
        ("fn h(x) {\n  x +\n}", "T1401 203:1"),
        ("const A = if x {1} else {2} fn h(x) { x }", "T1401 201:29"),
        ("fn h(x) { x ", "T1401 201:13"),
    ] {
        assert_eq!(problems(&format!("{rules}{last}")), [problem], "{last}");
    }
    let joined = rules.replace('\n', " ");
    assert_eq!(problems(&format!("{joined}rule(")), [format!("T1401 1:{}", joined.len() + 6)]);
    assert_eq!(accepted(&joined).functions.len(), 200);
}
