//! A ruleset that has every kind of node, and where to find them.

use trutina_engine::program::{Node, NodeId, Program};
use trutina_tests::harness::bundles::World;
use trutina_tests::harness::date;
use trutina_tests::harness::fuzz::{NUMBERS, SERIES_AND_OUTCOME};

const HEAD: &str = r#"language = 1
id = "everything"
version = "1.0.0"
title = { en = "Everything" }
effects = ["watch"]
on_error = "refer"
[parameters]
limit = { type = "decimal", value = "0.45" }
"#;

/// The first line is the decimal's.
const INPUTS: &str = r#"min = 0
[facts.od]
type = "decimal"
scale = 2
optional = true
[facts.e]
type = "enum"
values = ["a", "b", "c"]
[facts.oe]
type = "enum"
values = ["a", "b", "c"]
optional = true
[facts.b]
type = "boolean"
[facts.t]
type = "text"
[facts.on]
type = "date"
[facts.secret]
type = "integer"
sensitive = true
[facts.list]
type = "list"
of = "record"
fields = { x = { type = "decimal", scale = 2 }, k = { type = "integer", optional = true } }
[facts.ints]
type = "list"
of = "integer"
"#;

/// The first lines are further outputs.
const ARTEFACTS: &str = r#"score = { type = "integer" }
amount = { type = "decimal", scale = 2, optional = true }
label = { type = "text" }
day = { type = "date" }
ints = { type = "list", of = "integer" }
[scorecards.card]
file = "card.scorecard.csv"
initial_score = 100
reasons = { algorithm = "points_below", baseline = "max", most = 4, zero = "drop" }
[scorecards.exact]
file = "exact.scorecard.csv"
initial_score = "0.50"
reasons = { algorithm = "points_below", baseline = "mean", most = 2, zero = "keep" }
[scales.master]
file = "master.scale.csv"
outputs = { grade = { type = "enum", values = ["A", "B"] }, pd = { type = "decimal", scale = 3 } }
[tables.dated]
file = "dated.table.csv"
hit = "first"
inputs = ["e", "n", "d", "t"]
outputs = { v = { type = "integer" }, w = { type = "decimal", scale = 2, optional = true } }
no_match = "default"
[tables.all]
file = "all.table.csv"
hit = "rule_order"
inputs = ["e"]
outputs = { v = { type = "integer" } }
no_match = "missing"
[tables.total]
file = "total.table.csv"
hit = "collect(sum)"
inputs = ["b"]
outputs = { v = { type = "decimal", scale = 2 } }
no_match = "missing"
[tables.count]
file = "count.table.csv"
hit = "collect(count)"
inputs = ["on"]
outputs = { v = { type = "integer" } }
no_match = "error"
"#;

const CARD: &str = "characteristic,lower,upper,value,points,reason\n\
n,,,MISSING,1,R1\nn,,,SPECIAL:none,2,R2\nn,,10,,3,R1\nn,10,,,4,\n\
d,,0.50,,1,R2\nd,0.50,,,9,R3\nsecret,,,ELSE,1,R3\ne,,,a,5,R1\ne,,,ELSE,6,\ndi,,5,,1,R2\ndi,5,,,2,\n";
const EXACT: &str = "characteristic,lower,upper,value,points,reason\nt,,,x,1.25,R1\nt,,,ELSE,2.5,R2\n";
const MASTER: &str = "from,to,grade,pd\n-inf,50.5,B,0.100\n50.5,inf,A,0.010\n";
const DATED: &str = "id,e,n,d,t,->v,->w,reason,valid_from,valid_until\n\
1,a,< 5,<= 0.5,\"\"\"x\"\"\",1,1.50,R1,2026-01-01,2026-06-01\n2,b,-,-,\"\"\"y\"\"\",`f.secret + 1`,,R2,,\n3,-,null,> 1,-,3,2.00,,,\ndefault,-,-,-,-,9,,R3,,\n";
const ALL: &str = "id,e,->v\n1,a,1\n2,-,2\n";
const TOTAL: &str = "id,b,->v\n1,true,1.25\n2,-,2.50\n";
const COUNT: &str = "id,on,->v\n1,\"< date(\"\"2026-01-01\"\")\",1\n2,-,1\n";
const REASONS: &str = "code,en,zh-CN\nK01,a,甲\nR1,b,乙\nR2,c,丙\nR3,d,丁\n";

const RULES: &str = r#"
derive("di", |f| if is_missing(f.n) || is_special(f.n) { 0 } else { f.n * 2 + f.n % 3 });
derive("kind", |f| if f.d > 5.00 { "x" } else { "y" });
derive("od2", |f| f.od);
rule("K01", "decline", |f| f.d > 100.00 || f.e == "c" && f.b);
rule("K02", "watch", |f| f.t == "x" && !is_missing(f.n) && f.t in ["x", "y"] && f.e in ["a", "b"]);
rule("K03", "refer", |f| starts_with(f.t, "zz") || f.on < date("2020-01-01") && f.di in 3..5);
fn grow(x, y) { let z = x; if y > 3 { z = z + y; } return z; }
fn word(e) { switch e { "a" => 1, "b" => 2, _ => 3 } }
fn decide(f, hits) {
    let card = scorecard("card", f);
    let exact = scorecard("exact", f);
    let total = 0;
    for i in 0..4 { if i == 2 { continue; } if i == 3 { break; } total += i; }
    for k in f.ints { total += k; }
    for row in f.list { total += row.k ?? 0; }
    let found = f.list.filter(|r| !is_missing(r.k)).map(|r| r.k + 1);
    let some = f.ints.any(|k| k > 3) && f.ints.all(|k| k < 1000) || f.series.count(|v| v > 1) > 2;
    let mean = f.ints.avg(2, "half_up") ?? 0.00;
    let least = f.ints.min() ?? 0;
    let sum = f.list.map(|r| r.x).sum();
    let pair = #{ a: f.d, b: 2 };
    let row = table("dated", f.e, f.n, f.d, f.t);
    let rows = table("all", f.e);
    let money = table("total", f.b).v ?? 0.00;
    let count = table("count", f.on).v;
    let grade = scale("master", card.score).grade;
    let word = switch f.e { "a" => "first", "b" if f.b => "second", _ => "third" };
    let bool = switch f.b { true => 1, false => 0 };
    let odd = switch f.di { 9 => 2, 1..5 => 1, _ => 3 };
    let oe = f.oe ?? "b";
    let day = add_months(as_of(), -1);
    let fraction = year_fraction(f.on, day, "act/360", 4, "half_up");
    let odds = score_from_good_odds(10.0, 20, 600, 50, 2, "half_up");
    let age = days_between(f.on, day);
    let value = value_or(f.n, 7);
    let x = round(f.d * 1.5 - pair.a, 2, "half_up");
    let y = max(f.d, -x);
    let z = clamp(abs(value), 0, 10);
    let q = div(f.d, 3, 4, "half_up");
    let first = if f.ints.len() > 0 { f.ints[0] } else { 0 };
    let missing = f.od2;
    if !is_missing(missing) { total += if missing > 1.00 { 1 } else { 0 }; }
    let long = len(f.t) + if contains(f.t, "q") { 1 } else { 0 };
    let in_list = if first in f.ints { 1 } else { 0 };
    let same = if oe == "a" { "a" } else { f.e };
    let kinds = if f.kind in ["x"] && same == f.e && same in ["a", "b"] { 1 } else { 0 };
    let integral = if f.kind == "x" { 1 } else { 2 };
    if hits.has("decline") && some {
        return #{ outcome: "decline", score: total, label: word, day: f.on, ints: found };
    }
    let points = card.points.n + grow(total, least) + word(f.e) + bool + odd + age + z + first + long + in_list + kinds + count;
    let amount = if grade == "A" { x + y + round(q + mean + sum + money + fraction + odds + exact.score, 2, "half_up") } else { () };
    #{ outcome: if grade == "A" && f.e == "a" { "approve" } else { "refer" }, score: points + row.v + integral + rows.len() + 2 ** 3,
       amount: amount, label: if f.b { f.t } else { word }, day: day, ints: [1, 2, -first] }
}
"#;

const FACTS: &[&str] = &[
    r#"{"n":null,"d":0.4,"e":"a","b":true,"t":"x","on":"2019-01-31","secret":7,"list":[{"x":1.5,"k":3},{"x":2}],"ints":[4,5],"series":[{"date":"2026-01-31","value":1}]}"#,
    r#"{"n":-1,"d":120.4,"od":3.5,"e":"c","oe":"a","b":true,"t":"zzq","on":"2026-01-31","secret":7,"list":[],"ints":[4],"series":[]}"#,
    r#"{"n":3,"d":6,"od":0.5,"e":"b","oe":"c","b":false,"t":"y","on":"2024-02-29","secret":1,"list":[{"x":0}],"ints":[],"series":[]}"#,
];

/// The ruleset with facts.
pub fn world() -> World {
    let manifest = [HEAD, NUMBERS, INPUTS, SERIES_AND_OUTCOME, ARTEFACTS].concat();
    let files = [
        ("ruleset.toml", manifest.as_str()),
        ("rules.rhai", RULES),
        ("card.scorecard.csv", CARD),
        ("exact.scorecard.csv", EXACT),
        ("master.scale.csv", MASTER),
        ("dated.table.csv", DATED),
        ("all.table.csv", ALL),
        ("total.table.csv", TOTAL),
        ("count.table.csv", COUNT),
        ("reasons.csv", REASONS),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).into();
    let records = FACTS.iter().map(|facts| ((*facts).to_owned(), date("2026-03-31"))).collect();
    World { name: "everything".to_owned(), files, records }
}

/// The first node of a kind.
pub fn find(program: &Program, wanted: impl Fn(&Node) -> bool) -> NodeId {
    let found = program.code.nodes.iter().position(wanted);
    u32::try_from(found.unwrap_or_else(|| panic!("no such node"))).unwrap()
}
