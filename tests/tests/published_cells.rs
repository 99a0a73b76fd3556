//! The published cells: every one of them is read and answers as its source says, but for three classes that are left
//! out on purpose and counted here.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeMap;

use serde_json::Value as Json;
use trutina_engine::decision::TraceLevel;
use trutina_engine::diagnostic::codes::{CELL_INVERTED_INTERVAL, CELL_UNSUPPORTED, TABLE_CELL_TYPE};
use trutina_engine::engine::Engine;
use trutina_engine::parse::cells::{parse_literal, parse_unary_tests};
use trutina_engine::ruleset::{CellValue, UnaryTest, UnaryTests};
use trutina_engine::value::Value;
use trutina_engine::value::date::Date;

/// Why a case does not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Excluded {
    /// `time(...)`, `duration(...)`, `date and time(...)`.
    TimesAndDurations,
    /// `= 5`, `!= 5`.
    EqualityOperator,
    /// `[5..1]`: it must not load.
    InvertedInterval,
}

/// Whether `value` satisfies a cell; `None` is a missing value.
fn matches(tests: &UnaryTests, value: Option<&CellValue>) -> bool {
    match tests {
        UnaryTests::Any => true,
        UnaryTests::OneOf(tests) => tests.iter().any(|test| holds(test, value)),
        UnaryTests::NoneOf(tests) => !tests.iter().any(|test| holds(test, value)),
    }
}

fn holds(test: &UnaryTest, value: Option<&CellValue>) -> bool {
    let Some(value) = value else { return *test == UnaryTest::Missing };
    let order = |other: &CellValue| match (value, other) {
        (CellValue::Number(a), CellValue::Number(b)) => Some(a.cmp(b)),
        (CellValue::Text(a), CellValue::Text(b)) => Some(a.chars().cmp(b.chars())),
        (CellValue::Date(a), CellValue::Date(b)) => Some(a.cmp(b)),
        _ => None,
    };
    match test {
        UnaryTest::Missing | UnaryTest::Special(_) => false,
        UnaryTest::Equal(other) => value == other,
        UnaryTest::Interval { lower, upper } => {
            let above = lower
                .as_ref()
                .is_none_or(|(end, closed)| order(end).is_some_and(|o| o.is_gt() || (*closed && o.is_eq())));
            let below = upper
                .as_ref()
                .is_none_or(|(end, closed)| order(end).is_some_and(|o| o.is_lt() || (*closed && o.is_eq())));
            above && below
        }
    }
}

/// The answer of a cell for a value in the same notation.
fn answer(cell: &str, value: &str) -> Result<bool, Excluded> {
    let tests = parse_unary_tests(cell).map_err(|error| match error.code {
        CELL_INVERTED_INTERVAL => Excluded::InvertedInterval,
        CELL_UNSUPPORTED if cell.trim_start().starts_with(['=', '!']) => Excluded::EqualityOperator,
        CELL_UNSUPPORTED => Excluded::TimesAndDurations,
        _ => panic!("{cell}: {error:?}"),
    })?;
    let value = (value != "null").then(|| parse_literal(value).unwrap_or_else(|error| panic!("{value}: {error:?}")));
    Ok(matches(&tests, value.as_ref()))
}

/// The answer of the engine for a table with this one cell. `None`: the cell is not of the value's type and does not
/// load, which is all that Trutina has to say of it.
fn decided(cell: &str, value: &str) -> Option<bool> {
    let literal = (value != "null").then(|| parse_literal(value).unwrap());
    let (data_type, facts) = match &literal {
        Some(CellValue::Number(number)) => (DECIMAL, number.to_string()),
        Some(CellValue::Boolean(truth)) => ("\"boolean\"", truth.to_string()),
        Some(CellValue::Date(date)) => ("\"date\"", format!("\"{date}\"")),
        Some(CellValue::Text(text) | CellValue::Word(text)) => ("\"text\"", Json::from(text.as_str()).to_string()),
        None => (type_of(cell), "null".to_owned()),
    };
    let manifest = format!(
        "language = 1\nid = \"cell\"\nversion = \"1.0.0\"\n[facts.v]\noptional = true\ntype = {data_type}\n\
         [outputs]\nheld = {{ type = \"boolean\", optional = true }}\n[tables.t]\nfile = \"t.table.csv\"\nhit = \"first\"\n\
         inputs = [\"v\"]\noutputs = {{ held = {{ type = \"boolean\" }} }}\nno_match = \"missing\"\n"
    );
    let table = format!("id,v,->held\nr,\"{}\",true\n", cell.replace('"', "\"\""));
    let rules = "fn decide(f, hits) { #{ held: table(\"t\", f.v).held } }";
    let files: BTreeMap<String, Vec<u8>> =
        [("ruleset.toml", manifest.as_str()), ("t.table.csv", &table), ("rules.rhai", rules)]
            .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
            .into();
    let engine = Engine::default();
    let loaded = engine.load(&files, &trutina_script::Parser);
    let Some(program) = loaded.program else {
        let errors: Vec<_> = loaded.diagnostics.iter().filter(|found| found.is_error()).collect();
        assert!(errors.iter().all(|found| found.code == TABLE_CELL_TYPE), "{cell}: {errors:#?}");
        return None;
    };
    let day = Date::parse_iso("2026-11-30").unwrap();
    let decision = engine.decide(&program, format!("{{\"v\":{facts}}}").as_bytes(), day, TraceLevel::None);
    assert_eq!(decision.error, None, "{value} in {cell}");
    Some(decision.outputs.unwrap()[0].value == Value::Boolean(true))
}

const DECIMAL: &str = "\"decimal\"\nscale = 6";

/// The type that a cell's first literal has.
fn type_of(cell: &str) -> &'static str {
    let first = cell.trim_start_matches("not(").trim_start();
    match first.chars().next() {
        Some('"') => "\"text\"",
        Some('t' | 'f') => "\"boolean\"",
        Some('d') => "\"date\"",
        _ => DECIMAL,
    }
}

fn load(name: &str) -> Vec<Json> {
    let path = format!("{}/data/published/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Runs all cases: how many hold, how many of them the engine decided in a table, and which are excluded.
fn run(cases: &[(String, String, bool)]) -> (usize, usize, Vec<Excluded>) {
    let (mut passed, mut in_tables, mut excluded) = (0_usize, 0_usize, Vec::new());
    for (cell, value, expected) in cases {
        match answer(cell, value) {
            Ok(found) => {
                assert_eq!(found, *expected, "{value} in {cell}");
                passed = passed.saturating_add(1);
                if let Some(decided) = decided(cell, value) {
                    assert_eq!(decided, *expected, "{value} in {cell}, decided by a table");
                    in_tables = in_tables.saturating_add(1);
                }
            }
            Err(class) => excluded.push(class),
        }
    }
    (passed, in_tables, excluded)
}

fn count(excluded: &[Excluded], class: Excluded) -> usize {
    excluded.iter().filter(|found| **found == class).count()
}

fn text(case: &Json, key: &str) -> String {
    case[key].as_str().unwrap().to_owned()
}

#[test]
fn the_cells_of_the_dmn_tck() {
    let cases: Vec<_> = load("tck_cells.json")
        .iter()
        .map(|case| (text(case, "cell"), text(case, "value"), case["expected"].as_bool().unwrap()))
        .collect();
    let (passed, in_tables, excluded) = run(&cases);
    assert_eq!(cases.len(), 97);
    assert_eq!(count(&excluded, Excluded::TimesAndDurations), 44);
    assert_eq!(count(&excluded, Excluded::EqualityOperator), 14);
    assert_eq!(count(&excluded, Excluded::InvertedInterval), 0);
    assert_eq!((passed, in_tables), (39, 39));
}

#[test]
fn the_cells_on_which_feelin_agrees() {
    let cases: Vec<_> = load("feelin_cells.json")
        .iter()
        .map(|case| (text(case, "cell"), text(case, "value"), case["expected"].as_bool().unwrap()))
        .collect();
    let (passed, in_tables, excluded) = run(&cases);
    assert_eq!(cases.len(), 905);
    assert_eq!(count(&excluded, Excluded::InvertedInterval), excluded.len());
    // 26 cells compare with a value of another type: Trutina refuses to load what feelin answers with a silent no.
    assert_eq!((passed, in_tables, excluded.len()), (895, 869, 10));
}

#[test]
fn the_cells_of_zen() {
    let cases: Vec<_> = load("zen_unary.json")
        .iter()
        .map(|case| {
            let input = text(case, "input_json5");
            let value = input.split_once(':').unwrap().1.trim().trim_end_matches('}').trim().to_owned();
            (text(case, "cell"), value, text(case, "expected") == "true")
        })
        .collect();
    assert_eq!(run(&cases), (10, 10, Vec::new()));
}
