//! The published cells: every one of them is read and answers as its source says, but for three classes that are left
//! out on purpose and counted here.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use serde_json::Value as Json;
use trutina_engine::diagnostic::codes::{CELL_INVERTED_INTERVAL, CELL_UNSUPPORTED};
use trutina_engine::parse::cells::{parse_literal, parse_unary_tests};
use trutina_engine::ruleset::{CellValue, UnaryTest, UnaryTests};

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

fn load(name: &str) -> Vec<Json> {
    let path = format!("{}/data/published/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Runs all cases: how many hold, and which are excluded.
fn run(cases: &[(String, String, bool)]) -> (usize, Vec<Excluded>) {
    let (mut passed, mut excluded) = (0_usize, Vec::new());
    for (cell, value, expected) in cases {
        match answer(cell, value) {
            Ok(found) => {
                assert_eq!(found, *expected, "{value} in {cell}");
                passed = passed.saturating_add(1);
            }
            Err(class) => excluded.push(class),
        }
    }
    (passed, excluded)
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
    let (passed, excluded) = run(&cases);
    assert_eq!(cases.len(), 97);
    assert_eq!(count(&excluded, Excluded::TimesAndDurations), 44);
    assert_eq!(count(&excluded, Excluded::EqualityOperator), 14);
    assert_eq!(count(&excluded, Excluded::InvertedInterval), 0);
    assert_eq!(passed, 39);
}

#[test]
fn the_cells_on_which_feelin_agrees() {
    let cases: Vec<_> = load("feelin_cells.json")
        .iter()
        .map(|case| (text(case, "cell"), text(case, "value"), case["expected"].as_bool().unwrap()))
        .collect();
    let (passed, excluded) = run(&cases);
    assert_eq!(cases.len(), 905);
    assert_eq!(count(&excluded, Excluded::InvertedInterval), excluded.len());
    assert_eq!((passed, excluded.len()), (895, 10));
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
    assert_eq!(run(&cases), (10, Vec::new()));
}
