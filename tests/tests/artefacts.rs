//! Cards, scales and tables are judged at load: what is wrong, where, and with which witness.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use trutina_engine::check::check;
use trutina_engine::diagnostic::{Diagnostic, Severity};
use trutina_engine::parse::parse;
use trutina_script::Parser;

const HEAD: &str = r#"language = 1
id = "x"
version = "1"
[facts.age]
type = "integer"
min = 0
max = 120
[facts.ratio]
type = "decimal"
scale = 2
optional = true
special = { none = -1, closed = -9 }
[facts.grade]
type = "enum"
values = ["A", "B", "C"]
[facts.vip]
type = "boolean"
[facts.city]
type = "text"
[facts.born]
type = "date"
[outputs]
outcome = { type = "enum", values = ["approve", "decline"] }
"#;

/// Parses and checks; every diagnostic of the artefact's file and of ruleset.toml, as `T2404@2:3`.
fn judge(toml: &str, path: &str, csv: &str, call: &str) -> (Vec<String>, Vec<Diagnostic>) {
    let rules = format!("fn decide(f, hits) {{ {call} #{{ outcome: \"approve\" }} }}\n");
    let files: BTreeMap<String, Vec<u8>> = [
        ("ruleset.toml", format!("{HEAD}{toml}")),
        ("rules.rhai", rules),
        ("reasons.csv", "code,en\nR1,one\n".to_owned()),
        (path, csv.to_owned()),
    ]
    .into_iter()
    .map(|(path, text)| (path.to_owned(), text.into_bytes()))
    .collect();
    let parsed = parse(&files, &Parser);
    let mut found = parsed.diagnostics;
    if let Some(ruleset) = parsed.ruleset {
        found.extend(check(ruleset).1);
    }
    let place = |found: &Diagnostic| {
        let span = found.span.unwrap_or_default();
        let severity = match found.severity {
            Severity::Error => "",
            Severity::Warning => "w",
            Severity::Hint => "h",
        };
        format!("{}{severity}@{}:{}", found.code, span.line, span.column)
    };
    (found.iter().map(place).collect(), found)
}

fn card(rows: &str) -> (Vec<String>, Vec<Diagnostic>) {
    let toml = "[scorecards.c]\nfile = \"c.scorecard.csv\"\n";
    let csv = format!("characteristic,lower,upper,value,points,reason\n{rows}");
    judge(toml, "c.scorecard.csv", &csv, "let s = scorecard(\"c\", f).score;")
}

#[test]
fn cards_are_judged() {
    let cases: &[(&str, &[&str])] = &[
        ("age,0,50,,1,R1\nage,50,,,2,\n", &[]),
        ("age,0,50,,1,R2\nage,50,,,2,\n", &["T2014@2:1"]),
        ("age,0,50.5,,1,\nage,60,,,2,\n", &["T2203w@2:1"]),
        ("age,0,50,,1,\nage,40,45,,2,\nage,50,inf,,3,\n", &["T2204w@3:1"]),
        ("age,130,140,,1,\nage,-inf,inf,,2,\n", &["T2204w@2:1"]),
        ("age,0,40,,1,\nage,40,60,,3,\nage,60,,,2,\n", &["T2205w@4:1"]),
        ("age,50,50,,1,\nage,,,ELSE,1,\n", &["T2201@2:1"]),
        ("age,60,50,,1,\n", &["T2201@2:1"]),
        ("age,,,x,1,\n", &["T2201@2:1"]),
        ("age,,,5|7,1,\nage,,,ELSE,1,\n", &[]),
        ("age,2026-01-01,,,1,\n", &["T2201@2:1"]),
        ("age,,,ELSE,1,\nage,,,MISSING,1,\n", &["T2204w@3:1"]),
        ("age,,,SPECIAL:none,1,\nage,,,ELSE,1,\n", &["T2013@2:1"]),
        ("ratio,,,ELSE,1,\n", &["T2202@2:1"]),
        ("ratio,,,ELSE,1,\nratio,,,MISSING,1,\n", &[]),
        ("ratio,-inf,inf,,1,\nratio,,,MISSING,1,\nratio,,,SPECIAL:none,1,\n", &["T2203w@2:1"]),
        ("ratio,,,ELSE,1,\nratio,,,SPECIAL:none,1,\nratio,,,MISSING,1,\nratio,,,SPECIAL:nine,1,\n", &["T2013@5:1"]),
        ("ratio,,,ELSE,1,\nratio,,,SPECIAL:none,2,\nratio,,,MISSING,1,\n", &[]),
        ("grade,,,A|B,1,\ngrade,,,C,2,\n", &[]),
        ("grade,,,A,1,\ngrade,,,C,2,\n", &["T2203w@2:1"]),
        ("grade,,,A|D,1,\n", &["T2006@2:1"]),
        ("grade,A,C,,1,\n", &["T1207@2:7", "T1207@2:9"]),
        ("vip,,,true,1,\nvip,,,false,2,\n", &[]),
        ("vip,,,TRUE,1,\nvip,,,false,2,\n", &["T2201@2:1"]),
        ("city,,,Paris,1,\n", &["T2203w@2:1"]),
        ("city,,,Paris,1,\ncity,,,ELSE,2,\n", &[]),
        ("born,,2000-01-01,,1,\nborn,2000-01-01,,,2,\n", &[]),
        ("born,,2000-01-01,,1,\nborn,2000-01-02,,,2,\n", &["T2203w@2:1"]),
        ("born,1,2,,1,\n", &["T2201@2:1"]),
    ];
    for (rows, expected) in cases {
        let (places, found) = card(rows);
        assert_eq!(places, *expected, "{rows}: {found:#?}");
    }
    for (rows, witness) in [
        ("age,0,50.5,,1,\nage,60,,,2,\n", "age = 51"),
        ("age,1,,,1,\n", "age = 0"),
        ("ratio,0,,,1,\nratio,,,MISSING,1,\n", "ratio = -0.01"),
        ("ratio,-inf,inf,,1,\nratio,,,MISSING,1,\nratio,,,SPECIAL:none,1,\n", "ratio = special(\"closed\")"),
        ("grade,,,A,1,\ngrade,,,C,2,\n", "grade = \"B\""),
        ("city,,,other,1,\n", "city = "),
        ("born,,2000-01-01,,1,\nborn,2000-01-02,,,2,\n", "born = 2000-01-01"),
    ] {
        let (_, found) = card(rows);
        assert!(found[0].message.contains(witness), "{rows}: {}", found[0].message);
    }
}

#[test]
fn scales_are_judged() {
    let toml =
        "[scales.s]\nfile = \"s.scale.csv\"\noutputs = { grade = { type = \"enum\", values = [\"A\", \"B\"] } }\n";
    let cases: &[(&str, &[&str])] = &[
        ("-inf,0,A\n0,10,B\n10,,A\n", &[]),
        ("10,inf,A\n-inf,0.5,B\n0.5,10,A\n", &[]),
        ("0,10,A\n10,20,B\n", &[]),
        ("0,10,A\n10.5,20,B\n", &["T2301@3:1"]),
        ("0,10,A\n9.99,20,B\n", &["T2302@3:1"]),
        ("0,100,A\n10,20,B\n30,40,A\n", &["T2302@3:1", "T2302@4:1"]),
        ("-inf,inf,A\n-inf,5,B\n", &["T2302@3:1"]),
        ("0,0,A\n0,1,B\n", &["T2303@2:1"]),
        ("5,1,A\n", &["T2303@2:1"]),
        ("0,10,A\nx,20,B\n30,40,A\n", &["T1207@3:1"]),
    ];
    for (rows, expected) in cases {
        let (places, found) =
            judge(toml, "s.scale.csv", &format!("from,to,grade\n{rows}"), "let g = scale(\"s\", 5).grade;");
        assert_eq!(places, *expected, "{rows}: {found:#?}");
    }
}

fn table(settings: &str, header: &str, rows: &str) -> (Vec<String>, Vec<Diagnostic>) {
    let inputs: Vec<&str> = header.split(',').skip(1).take_while(|name| !name.starts_with("->")).collect();
    let names: Vec<String> = inputs.iter().map(|name| format!("\"{name}\"")).collect();
    let arguments: Vec<String> = inputs.iter().map(|name| format!("f.{name}")).collect();
    let toml = format!("[tables.t]\nfile = \"t.table.csv\"\ninputs = [{}]\n{settings}\n", names.join(", "));
    let call = format!("let t = table(\"t\", {});", arguments.join(", "));
    judge(&toml, "t.table.csv", &format!("{header}\n{rows}"), &call)
}

const ONE: &str = "outputs = { x = { type = \"integer\" } }";

#[test]
fn cells_are_judged_against_their_columns() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("age", "25.5", &["T2403w@2:3"]),
        ("age", "\"\"\"a\"\"\"", &["T2404@2:3"]),
        ("age", "null", &["T2403w@2:3"]),
        ("age", "[5..5)", &["T2403w@2:3", "T2407w@2:3"]),
        ("age", "> 200", &["T2403w@2:3"]),
        ("age", "special(\"\"none\"\")", &["T1201@2:11"]),
        ("age", "special('none')", &["T2013@2:3"]),
        ("ratio", "special('nine')", &["T2013@2:3"]),
        ("grade", "D", &["T2006@2:3"]),
        ("grade", "< A", &["T2404@2:3"]),
        ("grade", "5", &["T2404@2:3"]),
        ("vip", "TRUE", &["T2404@2:3"]),
        ("city", "Paris", &["T2404@2:3"]),
        ("born", "2026-01-01", &["T1301@2:3"]),
        ("born", "'2026-01-01'", &["T2404@2:3"]),
        ("age", "[5..1]", &["T1302@2:3"]),
    ];
    for (column, cell, expected) in cases {
        let settings = format!("{ONE}\nno_match = \"missing\"");
        let (places, found) = table(&settings, &format!("id,{column},->x"), &format!("r,{cell},1\n"));
        assert_eq!(places, *expected, "{cell}: {found:#?}");
    }
}

#[test]
fn overlaps_gaps_and_reach_have_witnesses() {
    let unique = ONE.to_owned();
    let with = |hit: &str| format!("hit = \"{hit}\"\n{ONE}");
    let cases: &[(String, &str, &str, &str, &str)] = &[
        (unique.clone(), "age", "a,< 18,1\nb,>= 18,2\n", "", ""),
        (unique.clone(), "age", "a,<= 18,1\nb,>= 18,2\n", "T2401w@3:1", "age = 18"),
        (unique.clone(), "age", "a,< 18,1\nb,> 18,2\n", "T2402w@1:4", "age = 18"),
        (unique.clone(), "age", "a,< 18.5,1\nb,> 18.5,2\n", "", ""),
        (unique.clone(), "ratio", "a,< 1,1\nb,>= 1,2\n", "T2402w@1:4", "ratio = missing"),
        (unique.clone(), "ratio", "a,< 1,1\nb,>= 1,2\nc,null,3\n", "T2402w@1:4", "ratio = special(\"none\")"),
        (unique.clone(), "ratio", "a,< 1,1\nb,not(< 1),2\n", "T2402w@1:4", "ratio = special(\"none\")"),
        (
            unique.clone(),
            "ratio",
            "a,not(1),1\nb,null,2\nc,1,3\nd,special('none'),4\ne,special('closed'),5\n",
            "T2401w@3:1",
            "ratio = missing",
        ),
        (
            unique.clone(),
            "ratio",
            "a,\"not(1, null)\",1\nb,null,2\nc,1,3\nd,special('none'),4\ne,special('closed'),5\n",
            "",
            "",
        ),
        (unique.clone(), "grade", "a,\"A,B\",1\nb,C,2\n", "", ""),
        (unique.clone(), "city", "a,'x',1\nb,not('x'),2\n", "", ""),
        (
            unique.clone(),
            "age,grade",
            "a,< 18,-,1\nb,>= 18,A,2\nc,>= 18,C,3\n",
            "T2402w@1:4",
            "age = 18, grade = \"B\"",
        ),
        (
            unique.clone(),
            "age,grade",
            "a,< 18,-,1\nb,-,A,2\nc,>= 18,\"B,C\",3\n",
            "T2401w@3:1",
            "age = 0, grade = \"A\"",
        ),
        (with("any"), "age", "a,<= 18,1\nb,>= 18,1\n", "", ""),
        (with("any"), "age", "a,<= 18,1\nb,>= 18,2\n", "T2401w@3:1", "age = 18"),
        (with("first"), "age", "a,<= 18,1\nb,>= 18,2\nc,-,3\n", "T2403w@4:1", "`c`"),
        (with("first"), "age", "a,<= 18,1\nb,-,3\n", "", ""),
        (with("first"), "age,vip", "a,-,true,1\nb,< 5,false,1\nc,< 3,-,1\nd,-,-,2\n", "T2403w@4:1", "`c`"),
    ];
    for (settings, columns, rows, expected, witness) in cases {
        let (places, found) = table(settings, &format!("id,{columns},->x"), rows);
        assert_eq!(places.join(" "), *expected, "{rows}: {found:#?}");
        assert!(found.first().is_none_or(|first| first.message.contains(witness)), "{rows}: {found:#?}");
    }
}

#[test]
fn dated_rows_are_apart_in_time() {
    let header = "id,age,->x,valid_from,valid_until";
    let (places, _) = table(ONE, header, "a,-,1,,2026-07-01\nb,-,2,2026-07-01,\n");
    assert_eq!(places, Vec::<String>::new());
    let (places, found) = table(ONE, header, "a,-,1,,2026-07-02\nb,-,2,2026-07-01,\n");
    assert_eq!(places, ["T2401w@3:1"]);
    assert!(found[0].message.contains("as_of = 2026-07-01"), "{}", found[0].message);
    let (places, found) = table(ONE, header, "a,-,1,,2026-06-01\nb,-,2,2026-07-01,\n");
    assert_eq!(places, ["T2402w@1:4"]);
    assert!(found[0].message.contains("as_of = 2026-06-01"), "{}", found[0].message);
}

#[test]
fn hit_policies_and_defaults_have_their_rules() {
    let cases = [
        ("hit = \"priority\"\noutputs = { x = { type = \"integer\" } }", "T2405@24:9"),
        ("hit = \"output_order\"\noutputs = { x = { type = \"text\" } }", "T2405@24:9"),
        ("hit = \"collect(sum)\"\noutputs = { x = { type = \"text\" } }", "T2405@24:9"),
        (
            "hit = \"collect(count)\"\noutputs = { x = { type = \"integer\" }, y = { type = \"integer\" } }",
            "T2405@24:9",
        ),
        ("no_match = \"default\"\noutputs = { x = { type = \"integer\" } }", "T2406@3:9"),
        ("outputs = { x = { type = \"integer\" } }", "T2406@3:1"),
    ];
    for (settings, expected) in cases {
        let two = settings.contains("y =");
        let header = if two { "id,age,->x,->y" } else { "id,age,->x" };
        let cell = if settings.contains("text") { "'t'" } else { "1" };
        let mut rows = String::new();
        for (id, test) in [("a", ">= 5"), ("default", "< 5")] {
            let _ = writeln!(rows, "{id},{test},{cell}{}", if two { ",2" } else { "" });
        }
        let (places, found) = table(settings, header, &rows);
        assert!(places.contains(&expected.to_owned()), "{settings}: {found:#?}");
    }
}

#[test]
fn a_table_of_a_thousand_rows_is_searched() {
    let mut rows = String::new();
    for row in 0..1_000 {
        let (grade, step) = (["A", "B", "C"][row % 3], row / 3);
        let (low, high) = (step * 100, step * 100 + 100);
        let cell = if step < 333 { format!("[{low}..{high})") } else { format!(">= {low}") };
        let _ = writeln!(rows, "r{row},{grade},{cell},1");
    }
    let toml = |rows: &str| {
        let csv = format!("id,grade,amount,->x\n{rows}");
        let toml = format!("[tables.t]\nfile = \"t.table.csv\"\ninputs = [\"grade\", \"amount\"]\n{ONE}\n");
        judge(&toml, "t.table.csv", &csv, "let t = table(\"t\", f.grade, f.age);")
    };
    // r999 closes grade A; B and C end at 33,300, and no row takes what is below 0.
    let (places, found) = toml(&rows);
    assert_eq!(places, ["T2402w@1:4"]);
    assert!(found[0].message.contains("amount = -1"), "{}", found[0].message);
    let (places, _) = toml(&format!("{rows}low,-,< 0,1\nhigh,\"B,C\",>= 33300,1\n"));
    assert_eq!(places, Vec::<String>::new());
    let (places, found) = toml(&format!("{rows}low,-,< 0,1\nhigh,\"B,C\",>= 33299,1\n"));
    assert_eq!(places, ["T2401w@1003:1"]);
    assert!(found[0].message.contains("amount = 33299"), "{}", found[0].message);
}

#[test]
fn a_table_too_large_to_be_searched_is_said_to_be() {
    let rows: String = (0..17_000).fold(String::new(), |mut rows, row| {
        let _ = writeln!(rows, "r{row},[{row}..{}),1", row + 1);
        rows
    });
    let (places, found) = table(ONE, "id,age,->x", &rows);
    assert_eq!(places.len(), 1, "{found:#?}");
    assert_eq!((found[0].code.to_string().as_str(), found[0].severity), ("T2411", Severity::Hint));
}

#[test]
fn the_shipped_pack_has_no_warning_but_the_one_its_model_card_explains() {
    let root = format!("{}/../rulesets/retail-credit-rating", env!("CARGO_MANIFEST_DIR"));
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(root).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            files.insert(entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap());
        }
    }
    let parsed = parse(&files, &Parser);
    assert_eq!(parsed.diagnostics, []);
    let (checked, found) = check(parsed.ruleset.unwrap());
    assert!(checked.is_some());
    let explained = |found: &Diagnostic| found.severity == Severity::Hint || found.code.to_string() == "T2205";
    assert!(found.iter().all(explained), "{found:#?}");
}
