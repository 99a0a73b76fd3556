//! Small rulesets over small domains with facts that a customer can act on: every value, and every pair, can be tried.

use std::collections::BTreeMap;

use super::choices::{Choices, from_seed};

/// A fact of a small ruleset.
#[derive(Clone, Debug)]
pub struct Act {
    /// Its name.
    pub name: &'static str,
    /// All its values in order, as JSON.
    pub values: Vec<String>,
    /// `increase`, `decrease`, `any`, or nothing.
    pub actionable: Option<&'static str>,
    /// Its values have no order: each is as near as any other.
    pub category: bool,
}

/// A ruleset with its facts and some records, by index of each fact's value; nothing where a fact is missing.
#[derive(Clone, Debug)]
pub struct Small {
    /// The files.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The facts in declared order.
    pub facts: Vec<Act>,
    /// Indexes of values.
    pub records: Vec<Vec<Option<usize>>>,
}

/// Facts: name, lines of the manifest, values as JSON.
fn domains() -> Vec<(&'static str, &'static str, Vec<String>)> {
    let integers = |low: i64, high: i64| (low..=high).map(|number| number.to_string()).collect();
    vec![
        ("a", "type = \"integer\"\nmin = 0\nmax = 12\n", integers(0, 12)),
        ("b", "type = \"integer\"\nmin = -4\nmax = 6\nspecial = { unknown = -9 }\n", integers(-4, 6)),
        (
            "c",
            "type = \"enum\"\nvalues = [\"c0\", \"c1\", \"c2\", \"c3\"]\n",
            (0..4).map(|n| format!("\"c{n}\"")).collect(),
        ),
        (
            "d",
            "type = \"decimal\"\nscale = 1\nmin = \"0.0\"\nmax = \"2.0\"\noptional = true\n",
            (0..=20).map(|n| format!("\"{}.{}\"", n / 10, n % 10)).collect(),
        ),
        ("e", "type = \"boolean\"\n", vec!["false".to_owned(), "true".to_owned()]),
        (
            "g",
            "type = \"date\"\nmin = 2026-01-25\nmax = 2026-02-05\n",
            (25..=31).map(|d| format!("\"2026-01-{d}\"")).chain((1..=5).map(|d| format!("\"2026-02-0{d}\""))).collect(),
        ),
        ("n", "type = \"integer\"\nmin = 0\nmax = 5\n", integers(0, 5)),
    ]
}

const DERIVED: &[&str] = &[
    "f.a * 2 - value_or(f.b, 1)",
    "div(f.a, f.n + 1, 2, \"half_up\")",
    "div(f.a + 1, abs(value_or(f.b, 3)) + 1, 1, \"half_even\")",
    "div(f.dd, 0.7, 3, \"floor\")",
    "div(f.n, f.a - 5, 2, \"half_up\")",
    "f.dd * f.a",
    "f.dd * value_or(f.b, 0) - f.a",
    "abs(value_or(f.b, 2))",
    "max(f.a, value_or(f.b, -1))",
    "min(f.dd, 1.2) + f.n",
    "clamp(value_or(f.b, 0), -2, 3)",
    "round(f.dd * 1.5, 0, \"half_up\")",
    "days_between(f.g, as_of())",
    "months_between(date(\"2025-01-28\"), f.g)",
    "days_between(as_of(), add_days(f.g, f.a))",
    "if f.e { f.a } else { value_or(f.b, 4) }",
    "switch f.c { \"c0\" => 1, \"c1\" => 5, _ => 3 }",
    "if f.a % 3 == 1 { 6 } else { f.n }",
    "f.a * f.a - 3 * f.a",
    "steps(f.a, f.n)",
    "[f.a, f.n, 4].filter(|x| x > f.n).len()",
    "[1, 2, 3, 4].count(|x| x * f.n < f.a)",
    "[0.5, 1.0].map(|x| x * f.dd + f.a).sum()",
    "[3, f.a, value_or(f.b, 1)].max() ?? 0",
    "[f.a, f.n].avg(1, \"half_up\") ?? 0.0",
    "[1, 2, 3].filter(|x| x < f.a).len() + f.n",
    "if [1, 2, 9].all(|x| x < f.a) { 1 } else if [7, 8].any(|x| x == f.a) { 8 } else { f.n }",
];

/// The ruleset of a seed.
#[must_use]
pub fn small(seed: u64) -> Small {
    let given = from_seed(seed, 600);
    let c = &mut Choices::new(&given);
    let mut manifest = "language = 1\nid = \"small\"\nversion = \"1.0.0\"\ntitle = { en = \"Small\" }\n".to_owned();
    let mut facts = Vec::new();
    for (name, lines, values) in domains() {
        let actionable = [None, Some("increase"), Some("decrease"), Some("any")][c.weighted(&[2, 2, 2, 3])];
        let line = actionable.map_or_else(String::new, |word| format!("actionable = \"{word}\"\n"));
        manifest += &format!("[facts.{name}]\n{lines}{line}");
        facts.push(Act { name, values, actionable, category: name == "c" && actionable == Some("any") });
    }
    manifest += "[outputs]\noutcome = { type = \"enum\", values = [\"approve\", \"refer\", \"decline\"] }\n";
    manifest += "score = { type = \"integer\" }\n";
    manifest += "[scorecards.card]\nfile = \"card.scorecard.csv\"\ninitial_score = 10\n";
    let hit = ["first", "unique", "any", "priority"][c.weighted(&[3, 1, 1, 1])];
    manifest += &format!(
        "[tables.t]\nfile = \"t.table.csv\"\nhit = \"{hit}\"\ninputs = [\"a\", \"c\", \"d\"]\noutputs = {{ o = {{ type = \"enum\", values = [\"approve\", \"refer\", \"decline\"] }} }}\nno_match = \"{}\"\n",
        ["error", "default"][c.below(2)]
    );
    let mut files = BTreeMap::new();
    files.insert("card.scorecard.csv".to_owned(), card(c).into_bytes());
    files.insert("t.table.csv".to_owned(), table(c, manifest.contains("no_match = \"default\"")).into_bytes());
    files.insert("reasons.csv".to_owned(), b"code,en\n".to_vec());
    files.insert("rules.rhai".to_owned(), script(c).into_bytes());
    files.insert("ruleset.toml".to_owned(), manifest.into_bytes());
    let records = (0..3).map(|_| {
        facts
            .iter()
            .map(|fact| Some(c.below(fact.values.len())).filter(|_| fact.name != "d" || !c.chance(10)))
            .collect()
    });
    let records = records.collect();
    Small { files, facts, records }
}

fn card(c: &mut Choices<'_>) -> String {
    let mut out = "characteristic,lower,upper,value,points,reason\n".to_owned();
    let mut points = |out: &mut String, cell: &str| *out += &format!("{cell},{},\n", c.between(-6, 6));
    for (low, high) in [("-inf", "3"), ("3", "4"), ("4", "9"), ("9", "inf")] {
        points(&mut out, &format!("a,{low},{high},"));
    }
    for value in ["c0|c2", "c1", "c3"] {
        points(&mut out, &format!("c,,,{value}"));
    }
    for (low, high) in [("-inf", "0.55"), ("0.55", "1.4"), ("1.4", "inf")] {
        points(&mut out, &format!("d,{low},{high},"));
    }
    points(&mut out, "d,,,MISSING");
    for (low, high) in [("-inf", "2"), ("2", "7"), ("7", "inf")] {
        points(&mut out, &format!("x0,{low},{high},"));
    }
    out
}

fn table(c: &mut Choices<'_>, with_default: bool) -> String {
    let mut out = "id,a,c,d,->o,note\n".to_owned();
    let outcomes = ["approve", "refer", "decline"];
    for row in 0..c.below(4) {
        let a = ["-", "< 5", "[2..7)", "not(4)", ">= 6", "3,8,9"][c.below(6)];
        let class = ["-", "c0", "c1", "not(c3)", "c2"][c.below(5)];
        let d = ["-", "< 1.2", "null", "[0.4..1.1]", ">= 0.75"][c.below(5)];
        out += &format!("r{row},\"{a}\",{class},{d},{},\n", outcomes[c.below(3)]);
    }
    out += &format!("last,-,-,-,{},\n", outcomes[c.weighted(&[6, 2, 1])]);
    if with_default {
        out += &format!("default,-,-,-,{},\n", outcomes[c.below(3)]);
    }
    out
}

fn condition(c: &mut Choices<'_>) -> String {
    match c.below(9) {
        0 => format!("f.a {} {}", comparison(c), c.below(13)),
        1 => format!("f.dd {} {}.{}5", comparison(c), c.below(2), c.below(10)),
        2 => format!("f.c in [\"c{}\", \"c{}\"]", c.below(2), 2 + c.below(2)),
        3 => ["f.e", "!f.e", "is_missing(f.d)", "is_special(f.b)"][c.below(4)].to_owned(),
        4 => format!("f.g {} date(\"2026-0{}\")", comparison(c), ["1-28", "2-01", "1-31"][c.below(3)]),
        5 => format!("f.a {} f.n", comparison(c)),
        _ => format!("f.x{} {} {}", c.below(4), comparison(c), c.between(-2, 9)),
    }
}

fn comparison(c: &mut Choices<'_>) -> &'static str {
    ["<", "<=", ">", ">=", "==", "!="][c.weighted(&[4, 4, 4, 4, 1, 1])]
}

fn script(c: &mut Choices<'_>) -> String {
    let mut out = "fn steps(x, most) { let sum = 0; for i in 0..4 { if i > most { break; } if i == 1 { continue; } if x > i * 3 { sum += i; } else if x == 2 { return 9; } } sum }\n".to_owned();
    out += "derive(\"dd\", |f| f.d ?? 0.5);\n";
    for number in 0..4 {
        out += &format!("derive(\"x{number}\", |f| {});\n", DERIVED[c.below(DERIVED.len())]);
    }
    for number in 0..1 + c.below(3) {
        let effect = ["refer", "decline"][c.below(2)];
        let mut parts = condition(c);
        if c.chance(60) {
            let other = condition(c);
            parts = format!("({parts}) {} ({other})", ["&&", "||"][c.below(2)]);
        }
        out += &format!("rule(\"R{number}\", \"{effect}\", |f| {parts});\n");
    }
    out += "fn decide(f, hits) {\n    let card = scorecard(\"card\", f);\n";
    out += "    if hits.has(\"decline\") { return #{ outcome: \"decline\", score: card.score }; }\n";
    if c.chance(60) {
        out += &format!(
            "    let spread = 0;\n    for i in 0..3 {{ if f.a > i * {} {{ spread += f.n; }} }}\n",
            1 + c.below(5)
        );
        out += &format!(
            "    if spread > {} && card.points.a < 3 {{ return #{{ outcome: \"refer\", score: card.score }}; }}\n",
            c.below(9)
        );
    }
    let limit = c.between(-6, 12);
    if c.chance(70) {
        out += "    let row = table(\"t\", f.a, f.c, f.d).o;\n";
        out += &format!(
            "    let outcome = if hits.has(\"refer\") || card.score < {limit} {{ if row == \"decline\" {{ row }} else {{ \"refer\" }} }} else {{ row }};\n"
        );
    } else {
        let test = condition(c);
        out += &format!(
            "    let outcome = if hits.has(\"refer\") || card.score < {limit} {{ \"refer\" }} else if {test} {{ \"approve\" }} else {{ \"decline\" }};\n"
        );
    }
    out + "    #{ outcome: outcome, score: card.score }\n}\n"
}
