//! `inspect`: what depends on what, parameters included, wherever a parameter goes before it becomes a constant.

use serde_json::{Value, json};

use crate::support::{directory, file, json, trutina};

const MANIFEST: &str = r#"
language = 1
id = "depend"
version = "1.0.0"
[facts]
age = { type = "integer" }
income = { type = "decimal", scale = 2 }
amounts = { type = "list", of = "integer" }
[parameters]
through_function = { type = "decimal", value = "900.00" }
digits = { type = "integer", value = 1 }
rounds = { type = "integer", value = 3 }
factor = { type = "decimal", value = "2.5" }
listed = { type = "integer", value = 7 }
in_closure = { type = "integer", value = 5 }
stop = { type = "integer", value = 4 }
at_rule = { type = "integer", value = 18 }
argument = { type = "integer", value = 1 }
in_cell = { type = "decimal", value = "0.5" }
not_used = { type = "decimal", value = "0.5" }
unread_argument = { type = "decimal", value = "0.5" }
[scorecards.card]
file = "card.scorecard.csv"
[scales.bands]
file = "bands.scale.csv"
outputs = { band = { type = "integer" } }
[tables.limit]
file = "limit.table.csv"
hit = "unique"
inputs = ["level"]
outputs = { limit = { type = "decimal", scale = 3 } }
no_match = "error"
[outputs]
outcome = { type = "enum", values = ["approve", "refer"] }
limit = { type = "decimal", scale = 3 }
band = { type = "integer" }
"#;

const RULES: &str = r#"
const DOUBLE = param("factor") * 2;

derive("net", |f| capped(f.income));
derive("rounded", |f| round(f.income, param("digits"), "half_up"));
derive("counted", |f| { let n = 0; for i in 0..param("rounds") { n += 1; } n });
derive("named", |f| f.income > DOUBLE);
derive("known", |f| f.age in [param("listed"), 3]);
derive("closed", |f| f.amounts.map(|a| { if a > param("in_closure") { return 1; } 0 }).sum());
derive("left", |f| { let n = 0; for a in f.amounts { n += 1; if a > param("stop") { break; } } n });
derive("picked", |f| first(f.income, param("unread_argument")));

rule("R1", "refer", |f| f.age < param("at_rule"));

fn capped(x) { min(x, param("through_function")) }
fn first(a, b) { a }

fn decide(f, hits) {
    let limit = table("limit", f.age + param("argument")).limit;
    if hits.has("refer") { return #{ outcome: "refer", limit: limit, band: 0 }; }
    #{ outcome: "approve", limit: limit, band: scale("bands", scorecard("card", f).score).band }
}
"#;

fn ruleset() -> String {
    let place = directory();
    file(&place, "ruleset.toml", MANIFEST);
    file(&place, "rules.rhai", RULES);
    file(&place, "card.scorecard.csv", "characteristic,lower,upper,value,points,reason\nnet,,,ELSE,10,\n");
    file(&place, "bands.scale.csv", "from,to,band\n-inf,inf,1\n");
    file(
        &place,
        "limit.table.csv",
        "id,level,->limit\na,< 30,\"`f.income * param(\"\"in_cell\"\")`\"\nb,>= 30,`7.5`\n",
    );
    place.to_str().unwrap().to_owned()
}

/// The kinds that are not empty.
fn read_by(found: &Value, kind: &str, name: &str) -> Value {
    let all = found["depends_on"][kind][name].as_object().unwrap_or_else(|| panic!("{kind} {name}"));
    all.iter().filter(|(_, names)| names != &&json!([])).map(|(kind, names)| (kind.clone(), names.clone())).collect()
}

#[test]
fn parameters_are_named_wherever_they_go() {
    let path = ruleset();
    let run = trutina(&["inspect", &path, "--format", "json"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let found = json(&run.stdout);
    for (kind, name, expected) in [
        ("derived", "net", json!({"facts": ["income"], "parameters": ["through_function"]})),
        ("derived", "rounded", json!({"facts": ["income"], "parameters": ["digits"]})),
        ("derived", "counted", json!({"parameters": ["rounds"]})),
        ("derived", "named", json!({"facts": ["income"], "parameters": ["factor"]})),
        ("derived", "known", json!({"facts": ["age"], "parameters": ["listed"]})),
        ("derived", "closed", json!({"facts": ["amounts"], "parameters": ["in_closure"]})),
        ("derived", "left", json!({"facts": ["amounts"], "parameters": ["stop"]})),
        ("derived", "picked", json!({"facts": ["income"]})),
        ("rules", "R1", json!({"facts": ["age"], "parameters": ["at_rule"]})),
        ("scorecards", "card", json!({"derived": ["net"]})),
        ("scales", "bands", json!({"scorecards": ["card"]})),
        ("tables", "limit", json!({"facts": ["age", "income"], "parameters": ["argument", "in_cell"]})),
        (
            "outputs",
            "limit",
            json!({"facts": ["age"], "parameters": ["argument"], "rules": ["R1"], "tables": ["limit"]}),
        ),
        ("outputs", "band", json!({"rules": ["R1"], "scales": ["bands"], "scorecards": ["card"]})),
        ("outputs", "outcome", json!({"rules": ["R1"]})),
    ] {
        assert_eq!(read_by(&found, kind, name), expected, "{kind} {name}");
    }
}

#[test]
fn the_table_for_people_says_the_same() {
    let run = trutina(&["inspect", &ruleset()]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    for line in [
        "  R1    refer   age, parameter at_rule",
        "  net             ←  income, parameter through_function",
        "  scorecard card  ←  net",
        "  scale bands     ←  scorecard card",
        "  table limit     ←  age, income, parameter argument, parameter in_cell",
        "  limit           ←  table limit, rules that say refer (R1), age, parameter argument",
    ] {
        assert!(run.stdout.lines().any(|found| found.trim_end() == line), "{line}\n{}", run.stdout);
    }
}
