//! Requests that are wrong, facts that are hostile, and sources that are deep: what a host must survive and answer.

use std::fmt::Write as _;

use serde_json::json;
use trutina_tests::harness::Files;
use trutina_tests::harness::fuzz::ruleset_with;

use crate::corpus::{AS_OF, Cases, pack};

/// All of them.
pub fn all(cases: &mut Cases) {
    wrong(cases);
    texts(cases);
    numbers(cases);
    hostile(cases);
    deep(cases);
}

/// A ruleset whose facts are of every shape.
fn shapes() -> Files {
    ruleset_with("reasons.csv", b"code,en\nA,a\n")
}

fn wrong(cases: &mut Cases) {
    let facts = &pack("retail-credit-rating").records[0].0;
    let sound = format!("{{\"as_of\":\"{AS_OF}\",\"facts\":{facts},\"trace\":\"none\",\"handle\":\"@wrong\"}}");
    // The handle comes last: hosts have other handles, and an error behind one would stand in another column.
    cases.ruleset("wrong", &pack("retail-credit-rating").files);
    let changes = [
        ("\"@wrong\"", "999999999"),
        ("\"@wrong\"", "-1"),
        ("\"@wrong\"", "1.5"),
        ("\"@wrong\"", "\"one\""),
        ("\"@wrong\"", "null"),
        ("\"@wrong\"", "99999999999999999999"),
        (AS_OF, "2026-02-30"),
        (AS_OF, "30.11.2026"),
        (AS_OF, "2026-11-30T00:00:00Z"),
        ("\"as_of\"", "\"as_off\""),
        ("\"none\"", "\"all\""),
        ("\"none\"", "1"),
        ("\"facts\"", "\"fact\""),
        ("\"trace\"", "\"handle\""),
        (",\"handle\":\"@wrong\"}", ""),
        (",\"handle\":\"@wrong\"}", ",}"),
        (",\"trace\":\"none\"", ",\"trace\":null"),
        (",\"trace\":\"none\"", ""),
    ];
    for (index, (from, to)) in changes.iter().enumerate() {
        let request = sound.replacen(from, to, 1);
        cases.call(&format!("wrong/decide {index}"), 3, request.clone());
        cases.call(&format!("wrong/explain {index}"), 7, request.replace(",\"trace\":\"none\"", ",\"lang\":\"en\""));
    }
    for verb in [-1, 0, 8, i32::MAX, i32::MIN] {
        cases.call(&format!("wrong/verb {verb}"), verb, "{}".to_owned());
    }
    for verb in 1..=7 {
        for (index, request) in
            ["", "{}", "[]", "null", "{\"a\":1,\"a\":2}", "{\"handle\":7777777}", "\u{feff}{}"].iter().enumerate()
        {
            cases.call(&format!("wrong/request {verb} {index}"), verb, (*request).to_owned());
        }
    }
    let batch = |rows: &str, format: &str, lines: &str| {
        format!("{{\"handle\":\"@wrong\",\"as_of\":\"{AS_OF}\",\"rows\":{rows},\"format\":\"{format}\"}}{lines}")
    };
    for (index, (rows, format, lines)) in [
        ("0", "ndjson", ""),
        ("0", "ndjson", "\n"),
        ("1", "ndjson", "\n"),
        ("1", "ndjson", "\n{}"),
        ("2", "ndjson", "\n{}\n"),
        ("2", "ndjson", "\n{}\n\n"),
        ("3", "ndjson", "\n{}\nnonsense\n[]\n"),
        ("\"1\"", "ndjson", "\n{}"),
        ("1", "csv", "\n{}"),
        ("1", "columns/9", "\n{}"),
    ]
    .iter()
    .enumerate()
    {
        cases.call(&format!("wrong/batch {index}"), 4, batch(rows, format, lines));
    }
    for (index, payload) in
        ["TRUTINA\u{0}", "TRUTINA\u{0}\u{1}\u{0}\u{0}\u{0}", "{\"trust\":{}}\nTRUTINA\u{0}", "TRUTINA"]
            .iter()
            .enumerate()
    {
        cases.call(&format!("wrong/bundle {index}"), 5, (*payload).to_owned());
    }
    wrong_files(cases);
    cases.drop("wrong");
}

fn wrong_files(cases: &mut Cases) {
    let files =
        [json!({}), json!({"ruleset.toml": 1}), json!({"ruleset.toml": ""}), json!({"rules.rhai": ""}), json!([])];
    for (index, files) in files.iter().enumerate() {
        cases.call(&format!("wrong/files {index}"), 5, json!({ "files": files }).to_string());
    }
}

/// Texts from all over Unicode, as values and in the messages of errors.
fn texts(cases: &mut Cases) {
    let manifest = "language = 1\nid = \"texts\"\nversion = \"1.0.0\"\n[facts.name]\ntype = \"text\"\n[facts.kind]\ntype = \"enum\"\n\
         values = [\"甲\", \"é\", \"e\u{301}\", \"👩‍👧\", \"a\\\"b\"]\noptional = true\n[facts.secret]\ntype = \"text\"\nsensitive = true\n\
         optional = true\n[outputs]\nname = { type = \"text\" }\nlong = { type = \"integer\" }\nkind = { type = \"enum\", values = [\"甲\", \"é\", \"e\u{301}\", \"👩‍👧\", \"a\\\"b\"], optional = true }\n";
    let rules = "rule(\"R\", \"x\", |f| f.name.starts_with(\"é\") || f.name.contains(\"月\"));\nfn decide(f, hits) { #{ name: f.name, long: len(f.name), kind: f.kind } }\n";
    let manifest = manifest.replace("[facts.name]", "effects = [\"x\"]\n[facts.name]");
    let files: Files = [
        ("ruleset.toml", manifest.as_str()),
        ("rules.rhai", rules),
        ("reasons.csv", "code,en,zh-CN\nR,\"a, \"\"b\"\"\",原因\n"),
    ]
    .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
    .into();
    cases.ruleset("texts", &files);
    let texts = [
        "",
        " ",
        "é",
        "e\\u0301",
        "月收入",
        "\\ud83d\\udc69",
        "👩‍👧",
        "\\u0000",
        "\\u001f\\u007f\\u0080",
        "\\\"\\\\\\/\\b\\f\\n\\r\\t",
        "\u{2028}\u{2029}",
        "\u{feff}",
        "\u{202e}abc",
        "<script>&amp;",
        "\u{10ffff}",
        "\\uDBFF\\uDFFF",
        "ﬁ",
        "İ",
        "ß",
        "\u{7f}",
        "-0",
        "null",
    ];
    for (index, text) in texts.iter().enumerate() {
        for (at, fact) in ["name", "kind", "secret"].iter().enumerate() {
            let name = if at == 0 { String::new() } else { "\"name\":\"n\",".to_owned() };
            cases.case(
                format!("text/{index} as {fact}"),
                "texts",
                AS_OF,
                &format!("{{{name}\"{fact}\":\"{text}\"}}"),
                "full",
            );
        }
        let facts = format!("{{\"name\":\"{text}\",\"{text}!\":1}}");
        cases.case(format!("text/{index} as a key"), "texts", AS_OF, &facts, "none");
    }
    let lone = ["\\ud800", "\\udc00", "\\ud800x", "\\ud83d\\ud83d"].map(|text| format!("{{\"name\":\"{text}\"}}"));
    cases.batch("text/half characters".to_owned(), "texts", AS_OF, lone.to_vec(), "full");
    let long = format!("{{\"name\":\"{}\"}}", "长".repeat(100_000));
    cases.case("text/long".to_owned(), "texts", AS_OF, &long, "full");
    cases.drop("texts");
}

const DECIMALS: &[&str] = &[
    "0.1",
    "0.10",
    "0.1000",
    "0.10000",
    "0.00005",
    "0.0001",
    "-0.0001",
    "1e-4",
    "1e-5",
    "79228162514264337593543950335",
    "7922816251426433759354395.0335",
    "7922816251426433759354395.0336",
    "\"0.1\"",
    "\"1e2\"",
    "\".5\"",
    "\"+5\"",
    "\"1_000\"",
    "\"１\"",
    "\" 1\"",
    "\"1,5\"",
    "\"NaN\"",
    "1e28",
    "1e29",
    "0.30000000000000004",
    "4.35",
    "1.005",
    "2.675",
];

const WIDE: &[&str] = &[
    "7.9228162514264337593543950335",
    "-7.9228162514264337593543950335",
    "7.9228162514264337593543950336",
    "8",
    "0.0000000000000000000000000001",
    "1e-28",
    "1e-29",
];

/// Numbers at the edges of what is held, in every notation.
fn numbers(cases: &mut Cases) {
    let manifest = "language = 1\nid = \"numbers\"\nversion = \"1.0.0\"\n[facts.n]\ntype = \"integer\"\n[facts.d]\ntype = \"decimal\"\nscale = 4\n\
         [facts.w]\ntype = \"decimal\"\nscale = 28\n[outputs]\nn = { type = \"integer\" }\nd = { type = \"decimal\", scale = 4 }\nw = { type = \"decimal\", scale = 28 }\n\
         sum = { type = \"decimal\", scale = 4 }\nthird = { type = \"decimal\", scale = 10 }\n";
    let rules =
        "fn decide(f, hits) { #{ n: f.n, d: f.d, w: f.w, sum: f.d + f.n, third: div(f.d, 3, 10, \"half_even\") } }\n";
    let files: Files = [("ruleset.toml", manifest), ("rules.rhai", rules), ("reasons.csv", "code,en\n")]
        .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
        .into();
    cases.ruleset("numbers", &files);
    let integers = [
        "0",
        "-0",
        "-0.0",
        "1",
        "-1",
        "1.0",
        "1.5",
        "1e2",
        "1E+2",
        "100e-2",
        "9007199254740991",
        "9007199254740992",
        "9007199254740993",
        "-9007199254740993",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "123456789012345678901234567890",
        "1e18",
        "1e19",
        "\"1\"",
    ];
    for (index, n) in integers.iter().enumerate() {
        cases.case(
            format!("number/integer {index}"),
            "numbers",
            AS_OF,
            &format!("{{\"n\":{n},\"d\":0,\"w\":0}}"),
            "reasons",
        );
    }
    for (index, d) in DECIMALS.iter().enumerate() {
        cases.case(
            format!("number/decimal {index}"),
            "numbers",
            AS_OF,
            &format!("{{\"n\":1,\"d\":{d},\"w\":0}}"),
            "reasons",
        );
    }
    for (index, w) in WIDE.iter().enumerate() {
        cases.case(
            format!("number/wide {index}"),
            "numbers",
            AS_OF,
            &format!("{{\"n\":1,\"d\":0,\"w\":{w}}}"),
            "reasons",
        );
    }
    cases.drop("numbers");
}

/// Facts that mean no good.
fn hostile(cases: &mut Cases) {
    cases.ruleset("shapes", &shapes());
    let nested = |depth: usize| format!("{{\"list\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    for depth in [1, 2, 30, 31, 32, 33, 34, 100] {
        cases.batch(format!("hostile/nested {depth}"), "shapes", AS_OF, vec![nested(depth)], "none");
    }
    let many = |count: usize| {
        let items = vec!["{\"x\":1}"; count].join(",");
        format!("{{\"n\":1,\"d\":0.1,\"e\":\"a\",\"list\":[{items}],\"series\":[]}}")
    };
    for count in [0, 1, 9_999, 10_000, 10_001] {
        cases.case(format!("hostile/elements {count}"), "shapes", AS_OF, &many(count), "none");
    }
    let base =
        "{\"n\":null,\"d\":0.1,\"e\":\"a\",\"list\":[{\"x\":1}],\"series\":[{\"date\":\"2026-01-31\",\"value\":1}]}";
    let mut damaged: Vec<String> =
        (0..base.len()).step_by(3).filter_map(|at| base.get(..at)).map(str::to_owned).collect();
    for (from, to) in [
        (":", ";"),
        ("0.1", "0.1.1"),
        ("0.1", "01"),
        ("null", "nul"),
        ("\"a\"", "'a'"),
        ("}", "},"),
        ("1}", "NaN}"),
        ("\"n\"", "n"),
        ("{", "\u{feff}{"),
    ] {
        damaged.push(base.replacen(from, to, 1));
    }
    cases.batch(
        "hostile/damaged".to_owned(),
        "shapes",
        AS_OF,
        damaged.into_iter().filter(|line| !line.is_empty()).collect(),
        "none",
    );
    let keys: Vec<String> = (0..5_000).map(|index| format!("\"k{index}\":{index}")).collect();
    cases.case("hostile/keys".to_owned(), "shapes", AS_OF, &format!("{{{}}}", keys.join(",")), "none");
    for (index, facts) in ["null", "true", "1", "\"\"", "[]", "[{}]", "{}"].iter().enumerate() {
        cases.case(format!("hostile/no object {index}"), "shapes", AS_OF, facts, "full");
    }
    cases.drop("shapes");
}

/// Sources near the depth and the length that are taken, on whatever stack the host has.
fn deep(cases: &mut Cases) {
    let kinds: [(&str, &str, &str); 6] = [
        ("calls", "abs(", ")"),
        ("sums", "(1 + ", ")"),
        ("branches", "if f.n == 3 { 2 } else { ", " }"),
        ("switches", "switch f.n { 1 => 2, _ => ", " }"),
        ("blocks", "{ let x = 1; ", " }"),
        ("lists", "[", "].len()"),
    ];
    let manifest = "language = 1\nid = \"deep\"\nversion = \"1.0.0\"\n[facts.n]\ntype = \"integer\"\n[outputs]\nn = { type = \"integer\" }\n";
    let ruleset = |rules: &str| -> Files {
        [("ruleset.toml", manifest), ("rules.rhai", rules)]
            .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
            .into()
    };
    let decided = |cases: &mut Cases, name: String, rules: &str| {
        cases.ruleset(&name, &ruleset(rules));
        cases.case(format!("{name}/decision"), &name, AS_OF, "{\"n\":3}", "full");
        cases.drop(&name);
    };
    for (kind, open, close) in kinds {
        for depth in [16, 32, 40, 60, 64, 100, 120, 124, 126, 127, 128, 129, 500, 20_000] {
            let value = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            decided(cases, format!("deep/{kind} {depth}"), &format!("fn decide(f, hits) {{ #{{ n: {value} }} }}\n"));
        }
    }
    for length in [10, 100, 120, 1000] {
        let branches: String =
            (0..length).map(|index| format!("if f.n == {} {{ {index} }} else ", index + 4)).collect();
        decided(
            cases,
            format!("deep/else if {length}"),
            &format!("fn decide(f, hits) {{ #{{ n: {branches} {{ 0 }} }} }}\n"),
        );
        let parts: Vec<String> = (0..length).map(|index| format!("f.n != {}", index + 4)).collect();
        let rules = format!("fn decide(f, hits) {{ #{{ n: if {} {{ 1 }} else {{ 2 }} }} }}\n", parts.join(" && "));
        decided(cases, format!("deep/and {length}"), &rules);
    }
    let mut chain = String::new();
    for index in 0..1_000 {
        let _ = writeln!(chain, "derive(\"d{index}\", |f| f.d{} + 1);", index + 1);
    }
    chain.push_str("derive(\"d1000\", |f| f.n);\nfn decide(f, hits) { #{ n: f.d0 } }\n");
    decided(cases, "deep/derived facts".to_owned(), &chain);
}
